"""What a message is about, and whether something happened to the customer."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation.topics import own_case, topics
from helpdesk.domain.escalation.words import read

LIMIT = 0.55
CASE = 0.6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where can I change my passcode?", "account_security"),
        ("My phone got stolen on the train", "account_security"),
        ("An unknown device signed in to my account", "account_security"),
        ("How long does a withdrawal take?", "financial_transaction"),
        ("You owe me a refund", "financial_transaction"),
        ("there is a fee on my deposit", "financial_transaction"),
        ("Do you share my personal data with third parties?", "legal_compliance"),
        ("I will complain to the ombudsman", "legal_compliance"),
        ("Please answer my GDPR request", "legal_compliance"),
        ("The page only shows an error", "technical_bug"),
        ("Your website is down again", "technical_bug"),
    ],
)
def test_the_topic_is_recognised(text: str, code: str) -> None:
    scores = {name: reading.score for name, reading in topics(read(text)).items()}
    assert max(scores, key=lambda name: scores[name]) == code
    assert scores[code] >= LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "How's my portfolio doing?",
        "Which shares pay well?",
        "Where is my parcel?",
        "Can I change my delivery address?",
        "Do you have a newsletter?",
    ],
)
def test_an_everyday_question_has_no_sensitive_topic(text: str) -> None:
    assert all(reading.score < LIMIT for reading in topics(read(text)).values())


@pytest.mark.parametrize(
    "text",
    [
        "the transfer never arrived",
        "It still hasn't been credited",
        "I didn't authorise this payment",
        "why was I charged that",
        "my card went missing in the post",
        "The wrong amount was booked",
        "Somebody used my card",
        "it keeps failing",
        "can you check if my refund was stopped? It is still pending.",
    ],
)
def test_something_happened_to_this_customer(text: str) -> None:
    assert own_case(read(text)).score >= CASE


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset my password?",
        "What happens if my transfer fails?",
        "What do I do if my card is stolen?",
        "Can I deposit by card?",
        "how long does a refund take",
        "I would like to send money abroad",
    ],
)
def test_a_how_to_or_an_imagined_case_is_not_the_customers_own(text: str) -> None:
    assert own_case(read(text)).score < CASE


def test_an_imagined_case_in_another_sentence_does_not_hide_the_real_one() -> None:
    text = "My payment was declined. What happens if I try again?"
    assert own_case(read(text)).score >= CASE
