"""A conversation and everything that happened in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain.lifecycle import Priority, Sender, Status
from helpdesk.extensions import Base
from helpdesk.models.columns import BigId, Id, MaybeMoment, Moment, one_of, public_id

STREAMS = ("pub", "desk")
OFFER_STATES = ("none", "offered", "declined")
RESOLUTIONS = ("confirmed", "assumed", "agent", "left", "spam")
OUTCOMES = (
    "offered",
    "open",
    "claimed",
    "cancelled",
    "abandoned",
    "declined",
    "suppressed",
    "timeout",
)
RUN_STATES = ("queued", "leased", "done")
RUN_OUTCOMES = ("posted", "suppressed", "superseded", "refused", "error")


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """An index over some rows only; both databases know them."""
    condition = sa.text(where)
    return sa.Index(
        name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


class Conversation(Base):
    """One thread between a contact and the desk. ``support_status`` has one writer: unit_of_work.

    ``control_epoch`` rises with every change of who is in charge and fences everything slow.
    ``last_seq`` and ``last_note_seq`` hand out the numbers of the two streams. ``requires_human``:
    a person owes the customer an answer. ``queue_key`` is the moment that orders the queue.
    ``wait_notices`` counts the "still here" texts of the present wait; ``checked_in_seq`` is the
    row that asked a silent customer whether it is solved.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        sa.CheckConstraint(
            "support_status <> 'active' OR assigned_agent_id IS NOT NULL", name="active_has_agent"
        ),
        sa.CheckConstraint(
            "support_status NOT IN ('ai', 'waiting') OR assigned_agent_id IS NULL",
            name="unclaimed_has_none",
        ),
        sa.CheckConstraint(
            "support_status NOT IN ('waiting', 'active') OR requires_human",
            name="person_in_charge",
        ),
        sa.CheckConstraint("sentiment_score BETWEEN -1 AND 1", name="sentiment_range"),
        _partial(
            "uq_conversation_open_per_contact",
            "inbox_id",
            "contact_id",
            where="support_status <> 'closed'",
            unique=True,
        ),
        _partial("ix_conversation_queue", "queue_key", "id", where="support_status = 'waiting'"),
        _partial(
            "ix_conversation_active",
            "assigned_agent_id",
            "last_message_at",
            where="support_status = 'active'",
        ),
        _partial(
            "ix_conversation_left_messages",
            "last_customer_at",
            where="support_status = 'ai' AND requires_human",
        ),
        sa.Index("ix_conversation_status_recent", "support_status", "last_message_at", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True, default=public_id)
    inbox_id: Mapped[int] = mapped_column(sa.ForeignKey("inbox.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    previous_conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversation.id"))
    episode_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("episode.id", use_alter=True)
    )

    support_status: Mapped[Status] = mapped_column(
        one_of(Status, "support_status"), default=Status.AI
    )
    control_epoch: Mapped[int] = mapped_column(default=0)
    assigned_agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    preferred_agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    priority: Mapped[Priority] = mapped_column(
        one_of(Priority, "priority", 10), default=Priority.MEDIUM
    )
    requires_human: Mapped[bool] = mapped_column(default=False)
    sentiment_score: Mapped[float] = mapped_column(default=0.0)
    ai_handoff_reason: Mapped[str] = mapped_column(sa.Text, default="")
    ai_handoff_at: Mapped[MaybeMoment]
    offer_state: Mapped[str] = mapped_column(one_of(OFFER_STATES, "offer_state"), default="none")
    offer_turn: Mapped[int] = mapped_column(default=0)
    muted_until_turn: Mapped[int] = mapped_column(default=0)
    after_hours: Mapped[bool] = mapped_column(default=False)
    hold_until: Mapped[MaybeMoment]

    last_seq: Mapped[int] = mapped_column(default=0)
    last_customer_seq: Mapped[int] = mapped_column(default=0)
    last_note_seq: Mapped[int] = mapped_column(default=0)
    customer_turns: Mapped[int] = mapped_column(default=0)
    wait_notices: Mapped[int] = mapped_column(default=0, server_default="0")
    checked_in_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    preview: Mapped[str] = mapped_column(sa.String(160), default="")

    created_at: Mapped[Moment]
    last_message_at: Mapped[Moment]
    last_customer_at: Mapped[MaybeMoment]
    last_agent_at: Mapped[MaybeMoment]
    waiting_since: Mapped[MaybeMoment]
    queue_key: Mapped[MaybeMoment]
    claimed_at: Mapped[MaybeMoment]
    first_agent_reply_at: Mapped[MaybeMoment]
    resolved_at: Mapped[MaybeMoment]


