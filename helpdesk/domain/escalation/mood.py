"""Signals: how the customer feels. VADER gives the sentiment; words decide about frustration."""

from __future__ import annotations

from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from helpdesk.domain.escalation.lexicon import MOST_SPANS, Hit, Lexicon, spans_of, together
from helpdesk.domain.escalation.lexicons import mood
from helpdesk.domain.escalation.reading import NOTHING, Reading
from helpdesk.domain.escalation.words import MARKS, Span, Words

VADER_READS = 600  # characters; its cost grows with the square of the length
LONGEST_FOR_VADER = 30  # characters of one word; nothing in its lexicon is longer
PICTURES_FOR_VADER = 8  # each is turned into a phrase of several words
HALF = VADER_READS // 2

SHOUTED = 0.25  # capitals throughout
EXCLAIMED = 0.15  # "!!", "??"
SIGNED = 0.62  # an angry face
GLOOM = 0.35  # of VADER's negative sentiment: a feature, never a reason by itself
MOOD_ALONE = 0.45  # the most that mood reaches without a single word of anger

_FEELINGS = Lexicon(mood.FEELINGS, mood.CLASSES)
_OUTBURSTS = Lexicon(mood.OUTBURSTS, mood.CLASSES)


def sentiment(text: str) -> float:
    """From -1 (very negative) to 1 (very positive), by VADER with the words of support added."""
    shortened = _for_vader(text)
    if not shortened:
        return 0.0
    return float(_analyzer().polarity_scores(shortened)["compound"])


def frustration(words: Words, feeling: float) -> Reading:
    """How surely the customer is frustrated, angry or disappointed with us.

    A calm report of a problem ("my transfer failed") is not. ``feeling`` is the `sentiment`.
    """
    hits = [hit for hit in _FEELINGS.find(words) if not _denied(words, hit)]
    hits += _OUTBURSTS.find(words)
    signs = _signs(words.text)
    manner = [*_manner(words.text), GLOOM * max(0.0, -feeling)]
    if not hits and not signs:
        return Reading(min(together(manner), MOOD_ALONE)) if any(manner) else NOTHING
    weights = [hit.weight for hit in hits] + [SIGNED] * bool(signs)
    return Reading(together(weights + manner), spans_of(words, hits) + signs)


def _denied(words: Words, hit: Hit) -> bool:
    for token in reversed(words.tokens[max(0, hit.first - 3) : hit.first]):
        if token in mood.NEGATIONS:
            return True
        if token in MARKS or token not in mood.INTENSIFIERS:
            return False
    return False


def _signs(text: str) -> tuple[Span, ...]:
    found = [(i, i + 1) for i, sign in enumerate(text[:VADER_READS]) if sign in mood.ANGRY_SIGNS]
    return tuple(found[:MOST_SPANS])


def _manner(text: str) -> list[float]:
    """Shouting and hammering on the keyboard."""
    head = text[:VADER_READS]
    letters = [character for character in head if character.isalpha()]
    shouted = len(letters) >= 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
    exclaimed = "!!" in head or "??" in head or "?!" in head
    return [SHOUTED] * shouted + [EXCLAIMED] * exclaimed


def _for_vader(text: str) -> str:
    """The beginning and the end of a text, in words that cannot cost much."""
    if len(text) > VADER_READS:
        text = f"{text[:HALF]} {text[-HALF + 1 :]}"
    kept: list[str] = []
    pictures = 0
    for character in text:
        pictures += ord(character) > 0x2190
        if ord(character) <= 0x2190 or pictures <= PICTURES_FOR_VADER:
            kept.append(character)
    return " ".join(word[:LONGEST_FOR_VADER] for word in "".join(kept).split())


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    """One analyzer for the process, made when it is first needed (20 ms)."""
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(mood.VADER)
    return analyzer
