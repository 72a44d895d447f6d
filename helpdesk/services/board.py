"""Reading the desk's list: the queue, one's own conversations, the assistant's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.domain.escalation import LABELS
from helpdesk.domain.lifecycle import Status
from helpdesk.models import Agent, Contact, Conversation, Escalation, Message
from helpdesk.realtime.views import BoardView, QueueRowView
from helpdesk.services.people import PRESENT_FOR
from helpdesk.services.transcript import contact_name

VIEWS = ("queue", "mine", "assistant", "all")
ROWS = 50
COUNT_TO = 100  # badges say "99+"; counting further would cost more than anybody reads


def view(session: Session, which: str, agent_id: int) -> BoardView:
    """The list an agent looks at, with the figures above it."""
    now = clock.now()
    mine = _your_turn(session, agent_id) if which == "queue" else []
    left = _left_messages(session) if which == "queue" else []
    listed = session.scalars(_listed(which, agent_id).limit(ROWS + 1)).all()
    rows = _rows(session, [*mine, *left, *listed[:ROWS]], now)
    others = len(mine) + len(left)
    late = now - timedelta(seconds=_target())
    waiting = Conversation.support_status == Status.WAITING
    oldest = session.scalar(
        sa.select(sa.func.min(Conversation.waiting_since)).where(
            waiting, Conversation.waiting_since > late
        )
    )
    return BoardView(
        view=which,
        mine=tuple(rows[: len(mine)]),
        left=tuple(rows[len(mine) : others]),
        rows=tuple(rows[others:]),
        more=len(listed) > ROWS,
        waiting_count=_count(session, waiting),
        mine_count=_count(session, *_mine(agent_id)),
        assistant_count=_count(session, Conversation.support_status == Status.AI),
        over_target=_count(session, waiting, Conversation.waiting_since <= late),
        next_due_at=oldest + timedelta(seconds=_target()) if oldest else None,
        free_agents=_free_agents(session, now),
    )


def row(session: Session, conversation: Conversation) -> QueueRowView:
    """One conversation as a row of the list."""
    return _rows(session, [conversation], clock.now())[0]


def has_conversations(session: Session) -> bool:
    """Whether anybody ever wrote."""
    return session.scalar(sa.select(Conversation.id).limit(1)) is not None


def _target() -> float:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.timing.first_reply_target


def _mine(agent_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Conversation.support_status == Status.ACTIVE,
        Conversation.assigned_agent_id == agent_id,
    )


def _owed() -> sa.ColumnElement[bool]:
    """The customer wrote last."""
    return sa.or_(
        Conversation.last_agent_at.is_(None),
        Conversation.last_customer_at > Conversation.last_agent_at,
    )


def _your_turn(session: Session, agent_id: int) -> Sequence[Conversation]:
    return session.scalars(
        sa.select(Conversation)
        .where(*_mine(agent_id), _owed())
        .order_by(Conversation.last_customer_at, Conversation.id)
        .limit(ROWS)
    ).all()


def _left_messages(session: Session) -> Sequence[Conversation]:
    """What customers left for the team and nobody has answered, the oldest first."""
    return session.scalars(
        sa.select(Conversation)
        .where(Conversation.support_status == Status.AI, Conversation.requires_human)
        .order_by(Conversation.last_customer_at, Conversation.id)
        .limit(ROWS)
    ).all()


def _listed(which: str, agent_id: int) -> sa.Select[Conversation]:
    rows = sa.select(Conversation)
    newest = (Conversation.last_message_at.desc(), Conversation.id.desc())
    match which:
        case "mine":
            return rows.where(*_mine(agent_id)).order_by(*newest)
        case "assistant":
            return rows.where(Conversation.support_status == Status.AI).order_by(*newest)
        case "all":
            return rows.order_by(*newest)
        case _:
            return rows.where(Conversation.support_status == Status.WAITING).order_by(
                Conversation.queue_key, Conversation.id
            )


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    some = sa.select(sa.literal(1)).where(*conditions).select_from(Conversation).limit(COUNT_TO)
    return session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def _free_agents(session: Session, now: datetime) -> int:
    busy = (
        sa.select(sa.func.count())
        .where(
            Conversation.assigned_agent_id == Agent.id,
            Conversation.support_status == Status.ACTIVE,
        )
        .scalar_subquery()
    )
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Agent)
            .where(
                Agent.disabled_at.is_(None),
                Agent.presence == "available",
                Agent.last_seen_at > now - PRESENT_FOR,
                busy < Agent.capacity,
            )
        )
        or 0
    )


def _rows(
    session: Session, conversations: Sequence[Conversation], now: datetime
) -> list[QueueRowView]:
    """The rows with everything they show, in four queries however many there are."""
    numbers = [conversation.id for conversation in conversations]
    contacts = {
        contact.id: contact
        for contact in session.scalars(
            sa.select(Contact).where(Contact.id.in_({c.contact_id for c in conversations}))
        )
    }
    agents = dict(session.execute(sa.select(Agent.id, Agent.name)).all())
    unread = dict(
        session.execute(
            sa.select(Message.conversation_id, sa.func.count())
            .where(Message.conversation_id.in_(numbers), Message.requires_followup)
            .group_by(Message.conversation_id)
        ).all()
    )
    newest = (
        sa.select(sa.func.max(Escalation.id))
        .where(Escalation.conversation_id.in_(numbers))
        .group_by(Escalation.conversation_id)
    )
    codes = dict(
        session.execute(
            sa.select(Escalation.conversation_id, Escalation.codes).where(Escalation.id.in_(newest))
        ).all()
    )
    return [
        _row(
            conversation,
            contacts[conversation.contact_id],
            agents.get(conversation.assigned_agent_id or 0, ""),
            unread.get(conversation.id, 0),
            codes.get(conversation.id, []),
        )
        for conversation in conversations
    ]


def clock_of(conversation: Conversation) -> tuple[datetime | None, datetime | None]:
    """The moment a customer's wait counts from and the moment it is late; nothing when nobody
    waits for a person."""
    since: datetime | None = None
    if conversation.support_status is Status.WAITING:
        since = conversation.waiting_since
    elif conversation.support_status is Status.ACTIVE and (
        conversation.last_agent_at is None
        or (conversation.last_customer_at or conversation.created_at) > conversation.last_agent_at
    ):
        since = conversation.last_customer_at or conversation.claimed_at
    return since, since + timedelta(seconds=_target()) if since else None


def _row(
    conversation: Conversation, contact: Contact, agent: str, unread: int, codes: list[str]
) -> QueueRowView:
    since, due_at = clock_of(conversation)
    return QueueRowView(
        conversation=conversation.public_id,
        number=conversation.id,
        name=contact_name(contact),
        excerpt=conversation.preview,
        status=conversation.support_status,
        priority=conversation.priority,
        reasons=tuple(LABELS[code] for code in codes[:2] if code in LABELS),
        since=since,
        due_at=due_at,
        unread=unread,
        agent_id=conversation.assigned_agent_id,
        agent_name=agent,
        requires_followup=unread > 0,
    )
