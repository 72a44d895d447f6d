"""How a demo conversation is written down: who said what, how many minutes before now.

System messages are not written here: the moments (``handed_over``, ``claimed``, ``solved``, …) say
when the desk's own templates speak.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.ai.passages import answer
from helpdesk.domain.lifecycle import Priority, Sender, Status
from helpdesk.services.demo.articles import ARTICLES

_BY_SLUG = {article.id: article for article in ARTICLES}


@dataclass(frozen=True, kw_only=True)
class DemoCustomer:
    """Who writes. Two conversations of an equal customer belong to one contact."""

    name: str = ""
    email: str = ""
    locale: str = "en"
    time_zone: str = "Europe/Berlin"
    verified: bool = False
    page: str = "https://northfold.example/"


@dataclass(frozen=True, kw_only=True)
class DemoLine:
    """One message. ``ago`` is in minutes before now; a ``note`` is for the team only.

    The assistant's lines carry their confidence and the slug of the article they quote.
    """

    sender: Sender
    ago: float
    text: str
    agent: str = ""
    note: bool = False
    confidence: float | None = None
    article: str = ""


@dataclass(frozen=True, kw_only=True)
class DemoConversation:
    """A conversation and what became of it; all moments are minutes before now.

    ``codes`` say why a person was offered or needed, the first one being the primary;
    ``evidence`` holds pairs of a code and the words of the customer that speak for it.
    ``solved_before``: solved by the assistant once already, then the customer came back.
    ``solved_by`` is ``ai``, ``agent`` or ``customer`` (ended the chat); ``review`` is the agent's
    label, where ``ai_could_have`` also sets "the AI should have handled this".
    """

    customer: DemoCustomer
    status: Status
    lines: tuple[DemoLine, ...]
    priority: Priority = Priority.MEDIUM
    codes: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    offered: float | None = None
    handed_over: float | None = None
    agent: str = ""
    claimed: float | None = None
    solved_before: float | None = None
    solved: float | None = None
    solved_by: str = ""
    closed: float | None = None
    rating: int | None = None
    rating_comment: str = ""
    review: str = ""


def customer(ago: float, text: str) -> DemoLine:
    """The customer writes."""
    return DemoLine(sender=Sender.USER, ago=ago, text=text)


def assistant(ago: float, article: str, confidence: float, text: str = "") -> DemoLine:
    """The assistant answers with an article, or with the given sentence of it."""
    return DemoLine(
        sender=Sender.AI,
        ago=ago,
        text=text or answer(_BY_SLUG[article].body, {}),
        confidence=confidence,
        article=article,
    )


def agent(ago: float, who: str, text: str) -> DemoLine:
    """An agent answers."""
    return DemoLine(sender=Sender.AGENT, ago=ago, text=text, agent=who)


def note(ago: float, who: str, text: str) -> DemoLine:
    """An agent writes to the team."""
    return DemoLine(sender=Sender.AGENT, ago=ago, text=text, agent=who, note=True)
