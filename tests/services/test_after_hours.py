"""People go home: who waits, who may leave a message, and what they are told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import ai
from helpdesk.domain.hours import DAYS
from helpdesk.domain.lifecycle import Priority, Sender, Status
from helpdesk.extensions import reading, writing
from helpdesk.models import BusinessHours, Contact, Escalation, Inbox, Outbox
from helpdesk.services import customer, desk, left_messages, replies, timers
from tests.support.make import Make, Person

# A Friday, 16:00 and 20:00 in Berlin; the office is there Monday to Friday, 9 to 18.
OPEN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CLOSED = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
WEEK = {
    "time_zone": "Europe/Berlin",
    "week": {day: [{"start": "09:00", "end": "18:00"}] if day in DAYS[:5] else [] for day in DAYS},
}
AWAY = "Our team is away. We will reply by Monday at 10:00, Berlin time."


class Sure:
    """An assistant that always has the answer."""

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        return ai.Reply(text="It is on the Home screen.", confidence=0.9)


class Lost:
    """An assistant that never has one."""

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        return ai.Reply(text="", confidence=0.1, refused="does_not_know")


@pytest.fixture
def office(make: Make, app: Flask) -> Make:
    """A desk with office hours."""
    app.extensions["responder"] = Sure()
    with writing() as session:
        calendar = BusinessHours(name="Office", hours=WEEK, created_at=OPEN)
        session.add(calendar)
        session.flush()
        session.get_one(Inbox, make.inbox_id).hours_id = calendar.id
        session.commit()
    return make


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("helpdesk.clock.now", lambda: moment)


def said(make: Make, number: int) -> list[tuple[str, str]]:
    return [(kind, body) for _, kind, body in make.transcript(number)]


def test_a_soft_reason_lets_the_assistant_go_on_and_says_when_we_are_back(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, CLOSED)
    number = office.conversation(text="The app crashes every time I open it").id
    held = office.read(number)
    assert (held.support_status, held.requires_human) == (Status.AI, False)
    rows = office.transcript(number)
    assert rows[1][1] == "after_hours"
    assert rows[1][2].startswith(AWAY)
    assert rows[2][0] == Sender.AI
    with reading() as session:
        assert set(session.scalars(sa.select(Escalation.outcome))) == {"suppressed"}


def test_an_urgent_case_waits_and_is_told_when(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, CLOSED)
    number = office.conversation(text="I deposited money but it's not showing!").id
    held = office.read(number)
    assert (held.support_status, held.priority) == (Status.WAITING, Priority.URGENT)
    assert held.after_hours
    assert said(office, number)[-1][1].startswith(AWAY)
    timers.sweep()
    assert len(said(office, number)) == 2


def test_asking_for_a_person_waits_as_well(office: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, CLOSED)
    maya = office.customer()
    customer.ask_for_person(maya.id, source="button")
    [number] = [row.id for row in conversations()]
    assert office.read(number).support_status is Status.WAITING


def conversations() -> list[sa.Row[tuple[int]]]:
    from helpdesk.models import Conversation

    with reading() as session:
        return list(session.execute(sa.select(Conversation.id)))


def test_no_answer_is_never_silence(
    office: Make, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, CLOSED)
    app.extensions["responder"] = Lost()
    maya = office.customer()
    number = office.write(maya, "Do you sell lamps?").conversation_id
    office.write(maya, "Or chairs?")
    assert [kind for kind, _ in said(office, number)] == [
        "text",
        "after_hours",
        "text",
        "after_hours",
    ]


def test_a_left_message_is_kept_promised_and_answered(
    office: Make, monkeypatch: pytest.MonkeyPatch, sarah: Person
) -> None:
    at(monkeypatch, CLOSED)
    maya = office.customer()
    mid = str(uuid.uuid4())
    words = "Please call me about my ISA."
    kept = left_messages.leave_message(maya.id, email="maya@mail.example", body=words, mid=mid)
    again = left_messages.leave_message(maya.id, email="maya@mail.example", body=words, mid=mid)
    assert (again.seq, again.repeated) == (kept.seq, True)
    held = office.read(kept.conversation_id)
    assert (held.support_status, held.requires_human, held.after_hours, held.priority) == (
        Status.AI,
        True,
        True,
        Priority.LOW,
    )
    kind, text = said(office, kept.conversation_id)[-1]
    assert kind == "message_left"
    assert "within 62 hours, by Monday at 10:00, Berlin time" in text
    with reading() as session:
        assert session.get_one(Contact, maya.id).email == "maya@mail.example"
    replies.reply(held.id, agent_id=sarah.id, body="I have called you.", mid=str(uuid.uuid4()))
    answered = office.read(held.id)
    assert answered.support_status is Status.ACTIVE
    [letter] = letters()
    assert letter.recipient == "maya@mail.example"
    assert "I have called you." in letter.payload["text"]
    assert not any(m.requires_followup for m in office.messages(held.id))


def letters() -> list[Outbox]:
    with reading() as session:
        found = session.scalars(sa.select(Outbox).where(Outbox.recipient != "").order_by(Outbox.id))
        return list(found)


def test_no_letter_goes_to_somebody_who_is_back_in_the_chat(
    office: Make, monkeypatch: pytest.MonkeyPatch, sarah: Person
) -> None:
    at(monkeypatch, CLOSED)
    maya = office.customer()
    kept = left_messages.leave_message(
        maya.id, email="maya@mail.example", body="Please call me.", mid=str(uuid.uuid4())
    )
    number = kept.conversation_id
    replies.reply(number, agent_id=sarah.id, body="When?", mid=str(uuid.uuid4()))
    replies.reply(number, agent_id=sarah.id, body="Any time?", mid=str(uuid.uuid4()))
    assert [letter.payload["text"].count("?") for letter in letters()] == [1, 1]
    office.write(maya, "At five.")
    replies.reply(number, agent_id=sarah.id, body="Good.", mid=str(uuid.uuid4()))
    assert len(letters()) == 2


def test_whoever_waits_at_closing_time_keeps_the_place_and_hears_of_it(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, OPEN)
    number = office.conversation(status=Status.WAITING, text="How's my portfolio doing?").id
    place = office.read(number).queue_key
    at(monkeypatch, CLOSED)
    timers.sweep()
    timers.sweep()
    held = office.read(number)
    assert (held.support_status, held.after_hours, held.queue_key) == (
        Status.WAITING,
        True,
        place,
    )
    assert [kind for kind, _ in said(office, number)].count("after_hours") == 1


def test_left_messages_are_listed_for_agents_until_somebody_answers(
    office: Make, monkeypatch: pytest.MonkeyPatch, sarah: Person
) -> None:
    at(monkeypatch, CLOSED)
    maya = office.customer("Maya")
    kept = left_messages.leave_message(
        maya.id, email="maya@mail.example", body="Please call me.", mid=str(uuid.uuid4())
    )
    listed = desk.look_at_board("queue", sarah.id)
    assert [(row.name, row.excerpt) for row in listed.left] == [("Maya", "Please call me.")]
    assert listed.rows == ()
    replies.reply(kept.conversation_id, agent_id=sarah.id, body="Done.", mid=str(uuid.uuid4()))
    assert desk.look_at_board("queue", sarah.id).left == ()
