"""Business hours as a form: what was typed, what is wrong with it, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from helpdesk.domain import hours
from helpdesk.domain.hours import DAYS, Hours, HoursError, Range
from helpdesk.domain.text import BadText, clean_line
from helpdesk.services.admin.changes import Refused

NAME_MOST = 80
MINUTES_A_DAY = 24 * 60

Lists = Mapping[str, Sequence[str]]
"""A form whose fields may be there several times: name to values, in the order of the page."""


@dataclass(frozen=True, kw_only=True)
class TypedRange:
    """One range as it stands in the form."""

    start: str
    end: str

    @property
    def goes_on(self) -> bool:
        """It ends on the next day, if these are times at all."""
        return bool(self.start and self.end) and self.end <= self.start and self.end != "00:00"


@dataclass(frozen=True, kw_only=True)
class TypedDay:
    """A day of the week in the form. ``name`` is "monday"."""

    name: str
    ranges: tuple[TypedRange, ...]

    @property
    def title(self) -> str:
        """ "Monday"."""
        return self.name.capitalize()


@dataclass(frozen=True, kw_only=True)
class TypedDate:
    """A date of its own in the form."""

    date: str
    label: str
    yearly: bool
    ranges: tuple[TypedRange, ...]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A whole form, without its empty rows."""

    name: str
    time_zone: str
    days: tuple[TypedDay, ...]
    dates: tuple[TypedDate, ...]

    def as_json(self) -> dict[str, object]:
        """What `domain.hours.from_json` judges; its problems name places in this form."""
        return {
            "time_zone": self.time_zone,
            "week": {day.name: _pairs(day.ranges) for day in self.days},
            "exceptions": [
                {
                    "date": each.date,
                    "label": each.label,
                    "yearly": each.yearly,
                    "ranges": _pairs(each.ranges),
                }
                for each in self.dates
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A stretch of one day in a drawing: where it begins and how long it is, 0 to 100."""

    x: float
    width: float
    is_overnight: bool


def typed(form: Lists) -> Typed:
    """Read what was sent; rows without anything in them are left out."""
    dates = []
    for index in _date_rows(form):
        row = TypedDate(
            date=_first(form, f"date-{index}"),
            label=_first(form, f"label-{index}"),
            yearly=_first(form, f"yearly-{index}") == "1",
            ranges=_ranges(form, f"date-{index}"),
        )
        if (row.date or row.label or row.ranges) and not _first(form, f"remove-{index}"):
            dates.append(row)
    return Typed(
        name=_first(form, "name"),
        time_zone=_first(form, "time_zone"),
        days=tuple(TypedDay(name=name, ranges=_ranges(form, name)) for name in DAYS),
        dates=tuple(dates),
    )


def typed_from(name: str, calendar: Hours) -> Typed:
    """Saved hours as the form shows them."""
    return Typed(
        name=name,
        time_zone=calendar.time_zone,
        days=tuple(
            TypedDay(name=day, ranges=_as_typed(calendar.week[index]))
            for index, day in enumerate(DAYS)
        ),
        dates=tuple(
            TypedDate(
                date=each.date.isoformat(),
                label=each.label,
                yearly=each.yearly,
                ranges=_as_typed(each.ranges),
            )
            for each in calendar.exceptions
        ),
    )


def read(form: Typed) -> tuple[str, Hours]:
    """The name and the hours that a form describes.

    :raises Refused: something cannot be used; the problems name the form's places.
    """
    problems: dict[str, str] = {}
    name = ""
    try:
        name = clean_line(form.name, most=NAME_MOST)
        if not name:
            problems["name"] = "Write a name, as in “Office London”."
    except BadText as error:
        problems["name"] = str(error)
    try:
        calendar = hours.from_json(form.as_json())
    except HoursError as error:
        for problem in error.problems:
            known = problems.get(problem.field)
            text = problem.text if problem.text.endswith("?") else f"{problem.text}."
            problems[problem.field] = f"{known}\n{text}" if known else text
    if problems:
        raise Refused(problems)
    return name, calendar


def calendar_of(form: Typed) -> Hours:
    """The hours of a form that needs no name yet.

    :raises Refused: something in them cannot be used.
    """
    return read(replace(form, name="unnamed"))[1]


def words(name: str, calendar: Hours) -> dict[str, str]:
    """Hours as people read them, for the audit log and for conflicts."""
    found = {"Name": name, "Time zone": calendar.time_zone}
    for index, day in enumerate(DAYS):
        found[day.capitalize()] = _said(calendar.week[index])
    for each in calendar.exceptions:
        label = f"{each.label}: " if each.label else ""
        found[each.title] = f"{label}{_said(each.ranges)}"
    return found


def bars(calendar: Hours) -> dict[str, tuple[Bar, ...]]:
    """The week as drawings of a day each; what goes on past midnight is drawn on both days."""
    found: dict[str, list[Bar]] = {day: [] for day in DAYS}
    for index, day in enumerate(DAYS):
        for each in calendar.week[index]:
            begins, ends = each.minutes
            found[day].append(_bar(begins, min(ends, MINUTES_A_DAY), each.overnight))
            if each.overnight:
                found[DAYS[(index + 1) % 7]].insert(0, _bar(0, ends - MINUTES_A_DAY, True))
    return {day: tuple(stretches) for day, stretches in found.items()}


def upcoming(form: Typed, today: date) -> list[bool]:
    """For each date of a form, whether it is still to come."""
    return [each.yearly or each.date >= today.isoformat() for each in form.dates]


def _bar(begins: int, ends: int, overnight: bool) -> Bar:
    return Bar(
        x=round(100 * begins / MINUTES_A_DAY, 2),
        width=round(100 * (ends - begins) / MINUTES_A_DAY, 2),
        is_overnight=overnight,
    )


def _said(ranges: Sequence[Range]) -> str:
    return ", ".join("all day" if each.all_day else str(each) for each in ranges) or "Closed"


def _first(form: Lists, name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _date_rows(form: Lists) -> list[int]:
    rows = {
        int(number)
        for name in form
        if name.startswith("date-")
        and (number := name.removeprefix("date-")).isdecimal()
        and number.isascii()
        and len(number) < 5
    }
    return sorted(rows)


def _ranges(form: Lists, name: str) -> tuple[TypedRange, ...]:
    starts, ends = form.get(f"{name}-start", ()), form.get(f"{name}-end", ())
    pairs = zip(starts, ends, strict=False)
    return tuple(
        TypedRange(start=start.strip(), end=end.strip())
        for start, end in pairs
        if start.strip() or end.strip()
    )


def _pairs(ranges: Sequence[TypedRange]) -> list[dict[str, str]]:
    return [{"start": each.start, "end": each.end} for each in ranges]


def _as_typed(ranges: Sequence[Range]) -> tuple[TypedRange, ...]:
    return tuple(
        TypedRange(start=f"{each.start:%H:%M}", end=f"{each.end:%H:%M}") for each in ranges
    )
