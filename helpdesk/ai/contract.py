"""The reply hook: what an assistant is given, what it must give back, and how it may fail."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from helpdesk.domain.confidence import Retrieval
from helpdesk.domain.lifecycle import Sender

LONGEST_REPLY = 4_000  # characters; what is longer is cut, never refused
REFUSALS = ("", "does_not_know", "out_of_scope")


class AiError(Exception):
    """No reply came, or one that cannot be used. The words are for the agent, not the customer."""


class AiTimeout(AiError):
    """The time allowed for a reply is over."""


@dataclass(frozen=True, kw_only=True)
class TranscriptLine:
    """One public message of the episode."""

    sender: Sender
    text: str
    at: datetime
    seq: int


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A frozen snapshot of the episode, oldest line first; nothing of earlier episodes."""

    conversation: str
    lines: tuple[TranscriptLine, ...]
    language: str = "en"
    customer_name: str = ""

    def question(self) -> str:
        """The customer's lines that nobody has answered yet, joined by newlines."""
        return "\n".join(self.stretches()[-1])

    def stretches(self) -> list[list[str]]:
        """The customer's lines, cut where the assistant or a person answered; the open one last."""
        stretches: list[list[str]] = [[]]
        for line in self.lines:
            if line.sender is Sender.USER:
                stretches[-1].append(line.text)
            elif line.sender is not Sender.SYSTEM and stretches[-1]:
                stretches.append([])
        return stretches


@dataclass(frozen=True, kw_only=True)
class Article:
    """One piece of knowledge: what it says, and the ways in which customers ask for it."""

    id: int | str
    title: str
    body: str
    questions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An article that a search found: how well it fits (0..1), and by what evidence.

    ``words`` are the search words that the text stands for, with their weight: by them the right
    sentences of the article are found.
    """

    article: Article
    score: float
    retrieval: Retrieval
    words: Mapping[str, float]


class Knowledge(Protocol):
    """What an assistant may look things up in. Safe to share between threads."""

    def search(self, text: str, limit: int = 3) -> list[Hit]:
        """The articles nearest to the text, best first; none when no word of it is known."""
        ...


@dataclass(frozen=True, kw_only=True)
class Source:
    """An article that a reply stands on, as it was at that moment."""

    article_id: int | str
    title: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the assistant says and how sure it is, 0..1.

    ``refused`` is empty for an answer, ``does_not_know`` when something related was found but not
    enough, ``out_of_scope`` when the question is about something else; a refusal has no text.
    """

    text: str
    confidence: float
    sources: tuple[Source, ...] = ()
    refused: str = ""


class Responder(Protocol):
    """An assistant. The same object is called from many threads at once."""

    def reply(
        self,
        transcript: Transcript,
        knowledge: Knowledge,
        *,
        deadline: float,
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Answer the transcript's open question.

        ``deadline`` is the number of seconds left; ``on_text`` is called with each piece of the
        text as it comes, in order, and may never be called.

        :raises AiError: there is no usable reply; ``AiTimeout`` when the seconds are over.
        """
        ...


def checked(reply: object) -> Reply:
    """A reply from code that is not ours, made safe to store: no NUL, no endless text.

    :raises AiError: it is no ``Reply``, or says something impossible.
    """
    if not isinstance(reply, Reply):
        raise AiError(f"the assistant gave {type(reply).__name__} instead of a Reply")
    if not isinstance(reply.text, str) or reply.refused not in REFUSALS:
        raise AiError("the assistant's reply has no text or an unknown refusal")
    if not isinstance(reply.confidence, int | float) or not math.isfinite(reply.confidence):
        raise AiError("the assistant's confidence is not a number")
    text = reply.text.replace("\0", "").strip()[:LONGEST_REPLY]
    if reply.refused:
        return replace(reply, text="", confidence=_unit(reply.confidence), sources=())
    if not text:
        raise AiError("the assistant gave an empty reply")
    return replace(reply, text=text, confidence=_unit(reply.confidence))


def _unit(value: float) -> float:
    return min(1.0, max(0.0, float(value)))
