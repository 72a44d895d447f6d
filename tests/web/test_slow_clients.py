"""Clients who take for ever to send one request are cut, and hold up nobody for long (A24)."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import DeskProcess, serving
from tests.web.wire import Browser, open_line, read_all

THREADS, SECONDS = 8, 1
PATIENCE = 8  # this machine may be busy; the slow ones would take minutes


@pytest.fixture(scope="module")
def server(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DeskProcess]:
    """A server with as few threads as it can have, for all tests of this file."""
    folder = tmp_path_factory.mktemp("slow")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'helpdesk.db')}"
    settings = {"HELPDESK_THREADS": str(THREADS), "LIMIT_REQUEST_SECONDS": str(SECONDS)}
    with serving(folder, url, **settings) as running:
        yield running


POST = (
    "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)
SLOW = {
    "headers": "GET /healthz HTTP/1.1\r\nX-Slow: ",
    "body": POST + "Content-Length: 900\r\n\r\nemail=",
    "chunks": POST + "Transfer-Encoding: chunked\r\n\r\n",
    # Sockets are read from for as long as they live; this is none, whatever it says.
    "a pretended socket": POST + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Origin: http://127.0.0.1\r\nContent-Length: 900\r\n\r\nemail=",
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
    server: DeskProcess, kind: str
) -> None:
    data = SLOW[kind].encode()
    slow = Dripping([open_line(server.port, data) for _ in range(THREADS)])
    try:
        time.sleep(0.1)
        asked = time.monotonic()
        assert Browser(server.port).get("/sign-in").status == 200
        waited = time.monotonic() - asked
        assert waited < PATIENCE, f"another customer waited {waited:.1f} s"
        while len(slow.cut) < THREADS and time.monotonic() - slow.began < 15:
            time.sleep(0.05)
        assert len(slow.cut) == THREADS
        assert max(slow.cut.values()) < PATIENCE + 1
    finally:
        slow.close()
    quick = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    assert time.monotonic() - quick < 1


def test_a24_silent_clients_hold_up_nobody_for_long(server: DeskProcess) -> None:
    lines = [open_line(server.port) for _ in range(3 * THREADS)]
    asked = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    waited = time.monotonic() - asked
    for line in lines:
        line.close()
    assert waited < 2 * PATIENCE, f"another customer waited {waited:.1f} s"


def test_a24_clients_who_do_not_hang_up_hold_up_nobody(server: DeskProcess) -> None:
    """gunicorn's only loop waited two seconds for each of them."""
    request = b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    lines = [open_line(server.port, request) for _ in range(4 * THREADS)]
    for line in lines:
        assert line.recv(12) == b"HTTP/1.0 200"
    asked = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    assert time.monotonic() - asked < 1
    for line in lines:
        line.settimeout(6)
        read_all(line)  # the server hangs up on its own
        line.close()


def test_a24_clients_who_never_read_are_cut_and_others_are_served(server: DeskProcess) -> None:
    """Enough answers on one connection fill every buffer between us."""
    request = b"GET /static/vendor/tabler.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    lines = []
    for _ in range(THREADS):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        line.connect(("127.0.0.1", server.port))
        line.sendall(request * 20)
        lines.append(line)
    time.sleep(1)
    asked = time.monotonic()
    assert Browser(server.port).get("/healthz").status == 200
    assert time.monotonic() - asked < PATIENCE
    for line in lines:
        line.close()
