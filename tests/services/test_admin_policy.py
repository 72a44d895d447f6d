"""The escalation policy: what is saved decides the next message, and every version stays."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation import CODES, Policy
from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import reading
from helpdesk.services import policies
from helpdesk.services.admin import policy
from helpdesk.services.admin.changes import EditedMeanwhile, Refused
from helpdesk.services.admin.policy_form import fields_of
from tests.support.admin import ada, audited, cleo
from tests.support.make import Make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONEY = "I deposited money but it's not showing!"


def form(**more: str) -> dict[str, str]:
    return fields_of(Policy.default()) | {name.replace("__", "-"): v for name, v in more.items()}


def in_force() -> Policy:
    with reading() as session:
        return policies.current(session)


def test_a_saved_policy_decides_the_next_message(make: Make) -> None:
    assert make.conversation(text=MONEY).support_status is Status.WAITING
    codes = ("financial_transaction", "does_not_know", "out_of_scope")
    off = form(**{f"mode__{code}": "off" for code in codes})
    policy.save(off, version=0, by=ada(make))
    assert make.conversation(text=MONEY).support_status is Status.AI
    assert audited() == ["policy.saved"]


def test_every_field_of_the_form_reaches_the_policy(make: Make) -> None:
    fields = form(
        mode__frustration="transfer",
        threshold__frustration="0,75",
        priority__frustration="low",
        turn_limit="25",
        return_minutes="90",
        decline_quiet_turns="2",
        short_message_words="3",
        own_case_from="0.5",
        urgent_after_hours="message",
        mode__left_message="transfer",
    )
    policy.save(fields, version=0, by=ada(make))
    saved = in_force()
    rule = saved.rules["frustration"]
    assert (rule.mode, rule.threshold, rule.priority) == ("transfer", 0.75, "low")
    assert (saved.turn_limit, saved.return_window_s, saved.decline_quiet_turns) == (25, 5_400, 2)
    assert (saved.short_message_words, saved.own_case_from) == (3, 0.5)
    assert (saved.urgent_after_hours, saved.version) == ("message", 1)
    assert saved.rules["left_message"] == Policy.default().rules["left_message"]
    assert fields_of(saved)["return_minutes"] == "90"


def test_versions_say_what_they_changed_and_can_be_restored(make: Make) -> None:
    policy.save(form(turn_limit="25"), version=0, by=ada(make))
    policy.save(form(turn_limit="30"), version=1, by=cleo(make))
    newest, first = policy.history()
    assert (newest.number, newest.by, newest.changes) == (
        2,
        "Cleo Chief",
        ("Messages without a solution: 30, was 25",),
    )
    assert first.changes == ("Messages without a solution: 25, was 10",)
    policy.restore(1, version=2, by=ada(make))
    assert (in_force().turn_limit, in_force().version) == (25, 3)
    policy.restore(0, version=3, by=ada(make))
    assert in_force().turn_limit == 10
    with pytest.raises(Refused):
        policy.restore(99, version=4, by=ada(make))


def test_the_second_of_two_admins_is_shown_both(make: Make) -> None:
    policy.save(form(turn_limit="25"), version=0, by=ada(make))
    with pytest.raises(EditedMeanwhile) as met:
        policy.save(form(mode__technical_bug="offer"), version=0, by=cleo(make))
    assert {d.label for d in met.value.differences} == {"Messages without a solution", "Bug"}
    assert met.value.by == "Ada Admin"
    policy.save(form(mode__technical_bug="offer"), version=met.value.version, by=cleo(make))
    assert (in_force().turn_limit, in_force().version) == (10, 2)


@SQLITE
def test_saving_what_holds_already_makes_no_version(make: Make) -> None:
    policy.save(form(), version=0, by=ada(make))
    assert (in_force().version, policy.history()) == (0, [])


@SQLITE
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mode-asked_for_human", "off", "This rule cannot be switched off."),
        ("mode-frustration", "shout", "Choose one."),
        ("threshold-frustration", "1.5", "Must be from 0 to 1."),
        ("threshold-frustration", "nan", "Write a number."),
        ("threshold-frustration", "", "A number is missing."),
        ("priority-frustration", "", "Choose one."),
        ("turn_limit", "0", "Must be from 1 to 1000."),
        ("turn_limit", "2.5", "Must be a whole number."),
        ("return_minutes", "99999", "30 days"),
        ("urgent_after_hours", "never", "Choose one."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    make: Make, field: str, value: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        policy.save(form() | {field: value}, version=0, by=ada(make))
    assert list(refusal.value.problems) == [field]
    assert said in refusal.value.problems[field]
    assert in_force().version == 0


@SQLITE
def test_every_rule_has_words_and_asked_for_human_no_off(make: Make) -> None:
    rules = policy.opened().rules
    assert [rule.code for rule in rules] == list(CODES)
    assert all(rule.label and rule.description.endswith(".") for rule in rules)
    assert [rule.code for rule in rules if not rule.can_be_off] == ["asked_for_human"]
