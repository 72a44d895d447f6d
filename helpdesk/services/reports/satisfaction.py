"""What customers thought: ratings, and how many of those who could rate did."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.models import Conversation, Episode, Rating
from helpdesk.services.reports.cases import (
    Cases,
    Columns,
    Condition,
    Scope,
    Unit,
    everything,
    within,
)

SCORES = (1, 2, 3, 4, 5)
GOOD = 4
BAD = 2
SOLVED_BY = ("confirmed", "assumed", "agent")


def _ratings(scope: Scope) -> sa.Subquery:
    """Ratings with a score, by the moment they were given; skipping is none."""
    query = (
        sa.select(
            Rating.id,
            Rating.episode_id,
            Rating.conversation_id,
            Rating.created_at.label("at"),
            Conversation.inbox_id,
            Rating.agent_id,
            Rating.score,
            Rating.comment,
        )
        .join(Conversation, Conversation.id == Rating.conversation_id)
        .where(within(scope.span, Rating.created_at), Rating.score.is_not(None))
    )
    if scope.inbox_id is not None:
        query = query.where(Conversation.inbox_id == scope.inbox_id)
    if scope.agent_id is not None:
        query = query.where(Rating.agent_id == scope.agent_id)
    return query.subquery("ratings")


def _solved(scope: Scope) -> sa.Subquery:
    """Episodes by the moment they were solved, whoever did it; none that somebody just left."""
    by = sa.case(
        (
            Episode.resolved_by.startswith("agent:"),
            sa.cast(sa.func.substr(Episode.resolved_by, len("agent:") + 1), sa.BigInteger),
        )
    )
    query = (
        sa.select(
            Episode.id,
            Episode.id.label("episode_id"),
            Episode.conversation_id,
            Episode.resolved_at.label("at"),
            Conversation.inbox_id,
            by.label("agent_id"),
            Episode.resolution_kind.label("kind"),
            Rating.score.is_not(None).label("rated"),
        )
        .join(Conversation, Conversation.id == Episode.conversation_id)
        .join(Rating, Rating.episode_id == Episode.id, isouter=True)
        .where(within(scope.span, Episode.resolved_at), Episode.resolution_kind.in_(SOLVED_BY))
    )
    if scope.inbox_id is not None:
        query = query.where(Conversation.inbox_id == scope.inbox_id)
    if scope.agent_id is not None:
        query = query.where(Episode.resolved_by == f"agent:{scope.agent_id}")
    return query.subquery("solved")


def latest_complaint(session: Session, scope: Scope) -> str:
    """What the last customer wrote who gave 1 or 2."""
    rows = _ratings(scope)
    words = session.scalar(
        sa.select(rows.c.comment)
        .where(rows.c.score <= BAD, COMMENTED.holds(rows.c))
        .order_by(rows.c.at.desc(), rows.c.id.desc())
        .limit(1)
    )
    return words or ""


def _scored(score: int, *, person: bool) -> Callable[[Columns], Condition]:
    def holds(columns: Columns) -> Condition:
        return (columns.score == score) & (columns.agent_id.is_not(None) == sa.literal(person))

    return holds


RATINGS = Unit(one="rating", many="ratings", rows=_ratings)
SOLVED_EPISODES = Unit(one="solved episode", many="solved episodes", rows=_solved)

GIVEN = Cases(key="ratings", title="Ratings", unit=RATINGS, holds=everything)
HAPPY = Cases(
    key="happy",
    title="Ratings of 4 and 5",
    unit=RATINGS,
    holds=lambda columns: columns.score >= GOOD,
)
BY_ASSISTANT = Cases(
    key="ratings-assistant",
    title="Ratings of the assistant alone",
    unit=RATINGS,
    holds=lambda columns: columns.agent_id.is_(None),
)
BY_PERSON = Cases(
    key="ratings-person",
    title="Ratings of an agent",
    unit=RATINGS,
    holds=lambda columns: columns.agent_id.is_not(None),
)
BY_SCORE = {
    (who, score): Cases(
        key=f"score-{score}-{who}",
        title=f"Ratings of {score}, {'an agent' if who == 'person' else 'the assistant alone'}",
        unit=RATINGS,
        holds=_scored(score, person=who == "person"),
    )
    for who in ("assistant", "person")
    for score in SCORES
}
COMMENTED = Cases(
    key="commented",
    title="Ratings with a comment",
    unit=RATINGS,
    holds=lambda columns: columns.comment != "",
)
SOLVED = Cases(key="all-solved", title="Solved episodes", unit=SOLVED_EPISODES, holds=everything)
RATED = Cases(
    key="rated",
    title="Solved episodes with a rating",
    unit=SOLVED_EPISODES,
    holds=lambda columns: columns.rated,
)

ALL = (GIVEN, HAPPY, BY_ASSISTANT, BY_PERSON, COMMENTED, *BY_SCORE.values(), SOLVED, RATED)
