"""How episodes ended: solved by the assistant, with a person, left, or not yet."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from helpdesk.domain.events import (
    ConversationClaimed,
    ConversationReopened,
    ConversationResolved,
)
from helpdesk.models import Conversation, Episode, EventRow
from helpdesk.services.reports.cases import (
    Cases,
    Columns,
    Condition,
    Scope,
    Unit,
    everything,
    within,
)
from helpdesk.services.reports.sqltime import seconds_between

BY_ASSISTANT = ("confirmed", "assumed")
LEFT = ("left", "spam")


def _rows(scope: Scope) -> sa.CTE:
    """Episodes by the moment they began; each has one outcome, and a person's part comes first."""
    query = (
        sa.select(
            Episode.id,
            Episode.id.label("episode_id"),
            Episode.conversation_id,
            Episode.opened_at.label("at"),
            Conversation.inbox_id,
            _outcome(scope).label("outcome"),
            (Episode.escalation_count > 0).label("escalated"),
            seconds_between(Episode.opened_at, Episode.first_escalated_at).label("seconds"),
            Episode.id.in_(_taken_back(scope)).label("taken_back"),
        )
        .join(Conversation, Conversation.id == Episode.conversation_id)
        .where(within(scope.span, Episode.opened_at))
    )
    if scope.inbox_id is not None:
        query = query.where(Conversation.inbox_id == scope.inbox_id)
    if scope.agent_id is not None:
        query = query.where(Episode.id.in_(_joined(scope, by=scope.agent_id)))
    return query.cte("episodes")


def _outcome(scope: Scope) -> sa.ColumnElement[str]:
    over = Episode.resolved_at.is_not(None)
    with_person = sa.or_(
        Episode.escalation_count > 0,
        Episode.id.in_(_joined(scope)),
        sa.and_(over, Episode.resolution_kind == "agent"),
    )
    return sa.case(
        (with_person, "person"),
        (sa.and_(over, Episode.resolution_kind.in_(LEFT)), "left"),
        (over, sa.cast(Episode.resolution_kind, sa.String)),
        else_="open",
    )


def _joined(scope: Scope, by: int | None = None) -> sa.Select[int | None]:
    """Episodes that an agent, or this one, joined; nobody joins one before it has begun."""
    joined = sa.select(EventRow.episode_id).where(
        EventRow.name == ConversationClaimed.name,
        EventRow.created_at >= scope.span.start,
        EventRow.episode_id.is_not(None),
    )
    if by is None:
        return joined
    return joined.where(EventRow.payload["agent_id"].as_integer() == by)


def _taken_back(scope: Scope) -> sa.Select[int | None]:
    """Episodes that the assistant had solved and that went on all the same."""
    solved, again = aliased(EventRow), aliased(EventRow)
    return sa.select(again.episode_id).where(
        again.name == ConversationReopened.name,
        again.created_at >= scope.span.start,
        again.episode_id.is_not(None),
        sa.exists().where(
            solved.conversation_id == again.conversation_id,
            solved.episode_id == again.episode_id,
            solved.name == ConversationResolved.name,
            solved.id < again.id,
            solved.payload["kind"].as_string().in_(BY_ASSISTANT),
        ),
    )


def _outcome_is(*outcomes: str) -> Callable[[Columns], Condition]:
    def holds(columns: Columns) -> Condition:
        return columns.outcome.in_(outcomes)

    return holds


EPISODES = Unit(one="episode", many="episodes", rows=_rows, has_agent=False)

OPENED = Cases(key="opened", title="Episodes that began", unit=EPISODES, holds=everything)
DECIDED = Cases(
    key="decided",
    title="Episodes that are over, or with a person",
    unit=EPISODES,
    holds=lambda columns: columns.outcome != "open",
)
SOLVED = Cases(
    key="solved",
    title="Solved by the assistant",
    unit=EPISODES,
    holds=_outcome_is(*BY_ASSISTANT),
)
CONFIRMED = Cases(
    key="confirmed",
    title="Solved by the assistant, confirmed by the customer",
    unit=EPISODES,
    holds=_outcome_is("confirmed"),
)
ASSUMED = Cases(
    key="assumed",
    title="Solved by the assistant, assumed after a day of silence",
    unit=EPISODES,
    holds=_outcome_is("assumed"),
)
PERSON = Cases(
    key="person",
    title="With a person",
    unit=EPISODES,
    holds=_outcome_is("person"),
)
LEFT_ALONE = Cases(
    key="left",
    title="Left without help, or spam",
    unit=EPISODES,
    holds=_outcome_is("left"),
)
OPEN = Cases(
    key="open",
    title="Still with the assistant",
    unit=EPISODES,
    holds=_outcome_is("open"),
)
TAKEN_BACK = Cases(
    key="taken-back",
    title="Solved by the assistant, then taken back",
    unit=EPISODES,
    holds=lambda columns: columns.taken_back,
)
ESCALATED = Cases(
    key="escalated",
    title="Episodes with a handoff",
    unit=EPISODES,
    holds=lambda columns: columns.escalated,
)

OUTCOMES = (CONFIRMED, ASSUMED, PERSON, LEFT_ALONE, OPEN)
"""Each episode is in exactly one of these."""

ALL = (OPENED, DECIDED, SOLVED, *OUTCOMES, TAKEN_BACK, ESCALATED)
