"""Business hours as admins set them: refused in words, used by inboxes, closed by one press."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.domain.hours import DAYS, is_open
from helpdesk.extensions import reading
from helpdesk.models import Inbox
from helpdesk.services import office
from helpdesk.services.admin import business_hours, hours_form, inboxes
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from helpdesk.services.admin.hours_effect import effect
from helpdesk.services.admin.hours_form import Typed
from tests.support.admin import ada, audited, cleo
from tests.support.make import Make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# A Wednesday, 14:00 in London and 15:00 in Madrid.
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Wednesday afternoon."""
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


def sent(**more: list[str]) -> dict[str, list[str]]:
    week = {f"{day}-start": ["09:00", ""] for day in DAYS[:5]}
    week |= {f"{day}-end": ["18:00", ""] for day in DAYS[:5]}
    return {"name": ["Office"], "time_zone": ["Europe/London"], **week, **more}


def form(**more: list[str]) -> Typed:
    return hours_form.typed(sent(**more))


def opened(number: int) -> business_hours.CalendarView:
    found = business_hours.opened(number)
    assert found is not None
    return found


def office_is_open(make: Make) -> bool:
    with reading() as session:
        return office.is_open(session, session.get_one(Inbox, make.inbox_id), NOW)


def use(make: Make, number: int) -> None:
    fields = {"name": "Web", "company": "Northfold", "color": "#0B6B66", "hours": str(number)}
    inboxes.change(make.inbox_id, fields, version=1, by=ada(make))


def test_a_calendar_is_made_used_and_cannot_be_deleted_under_an_inbox(make: Make) -> None:
    number = business_hours.create(form(), by=ada(make))
    use(make, number)
    view = opened(number)
    assert (view.summary, view.inboxes) == ("Mon–Fri 09:00–18:00 (Europe/London)", ("Web",))
    assert view.is_open
    with pytest.raises(Refused, match="Used by Web"):
        business_hours.remove(number, by=ada(make))
    spare = business_hours.create(form(name=["Spare"]), by=ada(make))
    business_hours.remove(spare, by=ada(make))
    assert business_hours.opened(spare) is None
    assert "business_hours.deleted" in audited()


def test_closing_for_today_holds_at_once_and_is_taken_back_by_one_press(make: Make) -> None:
    number = business_hours.create(form(), by=ada(make))
    use(make, number)
    assert office_is_open(make)
    for _ in range(2):
        business_hours.close_today(number, by=ada(make))
    assert not office_is_open(make)
    assert opened(number).closed_by_hand
    for _ in range(2):
        business_hours.open_today(number, by=ada(make))
    assert office_is_open(make)
    assert opened(number).hours.exceptions == ()
    assert audited()[-2:] == ["business_hours.closed_today", "business_hours.opened_again"]


