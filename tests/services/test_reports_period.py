"""Days as the reader's clock counts them: midnights, clock changes, weeks, the days before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.services.reports import period
from helpdesk.services.reports.period import BadPeriod, Period

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",  # the clock changes at midnight
    "America/Asuncion",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",  # lost a whole day in 2011
    "UTC",
)


def whole(first: date, last: date, zone: ZoneInfo = BERLIN, now: datetime = NOW) -> Period:
    return Period(first, last, zone, now)


def hours(first: date, last: date) -> list[float]:
    buckets = whole(first, last).buckets
    return [(each.span.end - each.span.start) / timedelta(hours=1) for each in buckets]


def test_a_day_has_23_hours_in_spring_and_25_in_autumn() -> None:
    assert hours(date(2026, 3, 28), date(2026, 3, 30)) == [24, 23, 24]
    assert hours(date(2026, 10, 24), date(2026, 10, 26)) == [24, 25, 24]


def test_a_day_begins_at_the_readers_midnight() -> None:
    span = whole(date(2026, 3, 29), date(2026, 3, 29)).span
    assert span.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert span.end == datetime(2026, 3, 29, 22, tzinfo=UTC)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2005, 1, 1), date(2026, 11, 1)),
    st.integers(1, 100),
)
def test_the_days_fill_the_period_without_gap_or_overlap(name: str, first: date, days: int) -> None:
    shown = whole(first, first + timedelta(days=days - 1), ZoneInfo(name))
    buckets = shown.buckets
    assert (buckets[0].span.start, buckets[-1].span.end) == (shown.span.start, shown.span.end)
    assert all(one.span.end == two.span.start for one, two in zip(buckets, buckets[1:]))  # noqa: B905, RUF007
    assert len(buckets) <= period.MOST_BARS
    middle = shown.span.start + (shown.span.end - shown.span.start) / 2
    assert sum(each.span.start <= middle < each.span.end for each in buckets) == 1


def test_more_than_a_month_is_drawn_by_weeks_from_monday() -> None:
    shown = whole(date(2026, 9, 30), date(2026, 11, 22))
    assert shown.is_by_week
    starts = [each.first for each in shown.buckets]
    assert starts[0] == date(2026, 9, 30)
    assert all(start.weekday() == 0 for start in starts[1:])
    assert shown.buckets[-1].last == date(2026, 11, 22)


def test_the_days_before_end_at_the_same_time_of_day_while_today_goes_on() -> None:
    shown = period.last_days(7, BERLIN, NOW)  # 18:30 on Sunday in Berlin
    assert (shown.first, shown.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert shown.before.start == datetime(2026, 11, 8, 23, tzinfo=UTC)
    assert shown.before.end == datetime(2026, 11, 15, 17, 30, tzinfo=UTC)


def test_the_days_before_days_that_are_over_are_whole() -> None:
    shown = whole(date(2026, 3, 28), date(2026, 3, 30))
    assert shown.before.start == datetime(2026, 3, 24, 23, tzinfo=UTC)
    assert shown.before.end == shown.span.start


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert period.last_days(1, UTC_ZONE, late).last == date(2026, 11, 22)
    assert period.last_days(1, BERLIN, late).last == date(2026, 11, 23)
    assert period.last_days(1, ZoneInfo("Pacific/Honolulu"), late).last == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-02", "2026-11-01", "after the last"),
        ("2027-01-01", "2027-01-02", "not come yet"),
        ("1999-12-31", "2026-01-01", "before 2000"),
        ("2020-01-01", "2026-01-01", "At most 366"),
        ("2026-11-01", "", "both days"),
        ("", "2026-11-01", "both days"),
        ("2026-02-30", "2026-03-01", "both days"),
        ("20261101", "2026-11-02", "both days"),
        ("' OR 1=1--", "2026-11-02", "both days"),
    ],
)
def test_days_that_cannot_be_shown_are_refused_in_words(first: str, last: str, words: str) -> None:
    with pytest.raises(BadPeriod, match=words):
        period.asked_for("", first, last, BERLIN, NOW)


@pytest.mark.parametrize("days", ["0", "8", "-7", "abc", "7.0", "٧"])
def test_only_the_offered_numbers_of_days_are_taken(days: str) -> None:
    with pytest.raises(BadPeriod, match="7, 14 or 30"):
        period.asked_for(days, "", "", BERLIN, NOW)


def test_days_to_come_are_left_out() -> None:
    shown = period.asked_for("", "2026-11-20", "2026-12-24", BERLIN, NOW)
    assert (shown.first, shown.last) == (date(2026, 11, 20), date(2026, 11, 22))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "localtime", "\0"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert period.zone_named(name).key == "UTC"
