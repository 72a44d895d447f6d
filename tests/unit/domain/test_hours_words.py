"""How hours are said: in a line, day by day, and as a promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.hours import (
    DayException,
    Hours,
    ReplyPromise,
    days,
    describe,
    due_at,
    reply_within,
)
from tests.unit.domain.test_hours import BERLIN, HOUR, OFFICE, at, hours, ranges
from tests.unit.domain.test_hours_calendar import patient, situations

LONDON, MADRID = "Europe/London", "Europe/Madrid"


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        (OFFICE, "Mon–Fri 09:00–18:00 (Europe/Berlin)"),
        (
            hours(LONDON, "09:00-18:00", "10:00-14:00"),
            "Mon–Fri 09:00–18:00; Sat 10:00–14:00 (Europe/London)",
        ),
        (hours(LONDON, *["08:00-20:00"] * 3), "Every day 08:00–20:00 (Europe/London)"),
        (
            hours(LONDON, "09:00-12:30 13:30-00:00"),
            "Mon–Fri 09:00–12:30 and 13:30–24:00 (Europe/London)",
        ),
        (hours(LONDON, "", "22:00-06:00"), "Sat 22:00–06:00 (Europe/London)"),
        (hours(LONDON, "00:00-00:00"), "Mon–Fri all day (Europe/London)"),
        (Hours.always(), "Round the clock"),
        (hours(LONDON, *["00:00-00:00"] * 3), "Round the clock"),
        (hours(LONDON, ""), "Closed"),
    ],
)
def test_a_week_in_one_line(desk: Hours, words: str) -> None:
    assert describe(desk) == words


def test_days_with_the_same_ranges_are_said_together() -> None:
    usual, short = ranges("09:00-17:00"), ranges("09:00-13:00")
    mixed = Hours(LONDON, (usual, usual, short, usual, usual, (), usual))
    assert describe(mixed) == "Thu–Fri, Sun–Tue 09:00–17:00; Wed 09:00–13:00 (Europe/London)"
    sunday_to_thursday = Hours("Asia/Dubai", (usual, usual, usual, usual, (), (), usual))
    assert describe(sunday_to_thursday) == "Sun–Thu 09:00–17:00 (Asia/Dubai)"


# The next days


def shown(desk: Hours, moment: datetime, n: int, zone: str) -> list[tuple[str, str, str]]:
    return [
        (f"{each.date:%a %d %b}", ", ".join(str(part) for part in each.openings), each.label)
        for each in days(desk, moment, n, zone=zone)
    ]


def test_a_fortnight_of_a_london_desk_as_a_customer_in_madrid_sees_it() -> None:
    """The picture of the admin's page, as far as it goes."""
    usual, lunch = ranges("09:00-18:00"), ranges("09:00-12:30 13:30-18:00")
    friday = ranges("09:00-17:00 22:00-06:00")
    desk = Hours(
        LONDON,
        (usual, usual, lunch, usual, friday, (), ()),
        (
            DayException(date(2026, 11, 26), "Company day"),
            DayException(date(2026, 12, 3), "Training", ranges("12:00-18:00")),
        ),
    )
    assert shown(desk, at("2026-11-23T14:06", LONDON), 14, MADRID) == [
        ("Mon 23 Nov", "10:00 to 19:00", ""),
        ("Tue 24 Nov", "10:00 to 19:00", ""),
        ("Wed 25 Nov", "10:00 to 13:30, 14:30 to 19:00", ""),
        ("Thu 26 Nov", "", "Company day"),
        ("Fri 27 Nov", "10:00 to 18:00, from 23:00", ""),
        ("Sat 28 Nov", "until 07:00", ""),
        ("Sun 29 Nov", "", ""),
        ("Mon 30 Nov", "10:00 to 19:00", ""),
        ("Tue 01 Dec", "10:00 to 19:00", ""),
        ("Wed 02 Dec", "10:00 to 13:30, 14:30 to 19:00", ""),
        ("Thu 03 Dec", "13:00 to 19:00", "Training"),
        ("Fri 04 Dec", "10:00 to 18:00, from 23:00", ""),
        ("Sat 05 Dec", "until 07:00", ""),
        ("Sun 06 Dec", "", ""),
    ]


