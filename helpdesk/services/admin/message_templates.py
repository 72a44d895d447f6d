"""The sentences the system says: written, looked at, saved as versions, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.domain import wording
from helpdesk.domain.message_templates import DEFAULTS, PLACEHOLDERS
from helpdesk.domain.text import clean
from helpdesk.extensions import reading
from helpdesk.models import Agent, Inbox, MessageTemplate
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Refused
from helpdesk.services.unit_of_work import unit_of_work

HISTORY = 30

EXAMPLES: dict[str, str] = {
    "customer_name": "Maya",
    "agent_name": "Sarah",
    "business_name": "Northfold",
    "issue": "your payment",
    "issue_type": "your payment",
    "wait_minutes": "4",
    "reply_within": "by Tuesday at 11:00, your time",
    "opening_hours": "Mon–Fri 09:00–18:00 (Europe/London)",
    "conversation_link": "https://desk.example/chat/northfold",
}
"""The conversation of the preview. The company is the first inbox's own."""


@dataclass(frozen=True, kw_only=True)
class TemplateRow:
    """A template in the list."""

    key: str
    title: str
    description: str
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One saved text. ``is_default``: it took the product's own text back."""

    number: int
    body: str
    by: str
    at: datetime
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class TemplateView:
    """A template to edit. ``version`` is 0 while nobody has changed it."""

    key: str
    title: str
    description: str
    body: str
    default: str
    version: int
    history: tuple[VersionView, ...]

    @property
    def is_changed(self) -> bool:
        """The desk says something else than the product does by itself."""
        return self.body != self.default


@dataclass(frozen=True, kw_only=True)
class PlaceholderView:
    """A placeholder as the editor explains it."""

    name: str
    meaning: str
    example: str
    fallback: str


def listed() -> list[TemplateRow]:
    """Every template the product uses."""
    with reading() as session:
        newest = _newest(session)
    return [
        TemplateRow(
            key=template.key,
            title=template.title,
            description=template.description,
            is_changed=newest.get(template.key, "") not in ("", template.body),
        )
        for template in DEFAULTS.values()
    ]


def opened(key: str) -> TemplateView | None:
    """One template with its text in force and its history; ``None`` if there is no such key."""
    if key not in DEFAULTS:
        return None
    with reading() as session:
        return _view(session, key)


def placeholders() -> list[PlaceholderView]:
    """The fixed list of what a template may contain."""
    known = examples()
    return [
        PlaceholderView(
            name=name, meaning=meaning, example=known[name], fallback=wording.FALLBACKS[name]
        )
        for name, meaning in PLACEHOLDERS.items()
    ]


def problems(body: str) -> list[str]:
    """Why a text cannot be saved, each with its place; none if it can."""
    found = []
    body = body.replace("\r\n", "\n")
    for problem in wording.check(body):
        line, character = wording.place(body, problem.position)
        where = f"Line {line}, character {character}: " if body.strip() else ""
        found.append(f"{where}{problem.text}")
    return found


def save(key: str, body: str, *, version: int, by: Actor) -> None:
    """Put a text in force; customers read it from the next message on.

    :raises Refused: the text has problems.
    :raises EditedMeanwhile: ``version`` is not the newest any more.
    """
    if wrong := problems(body):
        raise Refused({"body": "\n".join(wrong)})
    text = clean(body, most=wording.MOST_CHARACTERS, what="text")
    _put(key, text, version=version, by=by, action="message_template.saved")


def restore(key: str, number: int, *, version: int, by: Actor) -> None:
    """Put an old version in force again, as a new one.

    :raises Refused: there is no such version, or its text cannot be used any more.
    :raises EditedMeanwhile: ``version`` is not the newest any more.
    """
    with reading() as session:
        body = session.scalar(
            sa.select(MessageTemplate.body).where(
                MessageTemplate.key == key, MessageTemplate.version == number
            )
        )
    if body is None or (body and problems(body)):
        raise Refused({"form": f"Version {number} cannot be restored."})
    _put(key, body, version=version, by=by, action="message_template.restored")


def restore_default(key: str, *, version: int, by: Actor) -> None:
    """Let the product's own text be in force again, also when a later release words it better.

    :raises EditedMeanwhile: ``version`` is not the newest any more.
    """
    _put(key, "", version=version, by=by, action="message_template.reset")


def _put(key: str, body: str, *, version: int, by: Actor, action: str) -> None:
    """Append a version; an empty body stands for the product's own text."""
    try:
        with unit_of_work() as work:
            seen = _view(work.session, key)
            text = body or seen.default
            if text == seen.body and seen.version == version:
                return
            if seen.version != version:
                raise _conflict(work.session, seen, text)
            row = MessageTemplate(
                key=key,
                version=version + 1,
                body=body,
                agent_id=by.agent_id,
                created_at=work.now,
            )
            work.session.add(row)
            work.session.flush()
            about = f"message_template:{key}"
            audit.record(work.session, by, action, about, {"Text": seen.body}, {"Text": text})
    except IntegrityError:
        # Both read the same newest version; the unique number let only one of them in.
        with reading() as session:
            seen = _view(session, key)
            raise _conflict(session, seen, body or seen.default) from None


def _conflict(session: Session, seen: TemplateView, text: str) -> EditedMeanwhile:
    newest = seen.history[0] if seen.history else None
    return EditedMeanwhile(
        version=seen.version,
        mine={"Text": text},
        theirs={"Text": seen.body},
        by=newest.by if newest else "",
        at=newest.at if newest else None,
    )


def _view(session: Session, key: str) -> TemplateView:
    default = DEFAULTS[key]
    rows = session.execute(
        sa.select(MessageTemplate, Agent.name)
        .join(Agent, Agent.id == MessageTemplate.agent_id, isouter=True)
        .where(MessageTemplate.key == key)
        .order_by(MessageTemplate.version.desc())
        .limit(HISTORY)
    ).all()
    history = tuple(
        VersionView(
            number=row.version,
            body=row.body or default.body,
            by=name or "",
            at=row.created_at,
            is_default=not row.body,
        )
        for row, name in rows
    )
    return TemplateView(
        key=key,
        title=default.title,
        description=default.description,
        body=history[0].body if history else default.body,
        default=default.body,
        version=history[0].number if history else 0,
        history=history,
    )


def _newest(session: Session) -> dict[str, str]:
    latest = sa.select(
        MessageTemplate.key, sa.func.max(MessageTemplate.version).label("version")
    ).group_by(MessageTemplate.key)
    newest = latest.subquery()
    rows = session.execute(
        sa.select(MessageTemplate.key, MessageTemplate.body).join(
            newest,
            sa.and_(
                MessageTemplate.key == newest.c.key, MessageTemplate.version == newest.c.version
            ),
        )
    )
    return dict(rows.all())


def examples() -> dict[str, str]:
    """The example conversation of the preview, in the company's own name."""
    with reading() as session:
        company = session.scalar(
            sa.select(Inbox.company).where(Inbox.disabled_at.is_(None)).order_by(Inbox.id).limit(1)
        )
    return EXAMPLES | ({"business_name": company} if company else {})
