"""What happens at the same moment, and on the wire: through a real server (A15, A22, A27, C58)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk.extensions import reading
from helpdesk.models import Conversation, Escalation, EventRow, Message, Outbox
from tests.support.make import Make
from tests.support.processes import DeskProcess, serving
from tests.web.people import SESSION, new_id
from tests.web.rows import count, written
from tests.web.wire import Browser, open_line, read_all, together


@pytest.fixture
def server(app: Flask, make: Make, database_url: str, tmp_path: Path) -> Iterator[DeskProcess]:
    """A server process on the test's database."""
    make.article("Adding money", "Tap Money and then Add money.", "How do I add money?")
    folder = tmp_path / "server"
    folder.mkdir()
    with serving(folder, database_url, LIMIT_CONVERSATIONS_PER_HOUR_PER_ADDRESS="1") as running:
        yield running


@pytest.fixture
def maya(server: DeskProcess, make: Make) -> Browser:
    """A customer who has the chat open."""
    browser = Browser(server.port)
    assert browser.get(f"/chat/{make.key}").status == 200
    return browser


def test_a15_one_message_posted_50_times_at_once_is_stored_once(maya: Browser, make: Make) -> None:
    """It is the first one, too: one conversation, and one that counts against the limit."""
    form = {"client_msg_id": new_id(), "body": "How do I add money?"}
    answers = together([lambda: maya.post_until_done(f"/chat/{make.key}/messages", form)] * 50)
    assert Counter(answer.status for answer in answers) == {200: 50}
    rows = {re.search(r'<article[^>]* data-seq="(\d+)"', answer.text)[1] for answer in answers}  # type: ignore[index]
    assert rows == {"1"}
    addresses = {re.search(r'data-conversation="([^"]+)"', a.text)[1] for a in answers}  # type: ignore[index]
    assert len(addresses) == 1
    assert [row.body for row in written()] == ["How do I add money?"]
    assert count(Conversation) == 1


def test_a27_asking_for_a_person_20_times_at_once_escalates_once(maya: Browser, make: Make) -> None:
    form = {"source": "button"}
    answers = together([lambda: maya.post_until_done(f"/chat/{make.key}/handoff", form)] * 20)
    assert Counter(answer.status for answer in answers) == {200: 20}
    assert (count(Conversation), count(Escalation)) == (1, 1)
    assert count(Outbox) <= 1
    with reading() as session:
        asked = sa.select(sa.func.count()).where(EventRow.name == "handoff.requested")
        told = sa.select(sa.func.count()).where(Message.kind == "handoff")
        assert (session.scalar(asked), session.scalar(told)) == (1, 1)


def test_c58_of_20_agents_who_claim_at_once_one_wins(
    maya: Browser, make: Make, server: DeskProcess
) -> None:
    maya.post(f"/chat/{make.key}/handoff", {"source": "button"})
    with reading() as session:
        address = session.scalars(sa.select(Conversation.public_id)).one()
    agents = [
        Browser(server.port, {SESSION: make.cookie(make.agent(f"Agent{n} Of Twenty"))})
        for n in range(20)
    ]
    answers = together(
        [lambda a=agent: a.post(f"/desk/c/{address}/assignment") for agent in agents]  # type: ignore[misc]
    )
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 19}
    with reading() as session:
        joined = sa.select(sa.func.count()).where(Message.kind == "joined")
        assert session.scalar(joined) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a22_on_the_wire_a_body_too_large_is_refused_before_it_came(
    server: DeskProcess, make: Make
) -> None:
    head = (
        f"POST /chat/{make.key}/messages HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    announced = f"{head}Content-Length: {1024 * 1024 + 1}\r\n\r\nbody=x"
    with open_line(server.port, announced.encode()) as line:
        assert line.recv(1_024).startswith(b"HTTP/1.1 413 ")
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    with open_line(server.port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()) as line:
        line.sendall(chunk)
        assert line.recv(1_024).startswith(b"HTTP/1.1 411 ")
    assert Browser(server.port).get("/healthz").status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_b93_requests_that_two_servers_could_read_differently_are_refused(
    server: DeskProcess,
) -> None:
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    for name, data in {
        "two lengths": f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2",
        "length and chunks": f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: 4\r\n"
        "Transfer-Encoding: chunked",
        "odd encoding": f"POST /sign-in HTTP/1.1\r\n{host}Transfer-Encoding: xchunked",
        "negative length": f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: -1",
        "space before colon": f"GET /healthz HTTP/1.1\r\n{host}Content-Length : 5",
        "NUL in a header": f"GET /healthz HTTP/1.1\r\n{host}X: a\0b",
        "a header of 10 KB": f"GET /healthz HTTP/1.1\r\n{host}X: {'a' * 10_000}",
        "a line of 10 KB": f"GET /{'a' * 10_000} HTTP/1.1\r\n{host}",
        "200 headers": f"GET /healthz HTTP/1.1\r\n{host}" + "X: 1\r\n" * 200,
        "no HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    }.items():
        with open_line(server.port, data.encode() + b"\r\n\r\n") as line:
            answer = read_all(line)
        assert re.match(rb"HTTP/1.1 (4\d\d|501) ", answer), (name, answer[:100])
        assert b"Traceback" not in answer
    assert Browser(server.port).get("/healthz").status == 200
