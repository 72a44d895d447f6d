"""Why hours cannot be used as they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_MOST_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, in words for the person who wrote it.

    ``field`` is its place: ``time_zone``, ``week.tuesday.0.start`` (of the first range),
    ``exceptions.2.date``, ``exceptions.2.0.start``. What is about a whole day names the day:
    ``week.tuesday``, ``exceptions.2``.
    """

    field: str
    text: str


class HoursError(ValueError):
    """Hours cannot be used as they are written; ``problems`` are all that were found, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.text for problem in self.problems))

    def about(self, field: str) -> list[str]:
        """The sentences to show beside a field: about it, or about something in it."""
        inside = f"{field}."
        return [p.text for p in self.problems if p.field == field or p.field.startswith(inside)]


def shown(value: object) -> str:
    """What somebody wrote, short enough for a sentence and on one line."""
    if value is None or value == "":
        return "An empty field"
    if not isinstance(value, str | float) and not (isinstance(value, int) and abs(value) < 10**9):
        return "This"
    words = "".join(each if each.isprintable() else " " for each in str(value)[: 4 * _MOST_SHOWN])
    words = " ".join(words.split())
    if not words:
        return "An empty field"
    return words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
