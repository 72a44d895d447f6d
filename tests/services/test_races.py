"""What happens at the same moment: exactly one winner, nobody speaks out of turn."""

from __future__ import annotations

import random
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import ai
from helpdesk.domain.lifecycle import MoveRefused, Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import AiRun, Conversation, Escalation, EventRow, Message, Outbox
from helpdesk.services import assistant, customer, intake, routing
from helpdesk.services.unit_of_work import Words, unit_of_work
from tests.services import crowd
from tests.support.make import Make, Person

CONVERSATIONS, AGENTS = 200, 8
REPLIES, LANES = 300, 3
JITTER = 0.012  # seconds; about what it takes to post, so that either may be first
TEXT = "Tap Money, then Add money."

Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    """More interleavings, and no thread waits 5 ms for its turn after each answer of a database."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    yield
    sys.setswitchinterval(before)


def together(app: Flask, calls: Iterable[Callable[[], Result]]) -> list[Result]:
    """Run all calls on threads of their own that start at once; their results.

    :raises ExceptionGroup: some of them failed.
    """
    todo = list(calls)
    results: list[Result] = []
    failed: list[Exception] = []
    gate = threading.Barrier(len(todo))

    def run(call: Callable[[], Result]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results.append(call())
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise ExceptionGroup("calls failed", failed)
    return results


def test_each_of_200_conversations_has_one_winner_of_8_agents(app: Flask, make: Make) -> None:
    numbers = crowd.waiting(make, CONVERSATIONS)
    agents = [make.agent(f"Agent{n} Of Eight").id for n in range(AGENTS)]

    def claim_all(agent_id: int) -> list[int]:
        won = []
        for number in numbers:
            try:
                routing.claim(number, agent_id=agent_id)
            except MoveRefused:
                continue
            won.append(number)
        return won

    results = together(app, [partial(claim_all, agent) for agent in agents])
    assert Counter(number for won in results for number in won) == dict.fromkeys(numbers, 1)
    with reading() as session:
        joined = session.execute(
            sa.select(Message.conversation_id, sa.func.count())
            .where(Message.kind == "joined")
            .group_by(Message.conversation_id)
        )
        assert dict(joined.all()) == dict.fromkeys(numbers, 1)
        outcomes = session.scalars(sa.select(Escalation.outcome)).all()
        assert Counter(outcomes) == {"claimed": CONVERSATIONS}


def test_50_agents_claim_one_conversation_and_one_of_them_has_it(app: Flask, make: Make) -> None:
    [number] = crowd.waiting(make, 1)
    agents = [make.agent(f"Agent{n} Of Fifty").id for n in range(50)]

    def claim(agent_id: int) -> int | None:
        try:
            routing.claim(number, agent_id=agent_id)
        except routing.NotYours:
            return None
        return agent_id

    results = together(app, [partial(claim, agent) for agent in agents])
    [winner] = [result for result in results if result is not None]
    assert make.read(number).assigned_agent_id == winner
    assert [kind for _, kind, _ in make.transcript(number)].count("joined") == 1


class AtTheGate:
    """An assistant that ends its thinking at the moment in which a takeover begins."""

    def __init__(self, conversations: Iterable[str]) -> None:
        self.gates = {conversation: threading.Barrier(2) for conversation in conversations}

    def reply(self, transcript: ai.Transcript, *_given: object, **_named: object) -> ai.Reply:
        self.gates[transcript.conversation].wait(10)
        return ai.Reply(text=TEXT, confidence=0.9)


def test_no_reply_of_300_is_shown_after_a_person_took_over(
    app: Flask, make: Make, sarah: Person
) -> None:
    crowd.later(app)
    numbers = crowd.asking(make, REPLIES)
    with reading() as session:
        runs = dict(session.execute(sa.select(AiRun.conversation_id, AiRun.id)).all())
        names = dict(session.execute(sa.select(Conversation.id, Conversation.public_id)).all())
    app.extensions["responder"] = assistant_at_the_gate = AtTheGate(names.values())
    late = random.Random(4)  # noqa: S311

    def answer(lane: int) -> None:
        for number in numbers[lane::LANES]:
            assistant.answer(runs[number])

    def take_over(lane: int) -> None:
        for number in numbers[lane::LANES]:
            assistant_at_the_gate.gates[names[number]].wait(10)
            time.sleep(late.uniform(0, JITTER))
            routing.claim(number, agent_id=sarah.id, greet=False)

    together(app, [partial(side, lane) for side in (answer, take_over) for lane in range(LANES)])
    assert shown_after_joined() == 0
    with reading() as session:
        outcomes = Counter(session.execute(sa.select(AiRun.outcome, AiRun.text)).all())
    # Both ways it can go did happen, and no reply was lost: what came late is kept for the agent.
    assert set(outcomes) == {("posted", TEXT), ("suppressed", TEXT)}
    assert outcomes.total() == REPLIES


def shown_after_joined() -> int:
    """How many of the assistant's rows stand below a person's joining."""
    joined = sa.orm.aliased(Message)
    late = (
        sa.select(sa.func.count(Message.id))
        .join(joined, joined.conversation_id == Message.conversation_id)
        .where(joined.kind == "joined", Message.sender_type == Sender.AI, Message.seq > joined.seq)
    )
    with reading() as session:
        return session.scalar(late) or 0


class TakesOver:
    """An assistant during whose thinking a person takes over."""

    def __init__(self, app: Flask, number: int, agent: Person) -> None:
        self.app, self.number, self.agent = app, number, agent

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        with self.app.app_context():
            routing.claim(self.number, agent_id=self.agent.id)
        return ai.Reply(text=TEXT, confidence=0.9)


def answer_without_a_fence(run_id: int, responder: TakesOver) -> None:
    """The control: the same steps as `assistant.answer`, but what was read decides."""
    with reading() as session:
        run = session.get_one(AiRun, run_id)
        conversation = session.get_one(Conversation, run.conversation_id)
    is_ours = conversation.support_status is Status.AI
    reply = responder.reply()
    if is_ours:
        with unit_of_work() as work:
            words = Words(sender_type=Sender.AI, sender_key="ai", body=reply.text, mid="naive")
            work.say(work.hold(run.conversation_id), words)


@pytest.mark.parametrize("fenced", [True, False])
def test_only_the_fence_holds_back_a_reply_during_which_a_person_took_over(
    app: Flask, make: Make, sarah: Person, fenced: bool, rules_may_break: None
) -> None:
    crowd.later(app)
    [number] = crowd.asking(make, 1)
    with reading() as session:
        [run_id] = session.scalars(sa.select(AiRun.id))
    app.extensions["responder"] = responder = TakesOver(app, number, sarah)
    if fenced:
        assistant.answer(run_id)
    else:
        answer_without_a_fence(run_id, responder)
    assert shown_after_joined() == (0 if fenced else 1)
    if fenced:
        with reading() as session:
            run = session.get_one(AiRun, run_id)
            assert (run.outcome, run.text) == ("suppressed", TEXT)


def test_one_message_posted_50_times_at_once_is_stored_once(app: Flask, make: Make) -> None:
    maya = make.customer()
    mid = str(uuid.uuid4())

    def send() -> intake.Stored:
        while True:
            try:
                return intake.receive(maya.id, body="How do I add money?", mid=mid)
            except intake.Busy:
                continue

    results = together(app, [send] * 50)
    [(number, seq)] = {(result.conversation_id, result.seq) for result in results}
    assert seq == 1
    assert [result.repeated for result in results].count(False) == 1
    rows = make.messages(number)
    assert [row.body for row in rows if row.sender_type is Sender.USER] == ["How do I add money?"]


def test_asking_for_a_person_20_times_at_once_escalates_once(app: Flask, make: Make) -> None:
    maya = make.customer()
    make.write(maya, "How do I add money?")

    def ask() -> str:
        while True:
            try:
                return customer.ask_for_person(maya.id, source="button")
            except intake.Busy:
                continue

    assert len(set(together(app, [ask] * 20))) == 1
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count(Escalation.id))) == 1
        assert session.scalar(sa.select(sa.func.count(Outbox.id))) in (0, 1)
        handoffs = sa.select(sa.func.count()).where(EventRow.name == "handoff.requested")
        assert session.scalar(handoffs) == 1
        texts = sa.select(sa.func.count()).where(Message.kind == "handoff")
        assert session.scalar(texts) == 1
