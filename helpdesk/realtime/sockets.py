"""A WebSocket that several threads may use, and the loop that feeds one page.

simple-websocket 1.1.0 is not safe as it comes: it sends with `send` (a slow reader gets half a
frame), takes no lock although two threads write, and always accepts compression (delivery.md §0,
findings 4 and 5). `SafeServer` mends these three things.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Protocol

import flask_sock
import simple_websocket
from simple_websocket.ws import Server

from helpdesk.realtime.doorbell import Doorbell

log = logging.getLogger(__name__)

RESTART, TOO_SLOW, FAILED = 1012, 1013, 1011
SIGNED_OUT, FORBIDDEN, GONE, TOO_MANY, FLOODING = 4401, 4403, 4404, 4409, 4429

SEND_SECONDS = 10  # a browser that reads nothing for longer is cut off
PING_SECONDS = 20  # without a pong by the next one the peer is dead: noticed within 40 s
FRAME_BYTES = 16 * 1024  # pages send nothing but pongs; OWASP allows up to 64 KiB
FRAMES_PER_MINUTE = 60


HANDSHAKE = ("HOST", "UPGRADE", "CONNECTION", "SEC_WEBSOCKET_KEY", "SEC_WEBSOCKET_VERSION")
"""The headers that a handshake is made of. Others, such as long cookies, would only confuse it;
and without extensions in the request none is negotiated, whatever the browser offers."""


class _WholeSends:
    """A socket whose `send` sends everything or raises, one thread at a time."""

    def __init__(self, real: socket.socket, lock: threading.RLock) -> None:
        self._real, self._lock = real, lock
        real.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))

    def send(self, data: bytes) -> int:
        with self._lock:  # pings are sent without passing SafeServer.send
            self._real.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Counted:
    """A connection that counts what comes in: messages, and what is not part of one."""

    def __init__(self, real: Any) -> None:
        self._real, self.count = real, 0

    def events(self) -> Iterator[Any]:
        for event in self._real.events():
            # The pieces of a message are limited by its length, unless there is nothing in them.
            is_piece = not getattr(event, "message_finished", True) and event.data
            self.count += not is_piece
            yield event

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class SafeServer(Server):  # type: ignore[misc]  # simple-websocket ships no types
    """One page's socket: locked, whole frames, no compression, small frames in, few of them."""

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:
        self._lock = threading.RLock()
        self._minute, self._frames = 0, 0
        self.environ = environ
        super().__init__(environ, **options)

    def handshake(self) -> None:
        self.sock: Any = _WholeSends(self.sock, self._lock)
        self.ws: Any = _Counted(self.ws)
        names = [f"HTTP_{name}" for name in HANDSHAKE]
        self.environ = {name: self.environ[name] for name in names if name in self.environ}
        super().handshake()
        self._frames = 0  # the handshake was none

    def send(self, data: str | bytes) -> None:
        with self._lock:
            super().send(data)

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        with self._lock:
            if self.connected:
                super().close(reason, message)

    def _handle_events(self) -> bool:
        with self._lock:
            before = self.ws.count
            goes_on = super()._handle_events()
            self.input_buffer.clear()
            if goes_on and self._is_flooding(self.ws.count - before):
                super().close(FLOODING, "too many frames")
                return False
            return bool(goes_on)

    def _is_flooding(self, received: int) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._frames = minute, 0
        self._frames += received
        return self._frames > FRAMES_PER_MINUTE


# flask-sock makes whatever this name holds; it has no option for it.
flask_sock.Server = SafeServer
OPTIONS = {
    "ping_interval": PING_SECONDS,
    "max_message_size": FRAME_BYTES,
    "thread_class": partial(threading.Thread, daemon=True),  # a stop does not wait for a ping
}


class Feed(Protocol):
    """What one page is fed. Its state is the page's: what was sent already."""

    @property
    def topics(self) -> Sequence[str]:
        """What rings for this page."""

    def pull(self) -> list[str]:
        """The frames that the page lacks by now, in order."""

    def heartbeat(self) -> str:
        """A frame that tells the page the last numbers, so that it notices a loss at the end."""

    def refusal(self) -> int | None:
        """The close code for a page that may no longer look; ``None`` while it may."""


class Sockets:
    """The open sockets of this process: one thread each."""

    def __init__(
        self, doorbell: Doorbell, *, look: float, heartbeat: float, reauthorise: float
    ) -> None:
        self._doorbell = doorbell
        self._look, self._heartbeat, self._reauthorise = look, heartbeat, reauthorise
        self._lock = threading.Lock()
        self._open: dict[str, list[SafeServer]] = {}
        self.draining = threading.Event()

    def count(self) -> int:
        """How many sockets are open, each of which holds a thread."""
        with self._lock:
            return sum(len(sockets) for sockets in self._open.values())

    def adopt(self, ws: SafeServer, feed: Feed, *, owner: str, most: int) -> None:
        """Feed a page until one side closes; never returns without a close code of its own.

        ``owner`` has at most ``most`` sockets: a further one closes the oldest with 4409.
        """
        oldest = self._enter(owner, ws, most)
        if oldest is not None:
            _close(oldest, TOO_MANY)
        try:
            code = self._serve(ws, feed)
        except simple_websocket.ConnectionClosed:
            return
        except OSError:
            code = TOO_SLOW  # the send timed out
        except Exception:
            # Nothing may leave this function: flask would write an HTTP answer into the stream.
            log.exception("a socket failed")
            code = FAILED
        finally:
            self._leave(owner, ws)
        _close(ws, code)

    def close_all(self) -> None:
        """Tell every page to come back in a moment: the server restarts."""
        self.draining.set()
        self._doorbell.ring_all()

    def _serve(self, ws: SafeServer, feed: Feed) -> int:
        beat = checked = time.monotonic()
        with self._doorbell.listen(feed.topics) as rung:
            while ws.connected:
                if self.draining.is_set():
                    return RESTART
                rung.clear()
                for frame in feed.pull():
                    ws.send(frame)
                now = time.monotonic()
                if now - beat >= self._heartbeat:
                    beat = now
                    ws.send(feed.heartbeat())
                if now - checked >= self._reauthorise:
                    checked = now
                    if (refused := feed.refusal()) is not None:
                        return refused
                rung.wait(self._look)
        raise simple_websocket.ConnectionClosed

    def _enter(self, owner: str, ws: SafeServer, most: int) -> SafeServer | None:
        with self._lock:
            mine = self._open.setdefault(owner, [])
            mine.append(ws)
            return mine.pop(0) if len(mine) > most else None

    def _leave(self, owner: str, ws: SafeServer) -> None:
        with self._lock:
            mine = self._open.get(owner, [])
            if ws in mine:
                mine.remove(ws)
            if not mine:
                self._open.pop(owner, None)


def _close(ws: SafeServer, code: int) -> None:
    try:
        ws.close(code)
    except (OSError, simple_websocket.ConnectionClosed):
        log.debug("the peer was gone before it could be closed")
