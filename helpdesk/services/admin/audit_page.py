"""The audit log as admins read it: filtered, newest first, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.hours.zones import is_zone
from helpdesk.domain.message_templates import DEFAULTS
from helpdesk.domain.text import excerpt
from helpdesk.extensions import reading
from helpdesk.models import (
    Agent,
    AuditEntry,
    BusinessHours,
    CannedResponse,
    Conversation,
    Endpoint,
    Inbox,
)
from helpdesk.services.admin.changes import Difference

ROWS = 50

ACTIONS: dict[str, str] = {
    "message_template.saved": "changed a message template",
    "message_template.restored": "restored a message template",
    "message_template.reset": "went back to the default text",
    "canned_response.created": "added a canned response",
    "canned_response.changed": "changed a canned response",
    "canned_response.deleted": "deleted a canned response",
    "business_hours.created": "added business hours",
    "business_hours.changed": "changed business hours",
    "business_hours.deleted": "deleted business hours",
    "business_hours.closed_today": "closed for today",
    "business_hours.opened_again": "opened again",
    "inbox.created": "added an inbox",
    "inbox.changed": "changed an inbox",
    "inbox.enabled": "switched an inbox on",
    "inbox.disabled": "switched an inbox off",
    "endpoint.created": "added a place for alerts",
    "endpoint.changed": "changed a place for alerts",
    "endpoint.enabled": "switched alerts on for",
    "endpoint.disabled": "switched alerts off for",
    "endpoint.deleted": "deleted a place for alerts",
    "endpoint.tested": "sent a test to",
    "endpoint.secret_renewed": "made a new secret for",
    "endpoint.old_secrets_forgotten": "stopped the old secret of",
    "delivery.retried": "retried an alert",
    "delivery.cancelled": "cancelled an alert",
    "delivery.all_dead_retried": "retried all failed alerts",
    "agent.invited": "invited",
    "agent.role_changed": "changed the role of",
    "agent.disabled": "disabled",
    "agent.enabled": "enabled",
    "agent.signed_out": "signed out everywhere",
    "agent.link_made": "made a sign-in link for",
    "policy.saved": "changed the escalation policy",
    "policy.restored": "restored an escalation policy",
    "sign_in.succeeded": "signed in",
    "sign_in.by_link": "signed in by a one-time link",
    "sign_in.confirmed": "confirmed the password",
    "sign_in.failed": "failed to sign in",
    "conversation.read": "read a conversation",
    "admin.refused": "was refused an admin page",
}

KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "settings": (
        "Settings",
        ("message_template", "canned_response", "business_hours", "inbox", "policy"),
    ),
    "alerts": ("Alerts", ("endpoint", "delivery")),
    "team": ("Team", ("agent",)),
    "sign-ins": ("Sign-ins", ("sign_in", "admin")),
    "reading": ("Reading", ("conversation",)),
}
"""What can be filtered for: the word for it, and the nouns of the actions that belong to it."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to show. ``kind`` is a key of `KINDS`; dates are days of the reader's ``zone``."""

    kind: str = ""
    agent_id: int | None = None
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One entry in words. ``who`` is empty for a stranger; ``href`` leads to the object."""

    id: int
    at: datetime
    who: str
    action: str
    about: str
    href: str
    address: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """Some entries, newest first; ``older`` is where the next page begins, 0 at the end."""

    rows: tuple[AuditRow, ...]
    older: int


def page(filters: Filters, *, before: int = 0) -> AuditPage:
    """The entries that a filter lets through, past an entry's number (0: the newest)."""
    rows = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(ROWS + 1)
    if before:
        rows = rows.where(AuditEntry.id < before)
    for condition in _conditions(filters):
        rows = rows.where(condition)
    with reading() as session:
        entries = session.scalars(rows).all()
        shown = entries[:ROWS]
        names = _agents(session)
        things = _things(session, shown, names)
    return AuditPage(
        rows=tuple(_row(entry, names, things) for entry in shown),
        older=shown[-1].id if len(entries) > ROWS else 0,
    )


def people() -> list[tuple[int, str]]:
    """Whom the log can be filtered for."""
    with reading() as session:
        return sorted(_agents(session).items(), key=lambda item: item[1].casefold())


def _conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    if filters.kind in KINDS:
        nouns = KINDS[filters.kind][1]
        yield sa.or_(*(AuditEntry.action.startswith(f"{noun}.", autoescape=True) for noun in nouns))
    if filters.agent_id is not None:
        yield AuditEntry.agent_id == filters.agent_id
    zone = ZoneInfo(filters.zone if is_zone(filters.zone) else "UTC")
    if filters.since:
        yield AuditEntry.at >= datetime.combine(filters.since, time(), zone)
    if filters.until:
        yield AuditEntry.at < datetime.combine(filters.until + timedelta(days=1), time(), zone)


def _agents(session: Session) -> dict[int, str]:
    return dict(session.execute(sa.select(Agent.id, Agent.name)).all())


Thing = tuple[str, str]
"""What an object is called, and where it can be seen."""


def _things(
    session: Session, entries: Sequence[AuditEntry], agents: Mapping[int, str]
) -> dict[str, Thing]:
    """The objects of some entries, where they still exist: a query for each kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        noun, _, number = entry.object.partition(":")
        if number.isdecimal():
            wanted[noun].add(int(number))
    found = {f"agent:{number}": (name, f"/admin/team/{number}") for number, name in agents.items()}
    for noun, column, place in (
        ("inbox", Inbox.name, "inboxes"),
        ("business_hours", BusinessHours.name, "hours"),
        ("canned_response", CannedResponse.shortcut, "canned-responses"),
        ("endpoint", Endpoint.name, "alerts/endpoints"),
    ):
        owner = column.class_
        rows = session.execute(sa.select(owner.id, column).where(owner.id.in_(wanted[noun])))
        for number, name in rows:
            shown = f"/{name}" if noun == "canned_response" else name
            found[f"{noun}:{number}"] = (shown, f"/admin/{place}/{number}")
    conversations = session.execute(
        sa.select(Conversation.id, Conversation.public_id).where(
            Conversation.id.in_(wanted["conversation"])
        )
    )
    for row in conversations:
        found[f"conversation:{row.id}"] = (f"#{row.id}", f"/desk/c/{row.public_id}")
    for key, template in DEFAULTS.items():
        found[f"message_template:{key}"] = (template.title, f"/admin/templates/{key}")
    for one in wanted["delivery"]:
        found[f"delivery:{one}"] = (f"#{one}", f"/admin/alerts/deliveries/{one}")
    return found | {"policy": ("", "/admin/policy"), "unknown account": ("unknown account", "")}


def _row(entry: AuditEntry, names: Mapping[int, str], things: Mapping[str, Thing]) -> AuditRow:
    about, href = things.get(entry.object, (entry.object.replace("_", " "), ""))
    if entry.action.startswith("sign_in.") and entry.agent_id is not None:
        about = href = ""  # it is the person themselves
    labels = dict.fromkeys((*entry.before, *entry.after))
    return AuditRow(
        id=entry.id,
        at=entry.at,
        who=names.get(entry.agent_id or 0, ""),
        action=ACTIONS.get(entry.action, entry.action.replace("_", " ").replace(".", " ")),
        about=about,
        href=href,
        address=entry.address,
        differences=tuple(
            Difference(
                label=label,
                theirs=excerpt(entry.before.get(label, ""), 300),
                mine=excerpt(entry.after.get(label, ""), 300),
            )
            for label in labels
            if entry.before.get(label) or entry.after.get(label)
        ),
    )
