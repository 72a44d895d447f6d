"""The server is killed again and again, as in a power cut: nothing is lost, nothing twice."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk.domain.lifecycle import PEOPLE_IN_CHARGE, Sender
from helpdesk.extensions import reading
from helpdesk.models import AiRun, Conversation, Message
from tests.services import invariants
from tests.support.kept import wait_until
from tests.support.make import Make
from tests.support.processes import DeskProcess, serving
from tests.support.visitors import LOST, Visitor

pytestmark = pytest.mark.faults

CUSTOMERS, ROUNDS = 50, 3
ANSWERED_WITHIN = 60  # seconds after the restart: the promise
UNHURRIED = {
    "LIMIT_CONVERSATIONS_PER_HOUR_PER_ADDRESS": "100000",
    "LIMIT_MESSAGES_PER_MINUTE": "100000",
    "LIMIT_MESSAGES_PER_HOUR": "100000",
}
SLOW = {
    "AI_SOURCE": "tests.support.slow_ai:reply",
    "AI_WORKERS": "16",
    "SLOW_AI_SECONDS": "2",
    "SECONDS_AI_DEADLINE": "4",
    "SECONDS_AI_LEASE": "5",  # so that the test need not wait as long as customers at worst do
    "SECONDS_AI_SETTLE": "0.1",
    "SECONDS_SWEEP": "0.5",
}
QUICK = SLOW | {"SLOW_AI_SECONDS": "0.05", "AI_WORKERS": "2"}


# Between the customer's commit and the assistant's reply


@pytest.mark.timeout(180)
def test_after_kills_every_one_of_50_customers_gets_an_answer_or_a_person(
    app: Flask, make: Make, database_url: str, tmp_path: Path
) -> None:
    with serving(tmp_path, database_url, **UNHURRIED, **SLOW) as desk:
        customers = [Visitor(desk.port, make.key) for _ in range(CUSTOMERS)]
        for begin in range(ROUNDS):
            with ThreadPoolExecutor(8) as together:
                list(together.map(_writes, customers[begin::ROUNDS]))
            wait_until(lambda: _leased_runs() > 0)
            desk.kill()
            assert _leased_runs() > 0, "killed too late: nobody was thinking"
            desk.start()
        began = time.monotonic()
        wait_until(lambda: not _left_alone(), ANSWERED_WITHIN)
        took = time.monotonic() - began
    assert took < ANSWERED_WITHIN
    with reading() as session:
        rows = session.execute(sa.select(Message.conversation_id, Message.sender_type))
        count = Counter((number, sender) for number, sender in rows)
    numbers = {number for number, _ in count}
    assert len(numbers) == CUSTOMERS
    assert all(count[number, Sender.USER] == 1 for number in numbers)
    assert all(count[number, Sender.AI] <= 1 for number in numbers)
    assert invariants.violations() == []


def _writes(customer: Visitor) -> None:
    customer.open()
    customer.send_until_stored("How do I change my language?")


def _leased_runs() -> int:
    """How many answers were being made: their leases hold, whoever was killed."""
    with reading() as session:
        query = sa.select(sa.func.count(AiRun.id)).where(AiRun.state == "leased")
        return session.scalar(query) or 0


def _left_alone() -> list[int]:
    """Conversations with neither an answer below the customer's words nor a person in charge."""
    answered = (
        sa.select(Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.sender_type == Sender.AI, Message.seq > Conversation.last_customer_seq)
    )
    with reading() as session:
        return list(
            session.scalars(
                sa.select(Conversation.id).where(
                    Conversation.support_status.not_in(PEOPLE_IN_CHARGE),
                    Conversation.id.not_in(answered),
                )
            )
        )


# Between the sender's Enter and the server's "stored"


