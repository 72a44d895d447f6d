"""The worker as a process of its own, and a customer who writes to a real server."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from helpdesk.config import ROOT
from helpdesk.server import is_free
from tests.support.databases import SECRET
from tests.support.kept import wait_until
from tests.support.nursery import Nursery
from tests.support.processes import environment, is_ready
from tests.support.servers import _free_port

READY = "Helpdesk delivers alerts"


class WorkerProcess:
    """One `helpdesk worker`, killed and started again as a test likes."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.log = folder / "worker.log"
        self._folder = folder
        self._environment = environment(**{"SECRET_KEY": SECRET, **settings})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it is there."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, wait: bool = True) -> None:
        """Start it; ``wait`` until it says that it delivers.

        :raises RuntimeError: it ended instead; quotes its log.
        """
        before = self._said().count(READY)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "helpdesk.cli", "worker", "--data-dir", self._folder],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            with suppress(TimeoutError):
                wait_until(lambda: not self.running or self._said().count(READY) > before, 20)
            if not self.running:
                raise RuntimeError(f"the worker did not start:\n{self._said()[-3000:]}")

    def kill(self) -> None:
        """Let it die at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self, seconds: float = 20.0) -> int:
        """Ask it to end, as an operator does; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(seconds)

    def _said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@contextmanager
def working(folder: Path, database_url: str, **settings: str) -> Iterator[WorkerProcess]:
    """A running worker, gone at the end."""
    worker = WorkerProcess(folder, {"DATABASE_URL": database_url, **settings})
    try:
        worker.start()
        yield worker
    finally:
        worker.kill()


class Reborn:
    """A command of the product that dies and comes back, at once: see `Nursery`."""

    def __init__(
        self, parent: Nursery, folder: Path, database_url: str, settings: Mapping[str, str]
    ) -> None:
        self.log = folder / f"reborn-{id(self)}.log"
        self._parent, self._folder, self._pid = parent, folder, 0
        given = {"SECRET_KEY": SECRET, "DATABASE_URL": database_url, **settings}
        self._environment = environment(**given)

    def start(self) -> None:
        """Start it and wait until it does its work."""
        raise NotImplementedError

    def kill(self) -> None:
        """Let every process of it die at once."""
        if not self._pid:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        self._parent.bury(self._pid)
        self._pid = 0

    def _bear(self, *arguments: str) -> None:
        given = [*arguments, "--data-dir", str(self._folder)]
        self._pid = self._parent.bear(given, self._environment, self.log)

    def _said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class RebornWorker(Reborn):
    """`helpdesk worker`."""

    def start(self) -> None:
        before = self._said().count(READY)
        self._bear("worker")
        wait_until(lambda: self._said().count(READY) > before, 20)


class RebornServer(Reborn):
    """`helpdesk serve`, at the same port through all its lives."""

    port = 0

    def start(self) -> None:
        self.port = self.port or _free_port()
        # The threads of one that was killed hold the port a moment longer than it lives.
        wait_until(lambda: is_free("127.0.0.1", self.port))
        self._bear("serve", "--no-demo", "--port", str(self.port))
        wait_until(lambda: is_ready(self.port), 20)


@contextmanager
def living(*processes: Reborn) -> Iterator[None]:
    """All of them running, and gone at the end."""
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in processes:
            process.kill()


class Browser:
    """A customer's browser that tries again until its message is stored, like the real one."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._cookie = ""

    def say(self, text: str, *, seconds: float = 30.0) -> None:
        """Send one message, for the first time with a cookie of its own.

        :raises TimeoutError: it was not stored in time.
        """
        form = urlencode({"client_msg_id": str(uuid.uuid4()), "body": text})
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if not self._cookie:
                    self._ask("GET", f"/chat/{self._key}", "")
                if self._ask("POST", f"/chat/{self._key}/messages", form) in (200, 303):
                    return
            time.sleep(0.05)
        raise TimeoutError(f"not stored within {seconds} s")

    def _ask(self, method: str, path: str, form: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self._cookie}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, form or None, headers)
            response = connection.getresponse()
            response.read()
            if given := response.headers["Set-Cookie"]:
                self._cookie = given.partition(";")[0]
            return response.status
        finally:
            connection.close()
