"""Requests to the widget that no page of ours would send (A14 to A23)."""

from __future__ import annotations

import logging
from io import BytesIO

import pytest

from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import reading
from helpdesk.models import Conversation
from tests.web.people import Customer, Desk, new_id
from tests.web.rows import SQLITE, written

FORM = "application/x-www-form-urlencoded"


def test_a14_numbers_that_are_none_are_refused(maya: Customer) -> None:
    maya.send("Hello")
    wrong = ("-1", "abc", "1e9", "9" * 10, "9" * 19, "1.0", "0x1", "１", "²", "+1", " 1", "1;")
    for after in (*wrong, "1&after=2"):
        assert maya.since(after).status_code == 400, after


def test_a14_a_number_of_another_history_tells_the_page_to_load_anew(
    maya: Customer, desk: Desk
) -> None:
    maya.send("Hello")
    ahead = str(2**31 - 1)
    assert maya.since(ahead).text == "<!--reset-->"
    assert maya.since("0&e=2").text == "<!--reset-->"
    assert 'data-seq="1"' in maya.since("0&e=1").text
    since = desk.client.get(f"/desk/c/{maya.conversation}/since?after={ahead}")
    assert since.text == "<!--reset-->"


def test_a16_an_id_used_for_other_words_is_refused_and_the_words_are_kept(maya: Customer) -> None:
    mid = new_id()
    assert maya.send("Hello", mid=mid).status_code == 200
    assert maya.send("Hello", mid=mid).status_code == 200
    assert maya.send("Hello", mid=mid.upper()).status_code == 200
    assert maya.send("Something else", mid=mid).status_code == 409
    form = {"client_msg_id": mid, "body": "Something else"}
    page = maya.client.post(f"/w/c/{maya.conversation}/messages", data=form)
    assert (page.status_code, "Something else</textarea>" in page.text) == (409, True)
    assert [row.body for row in written()] == ["Hello"]


def test_a17_the_same_id_of_another_visitor_is_another_message(
    maya: Customer, stranger: Customer
) -> None:
    mid = new_id()
    assert maya.send("Hello", mid=mid).status_code == 200
    assert stranger.send("Good evening", mid=mid).status_code == 200
    assert [(row.body, row.seq) for row in written()] == [("Hello", 1), ("Good evening", 1)]


def test_a18_an_id_that_no_page_made_is_refused(maya: Customer) -> None:
    nearly = "00000000-0000-0000-0000-000000000000"
    wrong = ("x" * 10_240, "", "1", "system", "ai:1", "greeting:1", "0" * 32, nearly[:-1] + "g")
    for mid in (*wrong, f"{nearly}\n", f" {nearly}", "{" + nearly):
        form = {"client_msg_id": mid, "body": "Hello"}
        assert maya.post("messages", form).status_code == 400, mid
    assert written() == []


def test_a19_fields_that_the_form_does_not_have_are_ignored_and_logged(
    maya: Customer, stranger: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    stranger.send("Hello")
    extra = {
        "sender_kind": "agent",
        "sender_type": "agent",
        "agent_id": "1",
        "seq": "77",
        "status": "resolved",
        "support_status": "resolved",
        "priority": "urgent",
        "conversation_id": "1",
        "conversation": stranger.conversation,
        "contact_id": "1",
        "stream": "desk",
        "visible_to": "agents",
        "ai_confidence": "1",
    }
    with caplog.at_level(logging.WARNING, "helpdesk"):
        assert maya.send("How do I add money?", **extra).status_code == 200
    [_, row] = written()
    assert (row.sender_type, row.agent_id, row.seq, row.stream) == ("user", None, 1, "pub")
    with reading() as session:
        conversation = session.get_one(Conversation, row.conversation_id)
    assert conversation.public_id == maya.conversation
    assert (conversation.support_status, conversation.priority) == (Status.AI, "medium")
    assert "ignored fields" in caplog.text
    assert "sender_kind" in caplog.text


@SQLITE
def test_a20_only_the_body_is_read_and_of_it_the_first(maya: Customer) -> None:
    mid = new_id()
    form = f"client_msg_id={mid}&body=first&body=second&client_msg_id={new_id()}"
    query = {"body": "from the address", "client_msg_id": new_id(), "source": "menu"}
    answer = maya.post("messages", form, query_string=query, content_type=FORM)
    assert answer.status_code == 200
    assert [(row.body, row.client_msg_id) for row in written()] == [("first", mid)]
    assert maya.post("messages", {}, query_string=query).status_code == 400


@SQLITE
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"client_msg_id": "x", "body": "y"}', 415),
        ("application/json", b"[" * 10_000 + b"]" * 10_000, 415),
        ("application/octet-stream", b"body=x", 415),
        ("text/plain", b"body=x", 415),
        ("text/xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", 415),
        ("", b"body=x", 415),
        ("multipart/form-data", b"body=x", 400),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=" + "x" * 5_000, b"--x--", 400),
        (FORM + "; charset=utf-7", b"body=%2BADw-script%2BAD4-", 400),
    ],
)
def test_a21_only_forms_are_taken(maya: Customer, kind: str, body: bytes, status: int) -> None:
    answer = maya.post("messages", body, content_type=kind)
    assert answer.status_code == status
    assert written() == []


class Counting(BytesIO):
    """A body that tells how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@SQLITE
@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10 * 1024 * 1024])
def test_a22_a_body_that_is_too_large_is_refused_without_reading_it(
    maya: Customer, size: int
) -> None:
    body = Counting(b"body=" + b"x" * (size - 5))
    answer = maya.post("messages", None, input_stream=body, content_length=size, content_type=FORM)
    assert answer.status_code == 413
    assert body.taken <= 64 * 1024
    assert written() == []


@SQLITE
def test_a23_a_form_has_few_fields(maya: Customer) -> None:
    real = {"client_msg_id": new_id(), "body": "Hello"}
    parts = {**real, **{f"x{n}": "1" for n in range(49)}}
    assert maya.post("messages", parts).status_code == 413
    assert maya.post("messages", parts, content_type="multipart/form-data").status_code == 413
    many = "&".join(f"{n}=" for n in range(10_000))
    assert maya.post("messages", many, content_type=FORM).status_code == 413
    assert maya.post("messages", "&" * 10_000, content_type=FORM).status_code == 400
    file = {**real, "body": (BytesIO(b"x"), "../../etc/passwd")}
    assert maya.post("messages", file, content_type="multipart/form-data").status_code == 422
    assert written() == []
    del parts["x48"]
    assert maya.post("messages", parts).status_code == 200
