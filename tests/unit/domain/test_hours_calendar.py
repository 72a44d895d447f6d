"""The hours against calendars that know nothing but minutes and a clock on the wall.

A `Calendar` asks the zone for the wall clock's time, minute after minute, and looks at what the
hours say for that date and time. It has no idea of ranges, of switches or of arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk.domain.hours import (
    HORIZON,
    DayException,
    Hours,
    HoursError,
    Range,
    due_at,
    is_open,
    next_clock_change,
    next_closing,
    next_opening,
    openings,
)

ZONES = (
    "Africa/Cairo",  # summer time came, went, came for one year, and went
    "Africa/Casablanca",  # "summer" is the rule, winter time is for Ramadan
    "America/New_York",
    "America/Sao_Paulo",  # midnight is in the gap
    "America/St_Johns",  # half an hour off, and until 2011 the switch was a minute after midnight
    "Antarctica/Troll",  # two hours at once
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Europe/Berlin",
    "Pacific/Apia",  # a day that did not exist
    "Pacific/Chatham",  # three quarters of an hour off
)
FIRST, LAST = datetime(2011, 9, 1, tzinfo=UTC), datetime(2021, 9, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DAY_MINUTES = 1_440


@lru_cache(maxsize=100_000)
def has_one_offset(zone: str, start: datetime) -> bool:
    """Whether no clock of the zone is changed on this day of the world."""
    looks = (start + k * timedelta(hours=4) for k in range(7))
    return len({look.astimezone(ZoneInfo(zone)).utcoffset() for look in looks}) == 1


class Calendar:
    """Every minute of a stretch of time: 1 is open. It ends with ``minutes`` more."""

    def __init__(self, hours: Hours, start: datetime, minutes: int) -> None:
        self.hours, self.start = hours, start
        self._once = {each.date: each for each in hours.exceptions if not each.yearly}
        self._yearly = [each for each in hours.exceptions if each.yearly]
        self._marks: dict[date, bytes] = {}
        self.open = bytearray()
        for day in range(0, minutes, DAY_MINUTES):
            self.open += self._utc_day(start + day * MINUTE)
        del self.open[minutes:]

    def _utc_day(self, start: datetime) -> bytes:
        """One day of the world: at once when it has one offset, else minute by minute."""
        zone = self.hours.zone
        wall = start.astimezone(zone)
        if has_one_offset(self.hours.time_zone, start):
            both = self.marks(wall.date()) + self.marks(wall.date() + DAY)
            first = wall.hour * 60 + wall.minute
            return both[first : first + DAY_MINUTES]
        walls = ((start + k * MINUTE).astimezone(zone) for k in range(DAY_MINUTES))
        return bytes(self.marks(each.date())[each.hour * 60 + each.minute] for each in walls)

    def marks(self, day: date) -> bytes:
        """The minutes of one date as the wall clock counts them, whether they happen or not."""
        if day not in self._marks:
            both = bytearray(2 * DAY_MINUTES)
            for when, offset in ((day - DAY, 0), (day, DAY_MINUTES)):
                own = self._own(when)
                for each in own or ():
                    start = offset + each.start.hour * 60 + each.start.minute
                    end = offset + each.end.hour * 60 + each.end.minute
                    end += DAY_MINUTES if each.end <= each.start else 0
                    both[start:end] = b"\1" * (end - start)
            marks = bytes(both[DAY_MINUTES : 2 * DAY_MINUTES])
            self._marks[day] = bytes(DAY_MINUTES) if self._own(day) == () else marks
        return self._marks[day]

    def _own(self, day: date) -> tuple[Range, ...] | None:
        """The ranges of a date; an empty tuple only for a date that says so, None for the week."""
        if day in self._once:
            return self._once[day].ranges
        for each in self._yearly:
            same = (each.date.month, each.date.day) == (day.month, day.day)
            if same and each.date <= day:
                return each.ranges
        return self.hours.week[day.weekday()] or None

    def at(self, index: int) -> datetime:
        return self.start + index * MINUTE

    def _index(self, at: datetime) -> int:
        return (at - self.start) // MINUTE

    def is_open(self, at: datetime) -> bool:
        return bool(self.open[self._index(at)])

    def next_opening(self, at: datetime) -> datetime | None:
        """None: not within this calendar."""
        if self.is_open(at):
            return at
        found = self.open.find(1, self._index(at))
        return self.at(found) if found >= 0 else None

    def next_closing(self, at: datetime) -> datetime | None:
        opens = self.open.find(1, self._index(at))
        found = self.open.find(0, opens) if opens >= 0 else -1
        return self.at(found) if found >= 0 else None

    def due_at(self, at: datetime, seconds: int) -> datetime | None:
        left = timedelta(seconds=seconds)
        if not left:
            return self.next_opening(at)
        while left:
            opens, closes = self.next_opening(at), self.next_closing(at)
            if opens is None or (closes is None and self.at(len(self.open)) - opens < left):
                return None
            if closes is None or closes - opens >= left:
                return opens + left
            left -= closes - opens
            at = closes
        return at


def range_of(words: str) -> Range:
    start, end = (time.fromisoformat(each) for each in words.split("-"))
    return Range(start, end)


def ranges_of(words: str) -> tuple[Range, ...]:
    return tuple(range_of(each) for each in words.split())


def _dates(*kinds: str) -> tuple[DayException, ...]:
    """Every 17th day of the ten years differs from its week, and two days of every year."""
    days = (FIRST.date() + k * 17 * DAY for k in range(3_653 // 17))
    single = (DayException(d, "", ranges_of(kinds[k % len(kinds)])) for k, d in enumerate(days))
    return (
        *single,
        DayException(date(2012, 12, 25), "Christmas Day", (), yearly=True),
        DayException(date(2000, 3, 31), "Inventory", ranges_of("02:30-05:00"), yearly=True),
    )


@cache
def patterns(zone: str) -> dict[str, Hours]:
    """Ordinary hours, nights, and hours whose edges are where clocks are changed."""
    office, nights = ranges_of("09:00-12:30 13:30-18:00"), ranges_of("10:00-16:00 22:00-06:00")
    edges = ranges_of("00:15-00:45 01:15-02:15 02:30-02:45 03:10-04:00 23:10-00:10")
    return {
        "office": Hours(zone, ((office,) * 5 + ((), ())), _dates("", "12:00-18:00", "20:00-02:30")),
        "nights": Hours(
            zone, (nights,) * 7, _dates("", "05:00-07:00", "00:00-00:00", "12:00-13:00")
        ),
        "edges": Hours(zone, (edges,) * 7, _dates("", "02:00-02:00", "00:00-00:30 23:30-01:00")),
        "sundays": Hours(zone, ((),) * 5 + (ranges_of("23:30-02:30"), ranges_of("02:30-03:30"))),
    }


@cache
def decade(zone: str, pattern: str) -> Calendar:
    return Calendar(patterns(zone)[pattern], FIRST, (LAST - FIRST) // MINUTE)


@cache
def switches(zone: str) -> list[datetime]:
    """The first minute of each new offset, found by asking every minute of suspicious days."""
    info, found = ZoneInfo(zone), []
    for day in range((LAST - FIRST).days):
        start = FIRST + day * DAY
        if not has_one_offset(zone, start):
            walls = [(start + k * MINUTE).astimezone(info).utcoffset() for k in range(1_441)]
            found += [start + k * MINUTE for k in range(1, 1_441) if walls[k] != walls[k - 1]]
    return found


PATTERNS = ("office", "nights", "edges", "sundays")
each_zone = pytest.mark.parametrize("zone", ZONES)


def test_the_zones_are_worth_it() -> None:
    assert len(ZONES) == 12
    assert {zone: len(switches(zone)) for zone in ZONES} == {
        "Africa/Cairo": 4,
        "Africa/Casablanca": 33,
        "America/New_York": 20,
        "America/Sao_Paulo": 16,
        "America/St_Johns": 20,
        "Antarctica/Troll": 20,
        "Asia/Kathmandu": 0,
        "Asia/Tehran": 20,
        "Australia/Lord_Howe": 20,
        "Europe/Berlin": 20,
        "Pacific/Apia": 21,
        "Pacific/Chatham": 20,
    }


@each_zone
@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_minute_of_ten_years_agrees(zone: str, pattern: str) -> None:
    calendar = decade(zone, pattern)
    painted = bytearray(len(calendar.open))
    for begins, ends in openings(calendar.hours, FIRST, LAST):
        first, last = (begins - FIRST) // MINUTE, (ends - FIRST) // MINUTE
        assert first < last
        assert 1 not in painted[max(0, first - 1) : last], "openings are apart and in order"
        painted[first:last] = b"\1" * (last - first)
    if painted != calendar.open:  # not a bare assert: nobody wants to read five million bytes
        differs = next(k for k in range(len(painted)) if painted[k] != calendar.open[k])
        pytest.fail(f"{calendar.at(differs)}: {painted[differs]}, not {calendar.open[differs]}")


def _around(calendar: Calendar, switch: datetime) -> Iterator[datetime]:
    """Every 37th minute, and the last before and the first after each change."""
    first = (switch - FIRST) // MINUTE - 180
    for index in range(first, first + 361):
        before, here, after = calendar.open[index - 1 : index + 2]
        if before != here or here != after or index % 37 == 0 or abs(index - first - 180) < 2:
            yield calendar.at(index)


@each_zone
@pytest.mark.parametrize("pattern", PATTERNS)
def test_three_hours_around_every_switch_agree(zone: str, pattern: str) -> None:
    calendar = decade(zone, pattern)
    hours, step = calendar.hours, 1 if pattern in ("edges", "sundays") else 5
    for switch in switches(zone):
        for minute in range(-180, 181, step):
            at = switch + minute * MINUTE
            assert is_open(hours, at) == calendar.is_open(at), at
        for at in _around(calendar, switch):
            assert next_opening(hours, at) == calendar.next_opening(at), at
            assert next_closing(hours, at) == calendar.next_closing(at), at
            assert due_at(hours, at, 5_400) == calendar.due_at(at, 5_400), at


# Any hours at all

patient = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

borders = st.one_of(
    st.integers(0, 7 * DAY_MINUTES - 1),
    st.builds(
        lambda day, minute: day * DAY_MINUTES + minute, st.integers(0, 6), st.integers(0, 240)
    ),
)


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Range, ...], ...]:
    """Open and closed by turns around the circle of a week, none longer than a day."""
    cuts = sorted(draw(st.sets(borders, max_size=16)))
    if len(cuts) % 2:
        cuts.pop()
    turn = draw(st.integers(0, 1)) if cuts else 0
    cuts = [*cuts[turn:], *(cut + 7 * DAY_MINUTES for cut in cuts[:turn])]
    week: list[list[Range]] = [[] for _ in range(7)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        end = min(end, start + DAY_MINUTES)
        week[start // DAY_MINUTES % 7].append(Range(_clock(start), _clock(end)))
    return tuple(tuple(ranges) for ranges in week)


@st.composite
def day_ranges(draw: st.DrawFn) -> tuple[Range, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, DAY_MINUTES - 1), max_size=5)))
    ranges = [Range(_clock(a), _clock(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if len(cuts) % 2:
        ranges.append(Range(_clock(cuts[-1]), _clock(draw(st.integers(0, cuts[-1])))))
    return tuple(ranges)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours, and a moment: often near a switch, with some dates of their own near it."""
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(switches(zone) or [FIRST]))
    anywhere = st.integers(0, 20 * 366 * DAY_MINUTES).map(lambda k: FIRST + k * MINUTE)
    close = st.integers(-2 * DAY_MINUTES, 2 * DAY_MINUTES).map(lambda k: near + k * MINUTE)
    at = draw(st.one_of(anywhere, close)) + timedelta(seconds=draw(st.integers(0, 59)))
    wall = at.astimezone(ZoneInfo(zone)).date()
    dates = draw(st.sets(st.integers(-2, 8), max_size=4))
    exceptions = tuple(
        DayException(wall + k * DAY, "", draw(day_ranges()), draw(st.booleans())) for k in dates
    )
    return Hours(zone, draw(weeks()), exceptions), at


