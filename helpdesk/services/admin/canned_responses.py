"""Words that agents use often: kept by admins, inserted with "/" and filled for a conversation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.domain import hours, wording
from helpdesk.domain.escalation import ISSUE_TYPES
from helpdesk.domain.text import BadText, clean, clean_line
from helpdesk.extensions import reading
from helpdesk.models import Agent, CannedResponse, Contact, Conversation, Escalation, Inbox
from helpdesk.services import office
from helpdesk.services.admin import audit, message_templates
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused, changed
from helpdesk.services.unit_of_work import unit_of_work

SHORTCUT_MOST, TITLE_MOST = 40, 80
LISTED_MOST = 500

_SHORTCUT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class CannedView:
    """A canned response as admins see it."""

    id: int
    shortcut: str
    title: str
    body: str
    version: int


@dataclass(frozen=True, kw_only=True)
class FilledResponse:
    """A canned response for one conversation. ``missing`` are placeholders that nobody can fill;
    they stand in the text as they were written."""

    shortcut: str
    title: str
    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a form says, cleaned."""

    shortcut: str
    title: str
    body: str

    @property
    def words(self) -> dict[str, str]:
        """For the audit log and for conflicts."""
        return {"Shortcut": f"/{self.shortcut}", "Title": self.title, "Text": self.body}


def listed(query: str = "") -> list[CannedView]:
    """All canned responses, or those with these words in shortcut, title or text."""
    rows = sa.select(CannedResponse).order_by(CannedResponse.shortcut).limit(LISTED_MOST)
    for word in query.replace("/", " ").split()[:8]:
        rows = rows.where(
            sa.or_(
                CannedResponse.shortcut.icontains(word, autoescape=True),
                CannedResponse.title.icontains(word, autoescape=True),
                CannedResponse.body.icontains(word, autoescape=True),
            )
        )
    with reading() as session:
        return [_view(row) for row in session.scalars(rows)]


def opened(number: int) -> CannedView | None:
    """One canned response."""
    with reading() as session:
        row = session.get(CannedResponse, number)
        return _view(row) if row else None


def for_conversation(conversation_id: int, agent_id: int) -> list[FilledResponse]:
    """Every canned response as this agent would send it in this conversation.

    :raises NoResultFound: there is no such conversation.
    """
    with reading() as session:
        values = _values(session, conversation_id, agent_id)
        rows = session.scalars(sa.select(CannedResponse).order_by(CannedResponse.shortcut)).all()
    return [_filled(row, values) for row in rows]


def create(form: Mapping[str, str], *, by: Actor) -> int:
    """Add one; returns its number.

    :raises Refused: a field cannot be used, or the shortcut is taken.
    """
    draft = _draft(form)
    try:
        with unit_of_work() as work:
            _check_free(work.session, draft.shortcut, but=None)
            row = CannedResponse(
                shortcut=draft.shortcut,
                title=draft.title,
                body=draft.body,
                created_at=work.now,
            )
            work.session.add(row)
            work.session.flush()
            about = f"canned_response:{row.id}"
            audit.record(work.session, by, "canned_response.created", about, {}, draft.words)
    except IntegrityError:
        raise _taken(draft.shortcut) from None
    return row.id


def change(number: int, form: Mapping[str, str], *, version: int, by: Actor) -> None:
    """Save an edit.

    :raises Refused: a field cannot be used, or the shortcut is taken.
    :raises EditedMeanwhile: somebody saved another edit of the same version first.
    :raises Gone: it was deleted.
    """
    draft = _draft(form)
    try:
        with unit_of_work() as work:
            row = _held(work.session, number)
            before = _as_draft(row)
            if before == draft:
                return
            if row.version != version:
                raise _conflict(work.session, row, draft)
            _check_free(work.session, draft.shortcut, but=number)
            row.shortcut, row.title, row.body = draft.shortcut, draft.title, draft.body
            row.version += 1
            about = f"canned_response:{number}"
            was, now = changed(before.words, draft.words)
            audit.record(work.session, by, "canned_response.changed", about, was, now)
    except IntegrityError:
        raise _taken(draft.shortcut) from None


def remove(number: int, *, version: int, by: Actor) -> None:
    """Delete one for good; the audit log keeps its words. Deleting it twice is no error.

    :raises EditedMeanwhile: somebody changed it since it was looked at.
    """
    with unit_of_work() as work:
        try:
            row = _held(work.session, number)
        except Gone:
            return
        if row.version != version:
            raise _conflict(work.session, row, Draft(shortcut="", title="", body=""))
        words = _as_draft(row).words
        work.session.delete(row)
        about = f"canned_response:{number}"
        audit.record(work.session, by, "canned_response.deleted", about, words, {})


