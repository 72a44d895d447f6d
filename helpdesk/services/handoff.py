"""From the assistant to a person: what an offer and an escalation write, inside a transaction."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from helpdesk.domain.escalation import ISSUE_TYPES, LABELS, Action, Decision, Finding
from helpdesk.domain.events import HandoffOffered, HandoffRequested, PriorityRaised
from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.models import AiRun, Conversation, Episode, Escalation, Message
from helpdesk.services import alerting, wordings
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork


def offer(
    work: UnitOfWork,
    conversation: Conversation,
    situation: Situation,
    decision: Decision,
    *,
    actor: str,
    template: str = "offer",
) -> None:
    """Ask the customer whether a person should take over. The assistant stays in charge."""
    conversation.offer_state = "offered"
    conversation.offer_turn = conversation.customer_turns
    keep(work, conversation, situation, decision, outcome="offered")
    work.record(conversation, HandoffOffered(actor=actor, codes=decision.codes))
    text = wordings.say(work.session, template, inbox=situation.inbox, contact=situation.contact)
    work.announce(conversation, "offer", text)


def escalate(
    work: UnitOfWork,
    conversation: Conversation,
    situation: Situation,
    decision: Decision,
    *,
    actor: str,
    text: str = "",
) -> None:
    """Put the conversation into the queue and tell the customer, in the same transaction.

    The caller holds the conversation in ``ai`` or ``resolved``; a second escalation of the same
    episode cannot happen, because the first one changed the status under the same lock.

    :raises IllegalMove: a person is in charge already.
    """
    escalation = keep(work, conversation, situation, decision, outcome="open")
    work.session.flush()
    conversation.priority = decision.priority
    conversation.offer_state = "none"
    conversation.ai_handoff_at = work.now
    conversation.ai_handoff_reason = reason(decision)
    issue = decision.primary or ""
    text = text or wordings.say(
        work.session,
        "ai_error" if issue == "ai_error" else "handoff",
        inbox=situation.inbox,
        contact=situation.contact,
        issue_type=ISSUE_TYPES.get(issue, ISSUE_TYPES["asked_for_human"]),
    )
    event = HandoffRequested(
        actor=actor,
        codes=decision.codes,
        priority=decision.priority,
        escalation_id=escalation.id,
    )
    work.move(conversation, Status.WAITING, event)
    work.announce(conversation, "handoff", text)
    _count(work, conversation)
    _await_reply(work, conversation)
    drop_queued_runs(work, conversation)
    _tell(work, conversation, decision)


def raise_priority(
    work: UnitOfWork, conversation: Conversation, decision: Decision, *, actor: str
) -> None:
    """A waiting customer says something more urgent: move ahead, never back, and alert anew."""
    if decision.action is Action.NONE or decision.priority.rank <= conversation.priority.rank:
        return
    escalation = work.session.scalar(
        sa.select(Escalation).where(
            Escalation.episode_id == conversation.episode_id, Escalation.outcome == "open"
        )
    )
    if escalation is not None:
        new = [code for code in decision.codes if code not in escalation.codes]
        escalation.codes = [*escalation.codes, *new]
        escalation.evidence = [*escalation.evidence, *_as_data(decision.findings)]
        escalation.priority = decision.priority
    work.rank(conversation, decision.priority)
    conversation.ai_handoff_reason = f"{conversation.ai_handoff_reason}; {reason(decision)}".strip(
        "; "
    )
    work.record(
        conversation,
        PriorityRaised(actor=actor, codes=decision.codes, priority=decision.priority),
    )
    _tell(work, conversation, decision)


def close_open(work: UnitOfWork, conversation: Conversation, outcome: str) -> None:
    """Say how the open escalation of an episode, if there is one, ended."""
    work.session.execute(
        sa.update(Escalation)
        .where(Escalation.episode_id == conversation.episode_id, Escalation.outcome == "open")
        .values(outcome=outcome, ended_at=work.now)
        .execution_options(synchronize_session=False)
    )


def reason(decision: Decision) -> str:
    """Why, in words for the desk: "Money, Frustrated"."""
    return ", ".join(LABELS[code] for code in decision.codes)


def keep(
    work: UnitOfWork,
    conversation: Conversation,
    situation: Situation,
    decision: Decision,
    *,
    outcome: str,
) -> Escalation:
    """Store why, as data: the rules that fired and nearly fired, with their evidence."""
    assert conversation.episode_id is not None
    escalation = Escalation(
        conversation_id=conversation.id,
        episode_id=conversation.episode_id,
        policy_version=situation.policy.version,
        seq=conversation.last_customer_seq,
        action=decision.action,
        codes=list(decision.codes),
        primary_code=decision.primary or "",
        priority=decision.priority,
        evidence=_as_data(decision.findings),
        near_misses=_as_data(decision.near_misses),
        outcome=outcome,
        created_at=work.now,
    )
    work.session.add(escalation)
    return escalation


def _as_data(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _count(work: UnitOfWork, conversation: Conversation) -> None:
    episode = work.session.get_one(Episode, conversation.episode_id)
    episode.escalation_count += 1
    episode.first_escalated_at = episode.first_escalated_at or work.now


def _await_reply(work: UnitOfWork, conversation: Conversation) -> None:
    """The words that led here are not answered by a person yet."""
    work.session.execute(
        sa.update(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.seq == conversation.last_customer_seq,
            Message.sender_type == Sender.USER,
        )
        .values(requires_followup=True)
        .execution_options(synchronize_session=False)
    )


def drop_queued_runs(work: UnitOfWork, conversation: Conversation) -> None:
    """Runs that nobody has begun need not begin; one that is under way meets the fence."""
    work.session.execute(
        sa.update(AiRun)
        .where(AiRun.conversation_id == conversation.id, AiRun.state == "queued")
        .values(state="done", outcome="superseded", ended_at=work.now)
        .execution_options(synchronize_session=False)
    )


def _tell(work: UnitOfWork, conversation: Conversation, decision: Decision) -> None:
    """Whoever hears of handoffs hears again when one becomes more urgent."""
    alerting.tell(
        work,
        conversation,
        HandoffRequested.name,
        priority=decision.priority,
        reasons=decision.codes,
    )
