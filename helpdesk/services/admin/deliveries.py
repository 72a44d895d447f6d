"""What left the building, what is on its way and what never arrived; and pressing it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from helpdesk import alerts
from helpdesk.config import Settings
from helpdesk.extensions import reading
from helpdesk.models import Conversation, Endpoint, Outbox, OutboxAttempt
from helpdesk.services.admin.endpoint_form import CHANNEL_WORDS
from helpdesk.services.admin.endpoints import EndpointView
from helpdesk.services.admin.endpoints import listed as endpoints

AT_ONCE = 50

Condition = sa.ColumnElement[bool]

FILTERS: Mapping[str, Condition] = {
    "all": sa.true(),
    "waiting": sa.or_(
        sa.and_(Outbox.status == "pending", Outbox.attempts == 0), Outbox.status == "leased"
    ),
    "retrying": sa.and_(Outbox.status == "pending", Outbox.attempts > 0),
    "dead": Outbox.status == "dead",
    "sent": Outbox.status == "sent",
    "cancelled": Outbox.status == "cancelled",
}


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """One try. ``ended_at`` is ``None`` while it is under way; ``error`` is empty if it worked."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    code: int | None
    error: str


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """One alert to one place.

    ``state``: ``waiting``, ``sending``, ``retrying``, ``sent``, ``dead`` or ``cancelled``.
    ``to`` is the endpoint's name, or the recipient of a mail of the desk's own.
    ``conversation`` is a public id, or empty; ``priority`` is empty for facts without one.
    """

    id: int
    fact: str
    words: str
    priority: str
    endpoint_id: int | None
    channel_words: str
    to: str
    conversation: str
    state: str
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_code: int | None
    last_error: str
    attempts: tuple[AttemptView, ...]
    may_retry: bool
    may_cancel: bool


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many there are of each; `sent` and `cancelled` as far as they are kept."""

    waiting: int
    retrying: int
    dead: int
    sent: int
    cancelled: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of deliveries, the newest first. ``next_before`` asks for the page after it."""

    which: str
    rows: tuple[DeliveryView, ...]
    next_before: int | None


@dataclass(frozen=True, kw_only=True)
class AlertsView:
    """The Alerts page. ``can_mail``: SMTP_URL is set. ``has_links``: PUBLIC_URL is set, so that
    alerts say where the conversation is."""

    endpoints: Sequence[EndpointView]
    counts: Counts
    page: Page
    can_mail: bool
    has_links: bool


def look(
    which: str = "all", *, endpoint_id: int | None = None, before: int | None = None
) -> AlertsView:
    """Everything the Alerts page shows; an unknown ``which`` shows all."""
    settings: Settings = current_app.config["SETTINGS"]
    which = which if which in FILTERS else "all"
    with reading() as session:
        return AlertsView(
            endpoints=endpoints(),
            counts=_counts(session),
            page=_page(session, which, endpoint_id, before),
            can_mail=can_mail(),
            has_links=bool(settings.public_url),
        )


def can_mail() -> bool:
    """Whether the operator named a mail server."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.mail_server is not None


def counts() -> Counts:
    """For the dashboard and the metrics."""
    with reading() as session:
        return _counts(session)


def opened(number: int) -> DeliveryView | None:
    """One delivery with all its attempts."""
    with reading() as session:
        row = session.get(Outbox, number)
        return _views(session, [row])[0] if row else None


def _counts(session: Session) -> Counts:
    found: dict[str, int] = {}
    for name in ("waiting", "retrying", "dead", "sent", "cancelled"):
        found[name] = session.scalar(sa.select(sa.func.count(Outbox.id)).where(FILTERS[name])) or 0
    return Counts(**found)


def _page(session: Session, which: str, endpoint_id: int | None, before: int | None) -> Page:
    wanted = sa.select(Outbox).where(FILTERS[which]).order_by(Outbox.id.desc()).limit(AT_ONCE + 1)
    if endpoint_id is not None:
        wanted = wanted.where(Outbox.endpoint_id == endpoint_id)
    if before is not None:
        wanted = wanted.where(Outbox.id < before)
    rows = session.scalars(wanted).all()
    more = len(rows) > AT_ONCE
    shown = rows[:AT_ONCE]
    return Page(
        which=which,
        rows=tuple(_views(session, shown)),
        next_before=shown[-1].id if more else None,
    )


def _views(session: Session, rows: Sequence[Outbox]) -> list[DeliveryView]:
    ids = [row.id for row in rows]
    attempts: dict[int, list[AttemptView]] = {number: [] for number in ids}
    for each in session.scalars(
        sa.select(OutboxAttempt)
        .where(OutboxAttempt.outbox_id.in_(ids))
        .order_by(OutboxAttempt.outbox_id, OutboxAttempt.number)
    ):
        attempts[each.outbox_id].append(
            AttemptView(
                number=each.number,
                started_at=each.started_at,
                ended_at=each.ended_at,
                code=each.answer_code,
                error=each.error,
            )
        )
    places = {
        each.id: each
        for each in session.scalars(
            sa.select(Endpoint).where(Endpoint.id.in_({row.endpoint_id for row in rows}))
        )
    }
    public: dict[int, str] = dict(
        session.execute(
            sa.select(Conversation.id, Conversation.public_id).where(
                Conversation.id.in_({row.conversation_id for row in rows})
            )
        ).all()
    )
    return [
        _view(row, places.get(row.endpoint_id or 0), public, tuple(attempts[row.id]))
        for row in rows
    ]


def _view(
    row: Outbox,
    place: Endpoint | None,
    public: Mapping[int, str],
    attempts: tuple[AttemptView, ...],
) -> DeliveryView:
    waits = row.status in ("pending", "dead")
    is_on = place is None or place.disabled_at is None
    return DeliveryView(
        id=row.id,
        fact=row.kind,
        words=alerts.words_of(row.kind) or str(row.payload.get("subject", row.kind)),
        priority=_priority(row),
        endpoint_id=row.endpoint_id,
        channel_words=CHANNEL_WORDS[place.channel if place else "email"],
        to=place.name if place else row.recipient,
        conversation=public.get(row.conversation_id or 0, ""),
        state=state_of(row),
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at if row.status == "pending" else None,
        sent_at=row.sent_at,
        last_code=row.last_code,
        last_error=row.last_error,
        attempts=attempts,
        may_retry=waits and is_on,
        may_cancel=waits,
    )


def _priority(row: Outbox) -> str:
    told = alerts.TELLABLE.get(row.kind)
    return str(row.payload["data"]["priority"]) if told and told.ranked else ""


def state_of(row: Outbox) -> str:
    """How a delivery stands, in one of our words."""
    if row.status == "leased":
        return "sending"
    if row.status == "pending":
        return "retrying" if row.attempts else "waiting"
    return row.status
