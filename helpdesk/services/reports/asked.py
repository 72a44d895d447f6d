"""What a reader asked to see, and what they may choose from."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from helpdesk.config import Settings
from helpdesk.extensions import reading
from helpdesk.models import Agent, Inbox
from helpdesk.services.reports.cases import Scope
from helpdesk.services.reports.period import Period, Span
from helpdesk.services.reports.views import Choice, Choices


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filters of a report."""

    period: Period
    inbox_id: int | None = None
    agent_id: int | None = None

    @property
    def scope(self) -> Scope:
        """The cases of these days."""
        return self.over(self.period.span)

    def over(self, span: Span) -> Scope:
        """The cases of another time."""
        settings: Settings = current_app.config["SETTINGS"]
        return Scope(
            span=span,
            inbox_id=self.inbox_id,
            agent_id=self.agent_id,
            target_s=settings.timing.first_reply_target,
        )


def choices() -> Choices:
    """Every inbox and everybody who is or was on the team: the past does not forget them."""
    with reading() as session:
        inboxes = session.execute(sa.select(Inbox.id, Inbox.name).order_by(Inbox.name, Inbox.id))
        agents = session.execute(sa.select(Agent.id, Agent.name).order_by(Agent.name, Agent.id))
        return Choices(
            inboxes=tuple(Choice(id=number, name=name) for number, name in inboxes),
            agents=tuple(Choice(id=number, name=name) for number, name in agents),
        )
