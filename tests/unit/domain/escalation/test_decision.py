"""When a person is needed: the promises of the design, as sentences."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation import CODES, ISSUE_TYPES, LABELS, Action, Mode, Policy, ReplyFacts
from helpdesk.domain.lifecycle import Priority
from tests.unit.domain.escalation.talk import decide, with_mode, with_rule

UNSURE = ReplyFacts(confidence=0.3)
SURE = ReplyFacts(confidence=0.9)


@pytest.mark.parametrize(
    ("text", "code", "priority"),
    [
        ("I deposited money but it's not showing!", "financial_transaction", Priority.URGENT),
        ("someone logged into my account", "account_security", Priority.URGENT),
        ("I was charged twice for my order", "financial_transaction", Priority.URGENT),
        ("There is a withdrawal that I did not make", "account_security", Priority.URGENT),
        ("My lawyer will write to you", "legal_compliance", Priority.MEDIUM),
        ("the app crashes whenever I open the chart", "technical_bug", Priority.MEDIUM),
    ],
)
def test_a_sensitive_topic_of_the_customers_own_case_calls_a_person(
    text: str, code: str, priority: Priority
) -> None:
    decision = decide(text)
    assert (decision.action, decision.primary) == (Action.TRANSFER, code)
    assert decision.priority is priority
    assert not decision.run_assistant


def test_asking_for_a_person_by_words_brings_an_offer_and_no_assistant() -> None:
    decision = decide("I want to talk to a real person")
    assert (decision.action, decision.codes) == (Action.OFFER, ("asked_for_human",))
    assert decision.priority is Priority.MEDIUM
    assert not decision.run_assistant


def test_asking_for_a_person_again_calls_one() -> None:
    decision = decide("I said a human please", asked_before=True)
    assert decision.action is Action.TRANSFER


def test_asking_for_a_person_while_the_offer_stands_calls_one() -> None:
    assert decide("let me talk to an agent", offered=True).action is Action.TRANSFER


def test_a_plain_yes_accepts_the_offer_that_stands() -> None:
    decision = decide("yes please", "hm", "AI: Here is the form.", offered=True)
    assert (decision.action, decision.codes) == (Action.TRANSFER, ("asked_for_human",))
    assert decide("yes please", "hm", "AI: Here is the form.").action is Action.NONE


def test_a_yes_to_the_assistants_own_question_accepts_nothing() -> None:
    decision = decide("yes", "hm", "AI: Do you mean the mobile app?", offered=True)
    assert decision.action is Action.NONE


@pytest.mark.parametrize("source", ["button", "menu", "offer"])
def test_a_pressed_button_calls_a_person(source: str) -> None:
    decision = decide(None, requested_by=source, muted_turns=2, declined_turns_ago=0)
    assert (decision.action, decision.primary) == (Action.TRANSFER, "asked_for_human")
    assert decision.findings[0].evidence == ()


@pytest.mark.parametrize(
    "text", ["How's my portfolio doing?", "Hi", "What is a market order?", "ok"]
)
def test_an_ordinary_message_needs_nobody(text: str) -> None:
    decision = decide(text)
    assert (decision.action, decision.codes, decision.primary) == (Action.NONE, (), None)
    assert decision.run_assistant
    assert decision.priority is Priority.LOW


def test_a_how_to_question_on_a_sensitive_topic_is_answered_first_and_offered_below() -> None:
    question = "How do I reset my password?"
    asked = decide(question)
    assert (asked.action, asked.run_assistant) == (Action.NONE, True)
    assert [miss.code for miss in asked.near_misses] == ["account_security"]

    answered = decide(question, reply=SURE)
    assert (answered.action, answered.codes) == (Action.OFFER, ("account_security",))
    assert answered.run_assistant
    assert answered.priority is Priority.MEDIUM, "nothing has happened to this customer"


def test_a_how_to_question_that_the_assistant_cannot_answer_calls_a_person() -> None:
    decision = decide("How do I reset my password?", reply=ReplyFacts(refused="does_not_know"))
    assert (decision.action, decision.priority) == (Action.TRANSFER, Priority.MEDIUM)
    assert set(decision.codes) == {"account_security", "does_not_know"}
    assert not decision.run_assistant


def test_frustration_makes_a_how_to_question_the_customers_own_case() -> None:
    decision = decide("This is ridiculous. How do I withdraw my money?")
    assert (decision.action, decision.primary) == (Action.TRANSFER, "financial_transaction")


def test_one_frustrated_message_only_brings_an_offer() -> None:
    decision = decide("this is useless")
    assert (decision.action, decision.codes) == (Action.OFFER, ("frustration",))
    assert decision.run_assistant


def test_two_frustrated_turns_running_call_a_person() -> None:
    decision = decide("this is useless", "what a terrible answer", "AI: Sorry to hear that.")
    assert (decision.action, decision.priority) == (Action.TRANSFER, Priority.HIGH)
    assert {span.seq for span in decision.findings[0].evidence} == {1, 3}


def test_frustration_together_with_another_rule_calls_a_person() -> None:
    decision = decide("such a useless assistant", reply=UNSURE)
    assert decision.action is Action.TRANSFER
    assert decision.codes == ("frustration", "low_confidence")


def test_mood_never_transfers_on_one_short_message_whatever_the_policy() -> None:
    policy = with_mode("frustration", Mode.TRANSFER)
    assert decide("this is useless", policy=policy).action is Action.OFFER
    long = "I have tried everything you told me and all of it was useless and a waste of my time"
    assert decide(long, policy=policy).action is Action.TRANSFER


def test_the_same_question_again_is_offered_a_person_and_a_third_time_gets_one() -> None:
    first = ("How do I export my trades?", "AI: Open the menu.")
    again = decide("how can I export the trades", *first)
    assert (again.action, again.codes) == (Action.OFFER, ("repeated_question",))
    assert [span.seq for span in again.findings[0].evidence] == [1, 3]

    third = decide("export trades how?", *first, "how can I export the trades", "AI: The menu.")
    assert (third.action, third.priority) == (Action.TRANSFER, Priority.HIGH)


def test_two_messages_in_a_row_without_an_answer_between_repeat_nothing() -> None:
    assert decide("How do I export my trades?", "How do I export my trades?").action is Action.NONE


def test_an_unsure_answer_is_posted_with_an_offer() -> None:
    decision = decide("Which funds do you list?", reply=UNSURE)
    assert decision.action is Action.OFFER
    assert "low_confidence" in decision.codes
    assert decision.run_assistant


def test_an_answer_at_the_limit_is_sure_enough() -> None:
    assert decide("Which colours?", reply=ReplyFacts(confidence=0.45)).action is Action.NONE


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (ReplyFacts(refused="does_not_know"), "does_not_know"),
        (ReplyFacts(refused="out_of_scope"), "out_of_scope"),
        (ReplyFacts(error="timed out twice"), "ai_error"),
        (ReplyFacts(refused="does_not_know", error="and failed"), "ai_error"),
    ],
)
def test_an_assistant_without_an_answer_calls_a_person_and_says_nothing(
    reply: ReplyFacts, code: str
) -> None:
    decision = decide("Who painted this?", reply=reply)
    assert (decision.action, decision.codes) == (Action.TRANSFER, (code,))
    assert not decision.run_assistant


def test_the_eleventh_customer_turn_calls_a_person() -> None:
    assert decide("and on Tuesday", customer_turns=10).action is Action.NONE
    decision = decide("and on Tuesday", customer_turns=11)
    assert (decision.action, decision.codes) == (Action.TRANSFER, ("turn_limit",))
    assert decision.priority is Priority.MEDIUM


def test_coming_back_within_the_hour_calls_a_person() -> None:
    decision = decide("hello again", returned_after_s=3_600.0)
    assert (decision.action, decision.priority) == (Action.TRANSFER, Priority.HIGH)
    assert decide("hello again", returned_after_s=3_601.0).action is Action.NONE


def test_saying_thanks_is_never_a_reason() -> None:
    decision = decide("Thanks!", returned_after_s=60.0, customer_turns=30)
    assert decision.action is Action.NONE


def test_an_offer_is_not_repeated_while_one_stands() -> None:
    decision = decide("Which funds?", reply=UNSURE, offered=True)
    assert (decision.action, decision.codes) == (Action.NONE, ())
    assert decision.near_misses[0].note.endswith("An offer stands already.")


@pytest.mark.parametrize(("ago", "action"), [(0, "none"), (3, "none"), (4, "offer")])
def test_an_offer_is_not_repeated_soon_after_no_thanks(ago: int, action: str) -> None:
    assert decide("Which funds?", reply=UNSURE, declined_turns_ago=ago).action == action


def test_a_request_is_heard_even_right_after_no_thanks() -> None:
    assert decide("can I talk to a human", declined_turns_ago=1).action is Action.OFFER


def test_soft_rules_are_muted_after_a_person_gave_the_conversation_back() -> None:
    decision = decide("this is useless", muted_turns=1, customer_turns=20, reply=UNSURE)
    assert decision.action is Action.NONE
    assert {miss.code for miss in decision.near_misses} == {
        "frustration",
        "turn_limit",
        "low_confidence",
    }


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("let me talk to a person now", None),
        ("my account was hacked", None),
        ("Who painted this?", ReplyFacts(refused="does_not_know")),
    ],
)
def test_requests_urgent_cases_and_missing_answers_are_never_muted(
    text: str, reply: ReplyFacts | None
) -> None:
    assert decide(text, muted_turns=2, reply=reply).action is not Action.NONE


def test_a_rule_switched_off_is_still_reported() -> None:
    decision = decide("this is useless", policy=with_mode("frustration", Mode.OFF))
    assert decision.action is Action.NONE
    assert decision.near_misses[0].note.endswith("The rule is switched off.")


def test_a_topic_in_offer_mode_asks_first() -> None:
    decision = decide("my account was hacked", policy=with_mode("account_security", Mode.OFFER))
    assert decision.action is Action.OFFER


def test_a_value_from_sixty_percent_of_its_limit_is_a_near_miss() -> None:
    policy = with_rule("frustration", threshold=0.99)
    decision = decide("this is useless", policy=policy)
    [miss] = decision.near_misses
    assert (miss.code, miss.action) == ("frustration", Action.NONE)
    assert 0.6 * miss.threshold <= miss.value < miss.threshold


def test_the_weightiest_reason_comes_first_then_the_order_of_the_table() -> None:
    decision = decide("Useless! My transfer failed and my account was hacked.")
    assert decision.codes == ("account_security", "financial_transaction", "frustration")
    assert [finding.code for finding in decision.findings] == list(decision.codes)


def test_every_customer_turn_yields_all_signal_values_and_none_of_the_words() -> None:
    stored = decide("How's my portfolio doing?").signals.to_json()
    assert {"asked_for_human", "frustration", "repeated_question", "own_case", "thanks"} <= set(
        stored["scores"]
    )
    assert "portfolio" not in repr(stored)


def test_notes_are_sentences_that_quote_the_customer() -> None:
    [finding] = decide("I want to talk to a real person").findings
    assert finding.note == "Asked for a person: “talk to a real person”."


def test_every_code_has_words_for_people() -> None:
    assert set(LABELS) == set(ISSUE_TYPES) == set(CODES) == set(Policy.default().rules)
