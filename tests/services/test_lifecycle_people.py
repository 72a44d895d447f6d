"""The moves of lifecycle.md from the moment an agent has the conversation to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk.domain.lifecycle import MoveRefused, Overtaken, Sender, Status
from helpdesk.services import customer, replies, routing
from tests.services import crowd
from tests.services.conftest import Clock
from tests.services.talk import (
    episodes,
    escalations,
    moves,
)
from tests.support.make import Make, Person

HANDED_OVER = ("handoff.requested", "ai", "waiting", "customer")


def kinds(make: Make, number: int) -> list[str]:
    return [f"{sender}/{kind}" for sender, kind, _ in make.transcript(number)]


# T14, T15: with an agent


def test_the_first_reply_is_stamped_and_answers_what_was_open(
    make: Make, sarah: Person, time: Clock
) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.ACTIVE, agent=sarah).id
    make.write(maya, "Are you there?")
    assert make.messages(number)[-1].requires_followup
    replies.reply(number, agent_id=sarah.id, body="Yes.", mid="m-1")
    stamped = make.read(number).first_agent_reply_at
    assert stamped is not None
    assert not any(row.requires_followup for row in make.messages(number))
    time.forward(minutes=3)
    replies.reply(number, agent_id=sarah.id, body="What can I do?", mid="m-2")
    now = make.read(number)
    assert now.first_agent_reply_at == stamped
    assert now.last_agent_at is not None
    assert now.last_agent_at > stamped


def test_only_who_has_it_may_write(make: Make, sarah: Person, omar: Person) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    with pytest.raises(routing.NotYours, match="Sarah Kim"):
        replies.reply(number, agent_id=omar.id, body="Me too.", mid="m-1")
    assert "Me too." not in [body for _, _, body in make.transcript(number)]


def test_a_reply_sent_twice_is_there_once(make: Make, sarah: Person) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    seqs = {
        replies.reply(number, agent_id=sarah.id, body="Hello.", mid="m-1").seq for _ in range(3)
    }
    assert len(seqs) == 1
    assert [body for _, _, body in make.transcript(number)].count("Hello.") == 1


def test_letting_go_keeps_the_customers_place(
    make: Make, sarah: Person, omar: Person, time: Clock
) -> None:
    number = make.conversation(status=Status.WAITING).id
    first = make.read(number)
    time.forward(minutes=5)
    later = make.conversation(status=Status.WAITING).id
    routing.claim(number, agent_id=sarah.id)
    time.forward(minutes=5)
    routing.release(number, agent_id=sarah.id)
    again = make.read(number)
    assert (again.support_status, again.assigned_agent_id) == (Status.WAITING, None)
    assert (again.waiting_since, again.queue_key) == (first.waiting_since, first.queue_key)
    assert again.priority is first.priority
    assert moves(number)[-1] == (
        "conversation.requeued",
        "active",
        "waiting",
        f"agent:{sarah.id}",
    )
    assert make.transcript(number)[-1] == (
        Sender.SYSTEM,
        "left",
        "Sarah had to leave. A colleague takes over, you keep your place.",
    )
    assert routing.claim_next(agent_id=omar.id) == again.public_id
    assert make.read(later).support_status is Status.WAITING


@pytest.mark.parametrize("verb", [routing.release, routing.return_to_assistant])
def test_nobody_lets_go_of_what_another_has(
    make: Make, sarah: Person, omar: Person, verb: Callable[..., None]
) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    with pytest.raises(routing.NotYours):
        verb(number, agent_id=omar.id)
    waiting = make.conversation(status=Status.WAITING).id
    with pytest.raises(MoveRefused, match="this conversation is waiting"):
        verb(waiting, agent_id=omar.id)


# T19, T22, T23: the end


def test_resolving_asks_for_a_rating_and_keeps_who_helped(make: Make, sarah: Person) -> None:
    number = make.conversation(status=Status.ACTIVE, agent=sarah).id
    routing.resolve(number, agent_id=sarah.id, seen_seq=99)
    done = make.read(number)
    assert (done.support_status, done.assigned_agent_id) == (Status.RESOLVED, sarah.id)
    assert (done.requires_human, done.waiting_since) == (False, None)
    [episode] = episodes(number)
    assert (episode.resolution_kind, episode.resolved_by) == ("agent", f"agent:{sarah.id}")
    assert episode.resolved_at == done.resolved_at
    assert make.transcript(number)[-1][1:] == (
        "resolved",
        "Sarah marked this as solved. If it is not, write here and we go on.",
    )


def test_nothing_is_resolved_over_words_that_were_not_seen(make: Make, sarah: Person) -> None:
    maya = make.customer()
    number = make.conversation(by=maya, status=Status.ACTIVE, agent=sarah).id
    seen = make.read(number).last_seq
    make.write(maya, "One more thing")
    with pytest.raises(routing.SeenBehind):
        routing.resolve(number, agent_id=sarah.id, seen_seq=seen)
    assert make.read(number).support_status is Status.ACTIVE
    routing.resolve(number, agent_id=sarah.id, seen_seq=seen + 1)
    assert make.read(number).support_status is Status.RESOLVED


@pytest.mark.parametrize(("after", "number_of_episodes"), [(10, 1), (61, 2)])
def test_an_agent_who_writes_after_resolved_goes_on(
    make: Make, sarah: Person, time: Clock, after: int, number_of_episodes: int
) -> None:
    number = make.conversation(status=Status.RESOLVED, agent=sarah).id
    time.forward(minutes=after)
    replies.reply(number, agent_id=sarah.id, body="Did it arrive?", mid="m-1")
    goes_on = make.read(number)
    assert (goes_on.support_status, goes_on.assigned_agent_id) == (Status.ACTIVE, sarah.id)
    assert goes_on.resolved_at is None
    assert kinds(make, number)[-2:] == ["system/joined", "agent/text"]
    stretches = episodes(number)
    assert len(stretches) == number_of_episodes
    if number_of_episodes == 1:
        assert stretches[0].resolution_voided_at is not None
    else:
        assert stretches[0].resolution_voided_at is None
        assert stretches[1].opened_by == "agent"


@pytest.mark.parametrize("status", [Status.AI, Status.WAITING, Status.ACTIVE])
def test_ending_the_chat_counts_as_left(make: Make, worker: crowd.Later, status: Status) -> None:
    number = make.conversation(status=status).id
    customer.end(number)
    worker.run()
    assert make.read(number).support_status is Status.RESOLVED
    [episode] = episodes(number)
    assert (episode.resolution_kind, episode.resolved_by) == ("left", "customer")
    assert kinds(make, number)[-1] == "system/resolved"
    if status is Status.WAITING:
        assert escalations(number)[-1].outcome == "abandoned"
    with pytest.raises(Overtaken):
        customer.end(number)