def test_the_first_day_is_the_readers_own_today() -> None:
    late = at("2026-11-23T23:30", LONDON)
    assert [each.date.day for each in days(OFFICE, late, 2, zone=MADRID)] == [24, 25]
    assert [each.date.day for each in days(OFFICE, late, 2, zone="America/New_York")] == [23, 24]


def test_a_label_stands_on_every_day_that_differs_for_it() -> None:
    """London's working day is an evening and a morning in Auckland."""
    desk = hours(LONDON, "09:00-18:00", d2026_11_25="")
    assert shown(desk, at("2026-11-24T12:00", LONDON), 4, "Pacific/Auckland") == [
        ("Wed 25 Nov", "until 07:00", "a day"),
        ("Thu 26 Nov", "from 22:00", "a day"),
        ("Fri 27 Nov", "until 07:00, from 22:00", ""),
        ("Sat 28 Nov", "until 07:00", ""),
    ]


def test_a_holiday_that_changes_nothing_still_has_its_label() -> None:
    desk = hours(BERLIN, "09:00-18:00", d2026_11_28="")
    assert shown(desk, at("2026-11-28T12:00"), 2, BERLIN)[0] == ("Sat 28 Nov", "", "a day")


def test_a_night_that_a_holiday_adds_is_explained_on_both_days() -> None:
    desk = hours(BERLIN, "", d2026_11_26="22:00-06:00")
    assert shown(desk, at("2026-11-26T12:00"), 2, BERLIN) == [
        ("Thu 26 Nov", "from 22:00", "a day"),
        ("Fri 27 Nov", "until 06:00", "a day"),
    ]


def test_days_without_any_other_time() -> None:
    assert shown(Hours.always(), at("2026-03-28T12:00"), 2, BERLIN) == [
        ("Sat 28 Mar", "all day", ""),
        ("Sun 29 Mar", "all day", ""),
    ]
    whole = hours(BERLIN, "", "00:00-00:00")
    assert shown(whole, at("2026-10-24T12:00"), 1, BERLIN)[0][1] == "all day"
    evening = hours(BERLIN, "18:00-00:00")
    assert shown(evening, at("2026-11-24T12:00"), 1, BERLIN)[0][1] == "18:00 to 24:00"


def test_the_days_of_both_switches_have_their_own_length() -> None:
    for day, length in (("2026-03-29", 23), ("2026-10-25", 25)):
        [sunday] = days(Hours.always(), at(f"{day}T12:00"), 1, zone=BERLIN)
        [part] = sunday.openings
        opens, closes = part.opens.astimezone(UTC), part.closes.astimezone(UTC)
        assert closes - opens == timedelta(hours=length)


def test_a_date_that_a_zone_left_out_is_left_out() -> None:
    found = days(Hours.always(), at("2011-12-29T12:00", "Pacific/Apia"), 3, zone="Pacific/Apia")
    assert [each.date.day for each in found] == [29, 31]


@patient
@given(
    situations(), st.sampled_from(["UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"])
)
def test_the_days_together_are_the_openings(situation: tuple[Hours, datetime], zone: str) -> None:
    """Seen from any zone the days follow each other and show each open second once."""
    desk, moment = situation
    found = days(desk, moment, 4, zone=zone)
    parts = [part for each in found for part in each.openings]
    for each in found:
        for part in each.openings:
            assert part.opens.tzinfo == ZoneInfo(zone)
            assert part.opens.date() == each.date
    # In UTC: two times of one zone are compared by their clocks, and a clock may go back.
    opens = [part.opens.astimezone(UTC) for part in parts]
    closes = [part.closes.astimezone(UTC) for part in parts]
    assert all(a < b for a, b in zip(opens, closes, strict=True))
    assert all(a <= b for a, b in zip(closes, opens[1:], strict=False))
    if parts:
        # Due at the end of the last part is what all parts hold, counted from the first.
        held = sum(((b - a) for a, b in zip(opens, closes, strict=True)), timedelta())
        assert due_at(desk, opens[0], held.total_seconds()) == closes[-1]


# The promise


def promise(desk: Hours, moment: datetime, work: int, zone: str = MADRID) -> ReplyPromise:
    found = reply_within(desk, moment, work, customer_zone=zone)
    assert found is not None
    return found


