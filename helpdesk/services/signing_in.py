"""Signing in: passwords, and sessions that live on the server.

A cookie holds 256 random bits and the database only their hash; what is signed out, disabled or
expired is refused at the next request, and within half a minute on an open socket.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.domain.text import initials
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent, SignInFailure, SignInSession
from helpdesk.realtime.views import AgentView
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor

# N=2^15, r=8, p=3: OWASP's table for scrypt; Werkzeug's own default is below it (security.md §4.3).
HASH_METHOD = "scrypt:32768:8:3"
PASSWORD_LEAST, PASSWORD_MOST = 12, 256
LEAST_OF_ONES_OWN = 6  # characters of a password besides common and personal words
FREE_FAILURES = 5
LONGEST_DELAY_S = 300
SEEN_EVERY_S = 30

# 33 MB and 0.2 s each: more at once would let strangers take the memory and the processor.
_hashing = threading.BoundedSemaphore(2)
_NOBODY = "scrypt:32768:8:3$" + "0" * 16 + "$" + "0" * 128
_COMMON = ("password", "helpdesk", "qwerty", "letmein", "welcome", "support", "northfold")


class SignInRefused(Exception):
    """Wrong e-mail or password; which of them is never said."""


class SlowDown(Exception):
    """Too many wrong passwords for this account."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who sends a request: the agent, and the session that says so.

    ``confirmed_at`` is when this browser last proved who it is: by signing in, or by the password.
    """

    session_id: int
    agent_id: int
    name: str
    role: str
    presence: str
    confirmed_at: datetime
    has_password: bool

    @property
    def view(self) -> AgentView:
        """The agent as fragments know them."""
        return AgentView(
            id=self.agent_id,
            name=self.name,
            initials=initials(self.name),
            role=self.role,
            presence=self.presence,
        )


def digest(token: str) -> str:
    """What the database keeps of a secret that a browser holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def password_problem(password: str, *, name: str = "", email: str = "") -> str:
    """Why a password cannot be used, as a sentence; empty if it can."""
    if len(password) < PASSWORD_LEAST:
        return f"At least {PASSWORD_LEAST} characters, please. A few words are fine."
    if len(password) > PASSWORD_MOST:
        return f"At most {PASSWORD_MOST} characters, please."
    plain = password.casefold()
    personal = [part for part in (*name.casefold().split(), email.split("@")[0]) if len(part) > 3]
    left = plain
    for word in (*_COMMON, *personal):
        left = left.replace(word, "")
    if len(left) < LEAST_OF_ONES_OWN or len(set(left)) < 4:
        return "This password is too easy to guess. Put a few unrelated words together."
    return ""


def sign_in(email: str, password: str, *, address: str, user_agent: str) -> str:
    """Check a password and open a session; returns the cookie's token.

    Takes the same time and says the same for an unknown e-mail and for a wrong password.

    :raises SignInRefused: they do not fit.
    :raises SlowDown: this account had too many wrong ones just now.
    """
    now, account = clock.now(), digest(email.strip().lower())
    with reading() as session:
        agent = session.scalar(sa.select(Agent).where(Agent.email == email.strip().lower()))
        if (seconds := _blocked_for(session, account, now)) > 0:
            raise SlowDown(int(seconds) + 1)
    stored = agent.password_hash if agent and agent.password_hash else _NOBODY
    with _hashing:
        fits = check_password_hash(stored, password[:PASSWORD_MOST])
    fits = fits and len(password) <= PASSWORD_MOST
    if agent is None or not fits or agent.disabled_at or not agent.password_hash:
        _count_failure(account, now, Actor(agent_id=agent.id if agent else None, address=address))
        raise SignInRefused
    with writing() as session:
        session.execute(sa.delete(SignInFailure).where(SignInFailure.account == account))
        session.execute(sa.update(Agent).where(Agent.id == agent.id).values(presence="available"))
        token = open_session(session, agent.id, now, address, user_agent)
        by = Actor(agent_id=agent.id, address=address)
        audit.record(session, by, "sign_in.succeeded", f"agent:{agent.id}")
        session.commit()
    return token


