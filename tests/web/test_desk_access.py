"""What an agent may do, and forms that come twice or too late (C56, C59 to C62, C64, C72)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from helpdesk.domain.lifecycle import Status
from helpdesk.extensions import reading
from helpdesk.models import Conversation, EventRow, Message, Review
from tests.support.make import Make, Person
from tests.web.people import Customer, Desk, new_id
from tests.web.rows import SQLITE, count


def now_of(conversation: str) -> Conversation:
    """A conversation as it is now."""
    with reading() as session:
        return session.scalars(
            sa.select(Conversation).where(Conversation.public_id == conversation)
        ).one()


def facts(name: str) -> int:
    """How often something happened."""
    with reading() as session:
        query = sa.select(sa.func.count(EventRow.id)).where(EventRow.name == name)
        return session.scalar(query) or 0


def said_by_agents() -> list[str]:
    """What agents wrote, replies and notes, the greeting apart."""
    with reading() as session:
        rows = sa.select(Message.body).where(
            Message.sender_type == "agent", Message.kind != "greeting"
        )
        return list(session.scalars(rows.order_by(Message.id)))


@pytest.fixture
def address(maya: Customer) -> str:
    """A waiting conversation, as the desk addresses it."""
    maya.send("How do I add money?")
    maya.hand_over()
    return f"/desk/c/{maya.conversation}"


@SQLITE
def test_c56_and_c64_signed_out_in_the_middle_of_a_reply(
    desk: Desk, maya: Customer, address: str
) -> None:
    desk.post(f"{address}/assignment")
    desk.post("/sign-out")
    answer = desk.write(maya.conversation, "I am looking into it.")
    assert answer.status_code == 401
    assert "You are signed out. Your text is kept in this browser." in answer.text
    assert "<html" not in answer.text
    page = desk.client.get(address)
    assert (page.status_code, page.headers["Location"]) == (302, f"/sign-in?next={address}")
    assert said_by_agents() == []


def test_c59_a_reply_into_anothers_conversation_is_refused_and_kept(
    desk: Desk, other_desk: Desk, maya: Customer, address: str
) -> None:
    assert desk.post(f"{address}/assignment").status_code == 200
    refused = other_desk.write(maya.conversation, "Me too.")
    assert refused.status_code == 409
    assert "Sarah Kim has this conversation. Your text is kept." in refused.text
    form = {"client_msg_id": new_id(), "body": "Me too."}
    page = other_desk.post(f"{address}/messages", form, script=False)
    assert (page.status_code, "Me too.</textarea>" in page.text) == (409, True)
    for what in ("release", "assistant", "assignment"):
        assert other_desk.post(f"{address}/{what}").status_code == 409, what
    resolved = other_desk.post(f"{address}/resolution", {"seen_seq": "99"})
    assert resolved.status_code == 409
    assert now_of(maya.conversation).support_status is Status.ACTIVE
    assert said_by_agents() == []
    assert other_desk.write(maya.conversation, "A note is welcome.", to="notes").status_code == 200


def test_c60_what_was_not_read_is_not_resolved(desk: Desk, maya: Customer, address: str) -> None:
    desk.post(f"{address}/assignment")
    seen = str(now_of(maya.conversation).last_seq)
    maya.send("One more thing")
    refused = desk.post(f"{address}/resolution", {"seen_seq": seen})
    assert refused.status_code == 409
    assert "The customer has just written. Read that first." in refused.text
    assert desk.post(f"{address}/resolution", {}).status_code == 409
    assert now_of(maya.conversation).support_status is Status.ACTIVE
    seen = str(now_of(maya.conversation).last_seq)
    assert desk.post(f"{address}/resolution", {"seen_seq": seen}).status_code == 200
    assert now_of(maya.conversation).support_status is Status.RESOLVED


def test_c61_a_form_that_comes_twice_has_one_effect(
    desk: Desk, maya: Customer, address: str
) -> None:
    claims = [desk.post(f"{address}/assignment").status_code for _ in range(2)]
    assert claims == [200, 409]
    for to in ("messages", "notes"):
        form = {"client_msg_id": new_id(), "body": f"Said in {to}"}
        answers = [desk.post(f"{address}/{to}", form) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}, to
    assert said_by_agents() == ["Said in messages", "Said in notes"]
    for what, form in (("release", {}), ("assignment", {}), ("resolution", {"seen_seq": "99"})):
        answers = [desk.post(f"{address}/{what}", form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 409], what
    ratings = [maya.post("rating", {"score": "5"}).status_code for _ in range(2)]
    assert ratings == [200, 409]
    for name, times in (
        ("conversation.claimed", 2),
        ("conversation.requeued", 1),
        ("conversation.resolved", 1),
        ("message.created", 3),  # of Maya, the assistant and Sarah
        ("note.created", 1),
        ("csat.received", 1),
    ):
        assert facts(name) == times, name


def test_c61_a_customers_button_pressed_twice_has_one_effect(maya: Customer) -> None:
    maya.send("Let me talk to a human please")
    assert [maya.post("offer/decline").status_code for _ in range(2)] == [200, 200]
    assert [maya.hand_over().status_code for _ in range(2)] == [200, 200]
    assert [maya.post("assistant").status_code for _ in range(2)] == [200, 409]
    assert [maya.end().status_code for _ in range(2)] == [200, 409]
    for name in ("handoff.declined", "handoff.requested", "conversation.returned_to_ai"):
        assert facts(name) == 1, name
    assert facts("conversation.resolved") == 1


@SQLITE
def test_c61_one_id_is_one_message_whether_reply_or_note(
    desk: Desk, maya: Customer, address: str
) -> None:
    desk.post(f"{address}/assignment")
    form = {"client_msg_id": new_id(), "body": "I am looking into it."}
    assert desk.post(f"{address}/messages", form).status_code == 200
    assert desk.post(f"{address}/notes", form).status_code == 409
    assert desk.post(f"{address}/messages", form | {"body": "Other words"}).status_code == 409
    assert said_by_agents() == ["I am looking into it."]


@pytest.mark.parametrize("what", ["release", "assistant", "resolution"])
def test_c62_a_form_from_before_the_last_change_of_hands_is_refused(
    desk: Desk, maya: Customer, address: str, what: str
) -> None:
    desk.post(f"{address}/assignment")
    old = now_of(maya.conversation).control_epoch
    desk.post(f"{address}/release")
    desk.post(f"{address}/assignment")
    form = {"epoch": str(old), "seen_seq": "99"}
    refused = desk.post(f"{address}/{what}", form)
    assert refused.status_code == 409
    assert "This page is older than the conversation" in refused.text
    assert now_of(maya.conversation).support_status is Status.ACTIVE
    page = desk.post(f"{address}/{what}", form, script=False)
    assert page.status_code == 409
    form["epoch"] = str(now_of(maya.conversation).control_epoch)
    assert f'name="epoch" value="{form["epoch"]}"' in page.text
    assert desk.post(f"{address}/{what}", form).status_code == 200


@SQLITE
def test_a_choice_that_no_page_offers_is_refused(
    desk: Desk, sarah: Person, address: str, make: Make
) -> None:
    assert desk.post(f"{address}/review", {"verdict": "maybe"}).status_code == 400
    assert desk.post("/desk/presence", {"presence": "busy' OR 1=1--"}).status_code == 400
    assert desk.post(f"{address}/resolution", {"seen_seq": "-1"}).status_code == 400
    assert count(Review) == 0


@SQLITE
def test_c72_what_only_the_team_may_see_never_reaches_the_customer(
    desk: Desk, maya: Customer, address: str
) -> None:
    desk.post(f"{address}/assignment")
    desk.write(maya.conversation, "Looks like fraud to me", to="notes")
    desk.post(f"{address}/review", {"verdict": "wrong_team"})
    for answer in (maya.page(), maya.since(), maya.send("Are you there?"), maya.end()):
        for secret in ("fraud", "Kim", "wrong_team", "% sure", "confidence", "priority", "urgent"):
            assert secret not in answer.text, secret
    assert "fraud" in desk.client.get(address).text


@SQLITE
def test_where_a_form_goes_back_to_is_never_another_site(desk: Desk) -> None:
    for referrer, back in (
        ("http://localhost/desk/c/abc?view=mine", "/desk/c/abc"),
        ("https://evil.example/desk", "/desk"),
        ("https://evil.example//evil.example", "/desk"),
        ("http://localhost//evil.example", "/desk"),
        ("http://localhost/\\evil.example", "/desk"),
        ("http://[", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("", "/desk"),
    ):
        answer = desk.client.post(
            "/desk/presence", data={"presence": "away"}, headers={"Referer": referrer}
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, back), referrer
