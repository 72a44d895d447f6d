"""Customers, agents and an erratic assistant do whatever they like, at once: every rule holds.

A random walk of threads over the real verbs (fault-tests.md F9). After each step its conversation
is looked at in one snapshot; `WALK_SEED` chooses another walk, `WALK_STEPS` a longer one.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import ai
from helpdesk.app import create_app
from helpdesk.config import Limits
from helpdesk.domain.events import ConversationClosed
from helpdesk.domain.lifecycle import MoveRefused, Status
from helpdesk.extensions import reading
from helpdesk.models import AiRun, Conversation
from helpdesk.services import assistant, customer, desk, intake, replies, routing
from helpdesk.services.unit_of_work import unit_of_work
from tests.services import crowd, invariants
from tests.services.conftest import Clock
from tests.services.talk import ANSWER, DOES_NOT_KNOW, HOW_TO, OWN_MONEY_CASE, UNSURE, Steered
from tests.support import databases
from tests.support.make import Customer, Make

SEED = int(os.environ.get("WALK_SEED", "20"))
STEPS = int(os.environ.get("WALK_STEPS", "150"))
WORKERS, CUSTOMERS, AGENTS = 4, 16, 3
SAID = (
    HOW_TO,
    OWN_MONEY_CASE,
    "Thanks!",
    "I want to talk to a real person",
    "This is terrible, you are useless and I am so angry",
    "Is there a dark theme?",
)
REFUSALS = (MoveRefused, intake.Busy, intake.IdReused)
"""What a verb may answer; anything else is a fault, "database is locked" first of all."""


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """As ever, for customers who type faster than people do."""
    settings = databases.settings_for(database_url, tmp_path)
    fast = Limits(messages_per_minute=10**6, messages_per_hour=10**6)
    made = create_app(replace(settings, limits=fast))
    with made.app_context():
        yield made
    databases.dispose(made)


@dataclass
class Walk:
    """Everybody, and the verbs they choose from."""

    worker: crowd.Later
    time: Clock
    customers: list[Customer]
    agents: list[int]
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    ids: deque[tuple[int, str, str]] = field(default_factory=lambda: deque(maxlen=50))

    def steps(self) -> None:
        """One worker's share."""
        with self.worker.app.app_context():
            for _ in range(STEPS):
                verb = self.dice.choices(VERBS, WEIGHTS)[0]
                number = self._somewhere(*WHERE.get(verb, ()))
                outcome, touched = "done", None
                try:
                    touched = verb(self, number)
                except REFUSALS as refusal:
                    outcome = type(refusal).__name__
                except Exception as error:
                    self.faults.append(f"{verb.__name__} of {number}: {error!r}")
                self.done[f"{verb.__name__} {outcome}"] += 1
                if touched or number:
                    self.faults += invariants.violations(touched or number)
                if self.faults:
                    return

    def _somewhere(self, *statuses: Status) -> int:
        """A conversation that is open, rather one in which the verb makes sense; 0 for none."""
        with reading() as session:
            known = dict(
                session.execute(
                    sa.select(Conversation.id, Conversation.support_status).where(
                        Conversation.support_status != Status.CLOSED
                    )
                ).all()
            )
        fit = [number for number, status in known.items() if status in statuses]
        return self.dice.choice(fit or list(known) or [0])

    def _agent(self, number: int = 0) -> int:
        """Anybody, rather the one who has it."""
        with reading() as session:
            query = sa.select(Conversation.assigned_agent_id).where(Conversation.id == number)
            holder = session.scalar(query)
        return holder if holder and self.dice.random() < 0.7 else self.dice.choice(self.agents)

    # Customers

    def writes(self, _number: int) -> int:
        contact, body = self.dice.choice(self.customers).id, self.dice.choice(SAID)
        mid = str(uuid.uuid4())
        self.ids.append((contact, body, mid))
        return intake.receive(contact, body=body, mid=mid).conversation_id

    def writes_again(self, number: int) -> int:
        if not self.ids:
            return number
        contact, body, mid = self.dice.choice(self.ids)
        return intake.receive(contact, body=body, mid=mid).conversation_id

    def asks(self, _number: int) -> int | None:
        contact = self.dice.choice(self.customers)
        return desk.conversation_id(customer.ask_for_person(contact.id, source="button"))

    def declines(self, number: int) -> None:
        customer.decline_offer(number)

    def goes_back(self, number: int) -> None:
        customer.back_to_assistant(number)

    def ends(self, number: int) -> None:
        customer.end(number)

    def rates(self, number: int) -> None:
        customer.rate(number, score=self.dice.randint(1, 5), comment="")

    # Agents

    def claims(self, number: int) -> None:
        routing.claim(number, agent_id=self._agent())

    def claims_next(self, _number: int) -> int | None:
        return desk.conversation_id(routing.claim_next(agent_id=self._agent()) or "")

    def replies(self, number: int) -> None:
        replies.reply(number, agent_id=self._agent(number), body="Hello.", mid=str(uuid.uuid4()))

    def notes(self, number: int) -> None:
        replies.note(number, agent_id=self._agent(), body="secret", mid=str(uuid.uuid4()))

    def releases(self, number: int) -> None:
        routing.release(number, agent_id=self._agent(number))

    def returns(self, number: int) -> None:
        routing.return_to_assistant(number, agent_id=self._agent(number))

    def resolves(self, number: int) -> None:
        seen = self.dice.choice((0, 10**6))
        routing.resolve(
            number, agent_id=self._agent(number), seen_seq=seen, ai_should_have=seen == 0
        )

    def reviews(self, number: int) -> None:
        routing.review(number, agent_id=self._agent(), verdict="needed")

    # The assistant and the house

    def answers(self, number: int) -> int | None:
        try:
            _, ids = self.worker.hints.popleft()
        except IndexError:
            return number
        assistant.answer(**ids)
        with reading() as session:
            return session.get_one(AiRun, ids["run_id"]).conversation_id

    def sweeps(self, _number: int) -> None:
        assistant.sweep()

    def time_passes(self, _number: int) -> None:
        self.time.forward(minutes=self.dice.choice((1, 20, 50)))

    def closes(self, number: int) -> None:
        with unit_of_work() as work:
            conversation = work.hold(number, Conversation.support_status == Status.RESOLVED)
            work.move(conversation, Status.CLOSED, ConversationClosed(actor="system"))


