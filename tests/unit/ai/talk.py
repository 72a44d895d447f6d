"""Transcripts and a small knowledge base for the tests of the assistant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpdesk.ai import Article, KnowledgeBase, Reply, Transcript, TranscriptLine
from helpdesk.ai.builtin import BuiltIn
from helpdesk.domain.lifecycle import Sender

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SENDERS = {"AI": Sender.AI, "AGENT": Sender.AGENT, "SYSTEM": Sender.SYSTEM}

LAMPS = KnowledgeBase(
    (
        Article(
            id="delivery",
            title="Delivery times",
            body="Lamps are sent within one day. Parcels take two to three days.",
            questions=("How long does shipping take?", "When will my parcel arrive?"),
        ),
        Article(
            id="returns",
            title="Returning a lamp",
            body="Send it back within 30 days. The label is in the box. Returning costs nothing.",
            questions=("How do I return an item?", "Can I send a lamp back?"),
        ),
        Article(
            id="bulbs",
            title="Changing the bulb",
            body="Switch the lamp off, let it cool for ten minutes, and turn the bulb to the left.",
            questions=("How do I change the bulb?", "Which bulb fits?"),
            version=3,
        ),
        Article(
            id="invoice",
            title="Invoices",
            body="Your invoice comes by e-mail. You can also download it under Orders.",
            questions=("Where is my invoice?", "I need a receipt"),
        ),
    )
)


def said(*lines: str) -> Transcript:
    """A transcript of the customer's lines, and those that begin "AI: ", "AGENT: ", "SYSTEM: "."""
    read = []
    for number, line in enumerate(lines, start=1):
        name, colon, text = line.partition(": ")
        sender = _SENDERS.get(name) if colon else None
        at = NOON + timedelta(seconds=number)
        words = line if sender is None else text
        read.append(TranscriptLine(sender=sender or Sender.USER, text=words, at=at, seq=number))
    return Transcript(conversation="c", lines=tuple(read))


def answered(*lines: str, knowledge: KnowledgeBase = LAMPS) -> Reply:
    """What the built-in assistant says to a transcript."""
    return BuiltIn().reply(said(*lines), knowledge, deadline=5.0)


def sources(reply: Reply) -> list[int | str]:
    """The articles that a reply stands on."""
    return [source.article_id for source in reply.sources]
