"""What happens at the same moment: exactly one winner, nobody speaks out of turn."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import ai
from helpdesk.domain.lifecycle import MoveRefused, Sender, Status
from helpdesk.extensions import reading, writing
from helpdesk.models import AiRun, Conversation, Escalation, EventRow, Message, Outbox
from helpdesk.services import assistant, customer, intake, routing
from tests.support.make import Make

CONVERSATIONS, AGENTS = 200, 8
REPLIES = 300


def together(app: Flask, calls: Iterable[Callable[[], object]]) -> list[object]:
    """Run all calls on threads of their own that start at once; their results or exceptions."""
    todo = list(calls)
    results: list[object] = [None] * len(todo)
    gate = threading.Barrier(len(todo))

    def run(index: int, call: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[index] = call()
            except Exception as error:
                results[index] = error

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(todo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def waiting(make: Make, count: int) -> list[int]:
    return [make.conversation(status=Status.WAITING).id for _ in range(count)]


def test_each_of_200_conversations_has_one_winner_of_8_agents(app: Flask, make: Make) -> None:
    numbers = waiting(make, CONVERSATIONS)
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

    results = together(app, [lambda a=agent: claim_all(a) for agent in agents])  # type: ignore[misc]
    assert not [result for result in results if isinstance(result, Exception)]
    wins = Counter(number for won in results for number in won)  # type: ignore[attr-defined]
    assert wins == dict.fromkeys(numbers, 1)
    with reading() as session:
        joined = session.execute(
            sa.select(Message.conversation_id, sa.func.count())
            .where(Message.kind == "joined")
            .group_by(Message.conversation_id)
        )
        assert dict(joined.all()) == dict.fromkeys(numbers, 1)


def _posted_after_joined(number: int) -> int:
    with reading() as session:
        joined = session.scalar(
            sa.select(Message.seq).where(
                Message.conversation_id == number, Message.kind == "joined"
            )
        )
        return len(
            session.scalars(
                sa.select(Message.id).where(
                    Message.conversation_id == number,
                    Message.sender_type == Sender.AI,
                    Message.seq > (joined or 0),
                )
            ).all()
        )


def _queued(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch, count: int) -> dict[int, int]:
    """Conversations whose answer is still to be made: conversation to run."""
    monkeypatch.setattr("helpdesk.background.enqueue", lambda *_args, **_ids: None)
    numbers = [make.conversation().id for _ in range(count)]
    with reading() as session:
        rows = session.execute(sa.select(AiRun.conversation_id, AiRun.id))
        runs = dict(rows.all())
    assert set(numbers) == set(runs)
    return runs


def test_no_reply_is_shown_after_a_person_took_over(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.article("Adding money", "Tap Money and then Add money.", "How do I add money?")
    runs = _queued(app, make, monkeypatch, REPLIES)
    agent = make.agent("Sarah Kim").id
    for number, run_id in runs.items():
        together(
            app,
            [
                lambda r=run_id: assistant.answer(r),  # type: ignore[misc]
                lambda n=number: routing.claim(n, agent_id=agent),  # type: ignore[misc]
            ],
        )
    assert sum(_posted_after_joined(number) for number in runs) == 0
    with reading() as session:
        outcomes = Counter(session.scalars(sa.select(AiRun.outcome)))
    # Both ways it can go really happened, and every held-back reply was kept for the agent.
    assert set(outcomes) <= {"posted", "suppressed", "superseded"}
    assert outcomes["posted"] + outcomes["suppressed"] + outcomes["superseded"] == REPLIES


def test_a_reply_that_lost_the_race_is_kept_for_the_agent(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(number, run_id)] = _queued(app, make, monkeypatch, 1).items()
    agent = make.agent("Sarah Kim").id

    class TakesOver:
        """An assistant during whose thinking a person takes over."""

        def reply(self, *_given: object, **_named: object) -> ai.Reply:
            with app.app_context():
                routing.claim(number, agent_id=agent)
            return ai.Reply(text="Tap Money.", confidence=0.9)

    monkeypatch.setitem(app.extensions, "responder", TakesOver())
    assistant.answer(run_id)
    assert _posted_after_joined(number) == 0
    with reading() as session:
        run = session.get_one(AiRun, run_id)
        assert (run.outcome, run.text) == ("suppressed", "Tap Money.")


def test_reading_first_and_writing_afterwards_leaks_under_the_same_interleaving(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the fence the forced order of events shows a reply after *joined*."""
    [(number, _)] = _queued(app, make, monkeypatch, 1).items()
    agent = make.agent("Sarah Kim").id
    assert make.read(number).support_status is Status.AI
    routing.claim(number, agent_id=agent)
    with writing() as session:
        conversation = session.get_one(Conversation, number)
        conversation.last_seq += 1
        assert conversation.episode_id is not None
        session.add(
            Message(
                conversation_id=number,
                episode_id=conversation.episode_id,
                seq=conversation.last_seq,
                sender_type=Sender.AI,
                sender_key="ai",
                client_msg_id="naive",
                body="Tap Money.",
                body_sha256="",
                created_at=conversation.created_at,
            )
        )
        session.commit()
    assert _posted_after_joined(number) == 1


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
    assert not [result for result in results if isinstance(result, Exception)]
    assert {(r.conversation_id, r.seq) for r in results} == {  # type: ignore[attr-defined]
        (results[0].conversation_id, 1)  # type: ignore[attr-defined]
    }
    rows = make.messages(results[0].conversation_id)  # type: ignore[attr-defined]
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

    results = together(app, [ask] * 20)
    assert len(set(map(str, results))) == 1
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count(Escalation.id))) == 1
        assert session.scalar(sa.select(sa.func.count(Outbox.id))) in (0, 1)
        handoffs = sa.select(sa.func.count()).where(EventRow.name == "handoff.requested")
        assert session.scalar(handoffs) == 1
