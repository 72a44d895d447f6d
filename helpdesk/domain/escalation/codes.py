"""The reasons for which a person may be needed, and the words for them."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What is done: nothing, the customer is asked, or a person is called."""

    NONE = "none"
    OFFER = "offer"
    TRANSFER = "transfer"

    @property
    def rank(self) -> int:
        return _ACTION_RANK[self]


_ACTION_RANK = {Action.NONE: 0, Action.OFFER: 1, Action.TRANSFER: 2}

LABELS: dict[str, str] = {
    "asked_for_human": "Asked for a person",
    "account_security": "Account security",
    "financial_transaction": "Money",
    "legal_compliance": "Legal",
    "technical_bug": "Bug",
    "frustration": "Frustrated",
    "repeated_question": "Repeated question",
    "low_confidence": "Low confidence",
    "does_not_know": "No answer found",
    "out_of_scope": "Outside its knowledge",
    "ai_error": "Assistant error",
    "turn_limit": "Many messages",
    "returned_within_window": "Came back",
    "left_message": "Left a message",
}
"""Words for chips, by code. The order is the table's order: of two equal priorities the first."""

CODES: tuple[str, ...] = tuple(LABELS)

ISSUE_TYPES: dict[str, str] = {
    "asked_for_human": "your request",
    "account_security": "your account's security",
    "financial_transaction": "your payment",
    "legal_compliance": "your legal question",
    "technical_bug": "the technical problem",
    "frustration": "this",
    "repeated_question": "your question",
    "low_confidence": "your question",
    "does_not_know": "your question",
    "out_of_scope": "your question",
    "ai_error": "your request",
    "turn_limit": "your request",
    "returned_within_window": "your request",
    "left_message": "your message",
}
"""Words for "[ISSUE TYPE]" in "… who can better assist you with [ISSUE TYPE]"."""

TOPICS: tuple[str, ...] = (
    "account_security",
    "financial_transaction",
    "legal_compliance",
    "technical_bug",
)

SOFT: frozenset[str] = frozenset(
    {"frustration", "repeated_question", "low_confidence", "turn_limit"}
)
"""Muted for a while after a person gave the conversation back to the assistant."""

ALWAYS_ON: frozenset[str] = frozenset({"asked_for_human"})
"""Rules that no policy can switch off."""
