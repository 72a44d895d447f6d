"""The product under a clock that its test moves: `AI_SOURCE=tests.support.moved_clock:reply`.

The file that `MOVED_CLOCK` names holds by how many seconds the server is ahead. The assistant is
the usual one; being loaded as one is only the door by which this module gets into a server.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from helpdesk import ai, clock

real_now = clock.now


class MovedClock:
    """The clock of a server that a test has started, and of the test itself."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta()
        file.write_text("0")

    @property
    def settings(self) -> dict[str, str]:
        """What the server is started with."""
        return {"AI_SOURCE": "tests.support.moved_clock:reply", "MOVED_CLOCK": str(self._file)}

    def now(self) -> datetime:
        """The moment that it shows."""
        return real_now() + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Let it go on from a later moment."""
        self._ahead = moment - real_now()
        draft = self._file.with_suffix(".draft")
        draft.write_text(str(self._ahead.total_seconds()))
        draft.replace(self._file)


def _moved(file: str) -> datetime:
    return real_now() + timedelta(seconds=float(Path(file).read_text()))


if "MOVED_CLOCK" in os.environ:
    clock.now = lambda: _moved(os.environ["MOVED_CLOCK"])

_builtin = ai.load("builtin")


def reply(*given: Any, **named: Any) -> ai.Reply:
    """What the built-in assistant says."""
    return _builtin.reply(*given, **named)
