"""The words around a question."""

from __future__ import annotations

import pytest

from helpdesk.ai.smalltalk import small_talk


@pytest.mark.parametrize("text", ["hi", "Hello!", "hey there", "Good morning", "HELLO   "])
def test_a_greeting_is_returned(text: str) -> None:
    assert small_talk(text).startswith("Hello.")


@pytest.mark.parametrize(
    "text",
    [
        "are you a human?",
        "Are you a real person?",
        "is this a bot or a human",
        "am I talking to a robot?",
        "who are you",
        "What’s your name?",
        "Are you an AI",
    ],
)
def test_asked_what_it_is_it_says_so(text: str) -> None:
    assert "I am an AI assistant, not a person" in small_talk(text)


@pytest.mark.parametrize("text", ["thanks", "Thank you so much!", "great thanks, that's all"])
def test_thanks_are_taken(text: str) -> None:
    assert small_talk(text).startswith("You are welcome")


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do I change the bulb?",
        "thanks but it is still broken",
        "I want to talk to a human",
        "are you open today?",
        "is this lamp safe",
        "help me return a lamp",
        "hello " * 60,
        "",
        "?",
        "🙂",
    ],
)
def test_a_real_question_is_never_small_talk(text: str) -> None:
    assert small_talk(text) == ""
