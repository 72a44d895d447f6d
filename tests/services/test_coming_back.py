"""The customer writes after "resolved" (lifecycle.md T21), and what the end asks for."""

from __future__ import annotations

import pytest

from helpdesk.domain.events import ConversationClosed
from helpdesk.domain.lifecycle import Priority, Sender, Status
from helpdesk.services import customer, routing
from helpdesk.services.unit_of_work import unit_of_work
from tests.services import crowd
from tests.services.conftest import Clock
from tests.services.talk import (
    HOW_TO,
    Steered,
    dossier,
    episodes,
    escalations,
    events,
    moves,
)
from tests.support.make import Customer, Make, Person


@pytest.fixture
def maya(make: Make) -> Customer:
    return make.customer("Maya")


@pytest.fixture
def solved(make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer) -> int:
    """A conversation that the assistant solved."""
    make.write(maya, HOW_TO)
    worker.run()
    return make.write(maya, "Thanks!").conversation_id


def test_within_the_hour_a_person_gets_it_with_high_priority_and_nothing_was_solved(
    make: Make, worker: crowd.Later, solved: int, maya: Customer, time: Clock
) -> None:
    time.forward(minutes=59)
    assert make.write(maya, "It does not work on my phone").conversation_id == solved
    back = make.read(solved)
    assert back.support_status is Status.WAITING
    assert back.priority.rank >= Priority.HIGH.rank
    assert back.resolved_at is None
    [episode] = episodes(solved)
    assert episode.resolution_voided_at is not None
    assert episode.resolved_at is None
    assert "returned_within_window" in escalations(solved)[-1].codes
    assert [move[:3] for move in moves(solved)[1:]] == [
        ("conversation.reopened", "resolved", "ai"),
        ("handoff.requested", "ai", "waiting"),
    ]
    assert make.messages(solved)[-2].requires_followup


def test_within_the_hour_it_prefers_the_agent_who_helped(
    make: Make, maya: Customer, sarah: Person
) -> None:
    number = make.conversation(by=maya, status=Status.RESOLVED, agent=sarah).id
    make.write(maya, "It does not work on my phone")
    back = make.read(number)
    assert (back.support_status, back.preferred_agent_id) == (Status.WAITING, sarah.id)
    assert back.assigned_agent_id is None


def test_thanks_after_resolved_change_nothing(
    make: Make, worker: crowd.Later, solved: int, maya: Customer
) -> None:
    before = make.read(solved).control_epoch
    make.write(maya, "Thank you so much!")
    worker.run()
    still = make.read(solved)
    assert (still.support_status, still.control_epoch) == (Status.RESOLVED, before)
    last = make.messages(solved)[-1]
    assert (last.sender_type, last.requires_followup) == (Sender.USER, False)


def test_after_the_hour_a_new_stretch_begins_with_the_assistant(
    make: Make,
    worker: crowd.Later,
    assistant_says: Steered,
    solved: int,
    maya: Customer,
    time: Clock,
) -> None:
    time.forward(minutes=61)
    assert make.write(maya, "Is there a dark theme?").conversation_id == solved
    worker.run()
    again = make.read(solved)
    assert (again.support_status, again.customer_turns) == (Status.AI, 1)
    first, second = episodes(solved)
    assert first.resolution_voided_at is None
    assert (second.number, second.first_seq) == (2, 5)
    assert make.transcript(solved)[-1][:2] == (Sender.AI, "text")
    # Nothing of the earlier stretch is told to the assistant; the customer still sees it all.
    assert [line.text for line in assistant_says.asked[-1].lines] == ["Is there a dark theme?"]
    assert len(make.transcript(solved)) == 6


def test_a_request_for_a_person_counts_only_in_its_own_stretch(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer, time: Clock
) -> None:
    number = make.write(maya, "I want to talk to a real person").conversation_id
    customer.end(number)
    time.forward(minutes=61)
    make.write(maya, "I want to talk to a real person")
    assert make.read(number).support_status is Status.AI
    assert make.read(number).offer_state == "offered"


def test_pressing_the_button_after_resolved_reopens(
    make: Make, solved: int, maya: Customer
) -> None:
    customer.ask_for_person(maya.id, source="menu")
    assert make.read(solved).support_status is Status.WAITING
    assert [move[0] for move in moves(solved)] == [
        "conversation.resolved",
        "conversation.reopened",
        "handoff.requested",
    ]


def test_after_closed_a_new_conversation_begins_that_knows_the_old_one(
    make: Make, worker: crowd.Later, solved: int, maya: Customer, sarah: Person
) -> None:
    with unit_of_work() as work:
        work.move(work.hold(solved), Status.CLOSED, ConversationClosed(actor="system"))
    new = make.write(maya, HOW_TO).conversation_id
    worker.run()
    assert new != solved
    begun = make.read(new)
    assert (begun.previous_conversation_id, begun.support_status) == (solved, Status.AI)
    assert make.read(solved).support_status is Status.CLOSED
    assert [past.number for past in dossier(new, sarah).past] == [solved]


# What the end asks for


def test_an_episode_is_rated_once(make: Make, solved: int, maya: Customer, time: Clock) -> None:
    customer.rate(solved, score=5, comment="quick")
    assert events(solved)[-1] == "csat.received"
    for score in (1, None):
        with pytest.raises(customer.NotAsked):
            customer.rate(solved, score=score, comment="")
    time.forward(minutes=61)
    make.write(maya, HOW_TO)
    with pytest.raises(customer.NotAsked):
        customer.rate(solved, score=1, comment="not solved yet")
    customer.end(solved)
    customer.rate(solved, score=None, comment="")
    with pytest.raises(customer.NotAsked):
        customer.rate(solved, score=4, comment="after skipping")
    assert events(solved).count("csat.received") == 1


def test_the_same_review_twice_takes_it_back(make: Make, sarah: Person, omar: Person) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    for agent, verdict, seen in (
        (sarah, "needed", "needed"),
        (omar, "wrong_team", "wrong_team"),
        (sarah, "ai_could_have", "ai_could_have"),
        (sarah, "ai_could_have", ""),
        (sarah, "needed", "needed"),
    ):
        routing.review(number, agent_id=agent.id, verdict=verdict)
        assert dossier(number, agent).review == seen
    assert dossier(number, omar).review == "wrong_team"


def test_the_ai_should_have_handled_this_is_kept_with_the_resolution(
    make: Make, sarah: Person
) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    routing.resolve(number, agent_id=sarah.id, seen_seq=99, ai_should_have=True)
    assert dossier(number, sarah).review == "ai_could_have"
    assert "feedback.ai_should_have_handled" in events(number)
