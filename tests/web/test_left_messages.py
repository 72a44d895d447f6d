"""Leaving a message while nobody is there, and the link in an e-mail that leads back to it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk import clock
from helpdesk.domain.hours import DAYS
from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import reading, writing
from helpdesk.models import BusinessHours, Contact, ContactKey, Conversation, Inbox, Message, Outbox
from helpdesk.services import timers
from tests.support.make import Make
from tests.web.people import Customer, Desk, new_id

# A Friday, 16:00 and 20:00 in Berlin; the office is there Monday to Friday, 9 to 18.
OPEN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CLOSED = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
WEEK = {
    "time_zone": "Europe/Berlin",
    "week": {day: [{"start": "09:00", "end": "18:00"}] if day in DAYS[:5] else [] for day in DAYS},
}
WORDS = "Please call me about my ISA."
MAIL = "maya@mail.example"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def maya(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """A customer in Lisbon who comes while the office is closed."""
    with writing() as session:
        calendar = BusinessHours(name="Office", hours=WEEK, created_at=OPEN)
        session.add(calendar)
        session.flush()
        session.get_one(Inbox, make.inbox_id).hours_id = calendar.id
        session.commit()
    monkeypatch.setattr("helpdesk.clock.now", lambda: CLOSED)
    browser = Customer(app.test_client(), make.key)
    assert browser.client.get(f"/chat/{make.key}?tz=Europe/Lisbon").status_code == 200
    return browser


def leave(maya: Customer, *, email: str = MAIL, body: str = WORDS, mid: str = "") -> TestResponse:
    return maya.post(
        "left-messages", {"email": email, "body": body, "client_msg_id": mid or new_id()}
    )


def plainly(maya: Customer, **form: str) -> TestResponse:
    """The same form without scripts."""
    at = f"/chat/{maya.key}/left-messages"
    return maya.client.post(at, data=form, headers={"Sec-Fetch-Site": "same-origin"})


def count(table: type) -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_page_says_in_the_customers_time_when_people_are_back(maya: Customer) -> None:
    page = maya.page().text
    assert "people are back Monday at 08:00, your time" in page
    assert "Leave a message" in page


def test_a_time_zone_that_is_none_is_ignored(maya: Customer, app: Flask) -> None:
    other = app.test_client()
    page = other.get(f"/chat/{maya.key}?tz=../../etc/passwd")
    assert page.status_code == 200
    assert "Berlin time" in page.text
    assert not any(cookie.key.endswith("hd_tz") for cookie in (other._cookies or {}).values())


def test_a_message_is_left_and_the_card_makes_place_for_the_promise(maya: Customer) -> None:
    answer = leave(maya)
    assert answer.status_code == 200
    assert WORDS in answer.text
    assert 'id="leave"' not in answer.text
    assert "We reply by Monday at 09:00, your time, here and to <bdi>maya@mail" in answer.text
    with reading() as session:
        contact = session.scalars(sa.select(Contact)).one()
        assert (contact.email, contact.time_zone) == (MAIL, "Europe/Lisbon")
        assert session.scalars(sa.select(Message.kind).order_by(Message.seq)).all() == [
            "left_message",
            "message_left",
        ]


def test_a_message_sent_again_is_left_once(maya: Customer) -> None:
    mid = new_id()
    assert leave(maya, mid=mid).status_code == 200
    assert leave(maya, mid=mid).status_code == 200
    assert count(Message) == 2
    assert leave(maya, mid=mid, body="Other words").status_code == 409
    assert count(Message) == 2


@pytest.mark.parametrize(
    ("email", "body", "problem"),
    [
        ("", WORDS, "e-mail address"),
        ("maya", WORDS, "e-mail address"),
        ("a@mail.example, b@mail.example", WORDS, "e-mail address"),
        (f"{MAIL}\r\nBcc: all@mail.example", WORDS, "e-mail address"),
        ("müller@mail.example", WORDS, "e-mail address"),
        (f"{'a' * 300}@mail.example", WORDS, ""),
        (MAIL, "", ""),
        (MAIL, "x" * 4_001, ""),
    ],
)
def test_what_is_wrong_is_said_beside_the_fields_and_nothing_is_lost(
    maya: Customer, email: str, body: str, problem: str
) -> None:
    answer = leave(maya, email=email, body=body)
    assert answer.status_code == 422
    assert 'id="leave-problem"' in answer.text
    assert problem in answer.text
    page = plainly(maya, client_msg_id=new_id(), email=email, body=body)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert body in page.text
    assert (count(Message), count(Conversation)) == (0, 0)


def test_without_scripts_it_works_the_same(maya: Customer) -> None:
    answer = plainly(maya, client_msg_id=new_id(), email=MAIL, body=WORDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/chat/{maya.key}")
    assert WORDS in maya.page().text


def test_whoever_waits_for_long_is_offered_to_leave_a_message_and_keeps_the_place(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Customer.at(app, make.key)
    browser.hand_over()
    with reading() as session:
        number = session.scalars(sa.select(Conversation.id)).one()
    place = make.read(number).queue_key
    assert 'id="leave"' not in browser.page().text
    later = clock.now() + timedelta(seconds=121)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    timers.sweep()
    page = browser.page().text
    assert 'id="leave"' in page
    assert "Our team is away" not in page
    answer = leave(browser)
    assert "here and to <bdi>maya@mail" in answer.text
    held = make.read(number)
    assert (held.support_status, held.queue_key) == (Status.WAITING, place)


def answered(maya: Customer, desk: Desk) -> str:
    """Have an agent answer what was left; returns the path of the link in the e-mail."""
    leave(maya)
    desk.post(f"/desk/c/{maya.conversation}/messages", {"client_msg_id": new_id(), "body": "Done."})
    with reading() as session:
        letter = session.scalars(sa.select(Outbox).where(Outbox.recipient == MAIL)).one()
    [path] = re.findall(r"https?://[^/\s]+(/chat/return/\S+)", letter.payload["text"])
    return str(path)


@pytest.fixture
def link(app: Flask, maya: Customer, desk: Desk) -> str:
    """Where the e-mail of an agent's answer leads."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://desk.example")
    return answered(maya, desk)


