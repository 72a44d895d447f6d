"""How often strangers may try: counted in this process, or in Redis for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from helpdesk.config import Settings

QUIET_SECONDS = 5.0  # after a failure Redis is left alone for so long

_counting = threading.Lock()
Found = TypeVar("Found")


class TooMany(Exception):
    """The limit is reached; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class Counters:
    """Counts in Redis for every process; in this one's memory without it, and while it is away."""

    def __init__(self, redis_url: str) -> None:
        self._here = MovingWindowRateLimiter(MemoryStorage())
        self._shared = None
        self._quiet_until = 0.0
        if redis_url:
            # Most installations have no Redis, and none of its libraries in memory.
            from helpdesk.background.redis_queue import connect

            shared = RedisStorage(
                redis_url,
                connection_pool=connect(redis_url).connection_pool,
                key_prefix="helpdesk:limits",
                wrap_exceptions=True,
            )
            self._shared = MovingWindowRateLimiter(shared)

    def ask(self, question: Callable[[MovingWindowRateLimiter], Found]) -> Found:
        """Put a question to whoever counts now."""
        if self._shared is not None and time.monotonic() >= self._quiet_until:
            try:
                return question(self._shared)
            except StorageError:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
        return question(self._here)


def init_app(app: Flask, settings: Settings) -> None:
    """Begin counting."""
    app.extensions["rate_limiter"] = Counters(settings.redis_url)


def hit(what: str, whose: str, *, most: int, seconds: int) -> None:
    """Count one try.

    :raises TooMany: there were ``most`` of them in the last ``seconds``.
    """
    counters: Counters = current_app.extensions["rate_limiter"]
    item = RateLimitItemPerSecond(most, seconds)

    def left(limiter: MovingWindowRateLimiter) -> float:
        if limiter.hit(item, what, whose):
            return 0.0
        return max(1.0, limiter.get_window_stats(item, what, whose).reset_time - time.time() + 1)

    if wait := counters.ask(left):
        raise TooMany(int(wait))


def hit_once(what: str, whose: str, member: str, *, most: int, seconds: int) -> None:
    """Count one try of a member of somebody's group; further ones of the same member are free.

    :raises TooMany: ``most`` other members were counted in the last ``seconds``.
    """
    counters: Counters = current_app.extensions["rate_limiter"]
    mark = RateLimitItemPerSecond(1, seconds)
    with _counting:  # of a member's requests that come at the same moment, one is counted
        if counters.ask(lambda limiter: limiter.test(mark, what, whose, member)):
            hit(what, whose, most=most, seconds=seconds)
            counters.ask(lambda limiter: limiter.hit(mark, what, whose, member))


def address() -> str:
    """Where a request comes from; a proxy's word counts only as configured."""
    return request.remote_addr or "unknown"
