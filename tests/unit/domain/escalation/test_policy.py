"""A policy survives the trip through JSON, and a wrong one is refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpdesk.domain.escalation import CODES, Mode, Policy, PolicyError
from helpdesk.domain.lifecycle import Priority


def test_a_policy_survives_the_trip_through_json() -> None:
    policy = Policy.default()
    assert Policy.from_json(json.loads(json.dumps(policy.to_json()))) == policy


def test_what_a_saved_policy_does_not_mention_keeps_the_products_setting() -> None:
    saved = {"version": 4, "turn_limit": 6, "rules": {"frustration": {"mode": "off"}}}
    policy = Policy.from_json(saved)
    default = Policy.default()
    assert (policy.version, policy.turn_limit) == (4, 6)
    assert policy.rules["frustration"].mode is Mode.OFF
    assert policy.rules["frustration"].threshold == default.rules["frustration"].threshold
    assert policy.rules["ai_error"] == default.rules["ai_error"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"turn_limt": 5}, "turn_limt"),
        ({"turn_limit": "ten"}, "turn_limit"),
        ({"turn_limit": 0}, "turn_limit"),
        ({"turn_limit": 2.5}, "turn_limit"),
        ({"turn_limit": True}, "turn_limit"),
        ({"own_case_from": float("nan")}, "own_case_from"),
        ({"queue_when_none_online": "yes"}, "queue_when_none_online"),
        ({"urgent_after_hours": "sleep"}, "urgent_after_hours"),
        ({"rules": []}, "rules"),
        ({"rules": {"mood": {}}}, "rules.mood"),
        ({"rules": {"frustration": 1}}, "rules.frustration"),
        ({"rules": {"frustration": {"limit": 1}}}, "rules.frustration.limit"),
        ({"rules": {"frustration": {"mode": "loud"}}}, "rules.frustration.mode"),
        ({"rules": {"frustration": {"threshold": 1.5}}}, "rules.frustration.threshold"),
        ({"rules": {"frustration": {"threshold": None}}}, "rules.frustration.threshold"),
        ({"rules": {"frustration": {"priority": "huge"}}}, "rules.frustration.priority"),
        ({"rules": {"asked_for_human": {"mode": "off"}}}, "rules.asked_for_human.mode"),
    ],
)
def test_a_wrong_policy_is_refused_by_the_name_of_the_field(
    data: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        Policy.from_json(data)
    assert str(refused.value).startswith(f"{field}: ")


def test_a_policy_without_a_rule_is_refused() -> None:
    rules = {code: rule for code, rule in Policy.default().rules.items() if code != "frustration"}
    with pytest.raises(PolicyError, match="frustration missing"):
        Policy(version=1, rules=rules)


def test_the_products_priorities_are_those_of_the_design() -> None:
    rules = Policy.default().rules
    urgent = {code for code in CODES if rules[code].priority is Priority.URGENT}
    high = {code for code in CODES if rules[code].priority is Priority.HIGH}
    assert urgent == {"account_security", "financial_transaction"}
    assert high == {"frustration", "repeated_question", "returned_within_window"}
