"""What customers type, however odd: kept as text, shown as text, never interpreted (A5 to A13)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from helpdesk.models import Contact, Conversation
from tests.web.people import Customer, Desk, Shown, new_id
from tests.web.rows import SQLITE, count, written

INJECTIONS = (
    "' OR 1=1--",
    "'; DROP TABLE message; --",
    '" UNION SELECT token_hash FROM contact --',
    "\\'; SELECT pg_sleep(5); --",
    "1) OR (1=1",
)


def stored() -> list[str]:
    """What customers wrote, as it is kept."""
    return [row.body for row in written()]


def shown_to_both(maya: Customer, desk: Desk) -> Iterator[Shown]:
    """The conversation as its customer and as an agent get it, as a page and as fragments."""
    at = f"/desk/c/{maya.conversation}"
    for answer in (
        maya.page(),
        maya.since(),
        desk.client.get(at),
        desk.client.get(f"{at}/since?after=0"),
    ):
        assert answer.status_code == 200
        yield Shown(answer.text)


@SQLITE
def test_a05_nothing_to_read_is_refused(maya: Customer) -> None:
    blank = ("", "   ", "\n\n\t", "\u200b\u200d\u2060\ufeff", "\u2800\u2800", "\u3164", "\x00\x01")
    for body in (*blank, "\u00ad", "\u180e\u034f", "\U000e0020", "\u2066\u2069"):
        answer = maya.send(body)
        assert answer.status_code == 422, body.encode("unicode_escape")
        assert "Write a message first." in answer.text
    assert stored() == []


@SQLITE
def test_a06_a_message_that_is_too_long_is_refused_and_kept(maya: Customer) -> None:
    words = "é" * 4_001
    answer = maya.send(words)
    assert answer.status_code == 422
    assert "4,001 characters" in answer.text
    form = {"client_msg_id": new_id(), "body": words}
    page = maya.client.post(f"/chat/{maya.key}/messages", data=form)
    assert page.status_code == 422
    assert words in page.text
    assert stored() == []
    assert maya.send(words[:4_000]).status_code == 200
    assert stored() == [words[:4_000]]


def test_a07_4000_emoji_are_a_message(maya: Customer) -> None:
    assert maya.send("😀" * 4_000).status_code == 200
    assert stored() == ["😀" * 4_000]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("before%00after", "beforeafter"),
        ("a%0Bb%1Bc%7Fd", "abcd"),
        ("one%0D%0Atwo%0Dthree", "one\ntwo\nthree"),
    ],
    ids=["NUL", "control characters", "line ends"],
)
def test_a08_what_cannot_be_stored_is_cleaned(maya: Customer, sent: str, kept: str) -> None:
    answer = maya.post(
        "messages",
        f"client_msg_id={new_id()}&body={sent}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    assert stored() == [kept]


@pytest.mark.parametrize(
    "sent", [b"a%ED%A0%80b", b"a%FF%FEb", b"a\xff\xfeb", b"a%C0%AFb"],
    ids=["lone surrogate", "invalid UTF-8", "raw bytes", "overlong slash"],
)  # fmt: skip
def test_a08_text_that_is_no_text_never_breaks_the_database(maya: Customer, sent: bytes) -> None:
    answer = maya.post(
        "messages",
        b"client_msg_id=" + new_id().encode() + b"&body=" + sent,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (200, 400)
    assert len(stored()) == (1 if answer.status_code == 200 else 0)
    assert all(text.startswith("a") and text.endswith("b") for text in stored())
    assert all("\ud800" not in text and "\x00" not in text for text in stored())


def test_a08_nul_in_an_address_is_refused_before_any_table_is_asked(
    maya: Customer, desk: Desk
) -> None:
    maya.send("Hello")
    for address in ("/chat/%00", "/w/c/%00/since", "/w/c/a%00b/since?after=0", "/welcome/%00"):
        assert maya.client.get(address).status_code == 400, address
    assert maya.client.get(f"/w/c/{maya.conversation}/since?after=%00").status_code == 400
    assert maya.client.post("/w/c/%00/messages").status_code == 400
    assert desk.client.get("/desk/c/%00").status_code == 400
    assert desk.client.get("/desk?view=%00").status_code == 400
    form = {"email": "a\x00b@team.example", "password": "wrong"}
    assert maya.client.post("/sign-in", data=form).status_code == 422


@SQLITE
def test_a09_text_that_turns_round_or_towers_stays_in_its_place(maya: Customer, desk: Desk) -> None:
    zalgo = "e" + "\u0301" * 500
    turned = "invoice\u202egpj.exe"
    assert maya.send(f"{turned} {zalgo}").status_code == 200
    [kept] = stored()
    assert kept.startswith(turned)
    assert sum(unicodedata.combining(character) > 0 for character in kept) <= 6
    for answer in (maya.page(), desk.client.get(f"/desk/c/{maya.conversation}")):
        assert 'class="hd-body" dir="auto"' in answer.text  # isolates it, see messages.css


XSS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</textarea></template><script>alert(1)</script>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "<a href=\"javascript:alert(1)\">x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1) file:///etc/passwd",
    "https://x.example/\"onmouseover=\"alert(1)",
    "https://x.example/'onmouseover='alert(1)",
    "https://x.example/<script>",
)  # fmt: skip
HTMX = (
    "<div hx-get=/sign-out hx-trigger=load></div>",
    '<form data-hx-post="/desk/claims" hx-trigger="load"></form>',
    "<b hx-on::load=\"alert(1)\" hx-on:htmx:load='alert(1)'>x</b>",
    '<div id="log" hx-swap-oob="true">gone</div>',
    '<article id="m-1" data-seq="1">another</article>',
)
TEMPLATES = (
    "{{7*7}}",
    "{% for x in range(9) %}x{% endfor %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%(x)s %s %d {0.__class__} {}",
    "{{ config.SECRET_KEY }} {{customer_name}}",
)


@SQLITE
@pytest.mark.parametrize("number", [10, 11, 12, 13], ids="a{}".format)
def test_a10_to_a13_markup_commands_templates_and_sql_are_words(
    app: Flask, maya: Customer, desk: Desk, number: int
) -> None:
    words = {10: XSS, 11: HTMX, 12: TEMPLATES, 13: INJECTIONS}[number]
    for text in words:
        assert maya.send(text).status_code == 200, text
    for shown in shown_to_both(maya, desk):
        for text in words:
            assert text in shown.texts, text
        for tag, attributes in shown.elements:
            assert tag in ("a", "mark", "span"), (tag, attributes)
            if tag == "a":
                assert urlsplit(attributes["href"] or "").scheme in ("http", "https", "mailto")
                assert attributes["rel"] == "noopener noreferrer nofollow"
                assert set(attributes) == {"href", "target", "rel"}
    assert stored() == list(words)


def test_a13_sql_in_every_field_and_address_is_only_words(
    maya: Customer, stranger: Customer, desk: Desk
) -> None:
    maya.send("Hello")
    stranger.send("Hello too")
    for text in INJECTIONS:
        assert maya.since(text).status_code == 400, text
        assert maya.client.get("/w/c/x/since", query_string={"after": text}).status_code == 404
        assert maya.client.get("/chat/" + text.replace("/", "")).status_code == 404
        assert maya.post("messages", {"client_msg_id": text, "body": "x"}).status_code == 400
        assert maya.post("rating", {"score": text}).status_code == 422
        assert maya.post("handoff", {"source": text}).status_code == 200
        assert desk.client.get("/desk", query_string={"view": text}).status_code == 200
        assert desk.client.get(f"/desk/c/{text}").status_code == 404
        assert (
            desk.post(f"/desk/c/{maya.conversation}/resolution", {"epoch": text}).status_code == 400
        )
    assert (count(Contact), count(Conversation)) == (2, 2)
