"""One socket under stress, without a server around it: whole frames, no waiting for ever (F21)."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import simple_websocket
from simple_websocket.ws import Server

from helpdesk.realtime import sockets
from helpdesk.realtime.doorbell import Doorbell
from helpdesk.realtime.sockets import SafeServer, Sockets
from tests.realtime.line import CLOSE, PONG, TEXT, Frames, frame

THREADS, EACH, SIZE = 4, 60, 4_096


@dataclass
class Pair:
    """Both ends of one connection; ours is small inside, so that it fills at once."""

    kind: type[Any]
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page, ours = socket.socketpair()
        self.page.settimeout(10)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        environ = {
            "HTTP_HOST": "127.0.0.1",
            "HTTP_UPGRADE": "websocket",
            "HTTP_CONNECTION": "Upgrade",
            "HTTP_SEC_WEBSOCKET_KEY": base64.b64encode(bytes(16)).decode(),
            "HTTP_SEC_WEBSOCKET_VERSION": "13",
            "gunicorn.socket": ours,
        }
        daemon = sockets.OPTIONS["thread_class"]
        self.ours = self.kind(environ, **({"thread_class": daemon} | self.options))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.page.recv(1)
        self.frames = Frames(self.page)

    def close(self) -> None:
        self.page.close()
        self.ours.thread.join(5)


@pytest.fixture
def paired() -> Iterator[Callable[..., Pair]]:
    """Make connections, and close them at the end."""
    made: list[Pair] = []

    def pair(kind: type[Any] = SafeServer, **options: Any) -> Pair:
        made.append(Pair(kind, options))
        return made[-1]

    yield pair
    for one in made:
        one.close()


def sent_by_four_threads(pair: Pair) -> tuple[int, int]:
    """Four threads send to a page that reads slowly: how many frames came whole, and how many
    were broken or missing."""

    def send(name: str) -> None:
        with suppress(OSError, simple_websocket.ConnectionClosed):
            for _ in range(EACH):
                pair.ours.send(name * SIZE)

    threads = [threading.Thread(target=send, args=(name,)) for name in "abcd"[:THREADS]]
    for thread in threads:
        thread.start()
    whole = 0
    with suppress(AssertionError, EOFError, TimeoutError):
        while whole < THREADS * EACH:
            opcode, data = pair.frames.read()
            if opcode == TEXT:
                assert len(data) == SIZE
                assert len(set(data)) == 1
                whole += 1
                time.sleep(0.0005)
            else:
                pair.page.sendall(frame(data, PONG))
    pair.page.close()
    for thread in threads:
        thread.join(15)
    return whole, THREADS * EACH - whole


def test_frames_of_many_threads_reach_a_slow_reader_whole(paired: Callable[..., Pair]) -> None:
    """Pings among them: they are sent by a fifth thread."""
    pair = paired(ping_interval=0.5)
    assert sent_by_four_threads(pair) == (THREADS * EACH, 0)


def test_the_same_through_the_plain_server_breaks_frames(paired: Callable[..., Pair]) -> None:
    """The control: what `SafeServer` mends is really broken without it."""
    _, broken = sent_by_four_threads(paired(Server, ping_interval=0.02))
    assert broken > 0


def test_a_page_that_reads_nothing_is_given_up(
    paired: Callable[..., Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    """B50. The product waits ten seconds; one is enough to see it."""
    monkeypatch.setattr(sockets, "SEND_SECONDS", 1)
    pair = paired()
    began = time.monotonic()
    with pytest.raises(OSError, match="temporarily unavailable"):
        for _ in range(200):
            pair.ours.send("x" * SIZE)
    assert time.monotonic() - began < 3


def test_a_page_that_never_answers_a_ping_is_given_up(paired: Callable[..., Pair]) -> None:
    """B51. The product asks every 20 seconds, so it is noticed within 40."""
    pair = paired(ping_interval=0.2)
    deadline = time.monotonic() + 3
    while pair.ours.connected and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not pair.ours.connected
    assert sockets.PING_SECONDS * 2 <= 45


@dataclass
class Broken:
    """A feed that fails when it is asked."""

    topics: Sequence[str] = ("x",)

    def pull(self) -> list[str]:
        raise RuntimeError("injected")

    def heartbeat(self) -> str:
        return ""

    def refusal(self) -> int | None:
        return None


def test_b55_a_bug_closes_the_page_and_writes_no_http(
    paired: Callable[..., Pair], caplog: pytest.LogCaptureFixture
) -> None:
    pair = paired()
    open_sockets = Sockets(Doorbell(), look=1, heartbeat=20, reauthorise=20)
    open_sockets.adopt(pair.ours, Broken(), owner="v:1", most=3)
    assert pair.frames.read() == (CLOSE, (1011).to_bytes(2, "big"))
    assert open_sockets.count() == 0
    assert "injected" in caplog.text
