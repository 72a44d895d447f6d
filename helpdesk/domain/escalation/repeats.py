"""Signal: the customer asks again what the assistant has answered already."""

from __future__ import annotations

from functools import lru_cache

from helpdesk.domain.escalation.lexicon import Lexicon
from helpdesk.domain.escalation.lexicons import plain
from helpdesk.domain.escalation.reading import Reading, reading_of
from helpdesk.domain.escalation.words import MARKS, Words

WORDS_COMPARED = 80  # of a message; a longer one is told apart by its beginning
FEWEST = 2  # words with a meaning; with fewer, only the very same words are a repetition
LIGHT = 0.4  # the weight of a word that every second message contains
DOUBT = 0.5  # a word and a half in common says less than three of four
ENDINGS = ("ing", "ed", "es", "s", "ly")

_ASKED_BEFORE = Lexicon(plain.ASKED_BEFORE)
_SAME = {word: f"={row.split()[0]}" for row in plain.SAME for word in row.split()}


def says_asked_before(words: Words) -> Reading:
    """The customer says so: "I already asked", "that is not what I asked"."""
    return reading_of(words, _ASKED_BEFORE.find(words))


def similarity(one: Words, other: Words) -> float:
    """How surely two messages ask the same, 0..1; 1 for the same words in any order."""
    first, second = _meaning(one), _meaning(other)
    if min(len(first), len(second)) < FEWEST:
        return float(bool(first) and _verbatim(one) == _verbatim(other))
    shared = _weight(first & second)
    either = _weight(first | second)
    smaller = min(_weight(first), _weight(second)) + DOUBT * (first != second)
    return (shared / either + shared / smaller) / 2


def _meaning(words: Words) -> frozenset[str]:
    """The words with a meaning, each brought to its group or stem."""
    return frozenset(
        _stem(token)
        for token in words.tokens[:WORDS_COMPARED]
        if token not in plain.STOP_WORDS and token not in MARKS
    )


def _verbatim(words: Words) -> frozenset[str]:
    """For very short messages ("where is my order"): every word counts, in any order."""
    return frozenset(
        plain.CONTRACTED.get(token, token)
        for token in words.tokens[:WORDS_COMPARED]
        if token not in plain.PADDING and token not in MARKS
    )


def _weight(words: frozenset[str]) -> float:
    return sum(LIGHT if word in _LIGHT_STEMS else 1.0 for word in words)


@lru_cache(maxsize=4_096)
def _stem(word: str) -> str:
    if word in _SAME:
        return _SAME[word]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


_LIGHT_STEMS = frozenset(_stem(word) for word in plain.COMMON)
