"""What hours mean where clocks are changed.

Berlin 2026: on 29 March 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk.domain.hours import due_at, next_clock_change, next_closing, openings
from tests.unit.domain.test_hours import BERLIN, HOUR, at, hours


def _on_sunday(words: str, day: str) -> list[tuple[datetime, datetime]]:
    desk = hours(BERLIN, "", sunday=words)
    return list(openings(desk, at(f"{day}T00:00"), at(f"{day}T12:00")))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("02:30-04:00", ["03:00-04:00"]),  # begins in the gap: at its end
        ("01:00-02:30", ["01:00-03:00"]),  # ends in the gap: when the clock jumps over the end
        ("02:10-02:50", []),  # lies in the gap: does not happen
        ("01:00-04:00", ["01:00-04:00"]),  # two hours, not three
        ("02:10-02:20 02:30-02:40 02:50-03:10", ["03:00-03:10"]),
    ],
)
def test_a_gap_in_the_clock(words: str, expected: list[str]) -> None:
    pairs = [each.split("-") for each in expected]
    day = "2026-03-29"
    assert _on_sunday(words, day) == [(at(f"{day}T{a}"), at(f"{day}T{b}")) for a, b in pairs]


def test_the_gap_takes_an_hour_of_work() -> None:
    desk = hours(BERLIN, "", sunday="01:00-06:00")
    assert due_at(desk, at("2026-03-29T01:00"), 2 * HOUR) == at("2026-03-29T04:00")


def test_a_range_inside_the_repeated_hour_is_open_both_times() -> None:
    day = "2026-10-25"
    assert _on_sunday("02:15-02:45", day) == [
        (at(f"{day}T02:15"), at(f"{day}T02:45")),
        (at(f"{day}T02:15", fold=1), at(f"{day}T02:45", fold=1)),
    ]


def test_a_range_that_ends_in_the_repeated_hour_follows_the_clock_on_the_wall() -> None:
    day = "2026-10-25"
    assert _on_sunday("01:00-02:30", day) == [
        (at(f"{day}T01:00"), at(f"{day}T02:30")),
        (at(f"{day}T02:00", fold=1), at(f"{day}T02:30", fold=1)),
    ]
    assert _on_sunday("02:30-04:00", day) == [
        (at(f"{day}T02:30"), at(f"{day}T02:00", fold=1)),
        (at(f"{day}T02:30", fold=1), at(f"{day}T04:00")),
    ]


def test_ranges_that_touch_in_the_repeated_hour_are_one_opening() -> None:
    day = "2026-10-25"
    assert _on_sunday("01:00-02:30 02:30-04:00", day) == [(at(f"{day}T01:00"), at(f"{day}T04:00"))]
    desk = hours(BERLIN, "", sunday="01:00-04:00")
    assert due_at(desk, at(f"{day}T01:00"), 4 * HOUR) == at(f"{day}T04:00"), "an hour more"


def test_half_an_hour_of_summer_time() -> None:
    """Lord Howe: on 4 October 2026 02:00 becomes 02:30."""
    zone = "Australia/Lord_Howe"
    desk = hours(zone, "", sunday="02:10-03:00")
    [(opens, closes)] = openings(desk, at("2026-10-04T00:00", zone), at("2026-10-04T12:00", zone))
    assert opens == at("2026-10-04T02:30", zone)
    assert closes - opens == timedelta(minutes=30)


def test_midnight_in_the_gap() -> None:
    """Beirut: on 29 March 2026 the day begins at 01:00."""
    zone = "Asia/Beirut"
    desk = hours(zone, "", saturday="22:00-00:30", sunday="08:00-12:00")
    assert next_closing(desk, at("2026-03-28T23:00", zone)) == at("2026-03-29T01:00", zone)
    whole = hours(zone, "", sunday="00:00-00:00")
    [(opens, closes)] = openings(whole, at("2026-03-28T00:00", zone), at("2026-03-31T00:00", zone))
    assert (opens, closes - opens) == (at("2026-03-29T01:00", zone), timedelta(hours=23))


def test_a_day_that_never_was() -> None:
    """Samoa had no Friday 30 December 2011."""
    zone = "Pacific/Apia"
    desk = hours(zone, "09:00-17:00 22:00-06:00")
    thursday = at("2011-12-29T23:00", zone)
    closing = next_closing(desk, thursday)
    assert closing == at("2011-12-31T06:00", zone), "Friday's night began at the end of the gap"
    assert closing - thursday == timedelta(hours=7)
    desk = hours(zone, "09:00-17:00", d2011_12_29="22:00-06:00")
    assert next_closing(desk, thursday) == at("2011-12-31T00:00", zone), "Thursday's ended with it"


def test_the_next_change_of_the_clocks() -> None:
    spring, autumn = at("2026-03-29T03:00"), at("2026-10-25T02:00", fold=1)
    assert next_clock_change(BERLIN, at("2026-01-01T00:00")) == spring
    assert next_clock_change(BERLIN, spring - timedelta(microseconds=1)) == spring
    assert next_clock_change(BERLIN, spring) == autumn
    assert next_clock_change("Asia/Kathmandu", spring) is None
