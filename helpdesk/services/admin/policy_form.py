"""The escalation policy as a form: each rule in words, its switch, its limit, its priority."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.domain.escalation import CODES, LABELS, Mode, Policy, PolicyError
from helpdesk.domain.escalation.codes import ALWAYS_ON
from helpdesk.services.admin.changes import Refused

SECONDS_A_MINUTE = 60

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{0,9})?")

DESCRIPTIONS: dict[str, str] = {
    "asked_for_human": "In words, by the button or the menu. A second time always transfers.",
    "account_security": "A password that does not work, a strange sign-in, a stolen account.",
    "financial_transaction": "A payment, deposit or withdrawal of their own that went wrong.",
    "legal_compliance": "A lawyer, a complaint to an authority, data protection.",
    "technical_bug": "A crash, an error message, a page that does not work.",
    "frustration": "By words and tone. Offers first; on two messages running it transfers.",
    "repeated_question": "Asks the same again after an answer. A third time always transfers.",
    "low_confidence": "The assistant answers, but is less sure than the limit.",
    "does_not_know": "The assistant says that it has no answer.",
    "out_of_scope": "The question is about something else than your articles.",
    "ai_error": "Two tries failed. Without a rule nobody would answer.",
    "turn_limit": "More messages from the customer than the limit, and nothing is solved.",
    "returned_within_window": "Writes again within the limit after the chat was solved.",
    "left_message": "Left words for the team while it was away, and no other rule fired.",
}

SCORED = frozenset(
    {
        "asked_for_human",
        "account_security",
        "financial_transaction",
        "legal_compliance",
        "technical_bug",
        "frustration",
        "repeated_question",
        "low_confidence",
    }
)
"""Rules that compare a score from 0 to 1 with their limit; the others know yes or no, or count."""

MODELESS = frozenset({"left_message"})
"""Nobody judges these, so there is nothing to switch: only their priority matters."""

MODE_WORDS = {Mode.OFF: "Off", Mode.OFFER: "Offer", Mode.TRANSFER: "Transfer"}
AFTER_HOURS_WORDS = {"queue": "Queue and alert", "message": "Take a message"}


@dataclass(frozen=True, kw_only=True)
class RuleView:
    """One rule as the form shows it. ``limit`` is text, empty where the rule compares none.

    ``limit_field`` names the form's field, ``unit`` what the number counts.
    """

    code: str
    label: str
    description: str
    mode: str
    priority: str
    limit: str
    limit_field: str
    unit: str
    has_mode: bool
    can_be_off: bool


def fields_of(policy: Policy) -> dict[str, str]:
    """A policy as the fields of the form."""
    fields = {
        "turn_limit": str(policy.turn_limit),
        "return_minutes": f"{policy.return_window_s / SECONDS_A_MINUTE:g}",
        "decline_quiet_turns": str(policy.decline_quiet_turns),
        "short_message_words": str(policy.short_message_words),
        "own_case_from": f"{policy.own_case_from:g}",
        "urgent_after_hours": policy.urgent_after_hours,
    }
    for code, rule in policy.rules.items():
        fields[f"mode-{code}"] = str(rule.mode)
        fields[f"threshold-{code}"] = f"{rule.threshold:g}"
        fields[f"priority-{code}"] = str(rule.priority)
    return fields


def words(policy: Policy) -> dict[str, str]:
    """A policy as people read it."""
    found = {}
    for code, rule in policy.rules.items():
        parts = [] if code in MODELESS else [MODE_WORDS[rule.mode]]
        parts += [f"limit {rule.threshold:g}"] if code in SCORED else []
        found[LABELS[code]] = ", ".join((*parts, f"{rule.priority} priority"))
    return found | {
        "Messages without a solution": str(policy.turn_limit),
        "Came back within": f"{policy.return_window_s / SECONDS_A_MINUTE:g} minutes",
        "Quiet after “keep going”": f"{policy.decline_quiet_turns} messages",
        "A short message": f"{policy.short_message_words} words",
        "The customer's own case from": f"{policy.own_case_from:g}",
        "Urgent while closed": AFTER_HOURS_WORDS[policy.urgent_after_hours],
    }


def rule_views(fields: Mapping[str, str]) -> tuple[RuleView, ...]:
    """The rules as a form shows them, right or wrong."""
    return tuple(_rule_view(code, fields) for code in CODES)


def policy_of(form: Mapping[str, str], *, beside: Policy) -> Policy:
    """The policy that a form describes; what it does not show stays as it is in ``beside``.

    :raises Refused: one field or several cannot be used.
    """
    problems: dict[str, str] = {}
    settings: dict[str, Any] = {}
    for field, (name, factor) in _NUMBERS.items():
        value = _number(form, field, problems)
        if value is not None and _try({name: value * factor}, field, problems):
            settings[name] = value * factor
    chosen = {"urgent_after_hours": form.get("urgent_after_hours", "")}
    if _try(chosen, "urgent_after_hours", problems):
        settings |= chosen
    rules = {code: _rule(code, form, problems) for code in CODES}
    if problems:
        raise Refused(problems)
    return Policy.from_json({**beside.to_json(), **settings, "rules": rules})


_NUMBERS = {
    "turn_limit": ("turn_limit", 1),
    "return_minutes": ("return_window_s", SECONDS_A_MINUTE),
    "decline_quiet_turns": ("decline_quiet_turns", 1),
    "short_message_words": ("short_message_words", 1),
    "own_case_from": ("own_case_from", 1),
}
"""The form's field, the policy's setting, and how many of its units one of the form's is."""


