"""Real receivers for alerts, on this machine: an SMTP server and a web server that misbehave on
request."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.servers import _free_port


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request as the web sink got it."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebSink:
    """A web server that keeps what it is sent and answers as told.

    ``answers`` are used one after the other, the last for ever: a code, or the name of one of the
    misbehaviours below. ``pause`` is how long it thinks before every answer.
    """

    answers: Sequence[int | str] = (200,)
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    received: list[Received] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def place(self) -> tuple[str, int]:
        """For OUTBOUND_ALLOW."""
        return ("127.0.0.1", self.port)

    def keep(self, one: Received) -> int | str:
        """Remember a request; returns the answer to give."""
        with self._lock:
            self.received.append(one)
            return self.answers[min(len(self.received), len(self.answers)) - 1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        sink: WebSink = self.server.sink  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.close_connection = True
        if len(body) < length:
            return  # whoever sent it was killed in the middle: no receiver takes half a request
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = sink.keep(Received(path=self.path, headers=headers, body=body))
        time.sleep(sink.pause)
        with suppress(OSError):
            if isinstance(answer, int):
                self._answer(answer, sink.headers)
            else:
                getattr(self, f"_{answer}")()

    def do_GET(self) -> None:
        self.do_POST()

    def _answer(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def _hang(self) -> None:
        """Say nothing until the other side has had enough."""
        self.connection.settimeout(30)
        self.rfile.read(1)

    def _drip(self) -> None:
        """One byte of the header every now and then."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Patience: " + b"x" * 10_000:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def _drip_body(self) -> None:
        """A proper beginning, and then one byte every now and then."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(100_000):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def _gigabyte(self) -> None:
        """A proper beginning, and then more than anybody wants."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        for _ in range(1024):
            self.wfile.write(b"x" * 1024 * 1024)

    def _endless(self) -> None:
        """Chunks without end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            self.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")

    def _garbage(self) -> None:
        """Something that is no HTTP."""
        self.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")

    def _drop(self) -> None:
        """Hang up without a word."""

    def log_message(self, *_given: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up on us is what the tests are about."""


@contextmanager
def web_sink(*answers: int | str, **options: Any) -> Iterator[WebSink]:
    """A listening web server."""
    server = _Server(("127.0.0.1", 0), _Handler)
    sink = WebSink(answers=answers or (200,), port=server.server_port, **options)
    server.sink = sink  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailSink:
    """An SMTP server that keeps what it is sent.

    ``rcpt`` and ``data`` are what it says to a recipient and to a message. ``drop`` hangs up after
    it took a message and before it says so; ``hang`` never answers to one. Each for so many
    messages, negative for ever.
    """

    rcpt: str = "250 OK"
    data: str = "250 OK"
    drop: int = 0
    hang: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        if self.data.startswith("250"):
            self.received.append(message)
            self.recipients.append(list(envelope.rcpt_tos))
        if self.hang:
            self.hang -= 1
            await asyncio.sleep(30)
        if self.drop:
            self.drop -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.data


@contextmanager
def mail_sink(**options: Any) -> Iterator[MailSink]:
    """A listening SMTP server."""
    sink = MailSink(port=_free_port(), **options)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=10)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port where nobody listens, and nobody will meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
