"""Asking for a person: who does and who does not, in nine languages."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation.requests import asked_for_human
from helpdesk.domain.escalation.words import read

LIMIT = 0.6


@pytest.mark.parametrize(
    "text",
    [
        "Please let me speak to somebody real",
        "could you put me through to your colleague",
        "Connect me with a live agent now!",
        "I'd rather chat with an actual human being",
        "can someone call me back about this",
        "get me your manager",
        "Is there an actual person I can talk to?",
        "I don't want to talk to a robot any more",
        "Stop. Human, please.",
        "representative",
        "no, I want a human",
        "how do I reach a real person here",
        "Not helpful. Transfer me to someone else.",
        "help from a person",
        "Ich möchte mit einem echten Menschen sprechen",
        "Können Sie mich bitte mit einem Mitarbeiter verbinden?",
        "Mitarbeiter bitte",
        "Je voudrais parler à un conseiller",
        "Passez-moi quelqu’un, s’il vous plaît",
        "Quiero hablar con una persona",
        "¿Me puede comunicar con un agente? Necesito hablar con alguien",
        "Vorrei parlare con un operatore umano",
        "Quero falar com um atendente",
        "Ik wil graag met een medewerker spreken",
        "请帮我转人工客服",
        "我想跟真人说话",
    ],
)
def test_a_request_for_a_person_is_heard(text: str) -> None:
    reading = asked_for_human(read(text))
    assert reading.score >= LIMIT
    assert reading.spans


@pytest.mark.parametrize(
    "text",
    [
        "are you a human?",
        "Am I speaking with a person or a program?",
        "is this a real person",
        "call me Frank",
        "do I need to speak to a representative?",
        "Should I contact an agent if the form is wrong?",
        "no, don't transfer me",
        "I do not want to talk to a human",
        "your agent was rude",
        "I was talking to an agent yesterday",
        "I will contact your support team if it fails",
        "I had a chat with your agent last week",
        "How many people work in your company?",
        "talk to me in plain words",
        "Transfer 50 euros to my sister",
        "Can I add a second person to my plan?",
        "what does a real estate agent earn",
        "Sind Sie ein Mensch?",
        "Ich möchte nicht mit einem Mitarbeiter sprechen",
        "Je ne veux pas parler à un conseiller",
        "No quiero hablar con un agente",
        "Non voglio parlare con un operatore",
        "Não quero falar com um atendente",
        "Ik wil niet met een medewerker praten",
        "你是真人吗？",
        "不要转人工",
        "人工智能是什么？",
    ],
)
def test_what_only_sounds_like_a_request_is_not_one(text: str) -> None:
    assert asked_for_human(read(text)).score < LIMIT


def test_the_words_of_the_request_are_the_evidence() -> None:
    text = "Nothing works. Please put me through to a human, thanks"
    [(start, end)] = asked_for_human(read(text)).spans
    assert text[start:end] == "put me through to a human"


def test_a_comma_ends_the_reach_of_a_negation() -> None:
    assert asked_for_human(read("No, that is not it, transfer me to an agent")).score >= LIMIT
