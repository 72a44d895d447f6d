"""What a rule has to say: its value against its limit, the words it stands on, a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.domain.escalation.codes import Action
from helpdesk.domain.escalation.signals import Evidence
from helpdesk.domain.lifecycle import Priority

QUOTES = 3
QUOTE_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's result. Without an ``action`` it is a near miss; ``note`` is for people."""

    code: str
    action: Action
    priority: Priority
    value: float
    threshold: float
    evidence: tuple[Evidence, ...]
    note: str


def quoted(evidence: tuple[Evidence, ...]) -> str:
    """The first few spans in quotation marks, for a note: “charged twice”, “refund”."""
    texts: list[str] = []
    for span in evidence:
        text = " ".join(span.text.split())
        if len(text) > QUOTE_LENGTH:
            text = text[: QUOTE_LENGTH - 1].rstrip() + "…"
        if text and text not in texts:
            texts.append(text)
    return ", ".join(f"“{text}”" for text in texts[:QUOTES])
