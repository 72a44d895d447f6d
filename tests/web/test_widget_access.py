"""Who may do what in a chat, and from where (A1 to A4, A28 to A35)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import clock
from helpdesk.domain.events import ConversationClosed
from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import writing
from helpdesk.models import Contact, Conversation, Inbox
from helpdesk.services.unit_of_work import unit_of_work
from tests.support.make import Make, Person
from tests.web.people import SESSION, VISITOR, Customer, Desk, new_id
from tests.web.rows import SQLITE, count, written

FORM = "application/x-www-form-urlencoded"


@SQLITE
def test_a01_a_conversation_of_another_is_like_none(maya: Customer, stranger: Customer) -> None:
    maya.send("My account number is 12345")
    stranger.send("Hello")
    own, stranger.conversation = stranger.conversation, maya.conversation
    theirs = [
        stranger.since(),
        stranger.send("me too"),
        stranger.hand_over(),
        stranger.end(),
        stranger.post("assistant"),
        stranger.post("offer/decline"),
        stranger.post("rating", {"score": "1"}),
    ]
    stranger.conversation = "A" * 22
    nobodys = [stranger.since(), stranger.send("me too"), stranger.hand_over(), stranger.end()]
    assert {answer.status_code for answer in theirs + nobodys} == {404}
    assert len({answer.text for answer in theirs + nobodys}) <= 2  # as a page and as a fragment
    assert "12345" not in stranger.page().text
    assert [row.body for row in written()] == ["My account number is 12345", "Hello"]
    assert own != maya.conversation


@SQLITE
def test_a02_counting_and_short_addresses_lead_nowhere(maya: Customer) -> None:
    maya.send("Hello")
    for address in ("1", "2", "0", "-1", "a", "A" * 21, "A" * 10_000, "%2e%2e", "*"):
        assert maya.client.get(f"/w/c/{address}/since").status_code == 404, address
        assert maya.client.post(f"/w/c/{address}/messages").status_code == 404, address


@SQLITE
def test_a02_addresses_cannot_be_guessed(maya: Customer, stranger: Customer) -> None:
    maya.send("Hello")
    stranger.send("Hello")
    assert len(maya.conversation) == len(stranger.conversation) == 22  # 128 bits
    assert maya.conversation[:8] != stranger.conversation[:8]


@SQLITE
def test_a03_without_a_cookie_one_is_somebody_new(app: Flask, maya: Customer) -> None:
    maya.send("Hello")
    token, _, signature = maya.cookie.rpartition(".")
    for forged in (
        "",
        token,
        f"{token}.",
        f"{token}.{'A' * 27}",
        f"{token[:-1]}x.{signature}",
        "é",
    ):
        client = app.test_client()
        client.set_cookie(VISITOR, forged)
        page = client.get(f"/chat/{maya.key}")
        assert page.status_code == 200
        assert maya.conversation not in page.text, forged
        assert VISITOR in page.headers["Set-Cookie"]
        assert client.get(f"/w/c/{maya.conversation}/since").status_code == 404
        assert token not in page.headers["Set-Cookie"]


@SQLITE
def test_a03_a_first_message_without_a_cookie_begins_a_chat_of_its_own(
    app: Flask, maya: Customer
) -> None:
    maya.send("Hello")
    newcomer = Customer(app.test_client(), maya.key)
    assert newcomer.send("Hello").status_code == 200
    assert newcomer.conversation not in ("", maya.conversation)
    assert (count(Contact), count(Conversation)) == (2, 2)


@SQLITE
def test_a04_an_agent_in_the_widget_is_a_customer_like_others(
    app: Flask, make: Make, maya: Customer, sarah: Person
) -> None:
    maya.send("Hello")
    client = app.test_client()
    client.set_cookie(SESSION, make.cookie(sarah))
    assert client.get(f"/w/c/{maya.conversation}/since").status_code == 404
    assert client.post(f"/w/c/{maya.conversation}/messages").status_code == 404
    Customer(client, maya.key).send("I am only trying it")
    assert {row.sender_type for row in written()} == {"user"}
    assert {row.agent_id for row in written()} == {None}


def test_a28_a_message_after_the_end_reopens_begins_anew_or_is_refused(
    maya: Customer, stranger: Customer
) -> None:
    maya.send("How do I add money?")
    maya.end()
    first = maya.conversation
    assert maya.send("One more question").status_code == 200
    assert maya.conversation == first
    with unit_of_work() as work:
        number = work.session.scalar(
            sa.select(Conversation.id).where(Conversation.public_id == first)
        )
        work.move(work.hold(number or 0), Status.CLOSED, ConversationClosed(actor="system"))
    assert maya.send("How do I add money?").status_code == 200
    assert maya.conversation != first
    for gone in ("erased_at", "blocked_at"):
        stranger.conversation = ""
        stranger.client.delete_cookie(VISITOR)
        stranger.page()
        stranger.send("Hello")
        with writing() as session:
            newest = session.scalars(sa.select(Contact).order_by(Contact.id.desc())).first()
            setattr(newest, gone, clock.now())
            session.commit()
        before = len(written())
        assert stranger.send("Are you there?").status_code == 404
        assert stranger.since().status_code == 404
        stranger.conversation = ""
        assert stranger.send("From the beginning?").status_code == 404
        assert stranger.hand_over().status_code == 404
        assert len(written()) == before


@SQLITE
def test_a29_a_post_is_a_post(maya: Customer) -> None:
    maya.send("Hello")
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "FOO"):
        for what in ("messages", "handoff", "end", "rating", "assistant", "offer/decline"):
            answer = maya.client.open(
                f"/w/c/{maya.conversation}/{what}",
                method=method,
                headers={"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"},
                query_string={"_method": "POST"},
            )
            assert answer.status_code == 405, (method, what)
            assert "POST" in answer.headers["Allow"]
    assert len(written()) == 1


@SQLITE
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://shop.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": "https://shop.example"},
        {},
    ],
)
def test_a30_and_a31_other_sites_cannot_write_for_a_customer(
    maya: Customer, headers: dict[str, str]
) -> None:
    """Not even the site that the widget is on: the chat is a page of ours inside it."""
    maya.send("Hello")
    del maya.client.environ_base["HTTP_SEC_FETCH_SITE"]
    form = {"client_msg_id": new_id(), "body": "Forged"}
    for at in (f"/chat/{maya.key}/messages", f"/w/c/{maya.conversation}/messages"):
        answer = maya.client.post(at, data=form, headers=headers)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert [row.body for row in written()] == ["Hello"]


@SQLITE
def test_a32_an_unknown_or_disabled_widget_is_not_there_and_not_framed(
    app: Flask, make: Make, maya: Customer
) -> None:
    with writing() as session:
        session.get_one(Inbox, make.inbox_id).disabled_at = clock.now()
        session.commit()
    for key in (make.key, "no-such-key"):
        page = app.test_client().get(f"/chat/{key}")
        first = Customer(app.test_client(), key).send("Hello")
        assert (page.status_code, first.status_code) == (404, 404)
        assert page.headers["Content-Security-Policy"].endswith("; frame-ancestors 'none'")
    assert written() == []


@SQLITE
@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        ([], "'self'"),
        (["https://shop.example"], "'self' https://shop.example"),
        (["https://a.example", "http://b.example:8080"],
         "'self' https://a.example http://b.example:8080"),
    ],
)  # fmt: skip
def test_a33_only_the_listed_sites_may_frame_the_chat(
    make: Make, maya: Customer, origins: list[str], ancestors: str
) -> None:
    with writing() as session:
        session.get_one(Inbox, make.inbox_id).allowed_origins = origins
        session.commit()
    maya.send("Hello")
    for answer in (maya.page(), maya.since(), maya.send("")):
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert policy[-1] == f"frame-ancestors {ancestors}"
        assert "X-Frame-Options" not in answer.headers


@SQLITE
def test_a35_what_a_host_page_says_of_a_customer_is_only_words(maya: Customer, desk: Desk) -> None:
    browser = {"User-Agent": "<script>alert(1)</script>", "Accept-Language": "<b>,en;q=x"}
    form = {"client_msg_id": new_id(), "body": "Hello"}
    assert (
        maya.client.post(f"/chat/{maya.key}/messages", data=form, headers=browser).status_code
        == 303
    )
    found = maya.page().text.split('data-conversation="')[1].split('"')[0]
    with writing() as session:
        contact = session.scalars(sa.select(Contact)).one()
        assert contact.user_agent == "<script>alert(1)</script>"
        for url in (
            "javascript:alert(document.domain)",
            "data:text/html,<script>alert(1)</script>",
        ):
            contact.page_url = url
            contact.name = "<img src=x onerror=alert(1)>"
            contact.email = "<svg/onload=alert(1)>@x.example"
            contact.locale = contact.time_zone = '"><script>alert(1)</script>'
            session.commit()
            text = desk.client.get(f"/desk/c/{found}").text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "<svg/onload" not in text
            assert f'href="{url[:10]}' not in text
