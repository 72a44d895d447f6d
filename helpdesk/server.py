"""The server: gunicorn with threads, told how this application starts, stops and defends itself."""

from __future__ import annotations

import logging
import resource
import selectors
import socket
import threading
import time
from functools import partial
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from helpdesk import realtime
from helpdesk.app import start_background
from helpdesk.config import Settings
from helpdesk.extensions import db

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10
ANSWER_TIMES = 3  # as long as for a request: the system takes our answers whole, slow line or not
PARTING_SECONDS, MOST_PARTING = 2, 1_000


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A threaded worker in which no client holds a thread, or the loop, for long.

    A plain worker waits for ever for a request that comes byte by byte and for an answer to be
    read, and its only loop waits for clients to hang up (security.md A24).
    """

    request_seconds: float = Settings().limits.request_seconds

    def init_process(self) -> None:
        self._busy: dict[Any, float] = {}
        self._parting: dict[socket.socket, float] = {}
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._busy[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._busy.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        upgrades = ("UPGRADE", "websocket") in [(name, v.lower()) for name, v in req.headers]
        conn.is_page = upgrades and req.method == "GET"
        if conn.is_page:
            self._busy.pop(conn, None)  # a live page is read from for as long as it lives
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        conn.close = partial(self._part, conn)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn, since in list(self._busy.items()):
            if now - since > ANSWER_TIMES * self.request_seconds:
                _shut(conn.sock, socket.SHUT_RDWR)
            elif now - since > self.request_seconds:
                _shut(conn.sock, socket.SHUT_RD)
        for client, until in list(self._parting.items()):
            if now > until:
                self._let_go(client)

    def _part(self, conn: Any, graceful: bool = False) -> None:
        """Close our side, and the connection when the client has closed theirs."""
        polite = graceful and len(self._parting) < MOST_PARTING
        if not polite or not _shut(conn.sock, socket.SHUT_WR):
            conn.sock.close()
        elif not getattr(conn, "is_page", False):  # a page's own thread closes it
            conn.sock.setblocking(False)
            self._parting[conn.sock] = time.monotonic() + PARTING_SECONDS
            self.poller.register(conn.sock, selectors.EVENT_READ, self._read_on)

    def _read_on(self, client: socket.socket) -> None:
        try:
            if client.recv(65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            log.debug("the client was gone already")
        self._let_go(client)

    def _let_go(self, client: socket.socket) -> None:
        del self._parting[client]
        self.poller.unregister(client)
        client.close()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # On a thread of its own: a signal handler must not wait for a lock.
        threading.Thread(target=realtime.close, args=(self.wsgi,), daemon=True).start()
        super().handle_exit(sig, frame)


def _shut(client: socket.socket, how: int) -> bool:
    try:
        client.shutdown(how)
    except OSError:
        return False
    return True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn around an application that was built already."""

    def __init__(self, app: Flask, host: str, port: int, processes: int) -> None:
        self._flask_app = app
        self._host, self._port, self._processes = host, port, processes
        super().__init__()

    def load_config(self) -> None:
        settings: Settings = self._flask_app.config["SETTINGS"]
        PatientWorker.request_seconds = settings.limits.request_seconds
        for name, value in {
            "bind": f"{self._host}:{self._port}",
            "workers": self._processes,
            "worker_class": PatientWorker,
            "threads": settings.threads,
            "worker_connections": 2_000,
            "backlog": 2_048,
            "graceful_timeout": DRAIN_SECONDS,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": _after_fork,
            "post_worker_init": _begin_work,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._flask_app


def serve(app: Flask, host: str, port: int, *, processes: int = 1) -> None:
    """Serve until told to stop. Never returns: gunicorn ends the process."""
    _raise_file_limit()
    Server(app, host, port, processes).run()


def is_free(host: str, port: int) -> bool:
    """Whether this program could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _raise_file_limit() -> None:
    """Every socket is a file: take as many as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _after_fork(server: Any, _worker: Any) -> None:
    # Connections must not be shared with the parent, and not closed for it either.
    app: Flask = server.app._flask_app
    with app.app_context():
        db.engine.dispose(close=False)


def _begin_work(worker: Any) -> None:
    start_background(worker.wsgi)
