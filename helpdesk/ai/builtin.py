"""The built-in assistant: it says what the knowledge says, or that it does not know.

No network, no model: a search, a calibrated confidence, and the article's own sentences.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from helpdesk.ai.contract import AiTimeout, Hit, Knowledge, Reply, Source, Transcript
from helpdesk.ai.passages import answer, sentence
from helpdesk.ai.smalltalk import small_talk
from helpdesk.ai.words import SYNONYMS, terms
from helpdesk.domain.confidence import KNOWN_AT_LEAST, REFUSE_BELOW, SHIPPED, Calibration
from helpdesk.domain.lifecycle import Sender

SMALL_TALK_CONFIDENCE = 0.95
ENOUGH_WORDS = 2  # content words with which a question can stand alone
FEW_WORDS = 4  # up to these, "and can they be …" is also read as a continuation

_REFERS_BACK = re.compile(
    r"(?:and|but|also|so|then|or|what about|how about|ok(?:ay)?)\b"
    r"|.*\b(?:it|its|that|those|this|these|they|them|there)\b",
    re.IGNORECASE,
)


class BuiltIn:
    """A ``Responder`` that answers from the knowledge alone."""

    def __init__(self, calibration: Calibration = SHIPPED) -> None:
        self._calibration = calibration

    def reply(
        self,
        transcript: Transcript,
        knowledge: Knowledge,
        *,
        deadline: float,
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Answer the customer's open lines; ``on_text`` gets the whole text once.

        :raises AiTimeout: the seconds were over before the answer was ready.
        """
        ends = time.monotonic() + deadline
        reply = self._compose(transcript, knowledge, ends)
        _check(ends)
        if on_text and reply.text:
            on_text(reply.text)
        return reply

    def _compose(self, transcript: Transcript, knowledge: Knowledge, ends: float) -> Reply:
        *earlier, open_lines = transcript.stretches()
        lines, courtesy = _without_small_talk(open_lines)
        if courtesy and not lines:
            return Reply(text=courtesy, confidence=SMALL_TALK_CONFIDENCE)
        best: _Answer | None = None
        for reading in _readings(lines, earlier):
            _check(ends)
            for hit in knowledge.search(reading.text, 1):
                confidence = self._calibration.confidence(hit.retrieval)
                if best is None or confidence > best.confidence:
                    best = _Answer(hit, confidence, reading.own)
        _check(ends)
        if best is None:
            return Reply(text="", confidence=0.0, refused="out_of_scope")
        return best.reply(already_said=_last_answer(transcript))


@dataclass(frozen=True)
class _Reading:
    """One way to understand the open lines; ``own``: what they add to the question before."""

    text: str
    own: str = ""


@dataclass(frozen=True)
class _Answer:
    hit: Hit
    confidence: float
    own: str

    def reply(self, *, already_said: str) -> Reply:
        article = self.hit.article
        text = answer(article.body, self.hit.words)
        if self.own and text == already_said:
            # The same words once more would not help, the sentence that was overlooked might.
            text = sentence(article.body, self._own_words())
        if refused := self._refusal(text):
            return Reply(text="", confidence=self.confidence if text else 0.0, refused=refused)
        source = Source(article_id=article.id, title=article.title, version=article.version)
        return Reply(text=text, confidence=self.confidence, sources=(source,))

    def _refusal(self, text: str) -> str:
        if self.hit.retrieval.known < KNOWN_AT_LEAST:
            return "out_of_scope"
        return "" if text and self.confidence >= REFUSE_BELOW else "does_not_know"

    def _own_words(self) -> dict[str, float]:
        own = set(terms(self.own))
        own |= {other for word in own for other in SYNONYMS.get(word, ())}
        return {word: weight for word, weight in self.hit.words.items() if word in own}


def _without_small_talk(lines: list[str]) -> tuple[list[str], str]:
    """The lines that ask something, and the answer to the last one that does not."""
    courtesy = ""
    asking: list[str] = []
    for line in lines:
        if said := small_talk(line):
            courtesy = said
        elif line.strip():
            asking.append(line)
    return asking, courtesy


def _readings(lines: list[str], earlier: list[list[str]]) -> Iterator[_Reading]:
    """All open lines together, the last one alone, or the question before continued.

    The most confident reading is answered: customers send one question in three lines, but also
    change the subject without waiting.
    """
    text = "\n".join(lines)
    own_words, refers_back = len(set(terms(text))), bool(_REFERS_BACK.match(text))
    leans = own_words < ENOUGH_WORDS or (refers_back and own_words <= FEW_WORDS)
    if leans and (before := _question_before(earlier)):
        yield _Reading(f"{before}\n{text}", own=text)
        if refers_back and own_words < ENOUGH_WORDS:
            return
    yield _Reading(text)
    if len(lines) > 1 and len(set(terms(lines[-1]))) >= ENOUGH_WORDS:
        yield _Reading(lines[-1])


def _question_before(earlier: list[list[str]]) -> str:
    """The latest answered lines that name a topic; empty when there are none."""
    for lines in reversed(earlier):
        text = "\n".join(line for line in lines if not small_talk(line))
        if terms(text) and not (_REFERS_BACK.match(text) and len(terms(text)) < ENOUGH_WORDS):
            return text
    return ""


def _last_answer(transcript: Transcript) -> str:
    said = [line.text for line in transcript.lines if line.sender is Sender.AI]
    return said[-1] if said else ""


def _check(ends: float) -> None:
    if time.monotonic() >= ends:
        raise AiTimeout("the built-in assistant ran out of time")
