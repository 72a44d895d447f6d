"""Live pages: `adopt` a socket, `publish` that a topic changed, `close` them all.

Behind it now: one thread per socket. What is told is never carried by the bell, always read from
the database, so a lost ring costs at most the time until the next safety look.
"""

from __future__ import annotations

from flask import Flask, current_app

from helpdesk.config import Settings
from helpdesk.realtime.doorbell import Doorbell
from helpdesk.realtime.sockets import OPTIONS, Feed, SafeServer, Sockets

__all__ = ["Feed", "SafeServer", "adopt", "close", "count", "init_app", "is_draining", "publish"]

_doorbell = Doorbell()  # one a process, like the sockets that listen to it


def init_app(app: Flask, settings: Settings) -> None:
    """Prepare an app to adopt sockets."""
    app.config["SOCK_SERVER_OPTIONS"] = OPTIONS
    timing = settings.timing
    app.extensions["sockets"] = Sockets(
        _doorbell,
        look=timing.safety_look,
        heartbeat=timing.heartbeat,
        reauthorise=timing.reauthorise,
    )


def publish(*topics: str) -> None:
    """Something about these topics changed; called after the commit. Never raises."""
    _doorbell.ring(*topics)


def adopt(ws: SafeServer, feed: Feed, *, owner: str, most: int) -> None:
    """Feed a page until it goes away; returns when the socket is closed."""
    _sockets().adopt(ws, feed, owner=owner, most=most)


def count() -> int:
    """How many pages are live in this process."""
    return _sockets().count()


def is_draining() -> bool:
    """Whether this process is about to stop and takes no new pages."""
    return _sockets().draining.is_set()


def close(app: Flask) -> None:
    """Tell every page to reconnect elsewhere, and refuse new ones."""
    sockets: Sockets = app.extensions["sockets"]
    sockets.close_all()


def _sockets() -> Sockets:
    sockets: Sockets = current_app.extensions["sockets"]
    return sockets