@dataclass
class Crowd:
    """Senders at work, and how far they are."""

    desk: DeskProcess
    make: Make
    stored: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sends(self, name: str, texts: Iterable[str], habit: Habit) -> None:
        """One sender, who types the texts in order and loses the line now and then."""
        visitor = Visitor(self.desk.port, self.make.key)
        visitor.open()
        for n, text in enumerate(texts):
            habit(visitor, f"{name} {text}", n % 8 == 3)
            with self._lock:
                self.stored += 1

    def killed_at(self, *marks: int) -> None:
        """Kill the server whenever so many messages were sent, and start it again."""
        for mark in marks:
            wait_until(lambda at=mark: self.stored >= at, 60)  # type: ignore[misc]
            self.desk.kill()
            self.desk.start()


Habit = Callable[[Visitor, str, bool], None]


def retries_with_the_same_id(visitor: Visitor, text: str, loses_the_line: bool) -> None:
    """What `static/outbox.js` does."""
    mid = str(uuid.uuid4())
    if loses_the_line:
        _without_an_answer(visitor, text, mid)
    visitor.send_until_stored(text, mid=mid)


def retries_with_a_new_id(visitor: Visitor, text: str, loses_the_line: bool) -> None:
    """What a plain "send again" does."""
    if loses_the_line:
        _without_an_answer(visitor, text, str(uuid.uuid4()))
    visitor.send_until_stored(text)


def never_retries(visitor: Visitor, text: str, _loses_the_line: bool) -> None:
    """What a WebSocket does: sent is sent."""
    time.sleep(0.02)
    try:
        visitor.send(text, str(uuid.uuid4()))
    except LOST:
        return


def _without_an_answer(visitor: Visitor, text: str, mid: str) -> None:
    try:
        visitor.send_and_hang_up(text, mid)
    except LOST:
        return


def _run(crowd: Crowd, senders: int, each: int, kills: tuple[int, ...], habit: Habit) -> None:
    texts = [f"{n:02}" for n in range(each)]
    with ThreadPoolExecutor(senders + 1) as together:
        jobs = [together.submit(crowd.killed_at, *kills)]
        jobs += [together.submit(crowd.sends, f"s{n}", texts, habit) for n in range(senders)]
        for job in jobs:
            job.result()


def _said() -> dict[str, list[str]]:
    """What each sender said, in the order in which it stands."""
    said: dict[str, list[str]] = {}
    with reading() as session:
        for body in session.scalars(
            sa.select(Message.body).where(Message.sender_type == Sender.USER).order_by(Message.seq)
        ):
            name, text = body.split()
            said.setdefault(name, []).append(text)
    return said


@pytest.mark.timeout(180)
def test_150_messages_survive_kills_once_each_and_in_order(
    app: Flask, make: Make, database_url: str, tmp_path: Path
) -> None:
    with serving(tmp_path, database_url, **UNHURRIED, **QUICK) as desk:
        crowd = Crowd(desk=desk, make=make)
        _run(crowd, 10, 15, (20, 60, 100), retries_with_the_same_id)
    texts = [f"{n:02}" for n in range(15)]
    assert _said() == {f"s{n}": texts for n in range(10)}
    assert invariants.violations() == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("habit", [retries_with_a_new_id, never_retries])
def test_without_client_ids_the_same_kills_double_or_lose(
    app: Flask, make: Make, database_url: str, tmp_path: Path, habit: Habit
) -> None:
    """The control: the promise is kept by the ids, not by luck."""
    with serving(tmp_path, database_url, **UNHURRIED, **QUICK) as desk:
        _run(Crowd(desk=desk, make=make), 4, 20, (20,), habit)
    texts = Counter(f"{n:02}" for n in range(20))
    said = {name: Counter(words) for name, words in _said().items()}
    doubled = sum((words - texts).total() for words in said.values())
    lost = 4 * texts.total() - sum((words & texts).total() for words in said.values())
    assert (doubled > 0, lost > 0) == (
        habit is retries_with_a_new_id,
        habit is never_retries,
    ), f"{doubled} doubled, {lost} lost"
