"""One-time links: how the first admin and everybody who is invited come in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent, SignInLink
from helpdesk.services import signing_in
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor
from helpdesk.services.people import EmailTaken
from helpdesk.services.signing_in import digest


class LinkSpent(Exception):
    """The one-time link was used, has expired, or never existed."""


@dataclass(frozen=True, kw_only=True)
class Welcome:
    """What a valid one-time link is for."""

    agent_id: int | None
    name: str
    email: str
    role: str


def make_link(*, email: str = "") -> str:
    """A one-time link's token: for the agent with this e-mail, or for a first admin.

    :raises LookupError: nobody has this e-mail.
    """
    with writing() as session:
        agent = None
        if email:
            agent = session.scalar(sa.select(Agent).where(Agent.email == email.lower()))
            if agent is None:
                raise LookupError(f"there is no agent with the e-mail {email}")
        token = add_link(session, agent)
        session.commit()
    return token


def add_link(session: Session, agent: Agent | None) -> str:
    """Make a one-time link's token inside a transaction; no agent stands for a first admin."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignInLink(
            token_hash=digest(token),
            agent_id=agent.id if agent else None,
            role=agent.role if agent else "admin",
            created_at=now,
            expires_at=now + lifetime(),
        )
    )
    return token


def drop_links(session: Session, agent_id: int) -> None:
    """Make every link of an agent that nobody has used yet worth nothing."""
    session.execute(
        sa.delete(SignInLink).where(SignInLink.agent_id == agent_id, SignInLink.used_at.is_(None))
    )


def first_admin() -> tuple[bool, str]:
    """Whether an admin still has to come in by a link, and the e-mail of who that would be."""
    with reading() as session:
        admins = session.scalars(
            sa.select(Agent).where(Agent.role == "admin", Agent.disabled_at.is_(None))
        ).all()
    if any(admin.password_hash for admin in admins):
        return False, ""
    return True, admins[0].email if admins else ""


def look_at_link(token: str) -> Welcome:
    """What a link is for, without using it up.

    :raises LinkSpent: it is not valid.
    """
    with reading() as session:
        link, agent = _valid_link(session, token)
    return Welcome(
        agent_id=agent.id if agent else None,
        name=agent.name if agent else "",
        email=agent.email if agent else "",
        role=link.role,
    )


def use_link(
    token: str, *, name: str, email: str, password: str, address: str, user_agent: str
) -> str:
    """Use a link up: create or update its agent and sign them in; returns the cookie's token.

    Without a password (the demo's "look around first") the agent can come back by a link only.

    :raises LinkSpent: it is not valid (any more).
    :raises EmailTaken: another agent has this e-mail.
    """
    now = clock.now()
    hashed = signing_in.hash_password(password) if password else ""
    with writing() as session:
        link, agent = _valid_link(session, token)
        used = session.execute(
            sa.update(SignInLink)
            .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
            .values(used_at=now)
            .returning(SignInLink.id)
        ).first()
        if used is None:
            raise LinkSpent
        taken = session.scalar(sa.select(Agent.id).where(Agent.email == email))
        if taken is not None and (agent is None or taken != agent.id):
            raise EmailTaken
        if agent is None:
            agent = Agent(role=link.role, created_at=now)
            session.add(agent)
        agent.name, agent.email, agent.presence = name, email, "available"
        if hashed:
            agent.password_hash = hashed
            signing_in.end_sessions(session, agent.id)
        session.flush()
        cookie = signing_in.open_session(session, agent.id, now, address, user_agent)
        by = Actor(agent_id=agent.id, address=address)
        audit.record(session, by, "sign_in.by_link", f"agent:{agent.id}")
        session.commit()
    return cookie


def lifetime() -> timedelta:
    """How long a one-time link works."""
    settings: Settings = current_app.config["SETTINGS"]
    return timedelta(seconds=settings.timing.link_lifetime)


def _valid_link(session: Session, token: str) -> tuple[SignInLink, Agent | None]:
    link = session.scalar(
        sa.select(SignInLink).where(
            SignInLink.token_hash == digest(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > clock.now(),
        )
    )
    if link is None:
        raise LinkSpent
    agent = session.get(Agent, link.agent_id) if link.agent_id else None
    if agent is not None and agent.disabled_at is not None:
        raise LinkSpent
    return link, agent
