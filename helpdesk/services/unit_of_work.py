"""One use case = one transaction. Facts are stored inside it and announced after it.

The first statement holds the conversation's row: a guarded UPDATE, which waits for whoever has it
and looks at its condition again afterwards. From then to the commit nobody else can change the
conversation, so what is read from it is true. A condition that no longer holds means `Overtaken`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock, realtime
from helpdesk.domain import lifecycle
from helpdesk.domain.events import Event
from helpdesk.domain.lifecycle import Overtaken, Priority, Sender, Status
from helpdesk.extensions import writing
from helpdesk.models import Conversation, EventRow, Message

log = logging.getLogger(__name__)

# How far a priority moves a conversation ahead in the queue (lifecycle.md, timers): low cannot
# starve because it ages, urgent is never overtaken.
HEAD_START = {
    Priority.LOW: timedelta(0),
    Priority.MEDIUM: timedelta(minutes=10),
    Priority.HIGH: timedelta(minutes=20),
    Priority.URGENT: timedelta(days=365),
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What somebody says: the content of one transcript row, before it has a number.

    ``mid`` makes a retry harmless: the same sender and the same mid are the same message.
    """

    sender_type: Sender
    sender_key: str
    body: str
    mid: str
    kind: str = "text"
    stream: str = "pub"
    agent_id: int | None = None
    ai_confidence: float | None = None
    sources: tuple[dict[str, Any], ...] = ()
    requires_followup: bool = False


class UnitOfWork:
    """The open transaction of one use case."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = clock.now()
        self._topics: set[str] = set()
        self._afterwards: list[Callable[[], None]] = []

    def hold(self, conversation_id: int, *conditions: sa.ColumnElement[bool]) -> Conversation:
        """Lock a conversation until the commit and read it.

        :raises Overtaken: there is none, or a condition does not hold (any more).
        """
        held = self.session.scalar(
            sa.update(Conversation)
            .where(Conversation.id == conversation_id, *conditions)
            # Writes nothing new: the point is the lock, and the condition looked at behind it.
            .values(last_seq=Conversation.last_seq)
            .returning(Conversation)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if held is None:
            raise Overtaken
        self.touch(held)
        return held

    def touch(self, conversation: Conversation) -> None:
        """Have everybody who looks at a conversation or at the queue look again afterwards."""
        self._topics.update({f"conversation:{conversation.id}", "queue"})

    def said(self, conversation: Conversation, sender_key: str, mid: str) -> Message | None:
        """The message that this sender already stored under this id, if any."""
        return self.session.scalar(
            sa.select(Message).where(
                Message.conversation_id == conversation.id,
                Message.sender_key == sender_key,
                Message.client_msg_id == mid,
            )
        )

    def say(self, conversation: Conversation, words: Words) -> Message:
        """Append one row to a transcript; the caller holds the conversation."""
        if words.stream == "pub":
            conversation.last_seq += 1
            seq, after_seq = conversation.last_seq, 0
            conversation.last_message_at = self.now
        else:
            conversation.last_note_seq += 1
            seq, after_seq = conversation.last_note_seq, conversation.last_seq
        assert conversation.episode_id is not None  # every held conversation has one
        message = Message(
            conversation_id=conversation.id,
            episode_id=conversation.episode_id,
            stream=words.stream,
            seq=seq,
            after_seq=after_seq,
            kind=words.kind,
            sender_type=words.sender_type,
            sender_key=words.sender_key,
            agent_id=words.agent_id,
            client_msg_id=words.mid,
            body=words.body,
            body_sha256=fingerprint(words.body),
            ai_confidence=words.ai_confidence,
            sources=list(words.sources),
            requires_followup=words.requires_followup,
            created_at=self.now,
        )
        self.session.add(message)
        return message

    def announce(self, conversation: Conversation, kind: str, body: str) -> Message:
        """A system row: one of each kind per change of control, so that nothing is said twice."""
        return self.say(
            conversation,
            Words(
                sender_type=Sender.SYSTEM,
                sender_key="system",
                kind=kind,
                body=body,
                mid=f"{kind}:{conversation.control_epoch}:{conversation.last_seq}",
            ),
        )

    def move(
        self, conversation: Conversation, to: Status, event: Event, *, agent_id: int | None = None
    ) -> None:
        """Change who is in charge. The only writer of ``support_status``.

        ``agent_id`` is whoever has it from now on; resolved and closed keep who had it.

        :raises IllegalMove: there is no such move.
        """
        before = conversation.support_status
        lifecycle.check_move(before, to)
        conversation.support_status = to
        conversation.control_epoch += 1
        conversation.requires_human = to in lifecycle.PEOPLE_IN_CHARGE
        if to not in (Status.RESOLVED, Status.CLOSED):
            conversation.assigned_agent_id = agent_id
        if to is Status.WAITING:
            # Kept from before a claim: nobody loses their place by an agent's letting go (I9).
            conversation.waiting_since = conversation.waiting_since or self.now
            conversation.wait_notices = 0
            self.rank(conversation, conversation.priority)
        elif to is Status.ACTIVE:
            conversation.claimed_at = self.now
        else:
            conversation.waiting_since = conversation.queue_key = None
        self.record(conversation, event, before)

    def rank(self, conversation: Conversation, priority: Priority) -> None:
        """Give a conversation its priority, and while it waits its place in the queue."""
        conversation.priority = priority
        if conversation.waiting_since is not None:
            conversation.queue_key = conversation.waiting_since - HEAD_START[priority]

    def record(
        self, conversation: Conversation, event: Event, before: Status | None = None
    ) -> None:
        """Store a fact, in the same transaction as what it tells."""
        self.session.add(
            EventRow(
                conversation_id=conversation.id,
                episode_id=conversation.episode_id,
                name=event.name,
                actor=event.actor,
                from_status=before or "",
                to_status=conversation.support_status if before else "",
                control_epoch=conversation.control_epoch,
                payload=event.payload(),
                created_at=self.now,
            )
        )

    def afterwards(self, call: Callable[[], None]) -> None:
        """Have something done once, and only if, this is committed."""
        self._afterwards.append(call)

    def _announce_all(self) -> None:
        realtime.publish(*self._topics)
        for call in self._afterwards:
            try:
                call()
            except Exception:
                # What was decided is in the database; the sweeper does what was missed here.
                log.exception("could not follow up a commit")


@contextmanager
def unit_of_work() -> Generator[UnitOfWork]:
    """Open a transaction; commit at the end, roll back on any exception, then tell the sockets."""
    with writing() as session:
        work = UnitOfWork(session)
        try:
            yield work
            session.commit()
        except BaseException:
            session.rollback()
            raise
    work._announce_all()  # the class and this function are one thing


def fingerprint(body: str) -> str:
    """What tells a retry (same words) from an id used twice (other words)."""
    return hashlib.sha256(body.encode()).hexdigest()


def seconds_since(moment: datetime | None, now: datetime) -> float | None:
    """How long ago something was, in seconds."""
    return None if moment is None else (now - moment).total_seconds()
