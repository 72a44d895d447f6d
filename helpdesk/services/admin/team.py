"""The team: who is invited, what they may do, and how somebody is shut out at once."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock, realtime
from helpdesk.domain.lifecycle import Status
from helpdesk.domain.text import BadText, clean_line, initials
from helpdesk.extensions import reading
from helpdesk.models import Agent, Conversation, SignInLink, SignInSession
from helpdesk.models.people import ROLES
from helpdesk.services import links, routing
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused
from helpdesk.services.people import PRESENT_FOR
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work

LOCK = 0x5445414D  # "TEAM": the PostgreSQL advisory lock of whoever changes the team

ROLE_WORDS: dict[str, tuple[str, str]] = {
    "agent": ("Agent", "Answers customers at the desk."),
    "supervisor": ("Supervisor", "Answers customers and reads reports."),
    "admin": ("Admin", "Changes every setting and the team itself."),
}


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody on the team. ``link_until``: a one-time link waits for them until then."""

    id: int
    name: str
    initials: str
    email: str
    role: str
    presence: str
    last_seen_at: datetime | None
    is_enabled: bool
    has_password: bool
    active: int
    sessions: int
    link_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """A one-time link, shown once: only its hash is kept."""

    name: str
    token: str
    until: datetime


def listed() -> list[Member]:
    """Everybody, those who may sign in first."""
    with reading() as session:
        agents = session.scalars(
            sa.select(Agent).order_by(Agent.disabled_at.is_not(None), Agent.name, Agent.id)
        ).all()
        return _members(session, agents)


def opened(number: int) -> Member | None:
    """One member of the team."""
    with reading() as session:
        agent = session.get(Agent, number)
        return _members(session, [agent])[0] if agent else None


def invite(
    name: str, email: str, role: str, *, by: Actor, problems: Mapping[str, str] | None = None
) -> NewLink:
    """Add somebody, who comes in by the link that is returned.

    ``email`` was checked before; ``problems`` is what was wrong with it.

    :raises Refused: a field cannot be used, or somebody has this address.
    """
    problems = dict(problems or {})
    try:
        name = clean_line(name, most=80)
        if not name:
            problems["name"] = "Write the name that customers will see."
    except BadText as error:
        problems["name"] = str(error)
    if role not in ROLES:
        problems["role"] = "Choose a role."
    with unit_of_work() as work:
        _one_at_a_time(work.session)
        taken = work.session.scalar(sa.select(Agent).where(Agent.email == email))
        if taken is not None:
            state = "is on the team already" if taken.disabled_at is None else "was disabled"
            problems["email"] = f"{taken.name} has this address and {state}."
        if problems:
            raise Refused(problems)
        agent = Agent(name=name, email=email, role=role, created_at=work.now)
        work.session.add(agent)
        work.session.flush()
        made = _link(work.session, agent)
        words = {"Name": name, "E-mail": email, "Role": ROLE_WORDS[role][0]}
        audit.record(work.session, by, "agent.invited", f"agent:{agent.id}", {}, words)
    return made


def change_role(number: int, role: str, *, was: str, by: Actor) -> None:
    """Give somebody another role.

    ``was`` is the role that the form showed.

    :raises Refused: it is oneself, the last admin, or no role.
    :raises EditedMeanwhile: somebody else gave them another role first.
    """
    if role not in ROLES:
        raise Refused({"role": "Choose a role."})
    with _changing(number) as (work, agent):
        before = agent.role
        if before == role:
            return
        if number == by.agent_id:
            raise Refused({"role": "You cannot change your own role. Ask another admin."})
        if before != was:
            raise _conflict(work.session, agent, role)
        _check_not_last(work.session, agent)
        agent.role = role
        words = {"Role": ROLE_WORDS[before][0]}, {"Role": ROLE_WORDS[role][0]}
        audit.record(work.session, by, "agent.role_changed", f"agent:{number}", *words)


def disable(number: int, *, by: Actor) -> int:
    """Shut somebody out at once: sessions end, links die, their conversations go back to the
    queue; returns how many. What they said stays, and they can be enabled again.

    :raises Refused: it is oneself, or the last admin.
    """
    with _changing(number) as (work, agent):
        if number == by.agent_id:
            raise Refused({"form": "You cannot disable yourself. Ask another admin."})
        if agent.disabled_at is None:
            _check_not_last(work.session, agent)
            agent.disabled_at = work.now
            _shut_out(work.session, agent)
            audit.record(work.session, by, "agent.disabled", f"agent:{number}")
    # After the commit: from here on they can claim nothing new.
    requeued = routing.requeue_all_of(number)
    realtime.publish("queue")
    return requeued


