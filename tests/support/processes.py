"""The product as processes of its own: a test starts them, kills them, and starts them again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from helpdesk.config import ROOT
from tests.support.databases import SECRET
from tests.support.kept import wait_until
from tests.support.servers import _free_port

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
"""What a command of the product gets from our own environment: none of its settings."""


def environment(**settings: str) -> dict[str, str]:
    """The environment for a command of the product that has these settings and no others."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT)} | settings


def run(
    *arguments: str | Path, settings: Mapping[str, str], seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run a command of the product to its end; for those that are expected to end by themselves."""
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


class DeskProcess:
    """One server on 127.0.0.1, at the same port through all its lives."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *options: str | Path) -> None:
        """`options` are those of the command; none means an empty one, without the demo."""
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self._folder = folder
        self._environment = environment(**{"SECRET_KEY": SECRET, **settings})
        self._options = options or ("--no-demo",)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process to send a signal to."""
        assert self._process is not None, "it was never started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the server's first process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self, seconds: float = 20.0) -> None:
        """Start it and wait until it says that it is ready.

        :raises RuntimeError: it ended, or was not ready in time; quotes its log.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "helpdesk.cli", "serve", "--port", str(self.port),
                 "--data-dir", self._folder, *self._options],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own: that is what dies in a kill
            )  # fmt: skip
        with suppress(TimeoutError):
            wait_until(lambda: not self.running or self._answers(), seconds)
        if not self.running or not self._answers():
            self.kill()
            raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """Let every process of the server die at once, as in a power cut."""
        if self._process is None:
            return
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.pid).children(recursive=True)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        wait_until(lambda: not any(_lives(process) for process in family))

    def stop(self, seconds: float = 20.0) -> int:
        """Ask it to end, as an operator does; its exit status.

        :raises subprocess.TimeoutExpired: it did not; it is still running.
        """
        assert self._process is not None, "it was never started"
        self._process.terminate()
        return self._process.wait(seconds)

    def _answers(self) -> bool:
        return is_ready(self.port)


@contextmanager
def serving(folder: Path, database_url: str, **settings: str) -> Iterator[DeskProcess]:
    """A running server on a migrated database, gone at the end whatever the test did to it."""
    desk = DeskProcess(folder, {"DATABASE_URL": database_url, **settings})
    try:
        desk.start()
        yield desk
    finally:
        desk.kill()


def is_ready(port: int) -> bool:
    """Whether a server on this machine says that customers may be sent to it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
