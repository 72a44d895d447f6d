"""Inboxes: what admins set is what customers see, and only named sites may frame the chat."""

from __future__ import annotations

import pytest
from flask import Flask

from helpdesk.services import chat
from helpdesk.services.admin import inboxes
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from tests.support.admin import ada, audited, cleo
from tests.support.make import Make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def form(**more: str) -> dict[str, str]:
    usual = {
        "name": "Website",
        "company": "Northfold",
        "color": "#0b6b66",
        "starters": "",
        "allowed_origins": "",
        "hours": "",
    }
    return usual | more


def test_what_is_saved_is_what_customers_see(app: Flask, make: Make) -> None:
    fields = form(
        company="Northfold Invest",
        color="#204080",
        starters="How do I add money?\r\n\r\nHow do I add money?\r\nWhere is my card?",
        allowed_origins="HTTPS://Shop.Example/\nhttps://app.example:8443",
    )
    inboxes.change(make.inbox_id, fields, version=1, by=ada(make))
    site = chat.site_by_key(make.key)
    assert site is not None
    assert site.allowed_origins == ("https://shop.example", "https://app.example:8443")
    look = chat.state(site, None).inbox
    assert (look.company, look.color) == ("Northfold Invest", "#204080")
    assert look.starters == ("How do I add money?", "Where is my card?")
    policy = app.test_client().get(f"/chat/{make.key}").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://shop.example https://app.example:8443")


def test_a_new_inbox_has_a_key_of_its_own_and_is_on(make: Make) -> None:
    number = inboxes.create(form(name="App"), by=ada(make))
    view = inboxes.opened(number)
    assert view is not None
    assert view.is_enabled
    assert len(view.key) >= 12
    assert view.key != make.key
    assert chat.site_by_key(view.key) is not None
    assert audited() == ["inbox.created"]


def test_an_inbox_that_is_off_shows_no_chat_until_it_is_on_again(make: Make) -> None:
    for _ in range(2):
        inboxes.set_enabled(make.inbox_id, enabled=False, by=ada(make))
    assert chat.site_by_key(make.key) is None
    inboxes.set_enabled(make.inbox_id, enabled=True, by=ada(make))
    assert chat.site_by_key(make.key) is not None
    assert audited() == ["inbox.disabled", "inbox.enabled"]


def test_the_second_of_two_edits_is_shown_both(make: Make) -> None:
    inboxes.change(make.inbox_id, form(color="#204080"), version=1, by=ada(make))
    with pytest.raises(EditedMeanwhile) as met:
        inboxes.change(make.inbox_id, form(color="#802040"), version=1, by=cleo(make))
    assert [(d.label, d.mine, d.theirs) for d in met.value.differences] == [
        ("Colour", "#802040", "#204080")
    ]
    inboxes.change(make.inbox_id, form(color="#802040"), version=2, by=cleo(make))
    view = inboxes.opened(make.inbox_id)
    assert view is not None
    assert view.color == "#802040"


@SQLITE
@pytest.mark.parametrize(
    "origin",
    ["*", "null", "https://shop.example/path", "https://*.com", "https://a.example; x"],
)
def test_d85_what_is_no_exact_origin_is_refused_and_the_rest_with_it(
    make: Make, origin: str
) -> None:
    with pytest.raises(Refused) as refusal:
        fields = form(allowed_origins=f"https://fine.example\n{origin}")
        inboxes.change(make.inbox_id, fields, version=1, by=ada(make))
    assert list(refusal.value.problems) == ["allowed_origins"]
    site = chat.site_by_key(make.key)
    assert site is not None
    assert site.allowed_origins == ("https://shop.example",)


@SQLITE
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Write a name"),
        ("company", "a" * 81, "At most 80"),
        ("color", "red", "six digits"),
        ("starters", "x" * 121, "Question 1: At most 120"),
        ("starters", "\n".join("abcdefg"), "7 questions; 6 is the most"),
        ("hours", "99", "do not exist any more"),
        ("hours", "1; DROP", "do not exist any more"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    make: Make, field: str, value: str, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        inboxes.create(form(**{field: value}), by=ada(make))
    assert list(refusal.value.problems) == [field]
    assert said in refusal.value.problems[field]


@SQLITE
def test_an_inbox_that_does_not_exist_cannot_be_changed(make: Make) -> None:
    with pytest.raises(Gone):
        inboxes.change(999, form(), version=1, by=ada(make))