def who(token: str) -> SignedIn | None:
    """The agent behind a cookie, if the session is alive and the agent may still work."""
    if not token:
        return None
    now, timing = clock.now(), _settings().timing
    with reading() as session:
        found = session.execute(
            sa.select(SignInSession, Agent)
            .join(Agent, Agent.id == SignInSession.agent_id)
            .where(SignInSession.token_hash == digest(token), Agent.disabled_at.is_(None))
        ).first()
    if found is None:
        return None
    signed_in, agent = found
    if (now - signed_in.last_seen_at).total_seconds() > timing.session_idle:
        return None
    if (now - signed_in.created_at).total_seconds() > timing.session_absolute:
        return None
    if (now - signed_in.last_seen_at).total_seconds() > SEEN_EVERY_S:
        _seen(signed_in.id, agent.id, now)
    return SignedIn(
        session_id=signed_in.id,
        agent_id=agent.id,
        name=agent.name,
        role=agent.role,
        presence=agent.presence,
        confirmed_at=signed_in.created_at,
        has_password=bool(agent.password_hash),
    )


def confirm(signed_in: SignedIn, password: str, *, address: str) -> None:
    """Check the password of somebody who is signed in; their session counts as new from now on.

    :raises SignInRefused: it does not fit.
    :raises SlowDown: this account had too many wrong ones just now.
    """
    now = clock.now()
    with reading() as session:
        agent = session.get_one(Agent, signed_in.agent_id)
        account = digest(agent.email)
        if (seconds := _blocked_for(session, account, now)) > 0:
            raise SlowDown(int(seconds) + 1)
    with _hashing:
        fits = check_password_hash(agent.password_hash or _NOBODY, password[:PASSWORD_MOST])
    by = Actor(agent_id=agent.id, session_id=signed_in.session_id, address=address)
    if not fits or not agent.password_hash:
        _count_failure(account, now, by)
        raise SignInRefused
    with writing() as session:
        session.execute(
            sa.update(SignInSession)
            .where(SignInSession.id == signed_in.session_id)
            .values(created_at=now)
        )
        audit.record(session, by, "sign_in.confirmed", f"agent:{agent.id}")
        session.commit()


def sign_out(session_id: int) -> None:
    """End one session; its cookie is worth nothing from now on."""
    with writing() as session:
        session.execute(sa.delete(SignInSession).where(SignInSession.id == session_id))
        session.commit()


def hash_password(password: str) -> str:
    """A password as it is kept; takes a fifth of a second on purpose."""
    with _hashing:
        return generate_password_hash(password, method=HASH_METHOD)


def end_sessions(session: Session, agent_id: int) -> None:
    """Sign an agent out everywhere."""
    session.execute(sa.delete(SignInSession).where(SignInSession.agent_id == agent_id))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def open_session(
    session: Session, agent_id: int, now: datetime, address: str, user_agent: str
) -> str:
    """Begin a session inside a transaction; returns the cookie's token."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=digest(token),
            agent_id=agent_id,
            created_at=now,
            last_seen_at=now,
            address=address[:45],
            user_agent=user_agent[:300],
        )
    )
    session.execute(sa.update(Agent).where(Agent.id == agent_id).values(last_seen_at=now))
    return token


def _seen(session_id: int, agent_id: int, now: datetime) -> None:
    with writing() as session:
        session.execute(
            sa.update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now)
        )
        session.execute(sa.update(Agent).where(Agent.id == agent_id).values(last_seen_at=now))
        session.commit()


def _blocked_for(session: Session, account: str, now: datetime) -> float:
    blocked = session.scalar(
        sa.select(SignInFailure.blocked_until).where(SignInFailure.account == account)
    )
    return (blocked - now).total_seconds() if blocked else 0.0


def _count_failure(account: str, now: datetime, by: Actor) -> None:
    """After five wrong passwords each further one doubles the wait, up to five minutes.

    Counted by what was typed, so that an unknown account behaves like a known one. What was typed
    is not kept: people type passwords into the wrong field.
    """
    with writing() as session:
        failed = session.get(SignInFailure, account)
        if failed is None:
            failed = SignInFailure(account=account, count=0)
            session.add(failed)
        failed.count += 1
        failed.last_at = now
        over = failed.count - FREE_FAILURES
        if over >= 0:
            delay = min(LONGEST_DELAY_S, 2 ** min(over + 1, 10))
            failed.blocked_until = now + timedelta(seconds=delay)
        session.execute(
            sa.delete(SignInFailure).where(SignInFailure.last_at < now - timedelta(days=1))
        )
        about = f"agent:{by.agent_id}" if by.agent_id else "unknown account"
        audit.record(session, by, "sign_in.failed", about)
        session.commit()