def test_the_link_leads_another_browser_to_the_conversation(
    app: Flask, maya: Customer, link: str
) -> None:
    phone = Customer(app.test_client(), maya.key)
    asked = phone.client.get(link)
    assert asked.status_code == 200
    assert count(ContactKey) == 0, "looking must not let anybody in: mail scanners look too"
    assert "Done." not in phone.page().text
    let_in = phone.client.post(link, headers={"Sec-Fetch-Site": "same-origin"})
    assert (let_in.status_code, let_in.headers["Location"]) == (303, f"/chat/{maya.key}")
    assert "Done." in phone.page().text
    assert "Done." in maya.page().text, "the first browser stays in"
    phone.conversation = maya.conversation
    assert phone.send("Thank you").status_code == 200


def test_in_the_browser_that_is_in_already_no_key_is_made(maya: Customer, link: str) -> None:
    maya.client.post(link, headers={"Sec-Fetch-Site": "same-origin"})
    assert count(ContactKey) == 0


def test_a_link_that_was_changed_or_is_old_opens_nothing(
    app: Flask, maya: Customer, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = app.test_client()
    own = {"Sec-Fetch-Site": "same-origin"}
    for wrong in (f"{link}x", link[:-3], "/chat/return/nothing", "/chat/return/a.b.c"):
        for answer in (browser.get(wrong), browser.post(wrong, headers=own)):
            assert answer.status_code == 404
            assert "no longer works" in answer.text
    later = int(time.time()) + 31 * 86_400
    monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda _signer: later)
    assert browser.get(link).status_code == 404
    assert count(ContactKey) == 0


def test_another_site_cannot_let_a_browser_in(app: Flask, link: str) -> None:
    for site in ("cross-site", "same-site", "none"):
        answer = app.test_client().post(link, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403


def test_a_blocked_customers_link_is_worth_nothing(app: Flask, maya: Customer, link: str) -> None:
    with writing() as session:
        session.execute(sa.update(Contact).values(blocked_at=CLOSED))
        session.commit()
    assert app.test_client().get(link).status_code == 404
