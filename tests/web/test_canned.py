"""Canned responses at the desk: what "/" offers, filled for one conversation."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from helpdesk.services.admin import canned_responses
from tests.support.admin import ada
from tests.support.make import Make, Person
from tests.web.people import SCRIPT, Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def keep(make: Make, shortcut: str, body: str, title: str = "T") -> None:
    """Write down a canned response."""
    form = {"shortcut": shortcut, "title": title, "body": body}
    canned_responses.create(form, by=ada(make))


def offered(desk: Desk, address: str) -> list[tuple[str, str, str]]:
    """Shortcut, words and gaps of each response, as the script reads them."""
    answer = desk.client.get(f"/desk/c/{address}/canned-responses", headers=SCRIPT)
    assert answer.status_code == 200
    pattern = r'data-shortcut="(.*?)".*?data-text="(.*?)" data-missing="(.*?)"'
    return [
        (unescape(shortcut), unescape(text), missing)
        for shortcut, text, missing in re.findall(pattern, answer.text, re.S)
    ]


def test_responses_are_filled_for_the_conversation_and_name_their_gaps(
    app: Flask, make: Make, desk: Desk, sarah: Person
) -> None:
    keep(make, "hello", "Hi {{customer_name}},\nthis is {{agent_name}} of {{business_name}}.")
    named = make.conversation(by=make.customer("Maya"))
    nameless = make.conversation()
    said = "Hi {},\nthis is Sarah of Northfold."
    assert offered(desk, named.public_id) == [("hello", said.format("Maya"), "")]
    gap = "{{customer_name}}"
    assert offered(desk, nameless.public_id) == [("hello", said.format(gap), "customer_name")]


def test_words_of_customers_and_admins_stay_words(app: Flask, make: Make, desk: Desk) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    keep(make, "x", f"{{{{customer_name}}}} {evil}", title=evil)
    conversation = make.conversation(by=make.customer(f"{evil}{{{{agent_name}}}}"))
    for headers in ({}, SCRIPT):
        at = f"/desk/c/{conversation.public_id}/canned-responses"
        answer = desk.client.get(at, headers=headers)
        assert "&lt;img src=x onerror" in answer.text
        assert "<img" not in answer.text
    # A customer called like a placeholder is not filled a second time.
    assert offered(desk, conversation.public_id) == [("x", f"{evil}{{{{agent_name}}}} {evil}", "")]


def test_there_is_nothing_for_a_conversation_that_does_not_exist(desk: Desk) -> None:
    assert desk.client.get(f"/desk/c/{'A' * 22}/canned-responses").status_code == 404
