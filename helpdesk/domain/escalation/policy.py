"""The escalation policy of a desk: which rules act, how, from which limit, with which priority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from helpdesk.domain.escalation.codes import ALWAYS_ON, CODES
from helpdesk.domain.lifecycle import Priority

Choice = TypeVar("Choice", bound=StrEnum)


class Mode(StrEnum):
    """What a rule may do when it fires.

    ``OFFER`` asks the customer first; rules that know a second step (asked again, frustrated twice,
    the same question a third time) transfer then. ``TRANSFER`` calls a person at once, except that
    a topic needs the customer's own case and frustration more than one short message.
    """

    OFF = "off"
    OFFER = "offer"
    TRANSFER = "transfer"


class PolicyError(ValueError):
    """A policy cannot be used as it is written; the message names the field."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule's settings. ``threshold`` (0..1) is what its score must reach.

    ``low_confidence`` is the other way round: it fires below its threshold. Rules that know only
    yes or no, or count, do not look at it.
    """

    mode: Mode
    threshold: float
    priority: Priority


_DEFAULTS: dict[str, Rule] = {
    "asked_for_human": Rule(mode=Mode.OFFER, threshold=0.6, priority=Priority.MEDIUM),
    "account_security": Rule(mode=Mode.TRANSFER, threshold=0.55, priority=Priority.URGENT),
    "financial_transaction": Rule(mode=Mode.TRANSFER, threshold=0.55, priority=Priority.URGENT),
    "legal_compliance": Rule(mode=Mode.TRANSFER, threshold=0.55, priority=Priority.MEDIUM),
    "technical_bug": Rule(mode=Mode.TRANSFER, threshold=0.55, priority=Priority.MEDIUM),
    "frustration": Rule(mode=Mode.OFFER, threshold=0.6, priority=Priority.HIGH),
    "repeated_question": Rule(mode=Mode.OFFER, threshold=0.5, priority=Priority.HIGH),
    "low_confidence": Rule(mode=Mode.OFFER, threshold=0.45, priority=Priority.MEDIUM),
    "does_not_know": Rule(mode=Mode.TRANSFER, threshold=1.0, priority=Priority.MEDIUM),
    "out_of_scope": Rule(mode=Mode.TRANSFER, threshold=1.0, priority=Priority.MEDIUM),
    "ai_error": Rule(mode=Mode.TRANSFER, threshold=1.0, priority=Priority.MEDIUM),
    "turn_limit": Rule(mode=Mode.TRANSFER, threshold=1.0, priority=Priority.MEDIUM),
    "returned_within_window": Rule(mode=Mode.TRANSFER, threshold=1.0, priority=Priority.HIGH),
    "left_message": Rule(mode=Mode.OFFER, threshold=1.0, priority=Priority.LOW),
}

LIMITS: dict[str, tuple[float, float]] = {
    "turn_limit": (1, 1_000),
    "return_window_s": (0, 30 * 86_400),
    "decline_quiet_turns": (0, 1_000),
    "own_case_from": (0.0, 1.0),
    "short_message_words": (0, 1_000),
}
"""The smallest and the largest value of each limit."""

AFTER_HOURS = ("queue", "message")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All rules and limits of one version.

    :param turn_limit: more customer turns than this in one episode are too many.
    :param return_window_s: a customer who writes within this time after "resolved" came back.
    :param decline_quiet_turns: after "no thanks", no offer for this many customer turns.
    :param own_case_from: the score from which something has happened to the customer (topics).
    :param short_message_words: a message of at most so many words never transfers by mood alone.
    :param queue_when_none_online: hand over even when nobody is there to take it.
    :param urgent_after_hours: "queue" puts urgent cases into the queue while the desk is closed;
        "message" takes a message as for any other.
    """

    version: int
    rules: Mapping[str, Rule] = field(default_factory=lambda: dict(_DEFAULTS))
    turn_limit: int = 10
    return_window_s: int = 3_600
    decline_quiet_turns: int = 4
    own_case_from: float = 0.6
    short_message_words: int = 6
    queue_when_none_online: bool = True
    urgent_after_hours: str = "queue"

    def __post_init__(self) -> None:
        missing = [code for code in CODES if code not in self.rules]
        if missing:
            raise PolicyError(f"rules: {', '.join(missing)} missing")

    @classmethod
    def default(cls) -> Policy:
        """The product's own policy, version 0."""
        return cls(version=0)

    def to_json(self) -> dict[str, Any]:
        """The policy as JSON values; `from_json` reads it back."""
        rules = {
            code: {"mode": str(r.mode), "threshold": r.threshold, "priority": str(r.priority)}
            for code, r in self.rules.items()
        }
        named = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**named, "rules": rules}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Policy:
        """Read a saved policy. What it does not mention keeps the product's own setting.

        :raises PolicyError: a field is unknown or cannot have this value; the message names it.
        """
        known = {item.name for item in fields(cls)}
        for name in data:
            if name not in known:
                raise PolicyError(f"{name}: there is no such setting")
        values = {name: _setting(name, value) for name, value in data.items() if name != "rules"}
        rules = _table(data.get("rules", {}), "rules")
        for code in rules:
            if code not in _DEFAULTS:
                raise PolicyError(f"rules.{code}: there is no such rule")
        return cls(
            **{"version": 0, **values},
            rules={code: _rule(code, rules.get(code, {}), _DEFAULTS[code]) for code in CODES},
        )


def _rule(code: str, data: Any, default: Rule) -> Rule:
    table = _table(data, f"rules.{code}")
    for name in table:
        if name not in {"mode", "threshold", "priority"}:
            raise PolicyError(f"rules.{code}.{name}: there is no such setting")
    mode = _choice(Mode, table.get("mode", default.mode), f"rules.{code}.mode")
    if mode is Mode.OFF and code in ALWAYS_ON:
        raise PolicyError(f"rules.{code}.mode: this rule cannot be switched off")
    where = f"rules.{code}.threshold"
    return Rule(
        mode=mode,
        threshold=_number(table.get("threshold", default.threshold), where, 0.0, 1.0),
        priority=_choice(
            Priority, table.get("priority", default.priority), f"rules.{code}.priority"
        ),
    )


def _setting(name: str, value: Any) -> Any:
    if name == "queue_when_none_online":
        if not isinstance(value, bool):
            raise PolicyError(f"{name}: must be true or false")
        return value
    if name == "urgent_after_hours":
        if value not in AFTER_HOURS:
            raise PolicyError(f"{name}: must be one of {', '.join(AFTER_HOURS)}")
        return value
    smallest, largest = LIMITS.get(name, (0, 2**31))
    number = _number(value, name, smallest, largest)
    if name == "own_case_from":
        return number
    if number != int(number):
        raise PolicyError(f"{name}: must be a whole number")
    return int(number)


def _number(value: Any, where: str, smallest: float, largest: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PolicyError(f"{where}: must be a number")
    if not smallest <= value <= largest:  # also refuses "not a number"
        raise PolicyError(f"{where}: must be from {smallest:g} to {largest:g}")
    return float(value)


def _choice(kind: type[Choice], value: Any, where: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        raise PolicyError(f"{where}: must be one of {', '.join(kind)}") from None


def _table(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise PolicyError(f"{where}: must be a table of settings")
    return data
