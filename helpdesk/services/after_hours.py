"""A person is needed while nobody is there: who waits all the same, who hears when we are back."""

from __future__ import annotations

import sqlalchemy as sa

from helpdesk.domain.escalation import Decision
from helpdesk.domain.events import HandoffSuppressed
from helpdesk.domain.lifecycle import Priority
from helpdesk.models import Contact, Conversation, Inbox, Message
from helpdesk.services import alerting, handoff, office, wordings
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork

EXPLICIT = "asked_for_human"
UNANSWERED = ("does_not_know", "out_of_scope", "ai_error")
"""Without an answer of the assistant's the customer hears something every time: never silence."""


def hand_over(
    work: UnitOfWork,
    conversation: Conversation,
    seen: Situation,
    decision: Decision,
    *,
    actor: str,
) -> bool:
    """Put the conversation into the queue, if people are there or it must not wait for them.

    Returns whether it was; else the assistant goes on, and the customer may leave a message.
    """
    if office.is_open(work.session, seen.inbox, work.now):
        handoff.escalate(work, conversation, seen, decision, actor=actor)
        return True
    if waits_anyway(seen, decision):
        conversation.after_hours = True
        text = _when(work, seen.inbox, seen.contact)
        handoff.escalate(work, conversation, seen, decision, actor=actor, text=text)
        return True
    _suppress(work, conversation, seen, decision, actor=actor)
    return False


def waits_anyway(seen: Situation, decision: Decision) -> bool:
    """Whether this one is queued although the office is closed: urgent or asked for, and the
    policy says so (lifecycle.md T7c)."""
    pressing = decision.priority is Priority.URGENT or EXPLICIT in decision.codes
    return pressing and seen.policy.urgent_after_hours == "queue"


def say_when(work: UnitOfWork, conversation: Conversation, inbox: Inbox, contact: Contact) -> None:
    """Tell the customer when people are back."""
    work.announce(conversation, "after_hours", _when(work, inbox, contact))


def _suppress(
    work: UnitOfWork,
    conversation: Conversation,
    seen: Situation,
    decision: Decision,
    *,
    actor: str,
) -> None:
    """The assistant goes on; the customer hears when people are back (T7a)."""
    handoff.keep(work, conversation, seen, decision, outcome="suppressed")
    event = HandoffSuppressed(actor=actor, codes=decision.codes, priority=decision.priority)
    work.record(conversation, event)
    alerting.tell(
        work, conversation, event.name, priority=decision.priority, reasons=decision.codes
    )
    told = work.session.scalar(
        sa.select(Message.id).where(
            Message.episode_id == conversation.episode_id, Message.kind == "after_hours"
        )
    )
    if told is None or decision.primary in UNANSWERED:
        say_when(work, conversation, seen.inbox, seen.contact)


def _when(work: UnitOfWork, inbox: Inbox, contact: Contact) -> str:
    within = office.reply_within(work.session, inbox, contact, work.now)
    return wordings.say(
        work.session, "after_hours", inbox=inbox, contact=contact, reply_within=within
    )
