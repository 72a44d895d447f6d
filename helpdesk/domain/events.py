"""Every fact that can happen to a conversation: frozen, in the past tense, ids and words only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact. ``actor`` is ``customer``, ``ai``, ``system`` or ``agent:7``."""

    name: ClassVar[str]
    actor: str

    def payload(self) -> dict[str, Any]:
        """The fact's own fields, ready for JSON."""
        return {key: value for key, value in asdict(self).items() if key != "actor"}


@dataclass(frozen=True, kw_only=True)
class ConversationCreated(Event):
    """A contact wrote for the first time, or again after the last conversation was closed."""

    name = "conversation.created"


@dataclass(frozen=True, kw_only=True)
class MessageCreated(Event):
    """A message was stored in the public stream."""

    name = "message.created"
    seq: int
    sender_type: str


@dataclass(frozen=True, kw_only=True)
class NoteCreated(Event):
    """An internal note was stored; customers never hear of it."""

    name = "note.created"
    seq: int


@dataclass(frozen=True, kw_only=True)
class HandoffOffered(Event):
    """The customer was asked whether a person should take over."""

    name = "handoff.offered"
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HandoffDeclined(Event):
    """The customer would rather keep going with the assistant."""

    name = "handoff.declined"


@dataclass(frozen=True, kw_only=True)
class HandoffRequested(Event):
    """The assistant handed over: a person is needed."""

    name = "handoff.requested"
    codes: tuple[str, ...]
    priority: str
    escalation_id: int


@dataclass(frozen=True, kw_only=True)
class HandoffSuppressed(Event):
    """A person would have been needed, but the office is closed: the assistant goes on."""

    name = "handoff.suppressed"
    codes: tuple[str, ...]
    priority: str


@dataclass(frozen=True, kw_only=True)
class MessageLeft(Event):
    """The customer left a message for the team, who answer when they are back."""

    name = "message.left"
    seq: int


@dataclass(frozen=True, kw_only=True)
class WaitGrewLong(Event):
    """The customer was told that we know how long they wait."""

    name = "sla.warning"
    minutes: int


@dataclass(frozen=True, kw_only=True)
class PriorityRaised(Event):
    """Something more urgent came up while the customer was waiting."""

    name = "priority.raised"
    codes: tuple[str, ...]
    priority: str


@dataclass(frozen=True, kw_only=True)
class ConversationClaimed(Event):
    """An agent took the conversation, from the queue or from the assistant."""

    name = "conversation.claimed"
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationRequeued(Event):
    """The agent let go; the customer waits again at the same place."""

    name = "conversation.requeued"
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationReturnedToAi(Event):
    """The human stretch ended; the assistant goes on."""

    name = "conversation.returned_to_ai"


@dataclass(frozen=True, kw_only=True)
class ConversationResolved(Event):
    """Solved. ``kind`` is confirmed, assumed, agent, left or spam."""

    name = "conversation.resolved"
    kind: str


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Event):
    """The customer or an agent wrote again after it was resolved."""

    name = "conversation.reopened"


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(Event):
    """Final: the next message starts a new conversation."""

    name = "conversation.closed"


@dataclass(frozen=True, kw_only=True)
class ReplySuppressed(Event):
    """The assistant's answer came too late and was kept for the agent."""

    name = "reply.suppressed"
    run_id: int


@dataclass(frozen=True, kw_only=True)
class RatingReceived(Event):
    """The customer rated an episode, 1 (very bad) to 5 (very good)."""

    name = "csat.received"
    score: int


@dataclass(frozen=True, kw_only=True)
class ReviewGiven(Event):
    """An agent judged a handoff: needed, ai_could_have, wrong_team, or "" for taken back."""

    name = "feedback.review"
    verdict: str


@dataclass(frozen=True, kw_only=True)
class AiShouldHaveHandled(Event):
    """An agent says that no person should have been needed."""

    name = "feedback.ai_should_have_handled"
