"""Open or closed, the next change, and when so many open seconds will have passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from helpdesk.domain.hours.week import Hours
from helpdesk.domain.hours.zones import in_utc, periods

HORIZON = timedelta(days=400)
"""How far ahead anybody looks: more than a year, so that what comes once a year is found."""

_DAY = timedelta(days=1)


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether people are there at a moment."""
    wall = in_utc(at).astimezone(hours.zone)
    day, time = wall.date(), wall.time()
    if any(each.start <= time and (each.wraps or time < each.end) for each in hours.ranges_on(day)):
        return True
    if hours.closed_on(day):
        return False
    return any(each.wraps and time < each.end for each in hours.ranges_on(day - _DAY))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The first open moment at or after ``at``; None when it does not open within `HORIZON`."""
    start = in_utc(at)
    return next((begins for begins, _ in _parts(hours, start, start + HORIZON)), None)


def next_closing(hours: Hours, at: datetime) -> datetime | None:
    """The first moment after ``at`` that ends an opening: the present one, or the next.

    None when it neither opens nor closes within `HORIZON`.
    """
    start = in_utc(at)
    until = start + HORIZON
    ends = next((ends for _, ends in openings(hours, start, until)), until)
    return ends if ends < until else None


def due_at(hours: Hours, at: datetime, working_seconds: float) -> datetime | None:
    """The moment at which so many open seconds have passed since ``at``.

    A time that is used up exactly at closing is due at closing, not at the next opening. No time at
    all is due as soon as somebody is there: at `next_opening`. None when there are not so many
    seconds within `HORIZON`.

    :raises ValueError: the seconds are negative.
    """
    if not working_seconds >= 0:
        raise ValueError("working_seconds must not be negative")
    start = in_utc(at)
    if working_seconds > HORIZON.total_seconds():
        return None
    left = timedelta(seconds=working_seconds)
    for begins, ends in _parts(hours, start, start + HORIZON):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    return None


def openings(hours: Hours, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every opening between two moments, in order and apart, cut at the two moments."""
    begins = ends = None
    for each in _parts(hours, in_utc(start), in_utc(until)):
        if begins is not None and ends is not None and ends < each[0]:
            yield begins, ends
            begins = None
        begins, ends = begins or each[0], each[1]
    if begins is not None and ends is not None:
        yield begins, ends


def _parts(hours: Hours, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The same in parts that never overlap, but may touch: found without looking far ahead."""
    done = start
    for first, last, offset in periods(hours.zone, start, until):
        wall = (first + offset).replace(tzinfo=None), (last + offset).replace(tzinfo=None)
        for opens, closes in _times(hours, *wall):
            begins = max((opens - offset).replace(tzinfo=UTC), first, done)
            ends = min((closes - offset).replace(tzinfo=UTC), last)
            if begins < ends:
                yield begins, ends
                done = ends


def _times(hours: Hours, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The openings of the wall clock that touch a time of it, in the order of their beginnings."""
    day = start.date() - _DAY  # what began the day before may go on
    while day <= until.date():
        for opens, closes in hours.times_from(day):
            if opens < until and start < closes:
                yield opens, closes
        day += _DAY
