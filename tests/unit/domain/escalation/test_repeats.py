"""The same question in other words."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation import Facts, measure
from helpdesk.domain.escalation.repeats import similarity
from helpdesk.domain.escalation.words import read
from tests.unit.domain.escalation.talk import facts

LIMIT = 0.5


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("How do I export my trades?", "how can I export the trades please"),
        ("where is my order?", "Where's my order??"),
        ("The chart does not load in Firefox", "chart still not loading in firefox!"),
        ("Why was my deposit declined?", "why is the deposit rejected"),
    ],
)
def test_the_same_question_is_recognised_in_other_words(first: str, then: str) -> None:
    assert similarity(read(first), read(then)) >= LIMIT


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("How do I export my trades?", "How do I close a position?"),
        ("where is my order?", "can I change my order?"),
        ("yes", "yes"),
        ("hello?", "hello??"),
        ("Can I pay by card?", "Do you ship to Norway?"),
        ("", ""),
    ],
)
def test_another_question_or_a_word_of_courtesy_repeats_nothing(first: str, then: str) -> None:
    assert similarity(read(first), read(then)) < LIMIT


def _repeated(situation: Facts) -> float:
    return measure(situation).scores["repeated_question"]


def test_saying_that_it_was_asked_before_counts_once_there_was_an_answer() -> None:
    text = "that is not what I asked"
    assert _repeated(facts(text, "Which plan is cheaper?", "AI: We have two plans.")) >= LIMIT
    assert _repeated(facts(text)) == 0.0


def test_similarity_is_the_same_both_ways_and_whole_for_the_same_words() -> None:
    one, other = read("export all my trades to a file"), read("a file with my exported trades")
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 1.0