def _rule(code: str, form: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if code not in MODELESS:
        mode = {"mode": form.get(f"mode-{code}", "")}
        if _try({"rules": {code: mode}}, f"mode-{code}", problems):
            rule |= mode
    if code in SCORED:
        value = _number(form, f"threshold-{code}", problems)
        limit = {"threshold": value}
        if value is not None and _try({"rules": {code: limit}}, f"threshold-{code}", problems):
            rule |= limit
    priority = {"priority": form.get(f"priority-{code}", "")}
    if _try({"rules": {code: priority}}, f"priority-{code}", problems):
        rule |= priority
    return rule


def _number(form: Mapping[str, str], field: str, problems: dict[str, str]) -> float | None:
    text = form.get(field, "").strip().replace(",", ".")
    if not _NUMBER.fullmatch(text):
        problems[field] = "Write a number." if text else "A number is missing."
        return None
    return float(text)


def _try(data: Mapping[str, Any], field: str, problems: dict[str, str]) -> bool:
    """Whether the policy's own reader takes this; if not, what it says, beside the field."""
    try:
        Policy.from_json(data)
    except PolicyError as error:
        said = str(error).partition(": ")[2]
        if said.startswith("must be one of"):
            said = "choose one"
        if field == "return_minutes" and "from" in said:
            said = "must be from 0 to 43,200 minutes (30 days)"
        problems[field] = f"{said[:1].upper()}{said[1:]}."
        return False
    return True


_COUNTED = {
    "turn_limit": ("turn_limit", "messages"),
    "returned_within_window": ("return_minutes", "minutes"),
}
"""Rules whose limit counts something: the form's field and the unit."""


def _rule_view(code: str, fields: Mapping[str, str]) -> RuleView:
    field, unit = _COUNTED.get(code, (f"threshold-{code}" if code in SCORED else "", ""))
    return RuleView(
        code=code,
        label=LABELS[code],
        description=DESCRIPTIONS[code],
        mode=fields.get(f"mode-{code}", ""),
        priority=fields.get(f"priority-{code}", ""),
        limit=fields.get(field, ""),
        limit_field=field,
        unit=unit,
        has_mode=code not in MODELESS,
        can_be_off=code not in ALWAYS_ON,
    )