def test_a_message_of_wednesday_evening_before_a_company_day() -> None:
    """The sentence of the picture: by Friday at 11:00, in about 39 hours."""
    desk = hours(LONDON, "09:00-18:00", d2026_11_26="")
    evening = at("2026-11-25T20:15", MADRID)
    said = promise(desk, evening, HOUR)
    assert said.at == at("2026-11-27T11:00", MADRID) == due_at(desk, evening, HOUR)
    assert (said.hours, said.day, said.clock) == (39, "Friday", "11:00")
    assert said.within == "within 39 hours"
    assert said.by == "by Friday at 11:00"
    assert said.words == "by Friday at 11:00, your time"


@pytest.mark.parametrize(
    ("moment", "work", "words"),
    [
        ("2026-11-24T10:00", 600, "within 1 hour"),
        ("2026-11-24T10:00", HOUR, "within 1 hour"),
        ("2026-11-24T10:00", HOUR + 1, "within 2 hours"),
        ("2026-11-24T10:00", 4 * HOUR, "by 14:00 today, your time"),
        ("2026-11-24T05:00", 2 * HOUR, "by 11:00 today, your time"),
        ("2026-11-24T17:00", 2 * HOUR, "by tomorrow at 10:00, your time"),
        ("2026-11-27T19:00", 2 * HOUR, "by Monday at 11:00, your time"),
        ("2026-11-24T10:00", 46 * HOUR, "by Tuesday 1 December at 11:00, your time"),
        ("2026-11-24T10:01:30", 4 * HOUR, "by 14:05 today, your time"),
    ],
)
def test_the_words_of_a_promise(moment: str, work: int, words: str) -> None:
    assert promise(OFFICE, at(moment), work).words == words


def test_a_promise_is_in_the_customers_zone() -> None:
    monday_night = at("2026-11-23T20:00")
    assert promise(OFFICE, monday_night, 2 * HOUR, "America/New_York").by == "by tomorrow at 05:00"
    assert promise(OFFICE, monday_night, 2 * HOUR, "Pacific/Auckland").by == "by 23:00 today"
    assert promise(OFFICE, monday_night, 2 * HOUR, "Asia/Kathmandu").by == "by 15:45 today"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "localtime", "x" * 9_999])
def test_an_unknown_zone_of_the_customer_is_the_desks_and_said(zone: str) -> None:
    said = promise(OFFICE, at("2026-11-23T20:00"), 2 * HOUR, zone)
    assert said.words == "by tomorrow at 11:00, Berlin time"
    assert (said.zone, said.own_zone) == (BERLIN, False)


def test_when_people_are_back_is_a_promise_of_no_work() -> None:
    assert promise(OFFICE, at("2026-11-23T20:00"), 0, MADRID).by == "by tomorrow at 09:00"
    assert promise(OFFICE, at("2026-11-27T20:00"), 0, "Asia/Tokyo").by == "by Monday at 17:00"


def test_a_promise_for_midnight_is_for_the_day_that_ends() -> None:
    late = hours(BERLIN, "18:00-00:00")
    assert promise(late, at("2026-11-24T12:00"), 6 * HOUR, BERLIN).by == "by 24:00 today"
    assert promise(late, at("2026-11-24T12:00"), 12 * HOUR, BERLIN).by == "by tomorrow at 24:00"


def test_a_promise_over_the_switch_of_the_clocks_keeps_the_wall_clock() -> None:
    said = promise(OFFICE, at("2026-03-27T18:00"), 2 * HOUR, BERLIN)
    assert said.by == "by Monday at 11:00"
    assert said.hours == 64, "one of the 65 hours on the clock does not happen"


def test_nothing_is_promised_when_nobody_will_be_there() -> None:
    assert reply_within(hours(BERLIN, ""), at("2026-03-27T18:00"), 1, customer_zone="") is None


@patient
@given(situations(), st.integers(0, 200_000), st.sampled_from([MADRID, "Pacific/Chatham", ""]))
def test_no_promise_is_earlier_than_what_was_computed(
    situation: tuple[Hours, datetime], work: int, zone: str
) -> None:
    desk, moment = situation
    said = reply_within(desk, moment, work, customer_zone=zone)
    if said is None:
        return
    assert moment + timedelta(hours=said.hours) >= said.at >= moment
    hour, minute = (int(each) for each in said.clock.split(":"))
    local = said.at.astimezone(ZoneInfo(said.zone))
    late = (hour * 60 + minute - local.hour * 60 - local.minute - local.second / 60) % 1_440
    assert 0 <= late < 5
