"""Alerts that must leave the building: written with the fact they tell, delivered afterwards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import BigId, Id, MaybeMoment, Moment, one_of

STATES = ("pending", "leased", "sent", "dead", "cancelled")


class Outbox(Base):
    """One alert to one place. ``dedup_key`` makes the same fact alert once (delivery.md §3)."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_due",
            "next_attempt_at",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    dedup_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    conversation_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("conversation.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    status: Mapped[str] = mapped_column(one_of(STATES, "state"), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[Moment]
    lease_until: Mapped[MaybeMoment]
    lease_token: Mapped[str] = mapped_column(sa.String(32), default="")
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
