"""When the desk is open: named cases, one table of boundaries each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.hours import (
    HORIZON,
    DayException,
    Hours,
    HoursError,
    Range,
    due_at,
    is_open,
    next_closing,
    next_opening,
    openings,
)

BERLIN = "Europe/Berlin"
HOUR = 3_600


def ranges(words: str) -> tuple[Range, ...]:
    """ "09:00-12:00 13:00-18:00" as ranges."""
    parts = (each.split("-") for each in words.split())
    return tuple(Range(time.fromisoformat(a), time.fromisoformat(b)) for a, b in parts)


def hours(zone: str, workday: str, saturday: str = "", sunday: str = "", **dates: str) -> Hours:
    """Hours in one line; single dates as ``d2026_12_24="10:00-14:00"``."""
    week = (ranges(workday),) * 5 + (ranges(saturday), ranges(sunday))
    exceptions = tuple(
        DayException(date.fromisoformat(name[1:].replace("_", "-")), "a day", ranges(words))
        for name, words in dates.items()
    )
    return Hours(zone, week, exceptions)


def at(words: str, zone: str = BERLIN, *, fold: int = 0) -> datetime:
    """A moment by its wall clock; ``fold=1`` is the second time that the clock shows it."""
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


OFFICE = hours(BERLIN, "09:00-18:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:59:59.999999", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T17:59:59.999999", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T12:00", False),
    ],
)
def test_open_from_the_start_to_before_the_end(moment: str, expected: bool) -> None:
    assert is_open(OFFICE, at(moment)) is expected


def test_the_next_opening_and_closing_of_an_ordinary_week() -> None:
    friday, monday = at("2026-11-27T17:00"), at("2026-11-30T09:00")
    assert next_opening(OFFICE, friday) == friday
    assert next_closing(OFFICE, friday) == at("2026-11-27T18:00")
    assert next_opening(OFFICE, at("2026-11-27T18:00")) == monday
    assert next_closing(OFFICE, at("2026-11-27T18:00")) == at("2026-11-30T18:00")


def test_work_that_is_left_at_closing_goes_on_at_the_next_opening() -> None:
    friday = at("2026-11-27T17:00")
    assert due_at(OFFICE, friday, 0) == friday
    assert due_at(OFFICE, at("2026-11-27T18:00"), 0) == at("2026-11-30T09:00"), "somebody is there"
    assert due_at(OFFICE, friday, 1_800) == at("2026-11-27T17:30")
    assert due_at(OFFICE, friday, HOUR) == at("2026-11-27T18:00"), "used up exactly at closing"
    assert due_at(OFFICE, friday, HOUR + 1) == at("2026-11-30T09:00:01")
    assert due_at(OFFICE, at("2026-11-28T03:00"), 2 * HOUR) == at("2026-11-30T11:00")
    with pytest.raises(ValueError, match="negative"):
        due_at(OFFICE, friday, -1)


def test_round_the_clock_never_closes() -> None:
    always, now = Hours.always(), datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert is_open(always, now)
    assert next_opening(always, now) == now
    assert next_closing(always, now) is None
    assert due_at(always, now, 90 * HOUR) == now + timedelta(hours=90)


def test_hours_that_never_open_say_so() -> None:
    never, now = hours(BERLIN, ""), at("2026-11-27T17:00")
    assert not is_open(never, now)
    assert next_opening(never, now) is None
    assert next_closing(never, now) is None
    assert due_at(never, now, 1) is None
    assert due_at(OFFICE, now, HORIZON.total_seconds() + 1) is None


def test_what_opens_once_in_400_days_is_found() -> None:
    once = hours(BERLIN, "", d2027_12_01="10:00-11:00")
    assert next_opening(once, at("2026-11-27T17:00")) == at("2027-12-01T10:00")
    assert next_opening(once, at("2026-10-01T17:00")) is None


def test_a_time_without_a_zone_is_not_a_moment() -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001
    for answer in (is_open, next_opening, next_closing):
        with pytest.raises(ValueError, match="zone"):
            answer(OFFICE, naive)


def test_a_moment_may_come_in_any_zone_and_answers_are_in_utc() -> None:
    evening = at("2026-11-27T19:00").astimezone(ZoneInfo("Asia/Tokyo"))
    opening = next_opening(OFFICE, evening)
    assert opening == at("2026-11-30T09:00")
    assert opening is not None
    assert opening.tzinfo is UTC


# The three that others have open


def test_chatwoot_2882_dst() -> None:
    """Opening stays at 09:00 of the wall clock, whatever its distance to UTC."""
    winter, summer = at("2026-03-27T09:00"), at("2026-03-30T09:00")
    assert winter.hour == 8
    assert summer.hour == 7
    for opening in (winter, summer):
        assert not is_open(OFFICE, opening - timedelta(seconds=1))
        assert is_open(OFFICE, opening)
    assert next_opening(OFFICE, winter + timedelta(hours=9)) == summer
    # Nine hours of work are left on Friday evening: the night of the switch changes nothing.
    assert due_at(OFFICE, at("2026-03-27T18:00"), 9 * HOUR) == at("2026-03-30T18:00")


def test_chatwoot_5254_overnight() -> None:
    """9 p.m. until 2 a.m., daily."""
    bar = hours("Europe/London", "21:00-02:00", "21:00-02:00", "21:00-02:00")
    london = "Europe/London"
    assert not is_open(bar, at("2026-08-12T20:59", london))
    assert is_open(bar, at("2026-08-12T21:00", london))
    assert is_open(bar, at("2026-08-13T00:00", london))
    assert is_open(bar, at("2026-08-13T01:59", london))
    assert not is_open(bar, at("2026-08-13T02:00", london))
    assert next_closing(bar, at("2026-08-12T22:00", london)) == at("2026-08-13T02:00", london)
    assert due_at(bar, at("2026-08-12T22:00", london), 6 * HOUR) == at("2026-08-13T23:00", london)


def test_chatwoot_6467_holidays() -> None:
    """Days off, and days with other hours, in the time zone of the desk."""
    bucharest = "Europe/Bucharest"
    desk = hours(
        bucharest, "09:00-17:00", d2026_11_30="", d2026_12_01="", d2026_12_24="09:00-12:00"
    )
    assert not is_open(desk, at("2026-12-01T12:00", bucharest))
    friday_evening = at("2026-11-27T17:00", bucharest)
    assert next_opening(desk, friday_evening) == at("2026-12-02T09:00", bucharest)
    assert due_at(desk, at("2026-12-24T11:00", bucharest), 2 * HOUR) == at(
        "2026-12-25T10:00", bucharest
    )


# Nights, holidays and several ranges together

NIGHTS = hours(
    "Europe/London",
    "09:00-12:30 13:30-17:00 22:00-06:00",
    "10:00-14:00 22:00-06:00",
    d2026_11_25="",  # a Wednesday: closed
    d2026_12_02="12:00-18:00",  # a Wednesday: a late start
    d2026_12_09="05:00-07:00",  # a Wednesday: begins while the night shift is there
    d2026_12_12="20:00-03:00",  # a Saturday: another night
    d2026_12_16="00:00-00:00",  # a Wednesday: the whole day
)


def _openings(first: str, last: str) -> list[str]:
    zone = NIGHTS.zone
    start, until = at(f"{first}T12:00", NIGHTS.time_zone), at(f"{last}T12:00", NIGHTS.time_zone)
    found = openings(NIGHTS, start, until)
    return [f"{a.astimezone(zone):%a %H:%M} {b.astimezone(zone):%a %H:%M}" for a, b in found]


def test_a_closed_date_ends_the_night_shift_at_its_midnight() -> None:
    assert _openings("2026-11-24", "2026-11-26") == [
        "Tue 12:00 Tue 12:30",
        "Tue 13:30 Tue 17:00",
        "Tue 22:00 Wed 00:00",
        "Thu 09:00 Thu 12:00",
    ]
    assert is_open(NIGHTS, at("2026-11-24T23:59", "Europe/London"))
    assert not is_open(NIGHTS, at("2026-11-25T00:00", "Europe/London"))


def test_a_date_with_hours_of_its_own_lets_the_night_shift_run_to_its_end() -> None:
    assert _openings("2026-12-01", "2026-12-03") == [
        "Tue 12:00 Tue 12:30",
        "Tue 13:30 Tue 17:00",
        "Tue 22:00 Wed 06:00",
        "Wed 12:00 Wed 18:00",
        "Thu 09:00 Thu 12:00",
    ]


def test_where_a_date_of_its_own_meets_the_night_shift_the_two_are_one_opening() -> None:
    assert _openings("2026-12-08", "2026-12-10")[2:4] == [
        "Tue 22:00 Wed 07:00",
        "Thu 09:00 Thu 12:00",
    ]
    assert _openings("2026-12-15", "2026-12-17")[2:] == [
        "Tue 22:00 Thu 00:00",
        "Thu 09:00 Thu 12:00",
    ]
    night = at("2026-12-09T04:00", "Europe/London")
    assert due_at(NIGHTS, night, 4 * HOUR) == at("2026-12-10T10:00", "Europe/London"), (
        "the hour that is in both counts once"
    )


def test_a_date_of_its_own_can_have_a_night() -> None:
    assert _openings("2026-12-11", "2026-12-14")[2:] == [
        "Fri 22:00 Sat 06:00",
        "Sat 20:00 Sun 03:00",
        "Mon 09:00 Mon 12:00",
    ]


def test_the_week_goes_round() -> None:
    desk = hours(BERLIN, "09:00-17:00", sunday="22:00-06:00")
    assert is_open(desk, at("2026-11-30T05:59"))
    assert next_closing(desk, at("2026-11-29T23:00")) == at("2026-11-30T06:00")


def test_an_opening_that_comes_every_year() -> None:
    christmas = DayException(date(2026, 12, 25), "Christmas Day", (), yearly=True)
    desk = replace(OFFICE, exceptions=(christmas,))
    assert is_open(desk, at("2025-12-25T12:00")), "not before its first year"
    assert not is_open(desk, at("2026-12-25T12:00"))
    assert not is_open(desk, at("2029-12-25T12:00"))
    once = DayException(date(2029, 12, 25), "We are there", ranges("10:00-12:00"))
    desk = replace(OFFICE, exceptions=(christmas, once))
    assert is_open(desk, at("2029-12-25T11:00")), "the date that is named for itself wins"


# What cannot be made


@pytest.mark.parametrize(
    ("desk", "field", "sentence"),
    [
        (
            {"workday": "09:00-12:00 11:00-18:00"},
            "week.monday",
            "Monday: 09:00–12:00 and 11:00–18:00 overlap",
        ),
        (
            {"workday": "", "saturday": "22:00-06:00", "sunday": "05:59-10:00"},
            "week.sunday",
            "Sunday: 05:59–10:00 overlaps with 22:00–06:00 of Saturday, which ends the next day",
        ),
        (
            {"workday": "05:00-10:00", "sunday": "22:00-06:00"},
            "week.monday",
            "Monday: 05:00–10:00 overlaps with 22:00–06:00 of Sunday, which ends the next day",
        ),
        (
            {"workday": "", "sunday": "00:00-00:00 23:00-02:00"},
            "week.sunday",
            "Sunday: 00:00–24:00 and 23:00–02:00 overlap",
        ),
        (
            {"workday": "", "d2026_11_26": "09:00-12:00 09:00-12:00"},
            "exceptions.0",
            "26 November 2026: 09:00–12:00 and 09:00–12:00 overlap",
        ),
    ],
)
def test_overlapping_ranges_are_refused_by_the_name_of_the_day(
    desk: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(HoursError) as caught:
        hours(BERLIN, **desk)
    first = caught.value.problems[0]
    assert (first.field, first.text) == (field, sentence)


def test_ranges_that_touch_are_fine() -> None:
    desk = hours(BERLIN, "06:00-12:00 12:00-22:00 22:00-06:00")
    [(opens, closes)] = openings(desk, at("2026-11-24T00:00"), at("2026-11-26T00:00"))
    assert closes - opens == timedelta(hours=48)


def test_what_else_is_refused() -> None:
    day = DayException(date(2026, 11, 26), "Company day")
    cases: dict[str, dict[str, Any]] = {
        "26 November 2026 is there twice": {"exceptions": (day, replace(day, label="Again"))},
        "Europe/Nowhere is not a time zone": {"time_zone": "Europe/Nowhere"},
        "A week has seven days": {"week": ((),)},
        "one line of at most 80": {"exceptions": (replace(day, label="two\nlines"),)},
        "13 ranges are too many": {
            "week": (tuple(Range(time(h), time(h, 30)) for h in range(13)), *((),) * 6)
        },
        "401 dates are too many": {
            "exceptions": tuple(replace(day, date=day.date + timedelta(k)) for k in range(401))
        },
    }
    for sentence, change in cases.items():
        with pytest.raises(HoursError, match=sentence):
            replace(OFFICE, **change)
    with pytest.raises(HoursError, match="full minutes"):
        Range(time(9, 0, 30), time(18))


def test_a_label_may_be_in_any_script() -> None:
    for label in ("עיד אל־אד׳חא", "نوروز\u200cخانه", "Weihnachten 🧑\u200d🎄"):
        replace(OFFICE, exceptions=(DayException(date(2026, 12, 25), label),))
    for label in ("a\u2028b", "\x1b[31m", "\ud83e", "a\tb"):
        with pytest.raises(HoursError, match="one line"):
            replace(OFFICE, exceptions=(DayException(date(2026, 12, 25), label),))


def test_the_order_in_which_hours_are_given_does_not_matter() -> None:
    one = hours(BERLIN, "09:00-12:00 13:00-18:00", d2026_11_26="", d2026_12_24="10:00-12:00")
    other = hours(BERLIN, "13:00-18:00 09:00-12:00", d2026_12_24="10:00-12:00", d2026_11_26="")
    assert one == other
    assert hash(one) == hash(other)
