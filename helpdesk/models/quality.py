"""What people thought: the customer's rating of an episode, the agent's review of a handoff."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.columns import Id, Moment, one_of

VERDICTS = ("needed", "ai_could_have", "wrong_team")


class Rating(Base):
    """A customer's answer to "how did we do?": one per episode. ``score`` 1..5, None = skipped."""

    __tablename__ = "rating"
    __table_args__ = (sa.CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"), index=True)
    episode_id: Mapped[int] = mapped_column(sa.ForeignKey("episode.id"), unique=True)
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agent.id"), index=True)
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(sa.String(2_000), default="")
    created_at: Mapped[Moment]


class Review(Base):
    """An agent's label on an escalation: was a person needed? One per agent and escalation."""

    __tablename__ = "review"
    __table_args__ = (sa.UniqueConstraint("escalation_id", "agent_id"),)

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"), index=True)
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"))
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agent.id"))
    verdict: Mapped[str] = mapped_column(one_of(VERDICTS, "verdict"))
    created_at: Mapped[Moment]
