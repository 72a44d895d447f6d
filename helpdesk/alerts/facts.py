"""The facts that may leave the building. An admin picks from these for every endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain import events


@dataclass(frozen=True, kw_only=True)
class Tellable:
    """A fact as admins and receivers meet it.

    ``ranked``: it has a priority, so that an endpoint's least priority decides about it too.
    ``quotes``: it is about words that a customer has just written.
    """

    name: str
    label: str
    headline: str
    ranked: bool = False
    quotes: bool = False


TEST = "alert.test"
"""The name of the fact that an admin pressed "Send test"."""

_ALL = (
    Tellable(
        name=events.HandoffRequested.name,
        label="A customer needs a person",
        headline="A customer is waiting for a person",
        ranked=True,
        quotes=True,
    ),
    Tellable(
        name=events.HandoffSuppressed.name,
        label="A customer needs a person while the office is closed",
        headline="A customer needed a person while the office was closed",
        ranked=True,
        quotes=True,
    ),
    Tellable(
        name=events.MessageLeft.name,
        label="A customer left a message",
        headline="A customer left a message for the team",
        quotes=True,
    ),
    Tellable(
        name=events.ConversationClaimed.name,
        label="An agent took a conversation",
        headline="An agent took a conversation",
    ),
    Tellable(
        name=events.ConversationResolved.name,
        label="A conversation was solved",
        headline="A conversation was solved",
    ),
    Tellable(
        name=events.RatingReceived.name,
        label="A customer rated a conversation",
        headline="A customer rated a conversation",
    ),
)

TELLABLE: Mapping[str, Tellable] = {fact.name: fact for fact in _ALL}

HEADLINES: Mapping[str, str] = {fact.name: fact.headline for fact in _ALL} | {
    TEST: "This is a test: alerts from the desk arrive here",
}


def words_of(fact: str) -> str:
    """A fact in a sentence of ours; empty for what is none."""
    return HEADLINES.get(fact, "")
