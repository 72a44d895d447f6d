"""Hints for worker processes, by RQ on Redis. Redis is never asked for the truth.

Whatever happens to it, the rows are in the database: a hint that cannot be left is dropped, and the
sweeper of a worker or of this process finds the row.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

import redis
from flask import Flask
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from helpdesk.background.threads import Ids, Job, Threads

log = logging.getLogger(__name__)

QUEUE = "helpdesk-outbox"
WORKER_SEEN = "helpdesk:worker-seen"
HINT = "hint"
"""The job of this process that leaves a hint: nobody's request waits for Redis."""

REDIS_SECONDS = 1.0
QUIET_SECONDS = 5.0  # after a failure Redis is left alone for so long
JOB_SECONDS = 30
HINT_LIFETIME = 600


def connect(url: str, *, seconds: float = REDIS_SECONDS) -> redis.Redis:
    """A client that gives up soon and never tries twice by itself."""
    return redis.Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


class Away(Exception):
    """Redis does not answer. The message says why in a few words."""


def ping(url: str) -> tuple[str, float]:
    """The server's version, and how many milliseconds its answer took.

    :raises Away: there was none.
    """
    began = time.perf_counter()
    try:
        with connect(url) as asked:
            version = str(asked.info("server").get("redis_version", "?"))
    except (redis.RedisError, OSError) as error:
        raise Away(type(error).__name__) from None
    return version, (time.perf_counter() - began) * 1_000


class Hints:
    """The queue as this process sees it."""

    def __init__(self, url: str, job: str, *, unseen: float) -> None:
        self._redis = connect(url)
        self._queue = Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)
        self._job, self._unseen = job, unseen
        self._quiet_until = 0.0
        self.is_away = False

    def leave(self, outbox_id: int, attempt: int) -> None:
        """Tell the workers of a row; told again for the same try, it is still one hint."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._queue.enqueue(
                self._job,
                outbox_id,
                job_id=f"ob-{outbox_id}-{attempt}",
                unique=True,
                job_timeout=JOB_SECONDS,
                ttl=HINT_LIFETIME,
                result_ttl=0,
                failure_ttl=HINT_LIFETIME,
            )
        except DuplicateJobError:
            log.debug("row %s was told already", outbox_id)
        except (redis.RedisError, OSError) as error:
            self._lost(error)
            return
        self._found()

    def is_worker_seen(self) -> bool:
        """Whether a worker has been seen lately. While Redis is away nobody can know: then yes."""
        if time.monotonic() < self._quiet_until:
            return True
        try:
            seen = self._redis.exists(WORKER_SEEN)
        except (redis.RedisError, OSError) as error:
            self._lost(error)
            return True
        self._found()
        return bool(seen)

    def note_worker(self) -> None:
        """A worker says that it is there."""
        try:
            self._redis.set(WORKER_SEEN, "1", px=max(1, int(self._unseen * 1_000)))
        except (redis.RedisError, OSError) as error:
            self._lost(error)
            return
        self._found()

    def _lost(self, error: Exception) -> None:
        self._quiet_until = time.monotonic() + QUIET_SECONDS
        if not self.is_away:
            log.warning("Redis is away (%s); alerts go out a little later", type(error).__name__)
        self.is_away = True

    def _found(self) -> None:
        if self.is_away:
            log.warning("Redis is back")
        self.is_away = False


class Elsewhere:
    """One job is left to worker processes while any are seen; everything else is done here."""

    def __init__(
        self,
        app: Flask,
        jobs: Mapping[str, Job],
        workers: Mapping[str, int],
        hints: Hints,
        name: str,
    ) -> None:
        self._hints, self._name = hints, name
        self._here = Threads(app, {**jobs, HINT: self._hint}, {**workers, HINT: 1})

    @property
    def is_degraded(self) -> bool:
        """Whether Redis did not answer when it was last asked."""
        return self._hints.is_away

    def enqueue(self, name: str, delay: float, ids: Ids) -> None:
        """Have the job done here, or leave a hint for whoever does it."""
        self._here.enqueue(HINT if name == self._name else name, delay, ids)

    def enqueue_here(self, name: str, ids: Ids) -> None:
        """Have it done here all the same."""
        self._here.enqueue_here(name, ids)

    def is_elsewhere(self, name: str) -> bool:
        """Whether workers were seen lately, or nobody can tell."""
        return name == self._name and self._hints.is_worker_seen()

    def drain(self, seconds: float) -> None:
        """Stop what runs here; what others do is theirs."""
        self._here.drain(seconds)

    def _hint(self, *, outbox_id: int, attempt: int) -> None:
        if self._hints.is_worker_seen():
            self._hints.leave(outbox_id, attempt)
        else:
            self._here.enqueue_here(self._name, {"outbox_id": outbox_id, "attempt": attempt})