@settings(patient, max_examples=150)
@given(situations(), st.integers(0, 200_000))
@example((Hours.always(), FIRST), 86_400)
@example((Hours("Europe/Berlin", ((),) * 7), FIRST), 1)
def test_any_hours_agree(situation: tuple[Hours, datetime], seconds: int) -> None:
    hours, at = situation
    # From the day before, so that the calendar knows what is open at the moment.
    start = at.replace(second=0) - DAY
    calendar = Calendar(hours, start, 10 * DAY_MINUTES)
    end = calendar.at(len(calendar.open))
    for moment in (at, at + timedelta(hours=7, seconds=1), at + timedelta(days=3)):
        assert is_open(hours, moment) == calendar.is_open(moment)
        pairs = (
            (next_opening(hours, moment), calendar.next_opening(moment)),
            (next_closing(hours, moment), calendar.next_closing(moment)),
            (due_at(hours, moment, seconds), calendar.due_at(moment, seconds)),
        )
        for ours, theirs in pairs:
            if theirs is None:
                assert ours is None or ours >= end
            else:
                assert ours == theirs


@settings(patient, max_examples=100)
@given(situations(), st.integers(0, 200_000), st.integers(1, 200_000))
def test_more_work_is_never_due_earlier(
    situation: tuple[Hours, datetime], some: int, more: int
) -> None:
    hours, at = situation
    first, last = due_at(hours, at, some), due_at(hours, at, some + more)
    if first is None:
        assert last is None
    elif last is not None:
        assert at <= first <= last <= at + HORIZON
        assert due_at(hours, first, more) == last, "what is left is due at the same moment"


@settings(patient, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(0, 95)), max_size=7))
def test_hours_are_refused_just_when_a_minute_is_there_twice(
    quarters: list[tuple[int, int, int]],
) -> None:
    week: list[list[Range]] = [[] for _ in range(7)]
    times = [0] * (7 * 96)
    for day, start, end in quarters:
        week[day].append(Range(_clock(15 * start), _clock(15 * end)))
        for quarter in range(start, end if end > start else end + 96):
            times[(day * 96 + quarter) % (7 * 96)] += 1
    try:
        Hours("Europe/Berlin", tuple(tuple(ranges) for ranges in week))
        refused = False
    except HoursError:
        refused = True
    assert refused == (max(times) > 1)


@pytest.mark.parametrize("zone", ["America/Noronha", "America/Boa_Vista", "America/Recife"])
def test_the_two_changes_that_are_closest_together_are_both_found(zone: str) -> None:
    """Summer time for a week: the search for changes must not step over it."""
    at, found = datetime(2000, 10, 1, tzinfo=UTC), []
    while (change := next_clock_change(zone, at)) and change.year == 2000:
        found.append(change)
        at = change
    assert len(found) == 2
    assert (found[1] - found[0]).days in {6, 7, 13, 14}