Verb = Callable[[Walk, int], int | None]

CHOICES: dict[Verb, int] = {
    Walk.writes: 20,
    Walk.writes_again: 4,
    Walk.asks: 5,
    Walk.declines: 3,
    Walk.goes_back: 4,
    Walk.ends: 2,
    Walk.rates: 2,
    Walk.claims: 8,
    Walk.claims_next: 5,
    Walk.replies: 8,
    Walk.notes: 3,
    Walk.releases: 5,
    Walk.returns: 5,
    Walk.resolves: 8,
    Walk.reviews: 2,
    Walk.answers: 22,
    Walk.sweeps: 2,
    Walk.time_passes: 1,
    Walk.closes: 1,
}
WHERE: dict[Verb, tuple[Status, ...]] = {
    Walk.goes_back: (Status.WAITING,),
    Walk.rates: (Status.RESOLVED,),
    Walk.claims: (Status.WAITING, Status.AI),
    Walk.releases: (Status.ACTIVE,),
    Walk.returns: (Status.ACTIVE,),
    Walk.resolves: (Status.ACTIVE,),
    Walk.closes: (Status.RESOLVED,),
}
VERBS, WEIGHTS = list(CHOICES), list(CHOICES.values())


class Erratic(Steered):
    """An assistant that mostly answers."""

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        """By chance."""
        told = random.choices((ANSWER, UNSURE, DOES_NOT_KNOW, None), (6, 2, 1, 1))[0]  # noqa: S311
        if told is None:
            raise ValueError("a hiccup")
        return told


def test_every_rule_holds_whatever_everybody_does_at_once(
    app: Flask, make: Make, worker: crowd.Later, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["responder"] = Erratic()
    walk = Walk(
        worker=worker,
        time=time,
        customers=[make.customer() for _ in range(CUSTOMERS)],
        agents=[make.agent(f"Agent{n} Walking").id for n in range(AGENTS)],
        dice=random.Random(SEED),  # noqa: S311
    )
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    threads = [threading.Thread(target=walk.steps) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert walk.faults == [], f"seed {SEED}, after {walk.done}"
    assert walk.done.total() == STEPS * WORKERS
    time.forward(minutes=2)
    assistant.sweep()
    worker.run()
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(AiRun.state != "done")) == 0
    done = {name.removesuffix(" done") for name in walk.done if name.endswith(" done")}
    assert done == {verb.__name__ for verb in VERBS}, "a verb never succeeded: the walk is too dull"
