"""Business hours: calendars that inboxes use, changed by hand or closed for today by a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.domain import hours
from helpdesk.domain.hours import DayException, Hours
from helpdesk.extensions import reading
from helpdesk.models import BusinessHours, Inbox
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused, changed
from helpdesk.services.admin.hours_form import Typed, read, typed_from, words
from helpdesk.services.unit_of_work import unit_of_work

CLOSED_TODAY = "Closed today"
"""The label of a date that the button made, so that the other button knows what to take away."""


@dataclass(frozen=True, kw_only=True)
class CalendarView:
    """A calendar as admins see it. ``closed_by_hand``: somebody pressed "Close for today"."""

    id: int
    name: str
    hours: Hours
    summary: str
    version: int
    inboxes: tuple[str, ...]
    is_open: bool
    closed_by_hand: bool

    @property
    def form(self) -> Typed:
        """The calendar as its form shows it."""
        return typed_from(self.name, self.hours)


def listed() -> list[CalendarView]:
    """Every calendar, by name."""
    with reading() as session:
        rows = session.scalars(sa.select(BusinessHours).order_by(BusinessHours.name)).all()
        return [_view(session, row) for row in rows]


def opened(number: int) -> CalendarView | None:
    """One calendar."""
    with reading() as session:
        row = session.get(BusinessHours, number)
        return _view(session, row) if row else None


def create(form: Typed, *, by: Actor) -> int:
    """Add a calendar; returns its number.

    :raises Refused: something in it cannot be used.
    """
    name, calendar = read(form)
    with unit_of_work() as work:
        _check_free(work.session, name, but=None)
        row = BusinessHours(name=name, hours=hours.to_json(calendar), created_at=work.now)
        work.session.add(row)
        work.session.flush()
        about = f"business_hours:{row.id}"
        audit.record(work.session, by, "business_hours.created", about, {}, words(name, calendar))
        return row.id


def change(number: int, form: Typed, *, version: int, by: Actor) -> None:
    """Save an edit; customers are told by it from the next message on.

    :raises Refused: something in it cannot be used.
    :raises EditedMeanwhile: somebody saved another edit of the same version first.
    :raises Gone: it was deleted.
    """
    name, calendar = read(form)
    with unit_of_work() as work:
        row = _held(work.session, number)
        before = words(row.name, hours.from_json(row.hours))
        after = words(name, calendar)
        if before == after:
            return
        if row.version != version:
            by_whom, at = audit.last_change(work.session, f"business_hours:{number}")
            raise EditedMeanwhile(version=row.version, mine=after, theirs=before, by=by_whom, at=at)
        _check_free(work.session, name, but=number)
        row.name, row.hours = name, hours.to_json(calendar)
        row.version += 1
        was, now = changed(before, after)
        about = f"business_hours:{number}"
        audit.record(work.session, by, "business_hours.changed", about, was, now)


def close_today(number: int, *, by: Actor) -> None:
    """Let nobody be there for the rest of today, by the calendar's own clock.

    :raises Gone: it was deleted.
    """

    def closed(calendar: Hours, today: date) -> Hours:
        others = tuple(each for each in calendar.exceptions if not _is_on(each, today))
        closing = DayException(today, CLOSED_TODAY)
        return replace(calendar, exceptions=(*others, closing))

    _alter(number, closed, "business_hours.closed_today", by)


def open_today(number: int, *, by: Actor) -> None:
    """Take "closed today" back; the week and the other dates hold again.

    :raises Gone: it was deleted.
    """

    def reopened(calendar: Hours, today: date) -> Hours:
        kept = tuple(each for each in calendar.exceptions if not _is_closed_by_hand(each, today))
        return replace(calendar, exceptions=kept)

    _alter(number, reopened, "business_hours.opened_again", by)


def remove(number: int, *, by: Actor) -> None:
    """Delete a calendar that no inbox uses. Deleting it twice is no error.

    :raises Refused: an inbox uses it.
    """
    with unit_of_work() as work:
        try:
            row = _held(work.session, number)
        except Gone:
            return
        if used := _inboxes(work.session, number):
            raise Refused({"form": f"Used by {', '.join(used)}. Give it other hours first."})
        before = words(row.name, hours.from_json(row.hours))
        work.session.delete(row)
        about = f"business_hours:{number}"
        audit.record(work.session, by, "business_hours.deleted", about, before, {})


def _alter(number: int, how: Callable[[Hours, date], Hours], action: str, by: Actor) -> None:
    with unit_of_work() as work:
        row = _held(work.session, number)
        calendar = hours.from_json(row.hours)
        today = work.now.astimezone(calendar.zone).date()
        altered = how(calendar, today)
        if altered == calendar:
            return
        row.hours = hours.to_json(altered)
        row.version += 1
        was, now = changed(words(row.name, calendar), words(row.name, altered))
        audit.record(work.session, by, action, f"business_hours:{number}", was, now)


def _is_on(exception: DayException, today: date) -> bool:
    return exception.date == today and not exception.yearly


def _is_closed_by_hand(exception: DayException, today: date) -> bool:
    return _is_on(exception, today) and exception.closed and exception.label == CLOSED_TODAY


def _held(session: Session, number: int) -> BusinessHours:
    row = session.get(BusinessHours, number, with_for_update=True)
    if row is None:
        raise Gone
    return row


def _check_free(session: Session, name: str, *, but: int | None) -> None:
    """Two calendars of one name could not be told apart where an inbox chooses."""
    holders = session.scalars(sa.select(BusinessHours.id).where(BusinessHours.name == name))
    if any(holder != but for holder in holders):
        raise Refused({"name": "Other business hours have this name."})


def _inboxes(session: Session, number: int) -> tuple[str, ...]:
    names = sa.select(Inbox.name).where(Inbox.hours_id == number).order_by(Inbox.id)
    return tuple(session.scalars(names))


def _view(session: Session, row: BusinessHours) -> CalendarView:
    calendar, now = hours.from_json(row.hours), clock.now()
    today = now.astimezone(calendar.zone).date()
    return CalendarView(
        id=row.id,
        name=row.name,
        hours=calendar,
        summary=hours.describe(calendar),
        version=row.version,
        inboxes=_inboxes(session, row.id),
        is_open=hours.is_open(calendar, now),
        closed_by_hand=any(_is_closed_by_hand(each, today) for each in calendar.exceptions),
    )
