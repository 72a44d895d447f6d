"""What happens by itself when nobody does anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import ai, clock
from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent, Episode, EventRow
from helpdesk.services import replies, routing, timers
from tests.support.make import Make, Person

ANSWER = "It is on the Home screen, with its gain or loss."


class Hands:
    """Turns the clock."""

    def __init__(self) -> None:
        self.at = clock.now()

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def hands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Time stands still until a test turns it on; sweeping twice must change nothing more."""
    hands = Hands()
    monkeypatch.setattr("helpdesk.clock.now", hands.now)
    return hands


def sweep() -> None:
    timers.sweep()
    timers.sweep()


def kinds(make: Make, number: int) -> list[str]:
    return [kind for _, kind, _ in make.transcript(number)]


def seen(person: Person, at: datetime) -> None:
    with writing() as session:
        session.get_one(Agent, person.id).last_seen_at = at
        session.commit()


def test_a_waiting_customer_hears_from_us_after_2_and_10_minutes(make: Make, hands: Hands) -> None:
    number = make.conversation(status=Status.WAITING).id
    before = make.read(number)
    sweep()
    assert "still_waiting" not in kinds(make, number)
    hands.on(minutes=2, seconds=1)
    sweep()
    assert kinds(make, number).count("still_waiting") == 1
    hands.on(minutes=8)
    sweep()
    assert kinds(make, number).count("still_waiting") == 2
    hands.on(hours=2)
    sweep()
    assert kinds(make, number).count("still_waiting") == 2
    after = make.read(number)
    assert (after.support_status, after.waiting_since) == (Status.WAITING, before.waiting_since)


def test_after_a_time_without_a_server_one_notice_is_enough(make: Make, hands: Hands) -> None:
    number = make.conversation(status=Status.WAITING).id
    hands.on(minutes=25)
    sweep()
    sweep()
    assert kinds(make, number).count("still_waiting") == 1
    assert "25 minutes" in make.transcript(number)[-1][2]


def test_an_agent_who_vanishes_gives_the_customer_back_at_the_same_place(
    make: Make, hands: Hands, sarah: Person
) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.WAITING).id
    place = make.read(number).queue_key
    hands.on(seconds=30)
    routing.claim(number, agent_id=sarah.id, greet=False)
    seen(sarah, hands.now())
    make.write(maya, "Hello?")
    hands.on(seconds=70)
    sweep()
    assert make.read(number).support_status is Status.ACTIVE
    hands.on(seconds=10)
    sweep()
    again = make.read(number)
    assert (again.support_status, again.assigned_agent_id) == (Status.WAITING, None)
    assert again.queue_key == place
    assert make.transcript(number)[-1] == (
        Sender.SYSTEM,
        "left",
        "Sarah has been disconnected. A colleague takes over, you keep your place.",
    )


def test_an_agent_who_owes_nothing_may_go(make: Make, hands: Hands, sarah: Person) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    seen(sarah, hands.now())
    hands.on(seconds=1)
    replies.reply(number, agent_id=sarah.id, body="All done.", mid="a" * 36)
    hands.on(hours=5)
    sweep()
    assert make.read(number).support_status is Status.ACTIVE


def test_an_agent_who_is_there_but_silent_loses_the_conversation(
    make: Make, hands: Hands, sarah: Person
) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    for _ in range(4):
        hands.on(seconds=50)
        seen(sarah, hands.now())
    sweep()
    assert make.read(number).support_status is Status.WAITING


class Sure:
    """An assistant that always has the answer."""

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        return ai.Reply(text=ANSWER, confidence=0.9)


def test_a_silent_customer_is_asked_once_and_then_taken_as_solved(
    app: Flask, make: Make, hands: Hands
) -> None:
    app.extensions["responder"] = Sure()
    number = make.conversation(text="How's my portfolio doing?").id
    assert make.transcript(number)[-1][0] == Sender.AI
    hands.on(minutes=29)
    sweep()
    assert "check_in" not in kinds(make, number)
    hands.on(minutes=2)
    sweep()
    assert kinds(make, number).count("check_in") == 1
    hands.on(hours=23)
    sweep()
    assert make.read(number).support_status is Status.AI
    hands.on(hours=2)
    sweep()
    assert make.read(number).support_status is Status.RESOLVED
    with reading() as session:
        assert session.scalar(sa.select(Episode.resolution_kind)) == "assumed"


def test_what_was_solved_is_closed_after_three_quiet_days(make: Make, hands: Hands) -> None:
    number = make.conversation(status=Status.RESOLVED).id
    hands.on(hours=71)
    sweep()
    assert make.read(number).support_status is Status.RESOLVED
    hands.on(hours=2)
    sweep()
    assert make.read(number).support_status is Status.CLOSED
    with reading() as session:
        closed = sa.select(EventRow.actor).where(EventRow.name == "conversation.closed")
        assert session.scalars(closed).all() == ["system"]
