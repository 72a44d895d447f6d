"""Keeps one server running for one test run: `keeper.py OWNER FOLDER USER COMMAND…`.

The server outlives the xdist worker that asked for it, because others may use it, but never the
run: when the process OWNER is gone, however it went, the server is stopped and the run's folder,
which FOLDER lies in, removed.
A script of its own, so that even a killed test run leaves nothing behind.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

PATIENCE = 5.0  # seconds between asking a server to stop and killing it


def main(owner: int, folder: Path, user: str, command: list[str]) -> None:
    """Run the command until it ends by itself, we are asked to stop, or the owner is gone."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    notes = {"keeper.pid": os.getpid(), "server.pid": 0}
    server = start(folder, user, command)
    try:
        notes["server.pid"] = server.pid
        for name, pid in notes.items():
            (folder / name).write_text(str(pid))
        watched = os.pidfd_open(owner)
        over: list[int] = []
        while server.poll() is None and not over:
            over = select.select([watched], [], [], 0.2)[0]
        if over:
            folder = folder.parent
    finally:
        ended_alone = server.poll() is not None
        stop(server)
        for name in notes:
            (folder / name).unlink(missing_ok=True)
        if not ended_alone:  # what a killed server leaves is needed by the one that follows it
            shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, user: str, command: list[str]) -> subprocess.Popen[bytes]:
    """Start the server in its folder, as `user` where one is given (we are root then)."""
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user or None,
            extra_groups=[] if user else None,
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask politely (for PostgreSQL and Valkey SIGINT is a quick, clean end), then insist."""
    server.send_signal(signal.SIGCONT)  # a test may have left it frozen
    server.send_signal(signal.SIGINT)
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
