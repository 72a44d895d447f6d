"""Everything that is measured on one customer turn: values with the words they stand on.

Signals judge nothing; `rules` does. All of them are stored with every customer turn, fired or not,
because a back-test or a calibration needs them later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.domain.escalation.facts import Facts, Turn
from helpdesk.domain.escalation.farewell import thanks
from helpdesk.domain.escalation.mood import frustration, sentiment
from helpdesk.domain.escalation.reading import NOTHING, Reading
from helpdesk.domain.escalation.repeats import says_asked_before, similarity
from helpdesk.domain.escalation.requests import accepts, asked_for_human
from helpdesk.domain.escalation.topics import how_to, own_case, topics
from helpdesk.domain.escalation.words import Words, read
from helpdesk.domain.lifecycle import Sender

TURNS_COMPARED = 12  # earlier turns in which a repeated question is looked for
LENGTH_COMPARED = 800  # characters of each
DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A span of a message: ``message.text[start:end] == text``."""

    seq: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Signals:
    """``sentiment`` is -1..1, every score 0..1; ``evidence`` holds what is behind a score.

    ``words`` is the length of the message.
    """

    sentiment: float
    scores: Mapping[str, float]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    words: int = 0

    def to_json(self) -> dict[str, Any]:
        """The values alone, as stored with the turn; never the customer's words."""
        return {"sentiment": self.sentiment, "scores": dict(self.scores)}


def measure(facts: Facts) -> Signals:
    """All signals of the customer's message in its conversation. Pure, and bounded in time."""
    message = facts.message
    if message is None:
        return Signals(sentiment=0.0, scores={})
    words = read(message.text)
    feeling = sentiment(message.text)
    readings = {
        "asked_for_human": _request(facts, words),
        **topics(words),
        "own_case": own_case(words),
        "how_to": how_to(words),
        "frustration": frustration(words, feeling),
        "thanks": thanks(words),
    }
    scores = {name: reading.score for name, reading in readings.items()}
    evidence = {name: evidence_of(message, reading) for name, reading in readings.items()}
    for name, (score, found) in {**_before(facts), **_repeated(facts, words)}.items():
        scores[name], evidence[name] = score, found
    if facts.reply is not None and facts.reply.confidence is not None:
        scores["low_confidence"] = 1.0 - min(1.0, max(0.0, facts.reply.confidence))
    return Signals(
        sentiment=round(feeling, DIGITS),
        scores={name: round(score, DIGITS) for name, score in scores.items()},
        evidence={name: found for name, found in evidence.items() if found},
        words=len(words.spoken()),
    )


def evidence_of(turn: Turn, reading: Reading) -> tuple[Evidence, ...]:
    """A reading's characters as evidence in that turn."""
    return tuple(
        Evidence(seq=turn.seq, start=start, end=end, text=turn.text[start:end])
        for start, end in reading.spans
    )


def _request(facts: Facts, words: Words) -> Reading:
    """Asking for a person, or saying yes to the offer that stands."""
    asked = asked_for_human(words)
    if asked.score or not facts.offered or facts.reply is not None:
        return asked
    answers = [turn for turn in facts.history if turn.sender is Sender.AI]
    if answers and answers[-1].text.rstrip().endswith(("?", "？")):
        return NOTHING  # the yes may be for the assistant's own question
    return accepts(words)


_Measured = tuple[float, tuple[Evidence, ...]]


def _before(facts: Facts) -> dict[str, _Measured]:
    """Whether the customer's turn before this one was frustrated as well."""
    earlier = [turn for turn in facts.history if turn.sender is Sender.USER]
    if not earlier:
        return {"frustration_before": (0.0, ())}
    turn = earlier[-1]
    reading = frustration(read(turn.text), sentiment(turn.text))
    return {"frustration_before": (reading.score, evidence_of(turn, reading))}


def _repeated(facts: Facts, words: Words) -> dict[str, _Measured]:
    """How much this turn asks what was answered before: once, and a second time."""
    assert facts.message is not None
    said = says_asked_before(words)
    answered = _answered(facts.history)
    if not answered or not words.tokens:
        return {"repeated_question": (0.0, ()), "repeated_before": (0.0, ())}
    alike = sorted(
        (
            (similarity(read(turn.text[:LENGTH_COMPARED]), words), turn.seq, turn)
            for turn in answered
        ),
        key=lambda found: found[:2],
        reverse=True,
    )
    best, _, same = alike[0]
    second = alike[1][0] if len(alike) > 1 else 0.0
    if said.score > best:
        found = evidence_of(facts.message, said)
    else:
        found = (*_whole(same), *_whole(facts.message)) if best else ()
    return {
        "repeated_question": (max(best, said.score), found),
        "repeated_before": (second, ()),
    }


def _answered(history: tuple[Turn, ...]) -> list[Turn]:
    """The customer's turns that got an answer: two messages in a row repeat nothing."""
    last_answer = max(
        (index for index, turn in enumerate(history) if turn.sender is Sender.AI), default=0
    )
    asked = [turn for turn in history[:last_answer] if turn.sender is Sender.USER]
    return asked[-TURNS_COMPARED:]


def _whole(turn: Turn) -> tuple[Evidence, ...]:
    text = turn.text.strip()
    start = turn.text.find(text)
    return evidence_of(turn, Reading(1.0, ((start, start + len(text)),)))
