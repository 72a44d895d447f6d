"""What holds for every text, history and policy."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.domain.escalation import CODES, Decision, Facts, Policy, ReplyFacts, evaluate
from tests.unit.domain.escalation.talk import facts

SCORED = [code for code in CODES if code != "low_confidence"]

PIECES = st.sampled_from(
    [
        "put me through to a human",
        "my money is not showing",
        "this is useless",
        "thanks",
        "how do I reset my password",
        "someone logged into my account",
        "the app crashes",
        "not",
        "?",
        "\n",
        ", but",
        "my lawyer",
        "😡",
        "请转人工",
        "I already asked that",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=6).map(" ".join)
REPLIES = st.none() | st.builds(
    ReplyFacts,
    confidence=st.none() | st.floats(0, 1),
    refused=st.sampled_from(["", "does_not_know", "out_of_scope"]),
    error=st.sampled_from(["", "timed out"]),
)


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    before = draw(st.lists(TEXTS | TEXTS.map("AI: {}".format), max_size=4))
    more: dict[str, Any] = {
        "offered": draw(st.booleans()),
        "asked_before": draw(st.booleans()),
        "muted_turns": draw(st.integers(0, 2)),
        "declined_turns_ago": draw(st.none() | st.integers(0, 6)),
        "returned_after_s": draw(st.none() | st.floats(0, 10_000)),
        "customer_turns": draw(st.integers(1, 14)),
        "reply": draw(REPLIES),
    }
    return facts(draw(TEXTS), *before, **more)


def _all_findings(decision: Decision) -> list[Any]:
    return [*decision.findings, *decision.near_misses]


@settings(max_examples=150, deadline=None)
@given(situations())
def test_evidence_is_cut_from_the_message_it_names(situation: Facts) -> None:
    assert situation.message is not None
    texts = {turn.seq: turn.text for turn in (*situation.history, situation.message)}
    for finding in _all_findings(evaluate(situation, Policy.default())):
        for span in finding.evidence:
            assert span.text
            assert texts[span.seq][span.start : span.end] == span.text


@settings(max_examples=100, deadline=None)
@given(situations())
def test_the_same_facts_give_the_same_decision(situation: Facts) -> None:
    assert evaluate(situation, Policy.default()) == evaluate(situation, Policy.default())


@settings(max_examples=150, deadline=None)
@given(situations(), st.sampled_from(SCORED), st.floats(0, 1), st.floats(0, 1))
def test_raising_a_threshold_never_adds_an_escalation(
    situation: Facts, code: str, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    eager = evaluate(situation, Policy.from_json({"rules": {code: {"threshold": low}}}))
    strict = evaluate(situation, Policy.from_json({"rules": {code: {"threshold": high}}}))
    assert strict.action.rank <= eager.action.rank
    assert strict.priority.rank <= eager.priority.rank


@settings(max_examples=50, deadline=None)
@given(situations(), st.floats(0, 1), st.floats(0, 1))
def test_accepting_less_confidence_never_adds_an_escalation(
    situation: Facts, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    strict = evaluate(
        situation, Policy.from_json({"rules": {"low_confidence": {"threshold": low}}})
    )
    eager = evaluate(
        situation, Policy.from_json({"rules": {"low_confidence": {"threshold": high}}})
    )
    assert strict.action.rank <= eager.action.rank


@settings(max_examples=100, deadline=None)
@given(situations())
def test_a_decision_agrees_with_its_own_findings(situation: Facts) -> None:
    decision = evaluate(situation, Policy.default())
    assert decision.action.rank == max((f.action.rank for f in decision.findings), default=0)
    assert decision.codes == tuple(finding.code for finding in decision.findings)
    assert all(not miss.action.rank for miss in decision.near_misses)
    assert all(0 <= score <= 1 for score in decision.signals.scores.values())
    assert -1 <= decision.signals.sentiment <= 1


def test_two_thousand_random_texts_are_all_decided() -> None:
    chance = random.Random(20_260_302)  # noqa: S311
    policy = Policy.default()
    for _ in range(2_000):
        length = chance.randrange(60)
        text = "".join(chr(chance.randrange(0x110000)) for _ in range(length))
        evaluate(facts(text, text[::-1], "AI: yes"), policy)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "talk to a real live " * 2_000,
        "not not not " * 2_000,
        "😡" * 20_000,
        "!?.," * 5_000,
        "e\u0301" * 10_000,
        "horrible sad awful " * 1_000,
    ],
)
def test_a_monstrous_text_is_decided_like_any_other(text: str) -> None:
    decision = evaluate(facts(text, text, "AI: yes"), Policy.default())
    assert all(len(finding.evidence) <= 30 for finding in _all_findings(decision))
