"""The worker's side of the hints: an RQ worker that runs one function and trusts nothing.

RQ resolves names that it finds in Redis: whoever can write there could have any function called, a
callback run, a web hook sent. So a job here is one number for the one function we were given, and
whatever else its record holds is not even read (security.md T15). RQ's housekeeping, remote
commands and scheduler are off: the database is the truth, and they are three more ways in.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import ClassVar

import redis
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from helpdesk.background.redis_queue import HINT_LIFETIME, JOB_SECONDS, QUEUE, connect

log = logging.getLogger(__name__)

READ_FIELDS = frozenset({b"data", b"created_at", b"enqueued_at", b"status"})
TTL_SECONDS = 30  # of the worker's entry; it waits half of it for a job and then says it is alive
AGAIN_SECONDS = 1.0


class OneNumber(Job):
    """A job: a number for the function that this process was started with."""

    only_name: ClassVar[str] = ""
    only_call: ClassVar[Callable[[int], None]]

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        super().restore({key: raw_data[key] for key in READ_FIELDS if key in raw_data})
        self.origin = QUEUE
        self.timeout, self.result_ttl, self.failure_ttl = JOB_SECONDS, 0, HINT_LIFETIME

    def perform(self) -> None:
        """Call the function; a hint that leads nowhere is done with, the sweeper finds the row."""
        ours = (self.func_name, self.instance, self.kwargs) == (self.only_name, None, {})
        if not ours or len(self.args) != 1 or type(self.args[0]) is not int:
            log.error("somebody put a job into the queue that is none of ours; it is not run")
            return
        try:
            type(self).only_call(self.args[0])
        except Exception:
            log.exception("%s %s failed; the sweeper will try again", self.only_name, self.args)


class QuietWorker(SimpleWorker):  # type: ignore[misc, unused-ignore]
    """Runs jobs one after the other in its own process; returns when Redis goes away."""

    max_connection_wait_time = 2.0

    def subscribe(self) -> None:
        """No remote commands."""

    def run_maintenance_tasks(self) -> None:
        """No housekeeping: it reads records as whatever kind of job they say they are."""

    def _install_signal_handlers(self) -> None:
        """Whoever runs us handles signals."""

    def stop(self) -> None:
        """Called by a signal handler: finish the job under way, begin no other."""
        self._stop_requested = True
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested


def work(url: str, name: str, call: Callable[[int], None], stop: threading.Event) -> None:
    """Do the jobs of that name until SIGTERM or SIGINT, which also sets ``stop``.

    Redis may go away, come back and forget everything meanwhile. Runs on the main thread.
    """
    # RQ repeats itself every second while Redis is away; `Hints` says it once.
    for rq_logger in ("rq", "rq.worker", "rq.job"):
        logging.getLogger(rq_logger).setLevel(logging.CRITICAL)
    kind = type("Job", (OneNumber,), {"only_name": name, "only_call": staticmethod(call)})
    present: list[QuietWorker] = []

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        if present:
            present[0].stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    with suppress(StopRequested):
        while not stop.is_set():
            with suppress(redis.RedisError, OSError):
                _live(url, kind, present)
            present.clear()
            stop.wait(AGAIN_SECONDS)


def _live(url: str, kind: type[Job], present: list[QuietWorker]) -> None:
    """One worker's life: until it is told to stop, or Redis goes away or holds something odd."""
    with connect(url, seconds=TTL_SECONDS) as connection:
        worker = QuietWorker(
            [Queue(QUEUE, connection=connection, job_class=kind, serializer=JSONSerializer)],
            connection=connection,
            job_class=kind,
            serializer=JSONSerializer,
            worker_ttl=TTL_SECONDS,
            log_job_description=False,
        )
        present.append(worker)
        worker.work()
