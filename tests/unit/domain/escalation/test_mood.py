"""How the customer feels: sentiment, and frustration that is more than a problem."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation.mood import frustration, sentiment
from helpdesk.domain.escalation.words import read

LIMIT = 0.6


def _frustrated(text: str) -> float:
    return frustration(read(text), sentiment(text)).score


@pytest.mark.parametrize(
    "text",
    [
        "I am really frustrated with this",
        "what an awful service",
        "You are wasting my time",
        "this damn form again",
        "I'm fed up",
        "how many times do I have to say it",
        "that is not helping",
        "😡",
        "This is UNACCEPTABLE!!",
        "worst support ever",
    ],
)
def test_anger_and_disappointment_are_recognised(text: str) -> None:
    assert _frustrated(text) >= LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "My transfer failed, can you look into it?",
        "I lost my card yesterday",
        "There is an error on my statement",
        "No problem at all",
        "I am not angry, I only want to know",
        "do you sell the terrible twos toy in blue",
        "sorry for the stupid question",
        "I need help with a problem, it is urgent",
        "WHERE IS MY PARCEL PLEASE",
        "that's not bad",
    ],
)
def test_a_calm_report_of_a_problem_is_not_frustration(text: str) -> None:
    assert _frustrated(text) < LIMIT


def test_mood_without_a_word_of_anger_never_reaches_the_limit() -> None:
    assert _frustrated("SAD BAD EVIL GRIEF DEATH SORROW AGONY!!!! ??") < LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "could you please help me out",
        "there is a problem",
        "I would rather talk to a person",
        "no",
        "",
    ],
)
def test_the_ordinary_words_of_support_carry_no_strong_feeling(text: str) -> None:
    assert abs(sentiment(text)) < 0.4


def test_sentiment_tells_praise_from_anger() -> None:
    assert sentiment("You are wonderful, I love it") > 0.5
    assert sentiment("this is useless and pathetic") < -0.5


def test_the_end_of_a_long_message_counts_as_well() -> None:
    assert sentiment("I bought it on Monday. " * 60 + "I hate it, it is horrible.") < -0.3