class Episode(Base):
    """One stretch of a conversation from opening to resolution; reports count these."""

    __tablename__ = "episode"
    __table_args__ = (sa.UniqueConstraint("conversation_id", "number"),)

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    number: Mapped[int]
    first_seq: Mapped[int]
    opened_at: Mapped[Moment]
    opened_by: Mapped[str] = mapped_column(sa.String(20), default="customer")
    first_escalated_at: Mapped[MaybeMoment]
    escalation_count: Mapped[int] = mapped_column(default=0)
    resolved_at: Mapped[MaybeMoment]
    resolved_by: Mapped[str] = mapped_column(sa.String(20), default="")
    resolution_kind: Mapped[str | None] = mapped_column(one_of(RESOLUTIONS, "resolution_kind"))
    resolution_voided_at: Mapped[MaybeMoment]


class Message(Base):
    """One row of a transcript. ``stream`` pub is what the customer sees; desk holds notes.

    ``seq`` counts without holes within its stream. A desk row follows public row ``after_seq``.
    ``requires_followup``: a customer's words that no person has answered yet.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("conversation_id", "stream", "seq"),
        sa.UniqueConstraint("conversation_id", "sender_key", "client_msg_id"),
        sa.CheckConstraint("ai_confidence BETWEEN 0 AND 1", name="confidence_range"),
        _partial("ix_message_followup", "conversation_id", where="requires_followup"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"), index=True)
    stream: Mapped[str] = mapped_column(one_of(STREAMS, "stream", 10), default="pub")
    seq: Mapped[int]
    after_seq: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(20), default="text")
    sender_type: Mapped[Sender] = mapped_column(one_of(Sender, "sender_type", 10))
    sender_key: Mapped[str] = mapped_column(sa.String(40))
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    client_msg_id: Mapped[str] = mapped_column(sa.String(40))
    body: Mapped[str] = mapped_column(sa.Text)
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    ai_confidence: Mapped[float | None]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    requires_followup: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]


class Escalation(Base):
    """Why a person was needed, or offered: the rules that fired, with their evidence as data."""

    __tablename__ = "escalation"
    __table_args__ = (
        _partial(
            "uq_escalation_open_per_episode", "episode_id", where="outcome = 'open'", unique=True
        ),
        sa.Index("ix_escalation_conversation", "conversation_id", "id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"))
    policy_version: Mapped[int]
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(sa.String(10))
    codes: Mapped[list[str]] = mapped_column(sa.JSON)
    primary_code: Mapped[str] = mapped_column(sa.String(40))
    priority: Mapped[Priority] = mapped_column(one_of(Priority, "priority", 10))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    near_misses: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    outcome: Mapped[str] = mapped_column(one_of(OUTCOMES, "outcome"))
    experiment_arm: Mapped[str] = mapped_column(sa.String(40), default="")
    created_at: Mapped[Moment]
    ended_at: Mapped[MaybeMoment]


class AiRun(Base):
    """One piece of work for the assistant: answer what the customer had said up to a message.

    Bound to ``customer_seq`` and ``control_epoch``: once either moved on, its text is never posted.
    """

    __tablename__ = "ai_run"
    __table_args__ = (
        sa.UniqueConstraint("conversation_id", "customer_seq", "control_epoch"),
        _partial("ix_ai_run_open", "due_at", where="state <> 'done'"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"))
    customer_seq: Mapped[int]
    control_epoch: Mapped[int]
    state: Mapped[str] = mapped_column(one_of(RUN_STATES, "run_state", 10), default="queued")
    due_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[MaybeMoment]
    lease_token: Mapped[str] = mapped_column(sa.String(32), default="")
    outcome: Mapped[str | None] = mapped_column(one_of(RUN_OUTCOMES, "run_outcome"))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    confidence: Mapped[float | None]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    latency_ms: Mapped[int | None]
    created_at: Mapped[Moment]
    ended_at: Mapped[MaybeMoment]


class TurnSignals(Base):
    """Every signal value of one customer turn, fired or not; back-tests and A/B stand on it."""

    __tablename__ = "turn_signals"
    __table_args__ = (sa.UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"))
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"))
    seq: Mapped[int]
    turn: Mapped[int]
    policy_version: Mapped[int]
    sentiment: Mapped[float]
    scores: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    action: Mapped[str] = mapped_column(sa.String(10))
    codes: Mapped[list[str]] = mapped_column(sa.JSON)
    created_at: Mapped[Moment]


class EventRow(Base):
    """The facts, append-only. Replaying the moves of a conversation gives its status."""

    __tablename__ = "event"
    __table_args__ = (sa.Index("ix_event_name_created", "name", "created_at"),)

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"), index=True)
    episode_id: Mapped[int | None] = mapped_column(sa.ForeignKey("episode.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    actor: Mapped[str] = mapped_column(sa.String(40))
    from_status: Mapped[str] = mapped_column(sa.String(10), default="")
    to_status: Mapped[str] = mapped_column(sa.String(10), default="")
    control_epoch: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[Moment]
