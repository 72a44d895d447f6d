"""Business hours: calendars, their week and dates, and what they mean for customers."""

from __future__ import annotations

from datetime import time

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.domain import hours
from helpdesk.domain.hours import Hours, Range
from helpdesk.services.admin import business_hours, hours_form
from helpdesk.services.admin.business_hours import CalendarView
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from helpdesk.services.admin.hours_effect import effect, offset_now
from helpdesk.services.admin.hours_form import Typed, typed, typed_from
from helpdesk.web import auth, forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "hours"
FIELDS_MOST = 3_000


@bp.get("/hours")
def all_hours() -> ResponseReturnValue:
    """The calendars."""
    return pages.page("admin/hours_list.html", SECTION, calendars=business_hours.listed())


@bp.get("/hours/new")
def new_hours() -> ResponseReturnValue:
    """A form with the usual week in it."""
    return _page(None, _usual())


@bp.post("/hours")
def create_hours() -> ResponseReturnValue:
    """Add a calendar."""
    form = _sent()
    try:
        number = business_hours.create(form, by=auth.actor())
    except Refused as error:
        return _page(None, form, errors=error.problems, status=422)
    return pages.done("admin.one_hours", "created", number=number)


@bp.post("/hours/preview")
def preview_hours() -> ResponseReturnValue:
    """What unsaved hours would mean: for a script only that, else the page with what was typed."""
    form = _sent()
    if forms.is_htmx():
        try:
            calendar = hours_form.calendar_of(form)
        except Refused as error:
            return render_template("fragments/admin/hours_wrong.html", problems=error.problems)
        now = clock.now()
        return render_template(
            "fragments/admin/hours_effect.html",
            effect=effect(calendar, now, reader_zone=_reader_zone()),
            zone_offset=offset_now(form.time_zone, now),
            oob=True,
        )
    number = request.form.get("number", "")
    found = business_hours.opened(pages.number_of(number)) if number else None
    try:
        hours_form.calendar_of(form)
    except Refused as error:
        return _page(found, form, errors=error.problems)
    return _page(found, form)


@bp.get("/hours/<number>")
def one_hours(number: str) -> ResponseReturnValue:
    """One calendar to edit."""
    seen = _calendar(number)
    return _page(seen, seen.form)


@bp.post("/hours/<number>")
def change_hours(number: str) -> ResponseReturnValue:
    """Save an edit. One that was deleted meanwhile may be added again: its text is kept."""
    form = _sent()
    seen = business_hours.opened(pages.number_of(number))
    if request.form.get("edit"):
        return _page(seen, form)
    version = forms.number(request.form.get("version"))
    try:
        business_hours.change(pages.number_of(number), form, version=version, by=auth.actor())
    except Refused as error:
        return _page(seen, form, errors=error.problems, status=422)
    except Gone:
        gone = {"form": "Somebody deleted this meanwhile. Save it to add it again."}
        return _page(None, form, errors=gone, status=409)
    except EditedMeanwhile as error:
        back = url_for("admin.one_hours", number=number)
        return pages.conflict(error, SECTION, title=form.name, back=back)
    return pages.done("admin.one_hours", "saved", number=number)


@bp.post("/hours/<number>/today")
def set_today(number: str) -> ResponseReturnValue:
    """Close for the rest of today, or take that back."""
    seen = _calendar(number)
    wanted = forms.take("state")["state"]
    if wanted not in ("open", "closed"):
        abort(400)
    deed = business_hours.close_today if wanted == "closed" else business_hours.open_today
    deed(seen.id, by=auth.actor())
    notice = "closed" if wanted == "closed" else "opened"
    return pages.done("admin.one_hours", notice, number=number)


@bp.get("/hours/<number>/removal")
def ask_remove_hours(number: str) -> ResponseReturnValue:
    """Ask before deleting."""
    return _ask(_calendar(number))


@bp.post("/hours/<number>/removal")
def remove_hours(number: str) -> ResponseReturnValue:
    """Delete a calendar that no inbox uses."""
    forms.take("version")
    try:
        business_hours.remove(pages.number_of(number), by=auth.actor())
    except Refused as error:
        return _ask(_calendar(number), problem=error.problems["form"], status=409)
    return redirect(url_for("admin.all_hours", done="deleted"), 303)


def _calendar(number: str) -> CalendarView:
    found = business_hours.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _sent() -> Typed:
    return typed(forms.take_all(most=FIELDS_MOST))


def _reader_zone() -> str:
    return request.values.get("reader_zone", "")[:64]


def _usual() -> Typed:
    """Nine to six on working days: a beginning that is quicker to change than an empty page."""
    day = (Range(time(9), time(18)),)
    return typed_from("", Hours("Europe/London", (day,) * 5 + ((),) * 2))


def _ask(seen: CalendarView, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return pages.page(
        "admin/removal.html",
        SECTION,
        status=status,
        title=f"Delete “{seen.name}”?",
        text="Inboxes can no longer choose these hours. It cannot be undone.",
        shown=seen.summary,
        action=url_for("admin.remove_hours", number=seen.id),
        back=url_for("admin.one_hours", number=seen.id),
        version=seen.version,
        problem=problem,
    )


def _page(
    seen: CalendarView | None,
    form: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    wrong = errors or {}
    # Hours that cannot be used have no effect: the saved ones go on.
    usable = set(wrong) <= {"name", "form"}
    calendar = hours.from_json(form.as_json()) if usable else seen.hours if seen else None
    sent = request.form.get("version")
    return pages.page(
        "admin/hours.html",
        SECTION,
        status=status,
        calendar=seen,
        form=form,
        version=forms.number(sent) if sent else (seen.version if seen else 0),
        errors=wrong,
        effect=effect(calendar, now, reader_zone=_reader_zone()) if calendar else None,
        of_saved=not usable,
        zone_offset=offset_now(form.time_zone, now),
        zones=hours.time_zones(),
        today=now.date().isoformat(),
    )
