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


class Inbox(Base):
    """One widget installation. ``key`` is public: it names the inbox and gives no right."""

    __tablename__ = "inbox"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    company: Mapped[str] = mapped_column(sa.String(80))
    color: Mapped[str] = mapped_column(sa.String(7), default="#0B6B66")
    starters: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    allowed_origins: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    disabled_at: Mapped[MaybeMoment]
    created_at: Mapped[Moment]


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
