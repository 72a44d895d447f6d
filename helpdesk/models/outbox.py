"""Alerts that must leave the building: written with the fact they tell, delivered afterwards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import BigId, Id, MaybeMoment, Moment, one_of

STATES = ("pending", "leased", "sent", "dead", "cancelled")
CHANNELS = ("email", "webhook", "slack", "discord")


class Endpoint(Base):
    """A place that alerts go to, as an admin set it up.

    ``address`` is a URL, or an e-mail address. ``secrets`` sign webhooks: the first signs, all are
    announced while they rotate. ``events`` are names of facts; of those with a priority only
    ``least_priority`` and above are told. ``failures`` counts straight ones; past a limit the
    endpoint rests until ``paused_until`` (delivery.md §3.5).
    """

    __tablename__ = "endpoint"

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(one_of(CHANNELS, "channel"))
    name: Mapped[str] = mapped_column(sa.String(80))
    address: Mapped[str] = mapped_column(sa.String(500))
    secrets: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    events: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    least_priority: Mapped[str] = mapped_column(sa.String(10), default="high")
    include_text: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[MaybeMoment]
    paused_until: Mapped[MaybeMoment]
    disabled_at: Mapped[MaybeMoment]
    disabled_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[Moment]


class Outbox(Base):
    """One alert to one place. ``dedup_key`` makes the same fact alert once (delivery.md §3).

    Without an endpoint it is an e-mail of the desk's own (``recipient``): an answer to a customer
    who left a message.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_due",
            "next_attempt_at",
            sqlite_where=sa.text("status IN ('pending', 'leased')"),
            postgresql_where=sa.text("status IN ('pending', 'leased')"),
        ),
        sa.Index("ix_outbox_status_created", "status", "created_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    dedup_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    endpoint_id: Mapped[int | None] = mapped_column(sa.ForeignKey("endpoint.id"), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    conversation_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("conversation.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    status: Mapped[str] = mapped_column(one_of(STATES, "state"), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[Moment]
    lease_until: Mapped[MaybeMoment]
    lease_token: Mapped[str] = mapped_column(sa.String(32), default="")
    last_code: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[Moment]
    sent_at: Mapped[MaybeMoment]


class OutboxAttempt(Base):
    """One try to deliver an alert, and how it ended."""

    __tablename__ = "outbox_attempt"
    __table_args__ = (sa.UniqueConstraint("outbox_id", "number"),)

    id: Mapped[Id]
    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"))
    number: Mapped[int]
    started_at: Mapped[Moment]
    ended_at: Mapped[MaybeMoment]
    answer_code: Mapped[int | None]
    error: Mapped[str] = mapped_column(sa.String(500), default="")
