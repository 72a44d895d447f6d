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
from tests.support.databases import SECRET
from tests.support.kept import wait_until
from tests.support.processes import environment

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
