"""Every move of lifecycle.md that is built: status, epoch, event, the row that tells the customer.

The invariants are looked at after each of these tests (conftest.py): a move without its event or
its row in the same commit fails there, whichever test it is in.
"""

from __future__ import annotations

import pytest

from helpdesk.domain.lifecycle import Overtaken, Priority, Sender, Status
from helpdesk.services import customer, replies, routing
from tests.services import crowd
from tests.services.conftest import Clock
from tests.services.talk import (
    ANSWER,
    HOW_TO,
    OWN_MONEY_CASE,
    Steered,
    escalations,
    events,
    moves,
    runs,
)
from tests.support.make import Make, Person

HANDED_OVER = ("handoff.requested", "ai", "waiting", "customer")


def kinds(make: Make, number: int) -> list[str]:
    return [f"{sender}/{kind}" for sender, kind, _ in make.transcript(number)]


# T1, T3, T4: with the assistant


def test_a_first_message_begins_with_the_assistant(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    maya = make.customer("Maya Lindqvist")
    number = make.write(maya, HOW_TO).conversation_id
    begun = make.read(number)
    assert (begun.support_status, begun.control_epoch) == (Status.AI, 0)
    assert (begun.assigned_agent_id, begun.requires_human, begun.customer_turns) == (None, False, 1)
    assert events(number) == ["conversation.created", "message.created"]
    [run] = runs(number)
    assert (run.state, run.customer_seq, run.control_epoch) == ("queued", 1, 0)

    worker.run()
    assert make.transcript(number) == [
        (Sender.USER, "text", HOW_TO),
        (Sender.AI, "text", ANSWER.text),
    ]
    answer = make.messages(number)[1]
    assert (answer.ai_confidence, answer.requires_followup) == (ANSWER.confidence, False)
    assert make.read(number).control_epoch == 0
    [asked] = assistant_says.asked
    assert (asked.question(), asked.customer_name) == (HOW_TO, "Maya Lindqvist")


def test_three_quick_messages_are_answered_once_and_together(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    maya = make.customer()
    for text in ("hello", "I have a question", HOW_TO):
        number = make.write(maya, text).conversation_id
    assert [run.state for run in runs(number)] == ["done", "done", "queued"]
    worker.run()
    assert kinds(make, number) == ["user/text"] * 3 + ["ai/text"]
    assert [run.outcome for run in runs(number)] == ["superseded", "superseded", "posted"]
    assert [asked.question() for asked in assistant_says.asked] == [
        f"hello\nI have a question\n{HOW_TO}"
    ]


def test_a_message_during_the_thinking_is_answered_instead(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    maya = make.customer()
    number = make.write(maya, HOW_TO).conversation_id

    def writes_meanwhile() -> object:
        with worker.app.app_context():
            make.write(maya, "Is there a dark theme?")
        return ANSWER

    assistant_says.then = [writes_meanwhile]
    worker.run()
    assert kinds(make, number) == ["user/text", "user/text", "ai/text"]
    assert [run.outcome for run in runs(number)] == ["superseded", "posted"]


# T6: to the queue


@pytest.mark.parametrize("source", ["button", "menu"])
def test_asking_by_a_button_puts_the_customer_into_the_queue(
    make: Make, worker: crowd.Later, source: str
) -> None:
    maya = make.customer()
    number = make.write(maya, HOW_TO).conversation_id
    customer.ask_for_person(maya.id, source=source)
    waits = make.read(number)
    assert (waits.support_status, waits.control_epoch) == (Status.WAITING, 1)
    assert (waits.requires_human, waits.priority) == (True, Priority.MEDIUM)
    assert waits.ai_handoff_reason == "Asked for a person"
    assert waits.ai_handoff_at == waits.waiting_since
    assert moves(number) == [HANDED_OVER]
    [escalation] = escalations(number)
    assert (escalation.outcome, escalation.action) == ("open", "transfer")
    assert kinds(make, number) == ["user/text", "system/handoff"]
    # The words that led here wait for a person, and the assistant has nothing to do any more.
    assert make.messages(number)[0].requires_followup
    assert [run.outcome for run in runs(number)] == ["superseded"]
    worker.run()
    assert kinds(make, number) == ["user/text", "system/handoff"]


def test_a_case_of_ones_own_goes_to_the_queue_with_what_it_is_about(
    make: Make, worker: crowd.Later
) -> None:
    number = make.write(make.customer(), OWN_MONEY_CASE).conversation_id
    waits = make.read(number)
    assert (waits.support_status, waits.priority) == (Status.WAITING, Priority.URGENT)
    assert (waits.requires_human, waits.ai_handoff_reason) == (True, "Money")
    assert moves(number) == [("handoff.requested", "ai", "waiting", "system")]
    said, handoff = make.messages(number)
    assert said.requires_followup
    assert "better assist you with your payment" in handoff.body
    [escalation] = escalations(number)
    assert escalation.codes == ["financial_transaction"]
    assert [span["text"] for span in escalation.evidence[0]["evidence"]]
    assert runs(number) == []


def test_asking_before_any_word_was_said(make: Make) -> None:
    maya = make.customer()
    customer.ask_for_person(maya.id, source="button")
    number = crowd.only_conversation()
    assert make.read(number).support_status is Status.WAITING
    assert kinds(make, number) == ["system/handoff"]


def test_asking_again_while_waiting_changes_nothing(make: Make) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.WAITING).id
    before = make.read(number).control_epoch, kinds(make, number)
    customer.ask_for_person(maya.id, source="menu")
    assert (make.read(number).control_epoch, kinds(make, number)) == before


# T8, T9: to an agent


def test_claiming_joins_greets_and_ends_the_escalation(make: Make, sarah: Person) -> None:
    number = make.conversation(by=make.customer("Maya"), status=Status.WAITING).id
    waited = make.read(number).waiting_since
    routing.claim(number, agent_id=sarah.id)
    has = make.read(number)
    assert (has.support_status, has.assigned_agent_id) == (Status.ACTIVE, sarah.id)
    assert (has.control_epoch, has.requires_human) == (2, True)
    assert (has.waiting_since, has.first_agent_reply_at) == (waited, None)
    assert moves(number)[-1] == (
        "conversation.claimed",
        "waiting",
        "active",
        f"agent:{sarah.id}",
    )
    joined, greeting = make.messages(number)[-2:]
    assert (joined.kind, joined.body) == (
        "joined",
        "🙋 Sarah (Support Agent) has joined the chat",
    )
    assert (greeting.sender_type, greeting.agent_id) == (Sender.AGENT, sarah.id)
    assert greeting.body.startswith("Hi Maya!")
    assert [escalation.outcome for escalation in escalations(number)][-1] == "claimed"


def test_a_second_claim_is_told_who_was_first(make: Make, sarah: Person, omar: Person) -> None:
    number = make.conversation(status=Status.WAITING).id
    routing.claim(number, agent_id=sarah.id)
    with pytest.raises(routing.NotYours, match="Sarah Kim has this conversation"):
        routing.claim(number, agent_id=omar.id)
    assert make.read(number).assigned_agent_id == sarah.id


def test_taking_over_from_the_assistant_silences_it(
    make: Make, worker: crowd.Later, sarah: Person
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id
    routing.claim(number, agent_id=sarah.id)
    worker.run()
    assert moves(number) == [("conversation.claimed", "ai", "active", f"agent:{sarah.id}")]
    assert kinds(make, number) == ["user/text", "system/joined", "agent/greeting"]
    assert [run.outcome for run in runs(number)] == ["superseded"]


@pytest.mark.parametrize("status", [Status.AI, Status.WAITING])
def test_an_agents_reply_takes_over(make: Make, sarah: Person, status: Status) -> None:
    number = make.conversation(status=status).id
    replies.reply(number, agent_id=sarah.id, body="Hello, Sarah here.", mid="m-1")
    has = make.read(number)
    assert (has.support_status, has.assigned_agent_id) == (Status.ACTIVE, sarah.id)
    assert has.first_agent_reply_at is not None
    assert kinds(make, number)[-2:] == ["system/joined", "agent/text"]


# T10: more words while waiting


def test_words_while_waiting_may_only_raise_the_priority(
    make: Make, worker: crowd.Later, time: Clock
) -> None:
    maya = make.customer()
    number = make.write(maya, HOW_TO).conversation_id
    customer.ask_for_person(maya.id, source="button")
    first = make.read(number)
    time.forward(minutes=1)

    make.write(maya, "Somebody stole my password and my account is hacked")
    raised = make.read(number)
    assert (raised.support_status, raised.control_epoch) == (Status.WAITING, 1)
    assert raised.priority is Priority.URGENT
    assert raised.waiting_since == first.waiting_since
    assert raised.queue_key is not None
    assert first.queue_key is not None
    assert raised.queue_key < first.queue_key
    assert raised.ai_handoff_reason == "Asked for a person; Account security"
    [escalation] = escalations(number)
    assert escalation.codes == ["asked_for_human", "account_security"]
    assert "priority.raised" in events(number)

    make.write(maya, HOW_TO)
    worker.run()
    assert make.read(number).priority is Priority.URGENT
    assert kinds(make, number)[-3:] == ["system/handoff", "user/text", "user/text"]
    assert [row.requires_followup for row in make.messages(number)] == [True, False, True, True]


# T11, T18: back to the assistant


def test_a_waiting_customer_goes_back_to_the_assistant_and_is_answered(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    maya = make.customer()
    number = make.write(maya, HOW_TO).conversation_id
    customer.ask_for_person(maya.id, source="button")
    customer.back_to_assistant(number)
    back = make.read(number)
    assert (back.support_status, back.control_epoch) == (Status.AI, 2)
    assert (back.requires_human, back.waiting_since, back.queue_key) == (False, None, None)
    assert back.muted_until_turn == back.customer_turns + 2
    assert [escalation.outcome for escalation in escalations(number)] == ["cancelled"]
    assert not any(row.requires_followup for row in make.messages(number))
    worker.run()
    assert kinds(make, number) == ["user/text", "system/handoff", "system/returned", "ai/text"]
    with pytest.raises(Overtaken):
        customer.back_to_assistant(number)


def test_soft_rules_rest_for_two_turns_after_the_return_and_urgent_ones_never(
    make: Make, worker: crowd.Later, assistant_says: Steered, sarah: Person
) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.ACTIVE, agent=sarah).id
    routing.return_to_assistant(number, agent_id=sarah.id)
    back = make.read(number)
    assert (back.support_status, back.assigned_agent_id) == (Status.AI, None)
    assert moves(number)[-1] == (
        "conversation.returned_to_ai",
        "active",
        "ai",
        f"agent:{sarah.id}",
    )
    angry = "This is terrible, you are useless and I am so angry"
    for _ in range(2):
        make.write(maya, angry)
        worker.run()
        assert make.read(number).offer_state == "none"
        assert kinds(make, number)[-1] == "ai/text"
    make.write(maya, OWN_MONEY_CASE)
    assert make.read(number).support_status is Status.WAITING
