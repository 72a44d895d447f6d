"""Inboxes: one for each place where customers find the chat."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.color import BadColor, clean_color
from helpdesk.domain.origins import BadOrigin, clean_origin
from helpdesk.domain.text import BadText, clean_line
from helpdesk.extensions import reading
from helpdesk.models import BusinessHours, Inbox
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused, changed
from helpdesk.services.unit_of_work import unit_of_work

NAME_MOST, STARTER_MOST = 80, 120
STARTERS_MOST, ORIGINS_MOST = 6, 50
ROUND_THE_CLOCK = "Round the clock"


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """An inbox as admins see it, with what its form shows."""

    id: int
    key: str
    name: str
    company: str
    color: str
    starters: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    hours_id: int | None
    hours: str
    version: int
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a form says, cleaned."""

    name: str
    company: str
    color: str
    starters: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    hours_id: int | None
    hours: str

    @property
    def words(self) -> dict[str, str]:
        """For the audit log and for conflicts."""
        return {
            "Name": self.name,
            "Company": self.company,
            "Colour": self.color,
            "First questions": "\n".join(self.starters),
            "Allowed sites": "\n".join(self.allowed_origins),
            "Business hours": self.hours,
        }


def listed() -> list[InboxRow]:
    """Every inbox, the oldest first."""
    with reading() as session:
        names = _calendars(session)
        rows = session.scalars(sa.select(Inbox).order_by(Inbox.id))
        return [_view(row, names) for row in rows]


def opened(number: int) -> InboxRow | None:
    """One inbox."""
    with reading() as session:
        row = session.get(Inbox, number)
        return _view(row, _calendars(session)) if row else None


def calendars() -> list[tuple[int, str]]:
    """What an inbox may choose as its hours: number and name."""
    with reading() as session:
        return sorted(_calendars(session).items(), key=lambda item: item[1].casefold())


def create(form: Mapping[str, str], *, by: Actor) -> int:
    """Add an inbox with a key of its own; returns its number.

    :raises Refused: a field cannot be used.
    """
    with unit_of_work() as work:
        draft = _draft(form, _calendars(work.session))
        row = Inbox(key=secrets.token_urlsafe(9), created_at=work.now)
        _apply(row, draft)
        work.session.add(row)
        work.session.flush()
        audit.record(work.session, by, "inbox.created", f"inbox:{row.id}", {}, draft.words)
        return row.id


def change(number: int, form: Mapping[str, str], *, version: int, by: Actor) -> None:
    """Save an edit.

    :raises Refused: a field cannot be used.
    :raises EditedMeanwhile: somebody saved another edit of the same version first.
    :raises Gone: there is no such inbox.
    """
    with unit_of_work() as work:
        names = _calendars(work.session)
        draft = _draft(form, names)
        row = _held(work.session, number)
        before = _as_draft(row, names)
        if before == draft:
            return
        if row.version != version:
            by_whom, at = audit.last_change(work.session, f"inbox:{number}")
            raise EditedMeanwhile(
                version=row.version, mine=draft.words, theirs=before.words, by=by_whom, at=at
            )
        _apply(row, draft)
        row.version += 1
        was, now = changed(before.words, draft.words)
        audit.record(work.session, by, "inbox.changed", f"inbox:{number}", was, now)


def set_enabled(number: int, *, enabled: bool, by: Actor) -> None:
    """Show the chat of an inbox, or take it off every page; what was said stays.

    :raises Gone: there is no such inbox.
    """
    with unit_of_work() as work:
        row = _held(work.session, number)
        if (row.disabled_at is None) == enabled:
            return
        row.disabled_at = None if enabled else work.now
        action = "inbox.enabled" if enabled else "inbox.disabled"
        audit.record(work.session, by, action, f"inbox:{number}")


def _held(session: Session, number: int) -> Inbox:
    row = session.get(Inbox, number, with_for_update=True)
    if row is None:
        raise Gone
    return row


