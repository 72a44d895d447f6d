"""Jobs inside this process: at once in the caller's thread, or on small pools of threads."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from flask import Flask

log = logging.getLogger(__name__)

Job = Callable[..., None]
Ids = dict[str, int]
LONGEST_QUEUE = 2_000


class Runner(Protocol):
    """How an app gets its jobs done."""

    @property
    def is_degraded(self) -> bool:
        """Whether hints for other processes do not arrive."""

    def enqueue(self, name: str, delay: float, ids: Ids) -> None:
        """Have a job done, by this process or another."""

    def enqueue_here(self, name: str, ids: Ids) -> None:
        """Have a job done by this process."""

    def is_elsewhere(self, name: str) -> bool:
        """Whether other processes do this job, as far as can be known."""

    def drain(self, seconds: float) -> None:
        """Begin nothing more, and wait for what was begun."""


class Inline:
    """Runs each job at once, in the caller's thread and regardless of its delay."""

    is_degraded = False

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs

    def enqueue(self, name: str, delay: float, ids: Ids) -> None:
        """Run the job."""
        self._jobs[name](**ids)

    def enqueue_here(self, name: str, ids: Ids) -> None:
        """Run the job."""
        self._jobs[name](**ids)

    def is_elsewhere(self, name: str) -> bool:
        """Never: there is only the caller."""
        return False

    def drain(self, seconds: float) -> None:
        """Nothing is ever under way."""


class Pool:
    """A bounded queue with a clock and a few threads: jobs begin when they are due."""

    def __init__(self, app: Flask, name: str, job: Job, workers: int) -> None:
        self._app, self._name, self._job, self._workers = app, name, job, workers
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, tuple[tuple[str, int], ...]]] = []
        self._waiting: dict[tuple[tuple[str, int], ...], float] = {}
        self._order = itertools.count()
        self._threads: list[threading.Thread] = []
        self._pid = os.getpid()
        self._closing = False

    def enqueue(self, delay: float, ids: Ids) -> None:
        """Run the job in ``delay`` seconds, or later when all threads are busy.

        The same job is queued once, however often the sweeper finds its row meanwhile.
        """
        due, key = time.monotonic() + delay, tuple(sorted(ids.items()))
        with self._changed:
            if self._closing or self._waiting.get(key, float("inf")) <= due:
                return
            if len(self._queue) >= LONGEST_QUEUE:
                log.warning("the queue is full; the sweeper will find %s %s", self._name, ids)
                return
            self._waiting[key] = due
            heapq.heappush(self._queue, (due, next(self._order), key))
            self._changed.notify()
            if not self._threads or self._pid != os.getpid():
                # Begun with the first job of each process: threads do not survive a fork.
                self._pid = os.getpid()
                self._threads = [
                    threading.Thread(target=self._work, name=f"{self._name}-{n}", daemon=True)
                    for n in range(self._workers)
                ]
                for thread in self._threads:
                    thread.start()

    def close(self) -> None:
        """Begin nothing more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def join(self, until: float) -> None:
        """Wait for what was begun, until a moment of the monotonic clock."""
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (key := self._next()) is not None:
            ids = dict(key)
            with self._app.app_context():
                try:
                    self._job(**ids)
                except Exception:
                    log.exception("%s %s failed; the sweeper will try again", self._name, ids)

    def _next(self) -> tuple[tuple[str, int], ...] | None:
        with self._changed:
            while not self._closing:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    due, _, key = heapq.heappop(self._queue)
                    if self._waiting.get(key) == due:
                        del self._waiting[key]
                    return key
                self._changed.wait(wait)
        return None


class Threads:
    """A pool for every kind of job, so that none waits behind another kind."""

    is_degraded = False

    def __init__(self, app: Flask, jobs: Mapping[str, Job], workers: Mapping[str, int]) -> None:
        self._pools = {name: Pool(app, name, job, workers[name]) for name, job in jobs.items()}

    def enqueue(self, name: str, delay: float, ids: Ids) -> None:
        """Run the job here."""
        self._pools[name].enqueue(delay, ids)

    def enqueue_here(self, name: str, ids: Ids) -> None:
        """Run the job here, now."""
        self._pools[name].enqueue(0.0, ids)

    def is_elsewhere(self, name: str) -> bool:
        """Nobody else does anything."""
        return False

    def drain(self, seconds: float) -> None:
        """Stop every pool."""
        until = time.monotonic() + seconds
        for pool in self._pools.values():
            pool.close()
        for pool in self._pools.values():
            pool.join(until)
