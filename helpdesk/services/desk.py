"""Reading the desk at one moment: the list, the open conversation, what was said in it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from helpdesk.extensions import reading
from helpdesk.models import Conversation
from helpdesk.realtime.views import BoardView, ConversationView, MessageView
from helpdesk.services import board, dossier, transcript


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An open conversation: its state, and the rows past the numbers asked for."""

    conversation: ConversationView
    rows: list[MessageView]


def conversation_id(public_id: str) -> int | None:
    """The number behind an address."""
    with reading() as session:
        return session.scalar(sa.select(Conversation.id).where(Conversation.public_id == public_id))


def look_at_board(which: str, agent_id: int) -> BoardView:
    """The list at the left."""
    with reading() as session:
        return board.view(session, which, agent_id)


def is_new() -> bool:
    """Whether nobody ever wrote."""
    with reading() as session:
        return not board.has_conversations(session)


def open_conversation(
    number: int, agent_id: int, *, after: int | None = None, after_note: int = 0
) -> Opened:
    """One conversation as an agent sees it, with the rows past two numbers (``None``: newest)."""
    with reading() as session:
        conversation = session.get_one(Conversation, number)
        if after is None:
            after = transcript.newest(conversation.last_seq)
        return Opened(
            conversation=dossier.view(session, conversation, agent_id),
            rows=transcript.for_desk(session, conversation, after, after_note),
        )


def rows_with_evidence(number: int) -> list[MessageView]:
    """The rows whose words the latest handoff stands on, marked."""
    with reading() as session:
        conversation = session.get_one(Conversation, number)
        return [
            transcript.one_for_desk(session, conversation, "pub", seq)
            for seq in transcript.evidence_marks(session, number)
        ]


def one_row(number: int, stream: str, seq: int) -> MessageView:
    """A single row, just stored."""
    with reading() as session:
        conversation = session.get_one(Conversation, number)
        return transcript.one_for_desk(session, conversation, stream, seq)
