"""Reading one conversation as the desk sees it: who, why a person was needed, what was before."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import LABELS
from helpdesk.domain.text import initials
from helpdesk.models import (
    Agent,
    AiRun,
    Contact,
    Conversation,
    Episode,
    Escalation,
    Inbox,
    Rating,
    Review,
)
from helpdesk.realtime.views import (
    ConversationView,
    FindingView,
    HeldBackView,
    PastChatView,
    WhyView,
)
from helpdesk.services import board, chat, mail_answers, transcript

PAST_CHATS = 5
COUNTED = ("turn_limit", "returned_within_window")
"""Findings whose value is a number of its own, not a score between 0 and 1."""


def view(session: Session, conversation: Conversation, agent_id: int) -> ConversationView:
    """Everything about a conversation but its transcript; ``review`` is this agent's label."""
    contact = session.get_one(Contact, conversation.contact_id)
    inbox = session.get_one(Inbox, conversation.inbox_id)
    agent = session.get(Agent, conversation.assigned_agent_id or 0)
    escalation = transcript.latest_escalation(session, conversation.id)
    rating = session.scalar(sa.select(Rating).where(Rating.episode_id == conversation.episode_id))
    episode = session.get_one(Episode, conversation.episode_id)
    name = transcript.contact_name(contact)
    _, due_at = board.clock_of(conversation)
    return ConversationView(
        conversation=conversation.public_id,
        number=conversation.id,
        name=name,
        initials=initials(name),
        email=contact.email,
        answers_go_to=mail_answers.goes_to(conversation, contact),
        verified=contact.verified,
        locale=contact.locale,
        time_zone=contact.time_zone,
        page_url=contact.page_url,
        inbox=inbox.name,
        status=conversation.support_status,
        priority=conversation.priority,
        agent_id=conversation.assigned_agent_id,
        agent_name=agent.name if agent else "",
        sentiment=conversation.sentiment_score,
        opened_at=episode.opened_at,
        first_at=conversation.created_at,
        waiting_since=conversation.waiting_since,
        reply_due_at=due_at,
        requires_human=conversation.requires_human,
        offer_open=conversation.offer_state == "offered",
        ai_working=chat.is_assistant_working(session, conversation),
        epoch=conversation.control_epoch,
        last_seq=conversation.last_seq,
        last_note_seq=conversation.last_note_seq,
        greeting="",
        rating=rating.score if rating else None,
        rating_comment=rating.comment if rating else "",
        review=_review(session, escalation, agent_id),
        why=_why(escalation) if escalation else None,
        held_back=_held_back(session, conversation),
        past=_past(session, conversation),
    )


def _review(session: Session, escalation: Escalation | None, agent_id: int) -> str:
    if escalation is None:
        return ""
    given = session.scalar(
        sa.select(Review.verdict).where(
            Review.escalation_id == escalation.id, Review.agent_id == agent_id
        )
    )
    return given or ""


def _why(escalation: Escalation) -> WhyView:
    return WhyView(
        summary=_summary(escalation),
        action=escalation.action,
        priority=escalation.priority,
        at=escalation.created_at,
        policy_version=escalation.policy_version,
        findings=tuple(_finding(n, data) for n, data in enumerate(escalation.evidence, 1)),
        near_misses=tuple(_finding(0, data) for data in escalation.near_misses),
    )


def _summary(escalation: Escalation) -> str:
    reason = LABELS.get(escalation.primary_code, "A rule")
    if escalation.action == "offer":
        return f"{reason} led to an offer: the customer decides."
    return f"{reason} sent it to the queue as {escalation.priority}."


def _finding(number: int, data: dict[str, Any]) -> FindingView:
    value, limit = float(data["value"]), float(data["threshold"])
    top = max(value, limit) * 1.1 if data["code"] in COUNTED else 1.0
    words = list(dict.fromkeys(span["text"] for span in data["evidence"]))
    return FindingView(
        number=number,
        code=data["code"],
        label=LABELS.get(data["code"], data["code"]),
        detail=", ".join(f"“{word}”" for word in words[:3]) or data["note"],
        value=_figure(data["code"], value),
        limit=f"limit {_figure(data['code'], limit)}",
        meter=min(1.0, max(0.0, value / top)) if top else 0.0,
        tick=min(1.0, max(0.0, limit / top)) if top else 0.0,
    )


def _figure(code: str, value: float) -> str:
    if code == "returned_within_window":
        return f"{value / 60:.0f} min"
    return f"{value:.0f}" if code in COUNTED else f"{value:.2f}"


def _held_back(session: Session, conversation: Conversation) -> HeldBackView | None:
    run = session.scalar(
        sa.select(AiRun)
        .where(AiRun.episode_id == conversation.episode_id, AiRun.outcome == "suppressed")
        .order_by(AiRun.id.desc())
        .limit(1)
    )
    if run is None or not run.text:
        return None
    return HeldBackView(text=run.text, confidence=run.confidence, at=run.ended_at or run.created_at)


def _past(session: Session, conversation: Conversation) -> tuple[PastChatView, ...]:
    rows = session.execute(
        sa.select(Episode, Conversation, Rating.score)
        .join(Conversation, Conversation.id == Episode.conversation_id)
        .join(Rating, Rating.episode_id == Episode.id, isouter=True)
        .where(
            Conversation.contact_id == conversation.contact_id,
            Episode.id != conversation.episode_id,
        )
        .order_by(Episode.id.desc())
        .limit(PAST_CHATS)
    )
    return tuple(
        PastChatView(
            conversation=past.public_id,
            number=past.id,
            at=episode.opened_at,
            outcome=episode.resolution_kind or past.support_status,
            rating=score,
        )
        for episode, past, score in rows
    )
