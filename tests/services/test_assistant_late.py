"""Replies that come too late, work that nobody ended, and what only the team may read."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import AiRun
from helpdesk.services import assistant, customer, replies, routing, transcript
from tests.services import crowd
from tests.services.conftest import Clock
from tests.services.talk import ANSWER, HOW_TO, Steered, dossier, escalations, events, runs
from tests.support.make import Make, Person

# A reply that comes too late


def test_a_reply_that_lost_the_race_is_shown_to_the_agent_alone(
    make: Make, worker: crowd.Later, assistant_says: Steered, sarah: Person
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id

    def takes_over() -> object:
        with worker.app.app_context():
            routing.claim(number, agent_id=sarah.id, greet=False)
        return ANSWER

    assistant_says.then = [takes_over]
    worker.run()
    assert make.transcript(number)[-1][1] == "joined"
    held_back = dossier(number, sarah).held_back
    assert held_back is not None
    assert (held_back.text, held_back.confidence) == (ANSWER.text, ANSWER.confidence)
    assert events(number)[-1] == "reply.suppressed"
    with reading() as session:
        shown = transcript.for_customer(session, number)
    assert ANSWER.text not in [row.body for row in shown]


def test_a_reply_of_an_earlier_stretch_is_not_posted_in_the_next_one(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    maya = make.customer()
    number = make.write(maya, HOW_TO).conversation_id

    def goes_to_the_queue_and_back() -> object:
        with worker.app.app_context():
            customer.ask_for_person(maya.id, source="button")
            customer.back_to_assistant(number)
        return replace(ANSWER, text="Of the first stretch.")

    assistant_says.then = [goes_to_the_queue_and_back]
    worker.run()
    assert [body for sender, _, body in make.transcript(number) if sender is Sender.AI] == [
        ANSWER.text
    ]
    assert [run.outcome for run in runs(number)] == ["suppressed", "posted"]


def test_an_assistant_that_fails_after_a_takeover_escalates_nothing(
    make: Make, worker: crowd.Later, assistant_says: Steered, sarah: Person
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id

    def takes_over_and_fails() -> object:
        with worker.app.app_context():
            routing.claim(number, agent_id=sarah.id, greet=False)
        raise ValueError("boom")

    assistant_says.usual = takes_over_and_fails
    worker.run()
    assert make.read(number).support_status is Status.ACTIVE
    assert escalations(number) == []


# Work that somebody began and never ended


def test_a_run_whose_worker_died_is_taken_up_after_its_lease(
    make: Make, worker: crowd.Later, assistant_says: Steered, time: Clock
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id
    _begin_and_die(worker)
    assistant.sweep()
    worker.run()
    assert [run.state for run in runs(number)] == ["leased"]
    time.forward(seconds=31)
    assistant.sweep()
    worker.run()
    assert make.transcript(number)[-1] == (Sender.AI, "text", ANSWER.text)
    assert [(run.outcome, run.attempts) for run in runs(number)] == [("posted", 2)]


def test_a_hint_that_was_lost_is_found_by_the_sweeper(
    make: Make, worker: crowd.Later, assistant_says: Steered, time: Clock
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id
    worker.hints.clear()
    time.forward(seconds=5)
    assistant.sweep()
    worker.run()
    assert make.transcript(number)[-1] == (Sender.AI, "text", ANSWER.text)


def test_two_workers_with_the_same_hint_ask_once(
    make: Make, worker: crowd.Later, assistant_says: Steered
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id

    def is_begun_again() -> object:
        with worker.app.app_context():
            assistant.answer(runs(number)[0].id)
        return ANSWER

    assistant_says.then = [is_begun_again]
    worker.run()
    assert len(assistant_says.asked) == 1
    assert [(run.outcome, run.attempts) for run in runs(number)] == [("posted", 1)]


def test_who_comes_back_after_the_lease_cannot_post_a_second_answer(
    make: Make,
    worker: crowd.Later,
    assistant_says: Steered,
    time: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id

    def thinks_too_long() -> object:
        with worker.app.app_context():
            time.forward(seconds=31)
            assistant.answer(runs(number)[0].id)
        return replace(ANSWER, text="Too late.")

    assistant_says.then = [thinks_too_long]
    worker.run()
    assert [body for _, _, body in make.transcript(number)] == [HOW_TO, ANSWER.text]
    assert caplog.records == [], "an everyday thing, no trouble"


def test_a_run_that_takes_its_worker_down_each_time_calls_a_person_in_the_end(
    make: Make, worker: crowd.Later, assistant_says: Steered, time: Clock
) -> None:
    number = make.write(make.customer(), HOW_TO).conversation_id
    for _ in range(assistant.BEGUN_TOO_OFTEN):
        _begin_and_die(worker)
        time.forward(seconds=31)
    assistant.sweep()
    worker.run()
    assert assistant_says.asked == []
    assert make.read(number).support_status is Status.WAITING


def _begin_and_die(worker: crowd.Later) -> None:
    """What a killed worker leaves behind: a lease, and nobody who holds it."""
    worker.hints.clear()
    with reading() as session:
        [run_id] = session.scalars(sa.select(AiRun.id))
    assert assistant._lease(run_id) is not None


# Notes


def test_notes_are_for_the_team_alone_and_leave_no_hole(make: Make, sarah: Person) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.ACTIVE, agent=sarah).id
    before = make.read(number).last_seq
    for n in range(3):
        replies.note(number, agent_id=sarah.id, body=f"secret {n}", mid=f"n-{n}")
    replies.note(number, agent_id=sarah.id, body="secret 0", mid="n-0")
    seq = replies.reply(number, agent_id=sarah.id, body="Hello.", mid="m-1").seq
    assert seq == before + 1
    with reading() as session:
        shown = transcript.for_customer(session, number)
    assert [row.seq for row in shown] == list(range(1, seq + 1))
    assert not [row for row in shown if "secret" in row.body or row.stream != "pub"]
    notes = make.messages(number, "desk")
    assert [(note.seq, note.after_seq) for note in notes] == [(n, before) for n in (1, 2, 3)]
    customer.end(number)
