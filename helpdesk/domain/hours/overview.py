"""Hours as people read them: in one line, and as the coming days of somebody's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.hours.opening import openings
from helpdesk.domain.hours.week import DAYS, DayException, Hours, Range
from helpdesk.domain.hours.zones import first_moment, in_utc

_DAY = timedelta(days=1)


def describe(hours: Hours) -> str:
    """The week in one line: "Mon–Fri 09:00–18:00 (Europe/Berlin)". Single dates are left out."""
    groups: dict[tuple[Range, ...], list[int]] = {}
    for index, ranges in enumerate(hours.week):
        if ranges:
            groups.setdefault(ranges, []).append(index)
    if not groups:
        return "Closed"
    parts = [f"{_day_words(days)} {_range_words(ranges)}" for ranges, days in groups.items()]
    if parts == ["Every day all day"]:
        return "Round the clock"
    return f"{'; '.join(parts)} ({hours.time_zone})"


def _range_words(ranges: Sequence[Range]) -> str:
    return " and ".join("all day" if each.all_day else str(each) for each in ranges)


def _day_words(days: Sequence[int]) -> str:
    """Days in words, as in "Mon–Wed, Fri"; a run may go over the week's end: "Sun–Thu"."""
    if len(days) == len(DAYS):
        return "Every day"
    runs = []
    for first in (day for day in days if (day - 1) % len(DAYS) not in days):
        last = first
        while (last + 1) % len(DAYS) in days:
            last = (last + 1) % len(DAYS)
        runs.append(_short(first) if first == last else f"{_short(first)}–{_short(last)}")
    return ", ".join(runs)


def _short(day: int) -> str:
    return DAYS[day][:3].capitalize()


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A part of one day on which people are there, by the reader's clock.

    ``from_before`` and ``goes_on``: it began the day before, it ends on a later one. ``all_day``:
    there is no other time on that day.
    """

    opens: datetime
    closes: datetime
    from_before: bool
    goes_on: bool
    all_day: bool

    def __str__(self) -> str:
        if self.all_day:
            return "all day"
        closes = "24:00" if self.closes.date() != self.opens.date() else f"{self.closes:%H:%M}"
        if self.from_before:
            return f"until {closes}"
        return f"from {self.opens:%H:%M}" if self.goes_on else f"{self.opens:%H:%M} to {closes}"


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the reader's calendar. ``label`` says why it differs; "" when it does not."""

    date: date
    openings: tuple[Opening, ...]
    label: str


def days(hours: Hours, from_at: datetime, n: int = 14, *, zone: str) -> list[Day]:
    """The reader's day of ``from_at`` and those after it, ``n`` in all, in the reader's zone.

    A date of the hours' own calendar can touch two of the reader's days: its label stands where
    something is different for it, and always on the day that has its noon. A date that the zone
    left out (Samoa had no 30 December 2011) is left out here.

    :raises ZoneInfoNotFoundError: there is no such zone.
    """
    reader = ZoneInfo(zone)
    first = in_utc(from_at).astimezone(reader).date()
    dates = [first + timedelta(days=index) for index in range(n)]
    starts = [first_moment(reader, datetime.combine(day, time())) for day in dates]
    ends = [*starts[1:], first_moment(reader, datetime.combine(first + n * _DAY, time()))]
    return [
        Day(
            date=day,
            openings=_of_one_day(hours, start, end, reader),
            label=", ".join(_labels(hours, start, end)),
        )
        for day, start, end in zip(dates, starts, ends, strict=True)
        if start < end
    ]


def _of_one_day(
    hours: Hours, start: datetime, end: datetime, reader: ZoneInfo
) -> tuple[Opening, ...]:
    found = []
    for begins, ends in openings(hours, start - _DAY, end + _DAY):
        if begins < end and start < ends:
            opening = Opening(
                opens=max(begins, start).astimezone(reader),
                closes=min(ends, end).astimezone(reader),
                from_before=begins < start,
                goes_on=ends > end,
                all_day=begins <= start and end <= ends,
            )
            found.append(opening)
    return tuple(found)


def _labels(hours: Hours, start: datetime, end: datetime) -> list[str]:
    """The dates that change something between two moments, or have their noon there."""
    day = start.astimezone(hours.zone).date() - _DAY  # its night may reach into this day
    labels = []
    while day <= end.astimezone(hours.zone).date():
        exception = hours.exception_on(day)
        if exception and exception.label and _touches(hours, exception, day, start, end):
            labels.append(exception.label)
        day += _DAY
    return labels


def _touches(
    hours: Hours, exception: DayException, day: date, start: datetime, end: datetime
) -> bool:
    if start <= first_moment(hours.zone, datetime.combine(day, time(12))) < end:
        return True
    others = tuple(each for each in hours.exceptions if each != exception)
    without = replace(hours, exceptions=others)
    return list(openings(hours, start, end)) != list(openings(without, start, end))
