"""The server: gunicorn with threads, told how this application starts, stops and defends itself."""

from __future__ import annotations

import logging
import resource
import socket
import threading
import time
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


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A threaded worker that cuts clients who take too long to send one request.

    A few such clients would hold every thread of a plain worker for ever (security.md A24).
    """

    request_seconds: float = Settings().limits.request_seconds

    def init_process(self) -> None:
        self._reading: dict[Any, float] = {}
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._reading[conn] = time.monotonic() + self.request_seconds
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        if any(name == "UPGRADE" for name, _ in req.headers):
            self._reading.pop(conn, None)  # a socket is read from for as long as it lives
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._reading.items()):
            if now > until:
                _stop_reading(conn.sock)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # On a thread of its own: a signal handler must not wait for a lock.
        threading.Thread(target=realtime.close, args=(self.wsgi,), daemon=True).start()
        super().handle_exit(sig, frame)


def _stop_reading(client: socket.socket) -> None:
    try:
        client.shutdown(socket.SHUT_RD)
    except OSError:
        log.debug("the slow client was gone already")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn around an application that was built already."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._flask_app = app
        self._host, self._port = host, port
        super().__init__()

    def load_config(self) -> None:
        settings: Settings = self._flask_app.config["SETTINGS"]
        PatientWorker.request_seconds = settings.limits.request_seconds
        for name, value in {
            "bind": f"{self._host}:{self._port}",
            "workers": 1,
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


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until told to stop. Never returns: gunicorn ends the process."""
    _raise_file_limit()
    Server(app, host, port).run()


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
