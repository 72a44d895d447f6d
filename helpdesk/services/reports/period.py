"""The days a report is about, as the reader's clock counts them, and the same days before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from helpdesk.domain.hours.zones import first_moment, is_zone

PRESETS = (7, 14, 30)
DEFAULT_DAYS = 7
MOST_DAYS = 366
MOST_BARS = 31  # longer periods are drawn by the week
EARLIEST = date(2000, 1, 1)


class BadPeriod(ValueError):
    """There are no such days. The message is a sentence for the reader."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """From a moment up to, and without, another."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A day, or the days of a week, of a period."""

    first: date
    last: date
    span: Span


@dataclass(frozen=True)
class Period:
    """Whole days of a time zone, both ends included, looked at from ``now``.

    A day lasts from midnight to midnight on the zone's clocks: 23 or 25 hours where they change.
    """

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @cached_property
    def span(self) -> Span:
        """The moments that belong to these days."""
        return Span(start=self._midnight(self.first), end=self._midnight(self.last, after=1))

    @cached_property
    def before(self) -> Span:
        """As many days just before, up to the same time of day where the last one is not over.

        Otherwise a period that goes on would always look smaller than the one before.
        """
        start = self._midnight(self.first, after=-self.days)
        if not self.span.start <= self.now < self.span.end:
            return Span(start=start, end=self.span.start)
        shown = self.now.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=self.days)
        end = first_moment(self.zone, shown)
        return Span(start=start, end=min(max(end, start), self.span.start))

    @cached_property
    def buckets(self) -> tuple[Bucket, ...]:
        """The days one by one; the weeks, from Monday, where they are too many to be drawn."""
        made: list[Bucket] = []
        first = self.first
        while first <= self.last:
            left_of_week = 6 - first.weekday() if self.days > MOST_BARS else 0
            last = min(first + timedelta(days=left_of_week), self.last)
            span = Span(start=self._midnight(first), end=self._midnight(last, after=1))
            made.append(Bucket(first=first, last=last, span=span))
            first = last + timedelta(days=1)
        return tuple(made)

    @property
    def is_by_week(self) -> bool:
        """Whether `buckets` are weeks."""
        return self.days > MOST_BARS

    def local(self, moment: datetime) -> datetime:
        """A moment as the reader's clock shows it."""
        return moment.astimezone(self.zone)

    def _midnight(self, day: date, *, after: int = 0) -> datetime:
        wall = datetime.combine(day + timedelta(days=after), time.min)
        return first_moment(self.zone, wall)


def zone_named(name: str) -> ZoneInfo:
    """The reader's time zone as their browser calls it; UTC for a name nobody knows."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def last_days(days: int, zone: ZoneInfo, now: datetime) -> Period:
    """Today and the days before it."""
    today = now.astimezone(zone).date()
    return Period(today - timedelta(days=days - 1), today, zone, now)


def asked_for(days: str, first: str, last: str, zone: ZoneInfo, now: datetime) -> Period:
    """What a reader chose: a number of days up to today, or two dates; the last week for nothing.

    :raises BadPeriod: it cannot be shown.
    """
    if first or last:
        return _between(_date(first), _date(last), zone, now)
    if days and days not in map(str, PRESETS):
        raise BadPeriod("Choose 7, 14 or 30 days, or two dates.")
    return last_days(int(days or DEFAULT_DAYS), zone, now)


def _between(first: date, last: date, zone: ZoneInfo, now: datetime) -> Period:
    today = now.astimezone(zone).date()
    if first > last:
        raise BadPeriod("The first day is after the last one.")
    if first > today:
        raise BadPeriod("These days have not come yet.")
    if first < EARLIEST:
        raise BadPeriod(f"Nothing happened before {EARLIEST.year}.")
    last = min(last, today)
    if (last - first).days >= MOST_DAYS:
        raise BadPeriod(f"At most {MOST_DAYS} days can be shown at once.")
    return Period(first, last, zone, now)


def _date(raw: str) -> date:
    try:
        # `fromisoformat` knows more ways to write a date than a date field sends.
        return datetime.strptime(raw, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadPeriod("Give both days, as in 2026-11-22.") from None
