"""Starts commands of the product in a moment: what a test kills eight times is imported once.

Run as a process of its own (`Nursery`), it has everything in memory and forks: a child is a real
process with its own environment, which can be killed like any other.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk.config import ROOT


class Nursery:
    """The parent of processes that a test lets die."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def bear(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start `helpdesk` with these arguments in a process group of its own; its pid."""
        return self._ask({"arguments": arguments, "environment": environment, "log": str(log)})

    def bury(self, pid: int) -> None:
        """Wait for the end of one that was killed."""
        self._ask({"pid": pid})

    def close(self) -> None:
        """No more births."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, question: Mapping[str, object]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """One for a test."""
    parent = Nursery()
    try:
        yield parent
    finally:
        parent.close()


def _main() -> None:
    # What a command imports, and what it imports late.
    import rq  # noqa: F401

    import helpdesk.server
    import helpdesk.services.schema  # noqa: F401
    from helpdesk import cli

    def answer(number: int) -> None:
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()

    alive = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "pid" in asked:
            alive.discard(asked["pid"])
            answer(os.waitpid(asked["pid"], 0)[1])
            continue
        if pid := os.fork():
            alive.add(pid)
            answer(pid)
            continue
        os.setsid()
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, source in ((0, nothing), (1, log), (2, log)):
            os.dup2(source, descriptor)
        os.environ.clear()
        os.environ.update(asked["environment"])
        cli.main(asked["arguments"])
        os._exit(0)
    # The test has ended, or was ended: nothing of it stays behind.
    for pid in alive:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    _main()