def _held(session: Session, number: int) -> CannedResponse:
    """The row, locked until the commit so that what is read from it stays true."""
    row = session.get(CannedResponse, number, with_for_update=True)
    if row is None:
        raise Gone
    return row


def _draft(form: Mapping[str, str]) -> Draft:
    problems: dict[str, str] = {}
    shortcut = form.get("shortcut", "").strip().removeprefix("/").lower()
    if problem := _shortcut_problem(shortcut):
        problems["shortcut"] = problem
    title = body = ""
    try:
        title = clean_line(form.get("title", ""), most=TITLE_MOST)
        if not title:
            problems["title"] = "Write a title. Agents choose by it."
    except BadText as error:
        problems["title"] = str(error)
    if wrong := message_templates.problems(form.get("body", "")):
        problems["body"] = "\n".join(wrong)
    else:
        try:
            body = clean(form["body"], most=wording.MOST_CHARACTERS, what="text")
        except BadText as error:
            problems["body"] = str(error)
    if problems:
        raise Refused(problems)
    return Draft(shortcut=shortcut, title=title, body=body)


def _shortcut_problem(shortcut: str) -> str:
    if not shortcut:
        return "Write what agents type after “/”."
    if len(shortcut) > SHORTCUT_MOST:
        return f"At most {SHORTCUT_MOST} characters, please."
    if _SHORTCUT.fullmatch(shortcut):
        return ""
    plain = unicodedata.normalize("NFKD", shortcut).encode("ascii", "ignore").decode()
    hint = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    meant = f" Perhaps “{hint}”?" if hint else ""
    return f"Only small letters, digits and single hyphens.{meant}"


def _check_free(session: Session, shortcut: str, *, but: int | None) -> None:
    holder = session.scalar(sa.select(CannedResponse.id).where(CannedResponse.shortcut == shortcut))
    if holder is not None and holder != but:
        raise _taken(shortcut)


def _taken(shortcut: str) -> Refused:
    return Refused({"shortcut": f"“/{shortcut}” is taken by another canned response."})


def _conflict(session: Session, row: CannedResponse, draft: Draft) -> EditedMeanwhile:
    by, at = audit.last_change(session, f"canned_response:{row.id}")
    return EditedMeanwhile(
        version=row.version, mine=draft.words, theirs=_as_draft(row).words, by=by, at=at
    )


def _as_draft(row: CannedResponse) -> Draft:
    return Draft(shortcut=row.shortcut, title=row.title, body=row.body)


def _view(row: CannedResponse) -> CannedView:
    return CannedView(
        id=row.id, shortcut=row.shortcut, title=row.title, body=row.body, version=row.version
    )


def _filled(row: CannedResponse, values: Mapping[str, str]) -> FilledResponse:
    names = wording.names_in(row.body)
    missing = tuple(name for name in names if not values.get(name, "").strip())
    # A value is never read for placeholders again, so a missing one may stand for itself.
    text = wording.fill(row.body, {**values, **{name: f"{{{{{name}}}}}" for name in missing}})
    return FilledResponse(shortcut=row.shortcut, title=row.title, text=text, missing=missing)


def _values(session: Session, conversation_id: int, agent_id: int) -> dict[str, str]:
    conversation = session.get_one(Conversation, conversation_id)
    contact = session.get_one(Contact, conversation.contact_id)
    inbox = session.get_one(Inbox, conversation.inbox_id)
    agent = session.get_one(Agent, agent_id)
    code = session.scalar(
        sa.select(Escalation.primary_code)
        .where(Escalation.episode_id == conversation.episode_id)
        .order_by(Escalation.id.desc())
        .limit(1)
    )
    issue = ISSUE_TYPES.get(code or "", "")
    now = clock.now()
    return {
        "customer_name": contact.name,
        "agent_name": agent.name.split()[0] if agent.name.split() else "",
        "business_name": inbox.company,
        "issue": issue,
        "issue_type": issue,
        "wait_minutes": _minutes(conversation.waiting_since, now),
        "reply_within": office.reply_within(session, inbox, contact, now),
        "opening_hours": hours.describe(office.hours_of(session, inbox)),
        "conversation_link": _link(inbox),
    }


def _minutes(since: datetime | None, now: datetime) -> str:
    return "" if since is None else str(max(1, round((now - since).total_seconds() / 60)))


def _link(inbox: Inbox) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.public_url}/chat/{inbox.key}" if settings.public_url else ""
