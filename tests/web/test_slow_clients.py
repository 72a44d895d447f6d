"""Clients who take for ever to send one request are cut, and hold up nobody for long (A24)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.make import Make
from tests.support.processes import DeskProcess, serving
from tests.web.wire import Browser, open_line

THREADS, SECONDS = 8, 1
PATIENCE = SECONDS + 2.5  # the worker looks once a second; this machine may be busy

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server(app: Flask, make: Make, database_url: str, tmp_path: Path) -> Iterator[DeskProcess]:
    """A server with as few threads as it can have."""
    folder = tmp_path / "server"
    folder.mkdir()
    settings = {"HELPDESK_THREADS": str(THREADS), "LIMIT_REQUEST_SECONDS": str(SECONDS)}
    with serving(folder, database_url, **settings) as running:
        yield running


POST = (
    "POST /chat/{key}/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)
SLOW = {
    "headers": "GET /healthz HTTP/1.1\r\nX-Slow: ",
    "body": POST + "Content-Length: 900\r\n\r\nbody=",
    "chunks": POST + "Transfer-Encoding: chunked\r\n\r\n",
    # Sockets are read from for as long as they live; this is none, whatever it says.
    "a pretended socket": POST + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Origin: http://127.0.0.1\r\nContent-Length: 900\r\n\r\nbody=",
    "nothing": "",
}


class Dripping:
    """Connections that send one byte at a time, each noting when the server hung up."""

    def __init__(self, lines: list[socket.socket]) -> None:
        self.lines = lines
        self.cut: dict[socket.socket, float] = {}
        self.began = time.monotonic()
        self._thread = threading.Thread(target=self._drip)
        self._stop = threading.Event()
        self._thread.start()

    def _drip(self) -> None:
        for line in self.lines:
            line.setblocking(False)
        while not self._stop.wait(0.2):
            for line in self.lines:
                if line not in self.cut and self._is_cut(line):
                    self.cut[line] = time.monotonic() - self.began

    def _is_cut(self, line: socket.socket) -> bool:
        try:
            line.send(b"5")
            while line.recv(65_536):
                pass
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for line in self.lines:
            line.close()


@pytest.mark.parametrize("kind", [kind for kind in SLOW if kind != "nothing"])
def test_a24_slow_clients_on_every_thread_are_cut_and_others_are_served(
    server: DeskProcess, make: Make, kind: str
) -> None:
    data = SLOW[kind].format(key=make.key).encode()
    slow = Dripping([open_line(server.port, data) for _ in range(THREADS)])
    try:
        time.sleep(0.1)
        asked = time.monotonic()
        assert Browser(server.port).get(f"/chat/{make.key}").status == 200
        waited = time.monotonic() - asked
        assert waited < PATIENCE, f"another customer waited {waited:.1f} s"
        while len(slow.cut) < THREADS and time.monotonic() - slow.began < 10:
            time.sleep(0.05)
        assert len(slow.cut) == THREADS
        assert max(slow.cut.values()) < PATIENCE + 1
    finally:
        slow.close()
    quick = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    assert time.monotonic() - quick < 1


def test_a24_silent_clients_hold_up_nobody_for_long(server: DeskProcess, make: Make) -> None:
    lines = [open_line(server.port) for _ in range(3 * THREADS)]
    asked = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    waited = time.monotonic() - asked
    for line in lines:
        line.close()
    assert waited < 3 * PATIENCE, f"another customer waited {waited:.1f} s"
