"""Reading a transcript: rows after a number, for the customer or for the desk."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.lifecycle import Sender
from helpdesk.domain.text import initials
from helpdesk.models import Agent, Contact, Conversation, Escalation, Message
from helpdesk.realtime.views import MarkView, MessageView, SourceView
from helpdesk.services import policies

PAGE = 1_000
"""The most rows read at a time, and the length of transcript that a page begins with."""

Marks = dict[int, tuple[MarkView, ...]]


def for_customer(session: Session, conversation_id: int, after: int = 0) -> list[MessageView]:
    """The customer's rows past ``after``, in order: nothing of the desk's is in them."""
    names = _agents(session)
    return [
        _view(row, name=_customer_sees(row, names))
        for row in _rows(session, conversation_id, "pub", after)
    ]


def for_desk(
    session: Session, conversation: Conversation, after: int = 0, after_note: int = 0
) -> list[MessageView]:
    """The desk's rows past both numbers: messages and notes in reading order."""
    contact = session.get_one(Contact, conversation.contact_id)
    names = _agents(session) | {0: contact_name(contact)}
    limit = policies.current(session).rules["low_confidence"].threshold
    marks = evidence_marks(session, conversation.id)
    public = _rows(session, conversation.id, "pub", after)
    notes = _rows(session, conversation.id, "desk", after_note)
    rows = sorted([*public, *notes], key=lambda row: (row.after_seq or row.seq, row.after_seq > 0))
    return [_desk_view(row, names, marks, limit) for row in rows]


def newest(last: int) -> int:
    """The number after which a page that shows a whole transcript begins."""
    return max(0, last - PAGE)


def one_for_desk(
    session: Session, conversation: Conversation, stream: str, seq: int
) -> MessageView:
    """A single row of either stream as the desk sees it."""
    past = seq - 1
    rows = (
        for_desk(session, conversation, past, conversation.last_note_seq)
        if stream == "pub"
        else for_desk(session, conversation, conversation.last_seq, past)
    )
    return rows[0]


def evidence_marks(session: Session, conversation_id: int) -> Marks:
    """The words that the findings of the latest handoff stand on, by message number."""
    escalation = latest_escalation(session, conversation_id)
    found: dict[int, list[MarkView]] = {}
    for number, finding in enumerate(escalation.evidence if escalation else (), 1):
        for span in finding["evidence"]:
            mark = MarkView(start=span["start"], end=span["end"], number=number)
            found.setdefault(span["seq"], []).append(mark)
    return {seq: _apart(marks) for seq, marks in found.items()}


def latest_escalation(session: Session, conversation_id: int) -> Escalation | None:
    """The newest handoff or offer of a conversation."""
    return session.scalar(
        sa.select(Escalation)
        .where(Escalation.conversation_id == conversation_id)
        .order_by(Escalation.id.desc())
        .limit(1)
    )


def contact_name(contact: Contact) -> str:
    """What the desk calls a contact; the end of their public id tells the nameless apart."""
    return contact.name or contact.email or f"Visitor {contact.public_id[:4]}"


def _rows(session: Session, conversation_id: int, stream: str, after: int) -> Iterable[Message]:
    return session.scalars(
        sa.select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.stream == stream,
            Message.seq > after,
        )
        .order_by(Message.seq)
        .limit(PAGE)
    ).all()


def _agents(session: Session) -> dict[int, str]:
    return dict(session.execute(sa.select(Agent.id, Agent.name)).all())


def _apart(marks: list[MarkView]) -> tuple[MarkView, ...]:
    """In order and without overlaps: the first finding keeps words that two of them share."""
    kept: list[MarkView] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.number)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


def _customer_sees(row: Message, agents: dict[int, str]) -> str:
    match row.sender_type:
        case Sender.AGENT:
            return agents.get(row.agent_id or 0, "Support").split()[0]
        case Sender.AI:
            return "Assistant"
        case Sender.USER:
            return "You"
        case _:
            return ""


def _desk_view(row: Message, names: dict[int, str], marks: Marks, limit: float) -> MessageView:
    match row.sender_type:
        case Sender.USER:
            name = names[0]
        case Sender.AGENT:
            name = names.get(row.agent_id or 0, "Agent")
        case Sender.AI:
            name = "Assistant"
        case _:
            name = ""
    return _view(
        row,
        name=name,
        confidence=row.ai_confidence,
        confidence_limit=limit if row.ai_confidence is not None else None,
        marks=marks.get(row.seq, ()) if row.stream == "pub" else (),
        requires_followup=row.requires_followup,
    )


def _view(
    row: Message,
    *,
    name: str,
    confidence: float | None = None,
    confidence_limit: float | None = None,
    marks: tuple[MarkView, ...] = (),
    requires_followup: bool = False,
) -> MessageView:
    return MessageView(
        stream=row.stream,
        seq=row.seq,
        after_seq=row.after_seq,
        mid=row.client_msg_id,
        sender_type=row.sender_type,
        kind=row.kind,
        name=name,
        initials=initials(name),
        body=row.body,
        at=row.created_at,
        agent_id=row.agent_id,
        confidence=confidence,
        confidence_limit=confidence_limit,
        marks=marks,
        requires_followup=requires_followup,
        sources=tuple(
            SourceView(title=source["title"], version=source["version"]) for source in row.sources
        ),
    )
