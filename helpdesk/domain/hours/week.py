"""The hours themselves: ranges of a day, a week of them, and dates of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from unicodedata import category
from zoneinfo import ZoneInfo

from helpdesk.domain.hours.problems import HoursError, Problem
from helpdesk.domain.hours.zones import is_zone, not_a_zone

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The days as a week holds them and the saved form names them."""

MONTHS = (
    "January February March April May June July August September October November December".split()
)

MOST_RANGES = 12
MOST_EXCEPTIONS = 400
MOST_LABEL = 80
_NO_LABEL = {"Cc", "Cs", "Zl", "Zp"}  # control characters, halves of characters, line ends

_MIDNIGHT = dt.time()
_DAY = dt.timedelta(days=1)
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, order=True)
class Range:
    """From ``start`` to before ``end``; an end that is not after the start is on the next day.

    :raises HoursError: a time has seconds or a zone.
    """

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            time: dt.time = getattr(self, name)
            if time.second or time.microsecond or time.tzinfo:
                raise HoursError([Problem(field=name, text=f"{time} is not in full minutes")])

    @property
    def wraps(self) -> bool:
        """It ends at midnight or later."""
        return self.end <= self.start

    @property
    def overnight(self) -> bool:
        """A part of it is on the next day."""
        return self.wraps and self.end != _MIDNIGHT

    @property
    def all_day(self) -> bool:
        """It is one date from midnight to midnight."""
        return self.start == self.end == _MIDNIGHT

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes after its date's midnight; the end can be up to 2,879."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        return start, end + _DAY_MINUTES if self.wraps else end

    def __str__(self) -> str:
        end = "24:00" if self.end == _MIDNIGHT else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}–{end}"


@dataclass(frozen=True)
class DayException:
    """A date with ranges of its own; without any it is closed.

    ``yearly``: the same day of every later year as well. A date that is named for itself wins over
    one that comes every year.
    """

    date: dt.date
    label: str
    ranges: tuple[Range, ...] = ()
    yearly: bool = False

    @property
    def closed(self) -> bool:
        """Nobody is there on that date, not even from the night before."""
        return not self.ranges

    @property
    def title(self) -> str:
        """The date in words: "26 November 2026", or "Every 25 December"."""
        words = f"{self.date.day} {MONTHS[self.date.month - 1]}"
        return f"Every {words}" if self.yearly else f"{words} {self.date.year}"


@dataclass(frozen=True)
class Hours:
    """A week of ranges (Monday first) in one time zone, and the dates that differ.

    Ranges and dates are kept in order, however they were given.

    :raises HoursError: there is no such time zone, ranges overlap (also with what comes in
        overnight from the day before), or a date is there twice.
    """

    time_zone: str
    week: tuple[tuple[Range, ...], ...]
    exceptions: tuple[DayException, ...] = ()
    _once: dict[dt.date, DayException] = field(init=False, repr=False, compare=False)
    _yearly: dict[tuple[int, int], DayException] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        dated = dict(enumerate(self.exceptions))
        if problems := list(find_problems(self.time_zone, self.week, dated)):
            raise HoursError(problems)
        week = tuple(tuple(sorted(ranges)) for ranges in self.week)
        dates = sorted(self.exceptions, key=lambda each: (each.date, each.yearly))
        once = {each.date: each for each in dates if not each.yearly}
        yearly = {(each.date.month, each.date.day): each for each in dates if each.yearly}
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "exceptions", tuple(dates))
        object.__setattr__(self, "_once", once)
        object.__setattr__(self, "_yearly", yearly)

    @classmethod
    def always(cls) -> Hours:
        """Round the clock."""
        return cls("UTC", ((Range(_MIDNIGHT, _MIDNIGHT),),) * 7)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the wall clock that all times are read from."""
        return ZoneInfo(self.time_zone)

    def exception_on(self, day: dt.date) -> DayException | None:
        """What makes this date differ from its week."""
        once = self._once.get(day)
        if once or not self._yearly:
            return once
        yearly = self._yearly.get((day.month, day.day))
        return yearly if yearly and day >= yearly.date else None

    def ranges_on(self, day: dt.date) -> tuple[Range, ...]:
        """The ranges that begin on this date, in order."""
        exception = self.exception_on(day)
        return exception.ranges if exception else self.week[day.weekday()]

    def closed_on(self, day: dt.date) -> bool:
        """The date itself says that nobody is there, so no night shift runs into it."""
        exception = self.exception_on(day)
        return exception is not None and exception.closed

    def times_from(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The openings that begin on this date, by the wall clock (without a zone), in order."""
        return [self._times(day, each) for each in self.ranges_on(day)]

    def _times(self, day: dt.date, each: Range) -> tuple[dt.datetime, dt.datetime]:
        start = dt.datetime.combine(day, each.start)
        if not each.wraps:
            return start, dt.datetime.combine(day, each.end)
        cut = self.closed_on(day + _DAY)
        return start, dt.datetime.combine(day + _DAY, _MIDNIGHT if cut else each.end)


def find_problems(
    time_zone: object, week: Sequence[Sequence[Range]], exceptions: Mapping[int, DayException]
) -> Iterator[Problem]:
    """Everything that is wrong with hours, in order; ``exceptions`` by their place in the list."""
    if not is_zone(time_zone):
        yield Problem(field="time_zone", text=not_a_zone(time_zone))
    if len(week) != len(DAYS):
        yield Problem(field="week", text="A week has seven days")
        return
    days = [sorted(ranges) for ranges in week]
    for index, name in enumerate(DAYS):
        yield from _day_problems(f"week.{name}", name.capitalize(), days[index])
        yield from _night_problems(index, days[index], days[index - 1])
    yield from _date_problems(exceptions)


def _day_problems(path: str, title: str, ranges: Sequence[Range]) -> Iterator[Problem]:
    if len(ranges) > MOST_RANGES:
        text = f"{title}: {len(ranges)} ranges are too many; {MOST_RANGES} is the most"
        yield Problem(field=path, text=text)
    for earlier, later in pairwise(ranges):
        if later.minutes[0] < earlier.minutes[1]:
            yield Problem(field=path, text=f"{title}: {earlier} and {later} overlap")


def _night_problems(
    index: int, ranges: Sequence[Range], before: Sequence[Range]
) -> Iterator[Problem]:
    if not ranges or not before or not before[-1].overnight:
        return
    night, first = before[-1], ranges[0]
    if first.start < night.end:
        title, yesterday = DAYS[index].capitalize(), DAYS[index - 1].capitalize()
        text = f"{title}: {first} overlaps with {night} of {yesterday}, which ends the next day"
        yield Problem(field=f"week.{DAYS[index]}", text=text)


def _date_problems(exceptions: Mapping[int, DayException]) -> Iterator[Problem]:
    if len(exceptions) > MOST_EXCEPTIONS:
        text = f"{len(exceptions)} dates are too many; {MOST_EXCEPTIONS} is the most"
        yield Problem(field="exceptions", text=text)
    seen: set[str] = set()
    for index, each in exceptions.items():
        path = f"exceptions.{index}"
        if each.title in seen:
            yield Problem(field=f"{path}.date", text=f"{each.title} is there twice")
        seen.add(each.title)
        if len(each.label) > MOST_LABEL or _NO_LABEL & set(map(category, each.label)):
            text = f"{each.title}: a label is one line of at most {MOST_LABEL} characters"
            yield Problem(field=f"{path}.label", text=text)
        yield from _day_problems(path, each.title, sorted(each.ranges))
