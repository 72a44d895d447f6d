"""Work that must not hold up a request: inline in tests, on a small pool of threads otherwise.

What is enqueued here is a hint. The row it names is in the database, and the sweeper finds every
row whose hint was lost: by a full queue, a restart or a kill.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Mapping

from flask import Flask, current_app

log = logging.getLogger(__name__)

Job = Callable[..., None]
Key = tuple[str, frozenset[tuple[str, int]]]
LONGEST_QUEUE = 2_000


class Inline:
    """Runs each job at once, in the caller's thread and regardless of its delay."""

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs

    def enqueue(self, name: str, delay: float, ids: dict[str, int]) -> None:
        """Run the job."""
        self._jobs[name](**ids)


class Threads:
    """A bounded pool with a clock: jobs begin when they are due, a few at a time."""

    def __init__(self, app: Flask, jobs: Mapping[str, Job], workers: int) -> None:
        self._app, self._jobs, self._workers = app, jobs, workers
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, str, dict[str, int]]] = []
        self._queued: set[Key] = set()
        self._order = itertools.count()
        self._started = False

    def enqueue(self, name: str, delay: float, ids: dict[str, int]) -> None:
        """Run the job in ``delay`` seconds, or later when all workers are busy.

        One that is in the queue already stays where it is: sweepers ask again and again.
        """
        with self._changed:
            if _key(name, ids) in self._queued:
                return
            if len(self._queue) >= LONGEST_QUEUE:
                log.warning("the work queue is full; the sweeper will find %s %s", name, ids)
                return
            self._queued.add(_key(name, ids))
            heapq.heappush(self._queue, (time.monotonic() + delay, next(self._order), name, ids))
            self._changed.notify()
            if not self._started:
                # Not before the first job: threads do not survive the server's fork.
                self._started = True
                for number in range(self._workers):
                    threading.Thread(
                        target=self._work, name=f"background-{number}", daemon=True
                    ).start()

    def _work(self) -> None:
        while True:
            name, ids = self._next()
            with self._app.app_context():
                try:
                    self._jobs[name](**ids)
                except Exception:
                    log.exception("%s %s failed; the sweeper will try again", name, ids)

    def _next(self) -> tuple[str, dict[str, int]]:
        with self._changed:
            while True:
                if self._queue and (wait := self._queue[0][0] - time.monotonic()) <= 0:
                    _, _, name, ids = heapq.heappop(self._queue)
                    self._queued.discard(_key(name, ids))
                    return name, ids
                self._changed.wait(wait if self._queue else None)


def _key(name: str, ids: dict[str, int]) -> Key:
    return name, frozenset(ids.items())


def init_app(app: Flask, jobs: Mapping[str, Job], *, workers: int, inline: bool) -> None:
    """Tell an app what its jobs are and where they run."""
    app.extensions["background"] = Inline(jobs) if inline else Threads(app, jobs, workers)


def enqueue(name: str, *, delay: float = 0.0, **ids: int) -> None:
    """Have a job done soon. ``ids`` are all it gets: it reads the rest itself."""
    current_app.extensions["background"].enqueue(name, delay, ids)


def repeat(app: Flask, call: Job, *, every: float, stop: threading.Event) -> threading.Thread:
    """Call something again and again on a thread of its own, ``every`` seconds after its end."""

    def run() -> None:
        while not stop.wait(every):
            with app.app_context():
                try:
                    call()
                except Exception:
                    log.exception("%s failed; the next round tries again", call.__name__)

    thread = threading.Thread(target=run, name=f"repeat-{call.__name__}", daemon=True)
    thread.start()
    return thread
