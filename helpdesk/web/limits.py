"""How often strangers may try: counted in this process, or in Redis for all of them."""

from __future__ import annotations

import threading
import time

from flask import Flask, current_app, request
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from helpdesk.config import Settings

_counting = threading.Lock()


class TooMany(Exception):
    """The limit is reached; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


def init_app(app: Flask, settings: Settings) -> None:
    """Begin counting."""
    app.extensions["rate_limiter"] = MovingWindowRateLimiter(MemoryStorage())


def hit(what: str, whose: str, *, most: int, seconds: int) -> None:
    """Count one try.

    :raises TooMany: there were ``most`` of them in the last ``seconds``.
    """
    limiter: MovingWindowRateLimiter = current_app.extensions["rate_limiter"]
    item = RateLimitItemPerSecond(most, seconds)
    if not limiter.hit(item, what, whose):
        reset = limiter.get_window_stats(item, what, whose).reset_time
        raise TooMany(max(1, int(reset - time.time()) + 1))


def hit_once(what: str, whose: str, member: str, *, most: int, seconds: int) -> None:
    """Count one try of a member of somebody's group; further ones of the same member are free.

    :raises TooMany: ``most`` other members were counted in the last ``seconds``.
    """
    limiter: MovingWindowRateLimiter = current_app.extensions["rate_limiter"]
    mark = RateLimitItemPerSecond(1, seconds)
    with _counting:  # of a member's requests that come at the same moment, one is counted
        if limiter.test(mark, what, whose, member):
            hit(what, whose, most=most, seconds=seconds)
            limiter.hit(mark, what, whose, member)


def address() -> str:
    """Where a request comes from; a proxy's word counts only as configured."""
    return request.remote_addr or "unknown"
