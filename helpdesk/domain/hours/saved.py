"""Hours as they are saved and sent by forms, with a sentence for everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from helpdesk.domain.hours.problems import HoursError, Problem, shown
from helpdesk.domain.hours.week import DAYS, DayException, Hours, Range, find_problems

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def to_json(hours: Hours) -> dict[str, Any]:
    """The hours as JSON values; `from_json` reads them back."""
    return {
        "time_zone": hours.time_zone,
        "week": {name: _ranges(hours.week[index]) for index, name in enumerate(DAYS)},
        "exceptions": [
            {
                "date": each.date.isoformat(),
                "label": each.label,
                "ranges": _ranges(each.ranges),
                "yearly": each.yearly,
            }
            for each in hours.exceptions
        ],
    }


def _ranges(ranges: Sequence[Range]) -> list[dict[str, str]]:
    return [{"start": f"{each.start:%H:%M}", "end": f"{each.end:%H:%M}"} for each in ranges]


def from_json(data: object) -> Hours:
    """Read saved hours, or a form's.

    Times are "09:00" or "9:00", an end may be "24:00". Every day of the week must be there;
    ``exceptions`` may be left out, and so may ``label`` and ``yearly`` of each.

    :raises HoursError: something cannot be used; ``problems`` name all such fields.
    """
    reader = _Reader()
    table = reader.table(data, "", "The hours", {"time_zone", "week", "exceptions"})
    time_zone, week = table.get("time_zone"), reader.week(table.get("week"))
    exceptions = {
        index: exception
        for index, each in enumerate(reader.many(table.get("exceptions", []), "exceptions"))
        if (exception := reader.exception(each, f"exceptions.{index}", f"Date {index + 1}"))
    }
    # With something wrong already, the rest is still judged: one answer says it all.
    problems = [*reader.problems, *find_problems(time_zone, week, exceptions)]
    if problems:
        raise HoursError(sorted(problems, key=_place))
    return Hours(str(time_zone), week, tuple(exceptions.values()))


_PLACES = {name: index for index, name in enumerate(["", "time_zone", *DAYS, "exceptions"])}


def _place(problem: Problem) -> int:
    first, _, rest = problem.field.partition(".")
    return _PLACES.get(rest.partition(".")[0] if first == "week" else first, 0)


class _Reader:
    """Reads what it can and remembers what was wrong, so that a form is answered in one go."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, field: str, text: str) -> None:
        self.problems.append(Problem(field=field, text=text))

    def table(self, data: object, path: str, title: str, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self.wrong(path, f"{title}: a table of settings is missing")
            return {}
        for name in data:
            if name not in known:
                words = shown(name)
                field = f"{path}.{words}" if path else words
                self.wrong(field, f"{title}: there is no setting “{words}”")
        return data

    def many(self, data: object, path: str) -> Sequence[object]:
        if isinstance(data, list | tuple):
            return data
        self.wrong(path, f"{path}: a list is missing")
        return []

    def week(self, data: object) -> tuple[tuple[Range, ...], ...]:
        table = self.table(data, "week", "The week", set(DAYS))
        return tuple(
            self.ranges(table.get(name), f"week.{name}", name.capitalize()) for name in DAYS
        )

    def ranges(self, data: object, path: str, title: str) -> tuple[Range, ...]:
        if not isinstance(data, list | tuple):
            self.wrong(path, f"{title}: its ranges are missing")
            return ()
        found = (self.range(each, f"{path}.{index}", title) for index, each in enumerate(data))
        return tuple(each for each in found if each is not None)

    def range(self, data: object, path: str, title: str) -> Range | None:
        table = self.table(data, path, title, {"start", "end"})
        if not isinstance(data, Mapping):
            return None
        start = self.time(table.get("start"), f"{path}.start", title)
        end = self.time(table.get("end"), f"{path}.end", title, may_be_24=True)
        return None if start is None or end is None else Range(start, end)

    def time(self, value: object, path: str, title: str, *, may_be_24: bool = False) -> time | None:
        match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if match:
            hour, minute = int(match[1]), int(match[2])
            if may_be_24 and (hour, minute) == (24, 0):
                return time()
            if hour < 24 and minute < 60:
                return time(hour, minute)
        self.wrong(path, f"{title}: {shown(value)} is not a time")
        return None

    def exception(self, data: object, path: str, title: str) -> DayException | None:
        table = self.table(data, path, title, {"date", "label", "ranges", "yearly"})
        day = self.date(table.get("date"), f"{path}.date", title)
        label, yearly = table.get("label", ""), table.get("yearly", False)
        if not isinstance(label, str):
            self.wrong(f"{path}.label", f"{title}: {shown(label)} is not a text")
            label = ""
        if not isinstance(yearly, bool):
            self.wrong(f"{path}.yearly", f"{title}: yearly must be true or false")
            yearly = False
        words = DayException(day, "", yearly=yearly).title if day else title
        ranges = self.ranges(table.get("ranges"), path, words)
        return DayException(day, label.strip(), ranges, yearly) if day else None

    def date(self, value: object, path: str, title: str) -> date | None:
        if isinstance(value, str) and _DATE.fullmatch(value.strip()):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                pass
        self.wrong(path, f"{title}: {shown(value)} is not a date")
        return None
