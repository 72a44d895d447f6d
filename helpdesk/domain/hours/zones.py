"""Time zones by name, and the moments at which their clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from helpdesk.domain.hours.problems import shown

# Both are in the list, but mean "whatever this machine is set to" and "nobody has chosen".
_NO_PLACES = {"localtime", "Factory"}

# No clock was ever changed and changed back within five days (the closest pair since 1970, Brazil
# in October 2000, is a week apart), so a look every five days finds every change.
_STEP = timedelta(days=5)
_YEAR = timedelta(days=366)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_PLACES)


def time_zones() -> list[str]:
    """Every name that hours may use, in alphabetical order."""
    return sorted(_names())


def is_zone(name: object) -> bool:
    """Whether this is a time zone's exact name. Nothing is looked up in files by a foreign name."""
    return isinstance(name, str) and name in _names()


def not_a_zone(name: object) -> str:
    """The sentence that refuses a name, with what was perhaps meant."""
    words = shown(name)
    by_small = {known.lower(): known for known in _names()}
    close = get_close_matches(words.lower().replace(" ", "_"), by_small, n=1, cutoff=0.85)
    hint = f". Did you mean {by_small[close[0]]}?" if close else ""
    return f"{words} is not a time zone{hint}"


def place(name: str) -> str:
    """The part of a zone's name that people say: "New York" for ``America/New_York``."""
    if name.startswith("Etc/"):  # "GMT+5" means five hours *behind*: better the whole name
        return name
    return name.rsplit("/", 1)[-1].replace("_", " ")


def in_utc(at: datetime) -> datetime:
    """The same moment in UTC.

    :raises ValueError: it is a time of day without a zone, and so no moment.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)


def offset_at(zone: ZoneInfo, at: datetime) -> timedelta:
    """How far the zone's clocks are ahead of UTC at a moment."""
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def periods(
    zone: ZoneInfo, start: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from ``start`` to ``until`` (in UTC) without gaps, in parts of one offset each."""
    here, offset = start, offset_at(zone, start)
    while here < until:
        ahead = min(here + _STEP, until)
        then = offset_at(zone, ahead)
        if then != offset:
            ahead = _change(zone, here, ahead)
            then = offset_at(zone, ahead)
        yield here, ahead, offset
        here, offset = ahead, then


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first moment of the new offset; clocks change on a full second."""
    before = before.replace(microsecond=0)
    offset = offset_at(zone, before)
    seconds = -(-(after - before) // timedelta(seconds=1))  # rounded up
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, before + timedelta(seconds=middle)) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def next_clock_change(time_zone: str, at: datetime) -> datetime | None:
    """The next moment after ``at`` when the zone's clocks are changed; None within a year."""
    zone, start = ZoneInfo(time_zone), in_utc(at)
    offset = offset_at(zone, start)
    for begins, _, other in periods(zone, start, start + _YEAR):
        if other != offset:
            return begins
    return None


def first_moment(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first moment, in UTC, at which the zone's clocks show this time or a later one."""
    about = wall.replace(tzinfo=UTC)
    for begins, ends, offset in periods(zone, about - _STEP, about + _STEP):
        moment = max(about - offset, begins)
        if moment < ends:
            return moment
    raise AssertionError("no clock is five days from UTC")
