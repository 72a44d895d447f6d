"""What happens by itself: waits that grow long, agents who vanish, customers who fall silent.

Every firing is the same guarded hold as anything else, so two sweepers do no harm: the second one
finds that the condition no longer holds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from helpdesk import clock
from helpdesk.config import Settings, Timing
from helpdesk.domain.events import (
    ConversationClosed,
    ConversationRequeued,
    ConversationResolved,
    WaitGrewLong,
)
from helpdesk.domain.lifecycle import MoveRefused, Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import Agent, Contact, Conversation, Inbox, Message
from helpdesk.services import after_hours, office, resolving, routing, wordings
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work

log = logging.getLogger(__name__)

AT_ONCE = 100
SYSTEM = "system"

Condition = sa.ColumnElement[bool]
Firing = Callable[[UnitOfWork, Conversation], None]


def sweep() -> None:
    """One round: find what is due, and do each in a transaction of its own."""
    now, timing = clock.now(), _timing()
    for condition, fire in (
        *_closing_time(now),
        *_long_waits(now, timing),
        (_vanished(now, timing), _take_back),
        (_silent(now, timing), _check_in),
        (_still_silent(now, timing), _assume_solved),
        (_quiet(now, timing), _close),
    ):
        for number in _due(condition):
            _fire(number, condition, fire)


def _timing() -> Timing:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.timing


def _due(condition: Condition) -> Sequence[int]:
    with reading() as session:
        return session.scalars(sa.select(Conversation.id).where(condition).limit(AT_ONCE)).all()


def _fire(number: int, condition: Condition, fire: Firing) -> None:
    try:
        with unit_of_work() as work:
            fire(work, work.hold(number, condition))
    except MoveRefused:
        log.debug("somebody else was there first in conversation %s", number)


def _before(now: datetime, seconds: float) -> datetime:
    return now - timedelta(seconds=seconds)


def _long_waits(now: datetime, timing: Timing) -> tuple[tuple[Condition, Firing], ...]:
    """After the target and again after the most: the customer hears that we know (T12)."""
    steps = ((0, timing.first_reply_target), (1, timing.wait_most))
    return tuple(
        (
            sa.and_(
                Conversation.support_status == Status.WAITING,
                Conversation.wait_notices == told,
                Conversation.waiting_since < _before(now, seconds),
                sa.not_(Conversation.after_hours),
            ),
            _still_here,
        )
        for told, seconds in steps
    )


def _still_here(work: UnitOfWork, conversation: Conversation) -> None:
    waited = work.now - (conversation.waiting_since or work.now)
    # Both are due when the server was away meanwhile: one notice is enough.
    is_last = waited.total_seconds() > _timing().wait_most
    conversation.wait_notices = 2 if is_last else conversation.wait_notices + 1
    minutes = max(1, round(waited.total_seconds() / 60))
    work.record(conversation, WaitGrewLong(actor=SYSTEM, minutes=minutes))
    _say(work, conversation, "still_waiting", "still_waiting", wait_minutes=str(minutes))


def _closing_time(now: datetime) -> tuple[tuple[Condition, Firing], ...]:
    """Whoever still waits when the office closes hears when it opens, and keeps the place (T13)."""
    with reading() as session:
        closed = [
            inbox.id
            for inbox in session.scalars(sa.select(Inbox).where(Inbox.hours_id.is_not(None)))
            if not office.is_open(session, inbox, now)
        ]
    waiting = sa.and_(
        Conversation.support_status == Status.WAITING,
        Conversation.inbox_id.in_(closed),
        sa.not_(Conversation.after_hours),
    )
    return ((waiting, _closed),) if closed else ()


def _closed(work: UnitOfWork, conversation: Conversation) -> None:
    conversation.after_hours = True
    inbox, contact = _of(work, conversation)
    after_hours.say_when(work, conversation, inbox, contact)


def _vanished(now: datetime, timing: Timing) -> Condition:
    """An agent who was there after claiming and is not any more, or does not answer, while the
    customer waits for a reply (T15)."""
    owed = sa.or_(
        Conversation.last_agent_at.is_(None),
        Conversation.last_customer_at > Conversation.last_agent_at,
    )
    was_there = sa.exists().where(
        Agent.id == Conversation.assigned_agent_id, Agent.last_seen_at >= Conversation.claimed_at
    )
    is_gone = sa.exists().where(
        Agent.id == Conversation.assigned_agent_id,
        Agent.last_seen_at < _before(now, timing.agent_grace),
    )
    never_began = sa.and_(
        Conversation.first_agent_reply_at.is_(None),
        Conversation.claimed_at < _before(now, timing.first_reply_most),
    )
    stopped = sa.and_(
        Conversation.last_agent_at.is_not(None),
        Conversation.last_customer_at < _before(now, timing.reply_most),
    )
    return sa.and_(
        Conversation.support_status == Status.ACTIVE,
        owed,
        was_there,
        sa.or_(is_gone, never_began, stopped),
    )


def _take_back(work: UnitOfWork, conversation: Conversation) -> None:
    agent = work.session.get_one(Agent, conversation.assigned_agent_id)
    event = ConversationRequeued(actor=SYSTEM, agent_id=agent.id)
    work.move(conversation, Status.WAITING, event)
    name = routing.first_name(agent.name)
    _say(work, conversation, "agent_lost", "left", agent_name=name)


def _answered_and_silent(now: datetime, seconds: float) -> Condition:
    """The assistant spoke last, nothing is open, and nobody wrote for so long."""
    last_is_answer = sa.exists().where(
        Message.conversation_id == Conversation.id,
        Message.stream == "pub",
        Message.seq == Conversation.last_seq,
        sa.or_(Message.sender_type == Sender.AI, Message.kind == "check_in"),
    )
    return sa.and_(
        Conversation.support_status == Status.AI,
        sa.not_(Conversation.requires_human),
        Conversation.offer_state != "offered",
        Conversation.last_message_at < _before(now, seconds),
        last_is_answer,
    )


def _silent(now: datetime, timing: Timing) -> Condition:
    return sa.and_(
        _answered_and_silent(now, timing.check_in_after),
        Conversation.checked_in_seq < Conversation.last_customer_seq,
    )


def _check_in(work: UnitOfWork, conversation: Conversation) -> None:
    _say(work, conversation, "check_in", "check_in")
    conversation.checked_in_seq = conversation.last_seq


def _still_silent(now: datetime, timing: Timing) -> Condition:
    return sa.and_(
        _answered_and_silent(now, timing.assume_after),
        Conversation.checked_in_seq > Conversation.last_customer_seq,
    )


def _assume_solved(work: UnitOfWork, conversation: Conversation) -> None:
    inbox, contact = _of(work, conversation)
    event = ConversationResolved(actor=SYSTEM, kind="assumed")
    resolving.resolve(work, conversation, inbox, contact, event, "assumed_solved")


def _quiet(now: datetime, timing: Timing) -> Condition:
    return sa.and_(
        Conversation.support_status == Status.RESOLVED,
        Conversation.last_message_at < _before(now, timing.close_after),
    )


def _close(work: UnitOfWork, conversation: Conversation) -> None:
    work.move(conversation, Status.CLOSED, ConversationClosed(actor=SYSTEM))


def _of(work: UnitOfWork, conversation: Conversation) -> tuple[Inbox, Contact]:
    return (
        work.session.get_one(Inbox, conversation.inbox_id),
        work.session.get_one(Contact, conversation.contact_id),
    )


def _say(
    work: UnitOfWork, conversation: Conversation, template: str, kind: str, **values: str
) -> None:
    inbox, contact = _of(work, conversation)
    text = wordings.say(work.session, template, inbox=inbox, contact=contact, **values)
    work.announce(conversation, kind, text)
