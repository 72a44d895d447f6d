"""The team: who is in it, who is there."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from helpdesk import clock
from helpdesk.domain.text import initials
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent
from helpdesk.realtime.views import AgentView

PRESENT_FOR = timedelta(minutes=2)
"""How long an agent counts as there after the last request."""


class EmailTaken(Exception):
    """Another agent has this e-mail address."""


def set_presence(agent_id: int, presence: str) -> None:
    """Available or away."""
    with writing() as session:
        session.execute(sa.update(Agent).where(Agent.id == agent_id).values(presence=presence))
        session.commit()


def team() -> list[AgentView]:
    """Everybody who may answer, with their presence; away when not seen lately."""
    fresh = clock.now() - PRESENT_FOR
    with reading() as session:
        agents = session.scalars(
            sa.select(Agent).where(Agent.disabled_at.is_(None)).order_by(Agent.name)
        ).all()
    return [
        AgentView(
            id=agent.id,
            name=agent.name,
            initials=initials(agent.name),
            role=agent.role,
            presence=agent.presence
            if agent.last_seen_at and agent.last_seen_at > fresh
            else "away",
        )
        for agent in agents
    ]


def add_agent(name: str, email: str, role: str) -> None:
    """Add a member of the team, who comes in by a link.

    :raises EmailTaken: somebody has this e-mail.
    """
    with writing() as session:
        if session.scalar(sa.select(Agent.id).where(Agent.email == email.lower())):
            raise EmailTaken
        session.add(Agent(name=name, email=email.lower(), role=role, created_at=clock.now()))
        session.commit()
