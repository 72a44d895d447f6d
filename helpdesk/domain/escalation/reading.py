"""What a signal found in one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.escalation.lexicon import Hit, spans_of, together
from helpdesk.domain.escalation.words import Span, Words


@dataclass(frozen=True, slots=True)
class Reading:
    """How strongly (0..1), and which characters of the message say so."""

    score: float
    spans: tuple[Span, ...] = ()


NOTHING = Reading(0.0)


def reading_of(words: Words, hits: Iterable[Hit]) -> Reading:
    """The hits of a lexicon as one reading."""
    found = list(hits)
    return Reading(together(hit.weight for hit in found), spans_of(words, found))
