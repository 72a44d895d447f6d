"""Many conversations at once, written by the product's own verbs in one transaction.

And a background that keeps its hints, so that a test decides when the assistant works.
"""

from __future__ import annotations

import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from helpdesk import clock
from helpdesk.domain.escalation import Policy, evaluate
from helpdesk.domain.lifecycle import Sender
from helpdesk.extensions import reading
from helpdesk.models import Contact, Conversation, Inbox
from helpdesk.models.columns import public_id
from helpdesk.services import handoff, intake
from helpdesk.services.intake import CUSTOMER
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork, Words, unit_of_work
from tests.support.make import Make

QUESTION = "How do I change my language?"


@dataclass
class Later:
    """A background that runs nothing by itself: what was enqueued, oldest first."""

    app: Flask
    hints: deque[tuple[str, dict[str, int]]] = field(default_factory=deque)

    def enqueue(self, name: str, delay: float, ids: dict[str, int]) -> None:
        """Note the job."""
        self.hints.append((name, ids))

    def run(self) -> None:
        """Do everything that was enqueued, and what is enqueued by it."""
        from helpdesk.jobs import JOBS

        while self.hints:
            name, ids = self.hints.popleft()
            JOBS[name](**ids)


def later(app: Flask) -> Later:
    """Have an app keep its hints from now on."""
    app.extensions["background"] = kept = Later(app)
    return kept


def waiting(make: Make, count: int) -> list[int]:
    """Conversations in the queue."""
    with unit_of_work() as work:
        return [_begin(work, seen, waits=True) for seen in _contacts(work, make, count)]


def asking(make: Make, count: int) -> list[int]:
    """Conversations whose answer is still to be made."""
    with unit_of_work() as work:
        return [_begin(work, seen, waits=False) for seen in _contacts(work, make, count)]


def _contacts(work: UnitOfWork, make: Make, count: int) -> list[Situation]:
    with reading() as session:
        inbox = session.get_one(Inbox, make.inbox_id)
    contacts = [
        Contact(
            public_id=public_id(),
            inbox_id=inbox.id,
            token_hash=uuid.uuid4().hex,
            locale="en",
            created_at=work.now,
            last_seen_at=work.now,
        )
        for _ in range(count)
    ]
    work.session.add_all(contacts)
    work.session.flush()
    return [
        Situation(
            inbox=inbox,
            contact=contact,
            conversation=None,
            history=(),
            asked_at=(),
            policy=Policy.default(),
            now=clock.now(),
        )
        for contact in contacts
    ]


def _begin(work: UnitOfWork, seen: Situation, *, waits: bool) -> int:
    conversation = intake.open_conversation(work, seen)
    work.say(
        conversation,
        Words(
            sender_type=Sender.USER,
            sender_key=intake.sender_key(seen.contact.id),
            body=QUESTION,
            mid=str(uuid.uuid4()),
            requires_followup=waits,
        ),
    )
    intake.note_turn(
        work, conversation, seen, evaluate(seen.facts(QUESTION), seen.policy), QUESTION
    )
    if waits:
        pressed = evaluate(seen.facts(None, requested_by="button"), seen.policy)
        handoff.escalate(work, conversation, seen, pressed, actor=CUSTOMER)
    else:
        intake.ask_assistant(work, conversation)
    return conversation.id


def only_conversation() -> int:
    """The number of the one conversation there is."""
    with reading() as session:
        return session.scalars(sa.select(Conversation.id)).one()


def now() -> datetime:
    """The present moment, as the product sees it."""
    return clock.now()
