"""What is known when a decision is made. Plain values: nothing here reads a database or a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.lifecycle import Sender


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One public message of the present episode.

    ``confidence`` is the assistant's own (0..1); ``refused`` says that it did not answer.
    """

    seq: int
    sender: Sender
    text: str
    at: datetime
    confidence: float | None = None
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class ReplyFacts:
    """What came back from the assistant.

    ``refused`` is "", "does_not_know" or "out_of_scope"; ``error`` holds the words of the last
    error when no answer came at all.
    """

    confidence: float | None = None
    refused: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that `evaluate` looks at.

    There are two moments: the customer's ``message`` before it is stored (``reply`` is ``None``),
    and the assistant's ``reply`` to it before it is posted. A pressed button has neither.

    :param history: the turns of this episode before the message, oldest first.
    :param customer_turns: the customer's turns of this episode, the message included.
    :param requested_by: "button", "menu" or "offer" when the customer pressed it, else "".
    :param offered: an offer of a person stands.
    :param declined_turns_ago: the customer's turns since "no thanks", if there was one.
    :param muted_turns: more than 0: a person gave the conversation back a moment ago.
    :param returned_after_s: seconds since the episode was resolved, when the message reopens it.
    :param asked_before: the customer asked for a person earlier in this episode.
    """

    history: tuple[Turn, ...]
    message: Turn | None
    customer_turns: int
    requested_by: str = ""
    offered: bool = False
    declined_turns_ago: int | None = None
    muted_turns: int = 0
    returned_after_s: float | None = None
    asked_before: bool = False
    reply: ReplyFacts | None = None
