"""What the system says to customers."""

from __future__ import annotations

import re

import pytest

from helpdesk.domain.message_templates import DEFAULTS, PLACEHOLDERS

KEYS = """
greeting handoff agent_joined agent_greeting offer offer_declined still_waiting agent_lost
check_in assumed_solved after_hours message_left returned_to_ai agent_left resolved_by_agent
resolved_by_ai low_confidence ai_error customer_ended
""".split()


def test_every_key_has_a_text_and_words_for_admins() -> None:
    assert list(DEFAULTS) == KEYS
    for key, template in DEFAULTS.items():
        assert template.key == key
        assert template.title
        assert template.description
        assert template.body


@pytest.mark.parametrize("key", KEYS)
def test_only_known_placeholders_are_used(key: str) -> None:
    assert set(re.findall(r"\{\{(.*?)\}\}", DEFAULTS[key].body)) <= set(PLACEHOLDERS)


def test_the_sentences_that_were_asked_for_are_kept_to_the_letter() -> None:
    assert DEFAULTS["agent_joined"].body == "🙋 {{agent_name}} (Support Agent) has joined the chat"
    assert DEFAULTS["handoff"].body == (
        "I understand this is important to you. Let me connect you with one of our support"
        " specialists who can better assist you with {{issue_type}}. Please hold on for a moment..."
    )
    assert DEFAULTS["agent_greeting"].body == (
        "Hi {{customer_name}}! I've reviewed your conversation with our AI assistant. I'm here to"
        " help you with {{issue}}. Let's get this sorted out!"
    )
