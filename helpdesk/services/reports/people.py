"""Who joined which episode."""

from __future__ import annotations

import sqlalchemy as sa

from helpdesk.domain.events import ConversationClaimed
from helpdesk.extensions import UtcDateTime
from helpdesk.models import Conversation, EventRow
from helpdesk.services.reports.cases import Cases, Scope, Unit, everything, within


def _rows(scope: Scope) -> sa.Subquery:
    """An agent in an episode, by the first moment they joined it in the period."""
    agent = EventRow.payload["agent_id"].as_integer()
    joined = (
        sa.select(
            EventRow.id,
            EventRow.episode_id,
            EventRow.conversation_id,
            EventRow.created_at,
            Conversation.inbox_id,
            agent.label("agent_id"),
        )
        .join(Conversation, Conversation.id == EventRow.conversation_id)
        .where(EventRow.name == ConversationClaimed.name, within(scope.span, EventRow.created_at))
    )
    if scope.inbox_id is not None:
        joined = joined.where(Conversation.inbox_id == scope.inbox_id)
    if scope.agent_id is not None:
        joined = joined.where(agent == scope.agent_id)
    each = joined.subquery("each_join").c
    same = (each.episode_id, each.conversation_id, each.inbox_id, each.agent_id)
    return (
        sa.select(
            sa.func.min(each.id).label("id"),
            sa.func.min(each.created_at, type_=UtcDateTime()).label("at"),
            *same,
        )
        .group_by(*same)
        .subquery("joins")
    )


JOINS = Unit(one="episode joined", many="episodes joined", rows=_rows)
JOINED = Cases(key="joined", title="Episodes that agents joined", unit=JOINS, holds=everything)

ALL = (JOINED,)
