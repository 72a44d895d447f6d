"""Hours as they are saved, and the sentence beside each field that is wrong."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.hours import (
    DAYS,
    DayException,
    Hours,
    HoursError,
    Problem,
    Range,
    from_json,
    time_zones,
    to_json,
)
from tests.unit.domain.test_hours_calendar import day_ranges, weeks

SAVED: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "week": {
        **{name: [{"start": "09:00", "end": "18:00"}] for name in DAYS[:4]},
        "friday": [{"start": "09:00", "end": "17:00"}, {"start": "22:00", "end": "06:00"}],
        "saturday": [],
        "sunday": [],
    },
    "exceptions": [
        {"date": "2026-11-26", "label": "Company day", "ranges": [], "yearly": False},
        {
            "date": "2026-12-24",
            "label": "",
            "ranges": [{"start": "10:00", "end": "14:00"}],
            "yearly": True,
        },
    ],
}


def changed(path: str, value: object) -> dict[str, Any]:
    """The saved hours with one thing put in at a path."""
    data = deepcopy(SAVED)
    *way, last = path.split(".")
    here: Any = data
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here[step]
    here[int(last) if isinstance(here, list) else last] = value
    return data


def problems(data: object) -> list[tuple[str, str]]:
    with pytest.raises(HoursError) as caught:
        from_json(data)
    return [(problem.field, problem.text) for problem in caught.value.problems]


def test_hours_are_read_as_they_were_saved() -> None:
    hours = from_json(SAVED)
    assert hours.time_zone == "Europe/Berlin"
    assert hours.week[4][1] == Range(time(22), time(6))
    assert hours.exceptions[1] == DayException(
        date(2026, 12, 24), "", (Range(time(10), time(14)),), yearly=True
    )
    assert to_json(hours) == SAVED


@settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    weeks(),
    st.dictionaries(
        st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        st.tuples(st.text("abc Ää", max_size=9), day_ranges(), st.just(False)),
        max_size=5,
    ),
)
def test_any_hours_survive_being_saved(
    week: tuple[tuple[Range, ...], ...],
    dates: dict[date, tuple[str, tuple[Range, ...], bool]],
) -> None:
    exceptions = tuple(
        DayException(day, label.strip(), ranges, yearly)
        for day, (label, ranges, yearly) in dates.items()
    )
    hours = Hours("Pacific/Chatham", week, exceptions)
    assert from_json(json.loads(json.dumps(to_json(hours)))) == hours


def test_times_may_be_written_as_people_write_them() -> None:
    data = changed("week.monday", [{"start": " 9:00", "end": "24:00"}])
    assert from_json(data).week[0] == (Range(time(9), time()),)


def test_exceptions_labels_and_yearly_may_be_left_out() -> None:
    without = {key: value for key, value in SAVED.items() if key != "exceptions"}
    assert from_json(without).exceptions == ()
    data = changed("exceptions", [{"date": "2026-11-26", "ranges": []}])
    assert from_json(data).exceptions == (DayException(date(2026, 11, 26), ""),)


@pytest.mark.parametrize(
    ("path", "value", "field", "sentence"),
    [
        # security.md D82
        ("week.tuesday.0.start", "25:99", "week.tuesday.0.start", "Tuesday: 25:99 is not a time"),
        ("time_zone", "../../etc/passwd", "time_zone", "../../etc/passwd is not a time zone"),
        ("time_zone", "Europe/Nowhere", "time_zone", "Europe/Nowhere is not a time zone"),
        (
            "week.monday",
            [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "18:00"}],
            "week.monday",
            "Monday: 09:00–12:00 and 11:00–18:00 overlap",
        ),
        (
            "week.saturday",
            [{"start": "05:00", "end": "10:00"}],
            "week.saturday",
            "Saturday: 05:00–10:00 overlaps with 22:00–06:00 of Friday, which ends the next day",
        ),
        # other times
        ("week.friday.1.end", "24:01", "week.friday.1.end", "Friday: 24:01 is not a time"),
        ("week.friday.1.start", "24:00", "week.friday.1.start", "Friday: 24:00 is not a time"),
        ("week.friday.1.end", "", "week.friday.1.end", "Friday: An empty field is not a time"),
        ("week.friday.1.end", None, "week.friday.1.end", "Friday: An empty field is not a time"),
        ("week.friday.1.end", 18, "week.friday.1.end", "Friday: 18 is not a time"),
        ("week.friday.1.end", [], "week.friday.1.end", "Friday: This is not a time"),
        ("week.friday.1.end", "٠٩:٠٠", "week.friday.1.end", "Friday: ٠٩:٠٠ is not a time"),
        ("week.friday.1.end", "09:00:30", "week.friday.1.end", "Friday: 09:00:30 is not a time"),
        ("week.friday.1.end", "x" * 90, "week.friday.1.end", f"Friday: {'x' * 40}… is not a time"),
        ("week.friday.1.end", "1\r\n\0\u202e2", "week.friday.1.end", "Friday: 1 2 is not a time"),
        # other zones
        ("time_zone", "", "time_zone", "An empty field is not a time zone"),
        ("time_zone", None, "time_zone", "An empty field is not a time zone"),
        ("time_zone", ["UTC"], "time_zone", "This is not a time zone"),
        ("time_zone", "localtime", "time_zone", "localtime is not a time zone"),
        ("time_zone", "/etc/localtime", "time_zone", "/etc/localtime is not a time zone"),
        ("time_zone", "Europe/Berlin\0", "time_zone", None),
        (
            "time_zone",
            "europe/berlin",
            "time_zone",
            "europe/berlin is not a time zone. Did you mean Europe/Berlin?",
        ),
        (
            "time_zone",
            "America/New York",
            "time_zone",
            "America/New York is not a time zone. Did you mean America/New_York?",
        ),
        # dates
        (
            "exceptions.1.date",
            "2026-02-30",
            "exceptions.1.date",
            "Date 2: 2026-02-30 is not a date",
        ),
        ("exceptions.1.date", "20261224", "exceptions.1.date", "Date 2: 20261224 is not a date"),
        ("exceptions.1.date", None, "exceptions.1.date", "Date 2: An empty field is not a date"),
        ("exceptions.1.label", 7, "exceptions.1.label", "Date 2: 7 is not a text"),
        (
            "exceptions.1.label",
            "x" * 81,
            "exceptions.1.label",
            "Every 24 December: a label is one line of at most 80 characters",
        ),
        (
            "exceptions.1.yearly",
            "yes",
            "exceptions.1.yearly",
            "Date 2: yearly must be true or false",
        ),
        (
            "exceptions.1.ranges.0.end",
            "noon",
            "exceptions.1.0.end",
            "Every 24 December: noon is not a time",
        ),
        (
            "exceptions.1",
            {"date": "2026-11-26", "ranges": []},
            "exceptions.1.date",
            "26 November 2026 is there twice",
        ),
        (
            "exceptions.1",
            {"date": "2026-12-24"},
            "exceptions.1",
            "24 December 2026: its ranges are missing",
        ),
        # the wrong shape
        ("exceptions", {}, "exceptions", "exceptions: a list is missing"),
        ("exceptions.0", 3, "exceptions.0", "Date 1: a table of settings is missing"),
        ("week.friday", "09:00-18:00", "week.friday", "Friday: its ranges are missing"),
        ("week.friday.0", "09:00", "week.friday.0", "Friday: a table of settings is missing"),
        ("week.someday", [], "week.someday", "The week: there is no setting “someday”"),
        ("holidays", [], "holidays", "The hours: there is no setting “holidays”"),
        ("week.friday.0.zone", 1, "week.friday.0.zone", "Friday: there is no setting “zone”"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    path: str, value: object, field: str, sentence: str | None
) -> None:
    found = problems(changed(path, value))
    assert found[0][0] == field
    assert sentence is None or found[0][1] == sentence


def test_everything_that_is_wrong_is_said_at_once_and_in_the_order_of_the_form() -> None:
    data = changed("week.tuesday.0.start", "9h")
    data["exceptions"][0]["date"] = "soon"
    data["exceptions"][1]["label"] = "x" * 81
    data["week"]["monday"] = [{"start": "09:00", "end": "12:00"}] * 2
    data["time_zone"] = "Mars/Olympus"
    assert [field for field, _ in problems(data)] == [
        "time_zone",
        "week.monday",
        "week.tuesday.0.start",
        "exceptions.0.date",
        "exceptions.1.label",
    ]


def test_a_form_finds_the_sentences_of_a_field() -> None:
    data = changed("week.tuesday.0.start", "9h")
    data["week"]["tuesday"][0]["end"] = "6h"
    with pytest.raises(HoursError) as caught:
        from_json(data)
    error = caught.value
    assert error.about("week.tuesday") == ["Tuesday: 9h is not a time", "Tuesday: 6h is not a time"]
    assert error.about("week.tuesday.0.end") == ["Tuesday: 6h is not a time"]
    assert error.about("week.tues") == []
    assert str(error) == "Tuesday: 9h is not a time; Tuesday: 6h is not a time"


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"week": 3}, {"week": {}}])
def test_no_hours_at_all_are_refused(data: object) -> None:
    assert problems(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.sampled_from(
        [
            "time_zone",
            "week",
            "week.friday",
            "week.friday.0",
            "week.friday.0.end",
            "exceptions",
            "exceptions.0",
            "exceptions.0.date",
            "exceptions.0.label",
            "exceptions.0.ranges",
            "exceptions.0.yearly",
        ]
    ),
    json_values,
)
def test_nothing_that_is_sent_breaks_the_reader(path: str, value: object) -> None:
    """Anything is read or refused with sentences; a number of 5,000 digits is no exception."""
    for each in (value, 10**5_000):
        found: tuple[Problem, ...] = ()
        try:
            hours = from_json(changed(path, each))
        except HoursError as error:
            found = error.problems
        assert all(problem.text and len(problem.text) < 200 for problem in found)
        assert found or from_json(to_json(hours)) == hours


def test_the_zones_to_choose_from() -> None:
    names = time_zones()
    assert names == sorted(names)
    assert {"UTC", "Europe/Berlin", "Australia/Lord_Howe"} <= set(names)
    assert not {"localtime", "Factory"} & set(names)
