"""People: the agents of the desk and their sign-ins, and the contacts who write to it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import Id, MaybeMoment, Moment, one_of, public_id

ROLES = ("agent", "supervisor", "admin")
PRESENCES = ("available", "away")


class Agent(Base):
    """Somebody who answers customers. ``password_hash`` is empty until they chose one."""

    __tablename__ = "agent"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    role: Mapped[str] = mapped_column(one_of(ROLES, "role"), default="agent")
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    presence: Mapped[str] = mapped_column(one_of(PRESENCES, "presence"), default="available")
    capacity: Mapped[int] = mapped_column(default=5)
    last_seen_at: Mapped[MaybeMoment]
    disabled_at: Mapped[MaybeMoment]
    created_at: Mapped[Moment]


class SignInSession(Base):
    """One signed-in browser. Only a hash of the cookie is kept; deleting the row signs it out."""

    __tablename__ = "sign_in_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agent.id"), index=True)
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    user_agent: Mapped[str] = mapped_column(sa.String(300), default="")
    address: Mapped[str] = mapped_column(sa.String(45), default="")


class SignInFailure(Base):
    """Wrong passwords for one account, known or not; ``account`` is a hash of what was typed."""

    __tablename__ = "sign_in_failure"

    account: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[Moment]
    blocked_until: Mapped[MaybeMoment]


class SignInLink(Base):
    """A link that lets one person in once: the first admin, or somebody who was invited."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"))
    role: Mapped[str] = mapped_column(one_of(ROLES, "role"), default="agent")
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[MaybeMoment]


class Contact(Base):
    """A customer, known by an anonymous cookie until the host page vouches for more."""

    __tablename__ = "contact"

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True, default=public_id)
    inbox_id: Mapped[int] = mapped_column(sa.ForeignKey("inbox.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    verified: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(sa.String(35), default="")
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="")
    page_url: Mapped[str] = mapped_column(sa.String(500), default="")
    user_agent: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    blocked_at: Mapped[MaybeMoment]
    erased_at: Mapped[MaybeMoment]


class ContactKey(Base):
    """A further browser of a contact: opened by the link in an e-mail that answered them."""

    __tablename__ = "contact_key"

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[Moment]
