"""What a live page is told: everything, in order, and nothing that is not its own."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest

from helpdesk import clock
from helpdesk.extensions import writing
from helpdesk.models import Agent, Contact
from helpdesk.services import replies
from tests.realtime.conftest import QUICK, House, Visitor
from tests.realtime.line import Line
from tests.support.processes import serving
from tests.web.people import new_id

LOOK = 1.0  # seconds between two looks of a page whose bell did not ring


def numbers(texts: list[str]) -> list[int]:
    """The numbers of the rows in these frames."""
    return [int(n) for text in texts for n in re.findall(r'<article[^>]* data-seq="(\d+)"', text)]


def claim(house: House, visitor: Visitor) -> None:
    """Sarah takes the conversation."""
    assert house.agent().post(f"/desk/c/{visitor.conversation}/assignment").status == 200


def test_rows_arrive_in_order_each_in_a_frame_of_its_own(house: House, maya: Visitor) -> None:
    claim(house, maya)
    with maya.line() as line:
        texts = line.texts_until("chat-flow")
        shown = numbers(texts)
        assert shown == list(range(1, len(shown) + 1))
        rows = [text for text in texts if "<article" in text]
        assert all(text.startswith('<div hx-swap-oob="beforeend:#log">') for text in rows)
        assert all(len(numbers([text])) == 1 for text in rows)
        for number in range(10):
            assert maya.write(f"Message {number}") == 200
        live = line.texts_until("Message 9")
        assert numbers(live) == list(range(len(shown) + 1, len(shown) + 11))


def test_a_page_is_sent_only_what_it_lacks(house: House, maya: Visitor) -> None:
    claim(house, maya)
    with maya.line() as line:
        last = numbers(line.texts_until("chat-flow"))[-1]
    with maya.line(after=last - 1) as line:
        assert numbers(line.texts_until("chat-flow")) == [last]


def test_a_message_is_pushed_at_once(house: House, maya: Visitor) -> None:
    claim(house, maya)
    with maya.line() as line, house.desk_line(house.agent(), f"c={maya.conversation}") as desk:
        line.texts_until("chat-flow")
        desk.texts_until('id="team"')
        began = time.monotonic()
        maya.write("Pushed, not polled")
        desk.texts_until("Pushed, not polled")
        line.texts_until("Pushed, not polled")
        assert time.monotonic() - began < LOOK


def test_a_lost_ring_costs_a_second(house: House, maya: Visitor) -> None:
    """What another process wrote on the same database shows at the next look."""
    claim(house, maya)
    with maya.line() as line, house.desk_line(house.agent(), f"c={maya.conversation}") as desk:
        line.texts_until("chat-flow")
        desk.texts_until('id="team"')
        time.sleep(0.1)
        maya.write_elsewhere("From another process")
        written = time.monotonic()
        line.texts_until("From another process")
        desk.texts_until("From another process")
        assert time.monotonic() - written < LOOK + 0.8


@pytest.mark.parametrize("after", [99, 2**31 - 1])
def test_b53_a_page_ahead_of_us_is_told_to_load_anew(maya: Visitor, after: int) -> None:
    with maya.line(after=after) as line:
        assert line.text() == "<!--reset-->"
        assert maya.write("And it goes on") == 200
        assert numbers(line.texts_until("And it goes on"))


def test_b53_a_page_of_another_epoch_is_told_to_load_anew(house: House, maya: Visitor) -> None:
    address = f"/w/live?c={maya.conversation}&after=0&e=2"
    with Line(house.server.port, address, maya.browser.cookies) as line:
        assert line.text() == "<!--reset-->"
    with house.desk_line(house.agent(), f"c={maya.conversation}&after=99") as desk:
        assert desk.text() == "<!--reset-->"


def test_notes_and_other_conversations_never_reach_a_customer(house: House, maya: Visitor) -> None:
    stranger = house.visitor()
    claim(house, maya)
    sarah = house.person()
    with maya.line() as line, stranger.line() as other:
        line.texts_until("chat-flow")
        other.texts_until("chat-flow")
        replies.note(maya.number, agent_id=sarah.id, body="Looks like fraud", mid=new_id())
        form = {"client_msg_id": new_id(), "body": "Smells like fraud"}
        assert house.agent().post(f"/desk/c/{maya.conversation}/notes", form).status == 200
        maya.write("The end of this test")
        seen = line.texts_until("The end of this test")
        stranger.write("The end of that test")
        theirs = other.texts_until("The end of that test")
    text = "".join(seen + theirs)
    assert "fraud" not in text
    assert "The end of this test" not in "".join(theirs)
    assert "data-note" not in text
    assert "confidence" not in text


def test_b52_a_page_of_an_agent_who_signed_out_is_closed(house: House) -> None:
    agent = house.agent()
    with house.desk_line(agent) as line, house.desk_line(house.agent()) as other:
        line.texts_until('id="team"')
        agent.post("/sign-out")
        assert line.closed(3) == 4401
        assert other.is_open()


def test_b52_a_page_of_a_disabled_agent_is_closed(house: House) -> None:
    agent = house.agent("Nobody Here")
    with house.desk_line(agent) as line:
        line.texts_until('id="team"')
        with writing() as session:
            session.get_one(Agent, house.person("Nobody Here").id).disabled_at = clock.now()
            session.commit()
        assert line.closed(3) == 4401


@pytest.mark.parametrize("why", ["erased_at", "blocked_at"])
def test_a_page_of_a_contact_who_was_erased_or_blocked_is_closed(
    house: House, maya: Visitor, why: str
) -> None:
    with maya.line() as line:
        line.texts_until("chat-flow")
        with writing() as session:
            setattr(session.get_one(Contact, maya.contact_id), why, clock.now())
            session.commit()
        assert line.closed(3) == 4404


def test_a_server_that_stops_tells_its_pages_to_come_back(house: House, maya: Visitor) -> None:
    """On a server of its own: every page is closed with 1012, and it is gone within 3 s."""
    folder = house.server.log.parent
    with serving(folder, house.app.config["SETTINGS"].database_url, **QUICK) as server:
        agent = house.agent()
        lines = [Line(server.port, "/desk/live", agent.cookies) for _ in range(4)]
        address = f"/w/live?c={maya.conversation}&after=0&e=1"
        lines.append(Line(server.port, address, maya.browser.cookies))
        for line in lines:
            assert line.status == 101
            line.text()
        began = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        assert [line.closed() for line in lines] == [1012] * len(lines)
        for line in lines:
            line.socket.close()
        assert server.stop(5) == 0
        assert time.monotonic() - began < 3