def _calendars(session: Session) -> dict[int, str]:
    return dict(session.execute(sa.select(BusinessHours.id, BusinessHours.name)).all())


def _draft(form: Mapping[str, str], names: Mapping[int, str]) -> Draft:
    problems: dict[str, str] = {}
    name = _line(form, "name", "Write a name for your team.", problems)
    company = _line(form, "company", "Write the name that customers know.", problems)
    color = ""
    try:
        color = clean_color(form.get("color", ""))
    except BadColor as error:
        problems["color"] = str(error)
    starters = _starters(form, problems)
    origins = _origins(form, problems)
    hours_id = _hours(form, names, problems)
    if problems:
        raise Refused(problems)
    return Draft(
        name=name,
        company=company,
        color=color,
        starters=starters,
        allowed_origins=origins,
        hours_id=hours_id,
        hours=names[hours_id] if hours_id else ROUND_THE_CLOCK,
    )


def _line(form: Mapping[str, str], field: str, missing: str, problems: dict[str, str]) -> str:
    try:
        text = clean_line(form.get(field, ""), most=NAME_MOST)
    except BadText as error:
        problems[field] = str(error)
        return ""
    if not text:
        problems[field] = missing
    return text


def _lines(text: str) -> list[str]:
    """The lines with something on them, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _starters(form: Mapping[str, str], problems: dict[str, str]) -> tuple[str, ...]:
    found = []
    lines = _lines(form.get("starters", ""))
    for number, line in enumerate(lines, 1):
        try:
            found.append(clean_line(line, most=STARTER_MOST))
        except BadText as error:
            problems["starters"] = f"Question {number}: {error}"
    if len(lines) > STARTERS_MOST:
        text = f"These are {len(lines)} questions; {STARTERS_MOST} is the most that fit."
        problems["starters"] = text
    return tuple(found)


def _origins(form: Mapping[str, str], problems: dict[str, str]) -> tuple[str, ...]:
    found, wrong = [], []
    for line in _lines(form.get("allowed_origins", "")):
        try:
            found.append(clean_origin(line))
        except BadOrigin as error:
            wrong.append(str(error))
    if len(found) > ORIGINS_MOST:
        wrong.append(f"These are {len(found)} sites; {ORIGINS_MOST} is the most.")
    if wrong:
        problems["allowed_origins"] = "\n".join(wrong[:10])
    return tuple(dict.fromkeys(found))


def _hours(
    form: Mapping[str, str], names: Mapping[int, str], problems: dict[str, str]
) -> int | None:
    chosen = form.get("hours", "")
    if not chosen:
        return None
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 and int(chosen) in names:
        return int(chosen)
    problems["hours"] = "These business hours do not exist any more. Choose others."
    return None


def _apply(row: Inbox, draft: Draft) -> None:
    row.name, row.company, row.color = draft.name, draft.company, draft.color
    row.starters, row.allowed_origins = list(draft.starters), list(draft.allowed_origins)
    row.hours_id = draft.hours_id


def _as_draft(row: Inbox, names: Mapping[int, str]) -> Draft:
    return Draft(
        name=row.name,
        company=row.company,
        color=row.color,
        starters=tuple(row.starters),
        allowed_origins=tuple(row.allowed_origins),
        hours_id=row.hours_id,
        hours=names.get(row.hours_id or 0, ROUND_THE_CLOCK),
    )


def _view(row: Inbox, names: Mapping[int, str]) -> InboxRow:
    return InboxRow(
        id=row.id,
        key=row.key,
        name=row.name,
        company=row.company,
        color=row.color,
        starters=tuple(row.starters),
        allowed_origins=tuple(row.allowed_origins),
        hours_id=row.hours_id,
        hours=names.get(row.hours_id or 0, ROUND_THE_CLOCK),
        version=row.version,
        is_enabled=row.disabled_at is None,
    )
