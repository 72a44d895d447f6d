"""Requests to a real server, one connection each: as browsers send them, or byte by byte."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

Result = TypeVar("Result")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Browser:
    """Somebody's browser on our own pages."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", address, None)

    def post(self, address: str, form: Mapping[str, str] | None = None) -> Answer:
        """Send a form as a script does."""
        return self._ask("POST", address, form or {})

    def post_until_done(self, address: str, form: Mapping[str, str]) -> Answer:
        """Send a form again and again while the server is busy, like outbox.js."""
        while (answer := self.post(address, form)).status == 503:
            assert answer.headers["Retry-After"]
        return answer

    def _ask(self, method: str, address: str, form: Mapping[str, str] | None) -> Answer:
        headers = {
            "Sec-Fetch-Site": "same-origin",
            "HX-Request": "true",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, address, urlencode(form) if form is not None else None, headers)
            answer = line.getresponse()
            if found := re.match(r"([^=]+)=([^;]*)", answer.headers.get("Set-Cookie", "")):
                self.cookies[found[1]] = found[2]
            return Answer(answer.status, dict(answer.headers), answer.read().decode())


def open_line(port: int, data: bytes = b"", *, seconds: float = 10) -> socket.socket:
    """A connection on which these bytes were sent."""
    line = socket.create_connection(("127.0.0.1", port), timeout=seconds)
    line.sendall(data)
    return line


def read_all(line: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def together(calls: list[Callable[[], Result]]) -> list[Result]:
    """Do all of these at the same moment; what came of each."""
    gate = threading.Barrier(len(calls))
    results: dict[int, Result] = {}

    def run(number: int) -> None:
        gate.wait()
        results[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(calls))]
