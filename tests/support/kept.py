"""A server process of one test run, and the folder that all servers of a run live in."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 1 << 30  # containers often get 64 MB, which a few databases would fill
_keepers: list[subprocess.Popen[bytes]] = []
"""Held on to, because Python warns of processes that are forgotten while they run."""


def owner() -> int:
    """The process whose end is the run's end: under xdist the controller, else ourselves."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def run_folder() -> Path:
    """The run's own folder, the same for all its workers. A short name: sockets live in it."""
    return _fast_place() / f"helpdesk-{os.getuid()}-{owner()}"


def _fast_place() -> Path:
    """In memory where there is room, unless TMPDIR says where: a database copies 10x faster."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        about = os.statvfs(MEMORY)
        if about.f_blocks * about.f_frsize >= ROOM and not about.f_flag & os.ST_NOEXEC:
            return MEMORY
    return Path(tempfile.gettempdir())


def new_folder(name: str) -> Path:
    """An empty folder for one server."""
    run_folder().mkdir(mode=0o755, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=run_folder()))
    folder.chmod(0o755)
    return folder


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Between the workers of one run, a lock of that name."""
    run_folder().mkdir(mode=0o755, exist_ok=True)
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Kept:
    """A server under a keeper: started here, stopped at the latest when the run ends."""

    def __init__(self, folder: Path, command: Sequence[str | Path], user: str = "") -> None:
        self.folder = folder
        self.command = [str(word) for word in command]
        self.user = user

    @property
    def running(self) -> bool:
        """Whether the keeper says so."""
        return (self.folder / "server.pid").exists()

    def start(self, ready: Callable[[], bool], seconds: float = 20.0) -> None:
        """Start it and wait until `ready`.

        :raises RuntimeError: it ended, or was not ready in time; quotes its log.
        """
        keeper = subprocess.Popen(
            [sys.executable, KEEPER, str(owner()), self.folder, self.user, *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the tests; the keeper sees that they ended
        )
        _keepers.append(keeper)
        with suppress(TimeoutError):
            wait_until(lambda: keeper.poll() is not None or (self.running and ready()), seconds)
        if keeper.poll() is not None or not ready():
            log = (self.folder / "server.log").read_text(errors="replace")
            keeper.terminate()
            raise RuntimeError(f"{self.command[0]} did not start:\n{log[-2000:]}")

    def signal(self, number: signal.Signals) -> None:
        """Send the server itself a signal: SIGSTOP freezes it, SIGCONT thaws it."""
        os.kill(int((self.folder / "server.pid").read_text()), number)

    def kill(self) -> None:
        """Let the server die at once, as in a power cut. Its files stay: it may start again."""
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self.running)

    def stop(self) -> None:
        """Stop the server and remove its files."""
        if self.running:
            os.kill(int((self.folder / "keeper.pid").read_text()), signal.SIGTERM)
            wait_until(lambda: not self.folder.exists())
        shutil.rmtree(self.folder, ignore_errors=True)


def stop_all() -> None:
    """Stop every server of this run. For the owner, when the last test is over."""
    for note in run_folder().glob("*/keeper.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(note.read_text()), signal.SIGTERM)
    wait_until(lambda: not any(run_folder().glob("*/keeper.pid")))
    shutil.rmtree(run_folder(), ignore_errors=True)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Look every 10 ms.

    :raises TimeoutError: it did not come true in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.01)
