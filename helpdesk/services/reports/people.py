"""Who joined which episode."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from helpdesk.domain.events import ConversationClaimed
from helpdesk.models import Conversation, EventRow
from helpdesk.services.reports.cases import Cases, Scope, Unit, everything, within


def _rows(scope: Scope) -> sa.Subquery:
    """An agent in an episode, by the first moment they joined it."""
    agent = EventRow.payload["agent_id"].as_integer()
    earlier = aliased(EventRow)
    again = sa.exists().where(
        earlier.conversation_id == EventRow.conversation_id,
        earlier.episode_id == EventRow.episode_id,
        earlier.name == ConversationClaimed.name,
        earlier.payload["agent_id"].as_integer() == agent,
        earlier.id < EventRow.id,
    )
    query = (
        sa.select(
            EventRow.id,
            EventRow.created_at.label("at"),
            EventRow.episode_id,
            EventRow.conversation_id,
            Conversation.inbox_id,
            agent.label("agent_id"),
        )
        .join(Conversation, Conversation.id == EventRow.conversation_id)
        .where(
            EventRow.name == ConversationClaimed.name,
            within(scope.span, EventRow.created_at),
            ~again,
        )
    )
    if scope.inbox_id is not None:
        query = query.where(Conversation.inbox_id == scope.inbox_id)
    if scope.agent_id is not None:
        query = query.where(agent == scope.agent_id)
    return query.subquery("joins")


JOINS = Unit(one="episode joined", many="episodes joined", rows=_rows)
JOINED = Cases(key="joined", title="Episodes that agents joined", unit=JOINS, holds=everything)

ALL = (JOINED,)
