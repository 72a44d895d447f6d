"""Short ways to say what was said, for the tests of the handoff decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.domain.escalation import Decision, Facts, Mode, Policy, Turn, evaluate
from helpdesk.domain.lifecycle import Sender

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def turns(*said: str) -> tuple[Turn, ...]:
    """A history: lines that begin with "AI:" are the assistant's, the others the customer's."""
    return tuple(
        Turn(
            seq=seq,
            sender=Sender.AI if line.startswith("AI:") else Sender.USER,
            text=line.removeprefix("AI:").strip(),
            at=NOON + timedelta(seconds=seq),
        )
        for seq, line in enumerate(said, start=1)
    )


def facts(text: str | None, *before: str, **more: Any) -> Facts:
    """The customer writes ``text`` after the lines ``before``."""
    history = turns(*before)
    message = None
    if text is not None:
        seq = len(history) + 1
        message = Turn(seq=seq, sender=Sender.USER, text=text, at=NOON + timedelta(seconds=seq))
    said = sum(turn.sender is Sender.USER for turn in history)
    more.setdefault("customer_turns", said + (text is not None))
    return Facts(history=history, message=message, **more)


def decide(text: str | None, *before: str, policy: Policy | None = None, **more: Any) -> Decision:
    """The decision of the product's own policy, or of another one."""
    return evaluate(facts(text, *before, **more), policy or Policy.default())


def with_rule(code: str, **settings: Any) -> Policy:
    """The product's own policy with one rule set otherwise."""
    return Policy.from_json({"rules": {code: settings}})


def with_mode(code: str, mode: Mode) -> Policy:
    """The product's own policy with one rule in another mode."""
    return with_rule(code, mode=str(mode))