def test_today_is_the_calendars_own_day(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("helpdesk.clock.now", lambda: late)
    number = business_hours.create(form(time_zone=["Asia/Tokyo"]), by=ada(make))
    business_hours.close_today(number, by=ada(make))
    [closed] = opened(number).hours.exceptions
    assert closed.date.isoformat() == "2026-11-26"


def test_the_second_of_two_edits_is_shown_both(make: Make) -> None:
    number = business_hours.create(form(), by=ada(make))
    holiday = form(**{"date-0": ["2026-12-25"], "label-0": ["Christmas"], "yearly-0": ["1"]})
    business_hours.change(number, holiday, version=1, by=ada(make))
    shorter = form(**{"friday-end": ["16:00"]})
    with pytest.raises(EditedMeanwhile) as met:
        business_hours.change(number, shorter, version=1, by=cleo(make))
    assert {(d.label, d.mine, d.theirs) for d in met.value.differences} == {
        ("Friday", "09:00–16:00", "09:00–18:00"),
        ("Every 25 December", "", "Christmas: Closed"),
    }
    with pytest.raises(Gone):
        business_hours.change(999, shorter, version=1, by=cleo(make))


def test_a_press_of_the_button_is_never_lost_to_somebody_who_was_editing(make: Make) -> None:
    number = business_hours.create(form(), by=ada(make))
    business_hours.close_today(number, by=ada(make))
    with pytest.raises(EditedMeanwhile) as met:
        business_hours.change(number, form(name=["Desk"]), version=1, by=cleo(make))
    assert {d.label for d in met.value.differences} == {"Name", "25 November 2026"}


@SQLITE
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"monday-start": ["25:99"]}, "week.monday.0.start", "25:99 is not a time"),
        ({"monday-end": [""]}, "week.monday.0.end", "is not a time"),
        (
            {"monday-start": ["09:00", "17:00"], "monday-end": ["18:00", "20:00"]},
            "week.monday",
            "overlap",
        ),
        (
            {"sunday-start": ["22:00"], "sunday-end": ["10:00"]},
            "week.monday",
            "overlaps with 22:00–10:00 of Sunday",
        ),
        ({"time_zone": ["../../etc/passwd"]}, "time_zone", "is not a time zone"),
        ({"time_zone": ["europe/londn"]}, "time_zone", "Did you mean Europe/London?"),
        ({"time_zone": [""]}, "time_zone", "is not a time zone"),
        ({"name": [""]}, "name", "Write a name"),
        ({"date-0": ["2026-02-30"], "label-0": ["x"]}, "exceptions.0.date", "is not a date"),
        (
            {"date-0": ["2026-12-24"], "date-5": ["2026-12-24"]},
            "exceptions.1.date",
            "is there twice",
        ),
        (
            {"date-0": ["2026-12-24"], "date-0-start": ["9"], "date-0-end": ["12:00"]},
            "exceptions.0.0.start",
            "9 is not a time",
        ),
    ],
)
def test_d82_hours_that_make_no_sense_are_refused_beside_their_field(
    make: Make, changes: dict[str, list[str]], field: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        business_hours.create(form(**changes), by=ada(make))
    assert list(refusal.value.problems) == [field]
    assert said in refusal.value.problems[field]
    assert business_hours.listed() == []


@SQLITE
def test_empty_rows_of_the_form_are_nothing_and_removed_ones_are_gone(make: Make) -> None:
    fields = form(
        **{
            "date-0": [""],
            "label-0": [""],
            "date-1": ["2026-12-24"],
            "label-1": ["Kept"],
            "date-2": ["2026-12-25"],
            "remove-2": ["1"],
            "date-9999999999": ["2026-12-26"],
        }
    )
    number = business_hours.create(fields, by=ada(make))
    assert [each.label for each in opened(number).hours.exceptions] == ["Kept"]


@SQLITE
def test_the_form_of_saved_hours_saves_the_same_hours(make: Make) -> None:
    night = {"friday-start": ["09:00", "22:00"], "friday-end": ["17:00", "06:00"]}
    number = business_hours.create(form(**night), by=ada(make))
    view = opened(number)
    assert hours_form.read(view.form) == ("Office", view.hours)
    business_hours.change(number, view.form, version=1, by=ada(make))
    assert opened(number).version == 1


@SQLITE
def test_names_of_calendars_are_told_apart(make: Make) -> None:
    business_hours.create(form(), by=ada(make))
    with pytest.raises(Refused, match="have this name"):
        business_hours.create(form(), by=ada(make))


@SQLITE
def test_the_effect_is_told_by_the_readers_clock(make: Make) -> None:
    night = {"friday-start": ["09:00", "22:00"], "friday-end": ["17:00", "06:00"]}
    dates = {"date-0": ["2026-11-26"], "label-0": ["Company day"]}
    _, calendar = hours_form.read(form(**night, **dates))
    seen = effect(calendar, NOW, reader_zone="Europe/Madrid")
    assert seen.is_open is is_open(calendar, NOW) is True
    assert (seen.until, seen.zone_name, len(seen.days)) == ("18:00", "Madrid, UTC+1", 14)
    assert [(day.name, day.text, day.label) for day in seen.days[:4]] == [
        ("Wed 25 Nov", "10:00 to 19:00", ""),
        ("Thu 26 Nov", "Closed", "Company day"),
        ("Fri 27 Nov", "10:00 to 18:00, from 23:00", ""),
        ("Sat 28 Nov", "until 07:00", ""),
    ]
    assert seen.told_at == "Wed 25 Nov, 21:15"
    assert "by Friday at 11:00, your time" in seen.told
    assert [(bar.x, bar.is_overnight) for bar in seen.bars["saturday"]] == [(0.0, True)]


@SQLITE
def test_a_zone_that_nobody_knows_is_read_by_the_desks_own(make: Make) -> None:
    _, calendar = hours_form.read(form())
    assert effect(calendar, NOW, reader_zone="Mars/Olympus").zone == "Europe/London"


@SQLITE
def test_hours_that_never_open_or_never_close_have_an_effect_too(make: Make) -> None:
    empty = hours_form.typed({"name": ["None"], "time_zone": ["UTC"]})
    never = effect(hours_form.calendar_of(empty), NOW)
    assert (never.is_open, never.until) == (False, "")
    assert "as soon as we are back" in never.told
    days = {f"{day}-{end}": ["00:00"] for day in DAYS for end in ("start", "end")}
    always = effect(hours_form.calendar_of(hours_form.typed({"time_zone": ["UTC"], **days})), NOW)
    assert (always.is_open, always.until, always.told) == (True, "", "")
