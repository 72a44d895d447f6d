"""Signals: what the message is about, and whether it is the customer's own case."""

from __future__ import annotations

from helpdesk.domain.escalation.lexicon import Lexicon
from helpdesk.domain.escalation.lexicons import own_case as own
from helpdesk.domain.escalation.lexicons import topics as words_of
from helpdesk.domain.escalation.reading import NOTHING, Reading, reading_of
from helpdesk.domain.escalation.words import QUESTION, STOP, Words

IMAGINED = 0.4  # what is left of a failure that is only imagined ("what if it fails?")

SUPPOSED = 0.5  # from here on a sentence is about something imagined

_TOPICS = {
    "account_security": Lexicon(words_of.ACCOUNT_SECURITY, words_of.CLASSES),
    "financial_transaction": Lexicon(words_of.FINANCIAL_TRANSACTION, words_of.CLASSES),
    "legal_compliance": Lexicon(words_of.LEGAL_COMPLIANCE, words_of.CLASSES),
    "technical_bug": Lexicon(words_of.TECHNICAL_BUG, words_of.CLASSES),
}
_FAILED = Lexicon(own.FAILED, own.CLASSES)
_SUPPOSED = Lexicon(own.SUPPOSED)
_HOW_TO = Lexicon(own.HOW_TO)


def topics(words: Words) -> dict[str, Reading]:
    """How strongly the message is about each of the four sensitive topics."""
    return {code: reading_of(words, lexicon.find(words)) for code, lexicon in _TOPICS.items()}


def own_case(words: Words) -> Reading:
    """How surely something went wrong for this customer: failed, missing, wrong, not their doing.

    A question of how a thing is done is not a case, and a sentence about what would happen if
    counts for little.
    """
    failed = _FAILED.find(words)
    if not failed:
        return NOTHING
    sentence = _sentences(words)
    imagined = {sentence[hit.first] for hit in _SUPPOSED.find(words) if hit.weight >= SUPPOSED}
    return reading_of(
        words,
        (
            hit._replace(weight=hit.weight * IMAGINED) if sentence[hit.first] in imagined else hit
            for hit in failed
        ),
    )


def how_to(words: Words) -> Reading:
    """How much the message reads like a question of how a thing is done."""
    return reading_of(words, _HOW_TO.find(words))


def _sentences(words: Words) -> list[int]:
    """For each token the number of the sentence it stands in."""
    number = 0
    numbers = []
    for token in words.tokens:
        numbers.append(number)
        number += token in {STOP, QUESTION}
    return numbers
