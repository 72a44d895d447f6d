"""Work that must not hold up a request: inline in tests, on small pools of threads otherwise, and
with Redis some of it in worker processes.

What is enqueued here is a hint. The row it names is in the database, and the sweeper finds every
row whose hint was lost: by a full queue, a restart, a kill, or a Redis that forgot.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from helpdesk.background.threads import Inline, Job, Runner, Threads
from helpdesk.config import Settings

__all__ = [
    "RedisSaid",
    "ask_redis",
    "drain",
    "enqueue",
    "enqueue_here",
    "init_app",
    "is_degraded",
    "is_elsewhere",
    "repeat",
    "work",
]

log = logging.getLogger(__name__)

LAST_SECONDS = 20.0  # a worker that stops finishes what it has begun to send


def init_app(
    app: Flask,
    jobs: Mapping[str, Job],
    *,
    workers: Mapping[str, int],
    elsewhere: str = "",
) -> None:
    """Tell an app what its jobs are, and where they run.

    ``workers``: how many threads each job has. ``elsewhere`` names the job that worker processes
    do when there is a Redis to tell them.
    """
    settings: Settings = app.config["SETTINGS"]
    runner: Runner
    if settings.testing:
        runner = Inline(jobs)
    elif settings.redis_url and elsewhere:
        # Most installations have no Redis, and none of its libraries in memory.
        from helpdesk.background.redis_queue import Elsewhere, Hints

        hints = Hints(settings.redis_url, elsewhere, unseen=settings.timing.worker_unseen)
        runner = Elsewhere(app, jobs, workers, hints, elsewhere)
    else:
        runner = Threads(app, jobs, workers)
    app.extensions["background"] = runner


def work(
    app: Flask,
    jobs: Mapping[str, Job],
    sweep: Job,
    *,
    name: str,
    workers: Mapping[str, int],
) -> None:
    """Be a worker process: do the jobs of that name that Redis tells of, and sweep, until SIGTERM.

    What the sweeper finds is done by threads of this process, so that neither a lost Redis nor one
    slow receiver holds the rest up.
    """
    from helpdesk.background.redis_queue import Hints
    from helpdesk.background.redis_worker import work as work_on

    settings: Settings = app.config["SETTINGS"]
    hints = Hints(settings.redis_url, name, unseen=settings.timing.worker_unseen)
    app.extensions["background"] = Threads(app, jobs, workers)
    stop = threading.Event()

    def tick() -> None:
        hints.note_worker()
        sweep()

    def call(row: int) -> None:
        with app.app_context():
            jobs[name](row)

    hints.note_worker()
    repeat(app, tick, every=settings.timing.sweep, stop=stop)
    work_on(settings.redis_url, name, call, stop)
    drain(app, LAST_SECONDS)


def enqueue(name: str, *, delay: float = 0.0, **ids: int) -> None:
    """Have a job done soon. ``ids`` are all it gets: it reads the rest itself."""
    _runner().enqueue(name, delay, ids)


def enqueue_here(name: str, **ids: int) -> None:
    """Have a job done soon by this process, whoever else there is: the sweeper's way."""
    _runner().enqueue_here(name, ids)


def is_elsewhere(name: str) -> bool:
    """Whether other processes do this job, so that this one need only look after the forgotten."""
    return _runner().is_elsewhere(name)


def is_degraded() -> bool:
    """Whether there ought to be a Redis and it does not answer: everything works, only slower."""
    return _runner().is_degraded


@dataclass(frozen=True, kw_only=True)
class RedisSaid:
    """How Redis answered when it was asked just now."""

    answers: bool
    words: str
    worker_seen: bool = False


def ask_redis(settings: Settings) -> RedisSaid:
    """Look whether Redis answers, and whether it has seen a worker lately."""
    from helpdesk.background import redis_queue

    try:
        version, milliseconds = redis_queue.ping(settings.redis_url)
    except redis_queue.Away as error:
        return RedisSaid(answers=False, words=f"cannot be reached: {error}")
    hints = redis_queue.Hints(settings.redis_url, "", unseen=settings.timing.worker_unseen)
    words = f"version {version} answers in {milliseconds:.0f} ms"
    return RedisSaid(answers=True, words=words, worker_seen=hints.is_worker_seen())


def drain(app: Flask, seconds: float) -> None:
    """Begin nothing more in this process, and wait for what was begun."""
    runner: Runner = app.extensions["background"]
    runner.drain(seconds)


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


def _runner() -> Runner:
    runner: Runner = current_app.extensions["background"]
    return runner