def enable(number: int, *, by: Actor) -> NewLink | None:
    """Let somebody in again. Without a password they need the link that is returned."""
    with _changing(number) as (work, agent):
        if agent.disabled_at is None:
            return None
        agent.disabled_at = None
        made = None if agent.password_hash else _link(work.session, agent)
        audit.record(work.session, by, "agent.enabled", f"agent:{number}")
        work.afterwards(lambda: realtime.publish("queue"))
    return made


def sign_out_everywhere(number: int, *, by: Actor) -> int:
    """End every session of somebody, but the one that asks; returns how many."""
    with _changing(number) as (work, agent):
        ended = work.session.scalars(
            sa.delete(SignInSession)
            .where(SignInSession.agent_id == number, SignInSession.id != (by.session_id or 0))
            .returning(SignInSession.id)
        ).all()
        words = {"Sessions": str(len(ended))}
        audit.record(work.session, by, "agent.signed_out", f"agent:{agent.id}", words, {})
        work.afterwards(lambda: realtime.publish("queue"))
    return len(ended)


def new_link(number: int, *, by: Actor) -> NewLink:
    """A new one-time link for somebody; an earlier one that nobody used is worth nothing now.

    :raises Refused: they are disabled.
    """
    with _changing(number) as (work, agent):
        if agent.disabled_at is not None:
            raise Refused({"form": f"{agent.name} is disabled. Enable them first."})
        made = _link(work.session, agent)
        audit.record(work.session, by, "agent.link_made", f"agent:{number}")
    return made


@contextmanager
def _changing(number: int) -> Generator[tuple[UnitOfWork, Agent]]:
    """A transaction in which nobody else changes the team: two admins who demote each other at
    the same moment must not leave a desk without any.

    :raises Gone: there is no such agent.
    """
    with unit_of_work() as work:
        _one_at_a_time(work.session)
        agent = work.session.get(Agent, number, with_for_update=True)
        if agent is None:
            raise Gone
        yield work, agent


def _one_at_a_time(session: Session) -> None:
    # Not the lock of the audit log: that is taken last, by everybody.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _check_not_last(session: Session, agent: Agent) -> None:
    if agent.role != "admin" or agent.disabled_at is not None:
        return
    another = session.scalar(
        sa.select(Agent.id)
        .where(Agent.role == "admin", Agent.disabled_at.is_(None), Agent.id != agent.id)
        .limit(1)
    )
    if another is None:
        raise Refused({"role": f"{agent.name} is the last admin. Make somebody else one first."})


def _conflict(session: Session, agent: Agent, role: str) -> EditedMeanwhile:
    by, at = audit.last_change(session, f"agent:{agent.id}")
    return EditedMeanwhile(
        version=0,
        mine={"Role": ROLE_WORDS[role][0]},
        theirs={"Role": ROLE_WORDS[agent.role][0]},
        by=by,
        at=at,
    )


def _shut_out(session: Session, agent: Agent) -> None:
    session.execute(sa.delete(SignInSession).where(SignInSession.agent_id == agent.id))
    links.drop_links(session, agent.id)


def _link(session: Session, agent: Agent) -> NewLink:
    links.drop_links(session, agent.id)
    token = links.add_link(session, agent)
    return NewLink(name=agent.name, token=token, until=clock.now() + links.lifetime())


def _members(session: Session, agents: Sequence[Agent]) -> list[Member]:
    now = clock.now()
    active = dict(
        session.execute(
            sa.select(Conversation.assigned_agent_id, sa.func.count())
            .where(Conversation.support_status == Status.ACTIVE)
            .group_by(Conversation.assigned_agent_id)
        ).all()
    )
    sessions = dict(
        session.execute(
            sa.select(SignInSession.agent_id, sa.func.count()).group_by(SignInSession.agent_id)
        ).all()
    )
    waiting = dict(
        session.execute(
            sa.select(SignInLink.agent_id, sa.func.max(SignInLink.expires_at))
            .where(SignInLink.used_at.is_(None), SignInLink.expires_at > now)
            .group_by(SignInLink.agent_id)
        ).all()
    )
    return [
        Member(
            id=agent.id,
            name=agent.name,
            initials=initials(agent.name),
            email=agent.email,
            role=agent.role,
            presence=_presence(agent, now),
            last_seen_at=agent.last_seen_at,
            is_enabled=agent.disabled_at is None,
            has_password=bool(agent.password_hash),
            active=active.get(agent.id, 0),
            sessions=sessions.get(agent.id, 0),
            link_until=waiting.get(agent.id),
        )
        for agent in agents
    ]


def _presence(agent: Agent, now: datetime) -> str:
    seen = agent.last_seen_at
    return agent.presence if seen and seen > now - PRESENT_FOR else "away"
