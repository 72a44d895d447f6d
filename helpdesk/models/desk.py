"""What admins decide: inboxes, message templates, the escalation policy, the installation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import Id, MaybeMoment, Moment


class Installation(Base):
    """The one row about this installation. A restore changes ``stream_epoch``, so that open pages
    notice that history is no longer the one they show."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    stream_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]


class BusinessHours(Base):
    """When people are there. ``hours`` is what `domain.hours` reads: zone, week, exceptions."""

    __tablename__ = "business_hours"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(80))
    hours: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]


class Inbox(Base):
    """One widget installation. ``key`` is public: it names the inbox and gives no right.

    Without business hours it is open round the clock.
    """

    __tablename__ = "inbox"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    company: Mapped[str] = mapped_column(sa.String(80))
    color: Mapped[str] = mapped_column(sa.String(7), default="#0B6B66")
    starters: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    allowed_origins: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    hours_id: Mapped[int | None] = mapped_column(sa.ForeignKey("business_hours.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    disabled_at: Mapped[MaybeMoment]
    created_at: Mapped[Moment]


class CannedResponse(Base):
    """Words agents use often, inserted with "/" and filled for the conversation."""

    __tablename__ = "canned_response"

    id: Mapped[Id]
    shortcut: Mapped[str] = mapped_column(sa.String(40), unique=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.String(2_000))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]


class AuditEntry(Base):
    """Who changed or read what; append-only. Each row's hash covers the one before it, so that a
    missing or altered row is noticed (security.md §4.7). The database refuses to change a row."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_object", "object", "id"),
        sa.Index("ix_audit_entry_action", "action", "id"),
    )

    id: Mapped[Id]
    at: Mapped[Moment]
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"), index=True)
    session_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    action: Mapped[str] = mapped_column(sa.String(60))
    object: Mapped[str] = mapped_column(sa.String(120), default="")
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    hash: Mapped[str] = mapped_column(sa.String(64))


class MessageTemplate(Base):
    """One saved wording of a system message. The newest version of a key is in force; where a key
    has no row, the product's default text is."""

    __tablename__ = "message_template"
    __table_args__ = (sa.UniqueConstraint("key", "version"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(sa.String(2_000))
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    created_at: Mapped[Moment]


class PolicyVersion(Base):
    """One saved set of escalation rules; the newest is in force and none is ever changed."""

    __tablename__ = "policy_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    created_at: Mapped[Moment]
