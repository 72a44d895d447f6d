"""A customer's message comes in: stored once, scored, decided on, in one short transaction.

The facts are read and the decision made before the transaction; it is written only if nobody
wrote in between, and made anew otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk import background
from helpdesk.config import Settings
from helpdesk.domain.escalation import Action, Decision, evaluate, is_thanks
from helpdesk.domain.events import (
    ConversationCreated,
    ConversationReopened,
    ConversationResolved,
    MessageCreated,
)
from helpdesk.domain.lifecycle import PEOPLE_IN_CHARGE, Overtaken, Sender, Status
from helpdesk.domain.text import excerpt
from helpdesk.extensions import reading
from helpdesk.models import AiRun, Conversation, Episode, Message, TurnSignals
from helpdesk.services import after_hours, handoff, resolving, situation
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork, Words, fingerprint, unit_of_work

TRIES = 3
MOOD_OF_NEWEST = 0.6  # share of the newest message in the conversation's running sentiment
CUSTOMER = "customer"


class IdReused(Exception):
    """This id already belongs to other words of the same sender."""


class Busy(Exception):
    """Others kept writing in between; the same request may be sent again in a moment."""


class TooFast(Exception):
    """More messages than anybody types."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where a message is kept. ``repeated``: it was stored by an earlier request already."""

    conversation_id: int
    public_id: str
    seq: int
    repeated: bool


def receive(contact_id: int, *, body: str, mid: str) -> Stored:
    """Store a contact's message in their open conversation; open one if there is none.

    :raises IdReused: ``mid`` was used for other words.
    :raises TooFast: the contact's rate is over the limit.
    :raises Busy: the conversation changed under every try.
    """
    for _ in range(TRIES):
        with reading() as session:
            seen = situation.of_contact(session, contact_id)
            if (earlier := stored(session, contact_id, mid, body)) is not None:
                return earlier
            check_rate(session, contact_id, seen)
        decision = evaluate(seen.facts(body), seen.policy)
        try:
            with unit_of_work() as work:
                conversation = open_conversation(work, seen)
                message = _take_turn(work, conversation, seen, decision, body=body, mid=mid)
                work.session.flush()
            return Stored(
                conversation_id=conversation.id,
                public_id=conversation.public_id,
                seq=message.seq,
                repeated=False,
            )
        except (Overtaken, IntegrityError):
            continue  # another request of the same contact was first: look again
    raise Busy


def open_conversation(work: UnitOfWork, seen: Situation) -> Conversation:
    """Hold the contact's conversation exactly as it was seen, or begin their first one.

    :raises Overtaken: somebody wrote since it was read.
    :raises IntegrityError: another request began one at the same moment.
    """
    if seen.conversation is not None:
        return work.hold(
            seen.conversation.id,
            Conversation.last_seq == seen.conversation.last_seq,
            Conversation.control_epoch == seen.conversation.control_epoch,
        )
    previous = work.session.scalar(
        sa.select(sa.func.max(Conversation.id)).where(Conversation.contact_id == seen.contact.id)
    )
    conversation = Conversation(
        inbox_id=seen.inbox.id,
        contact_id=seen.contact.id,
        previous_conversation_id=previous,
        created_at=work.now,
        last_message_at=work.now,
    )
    work.session.add(conversation)
    work.session.flush()
    begin_episode(work, conversation, number=1)
    work.touch(conversation)
    work.record(conversation, ConversationCreated(actor=CUSTOMER))
    return conversation


def begin_episode(
    work: UnitOfWork, conversation: Conversation, *, number: int, opened_by: str = CUSTOMER
) -> None:
    """Open the next stretch: counters of turns and offers begin at nothing again."""
    episode = Episode(
        conversation_id=conversation.id,
        number=number,
        first_seq=conversation.last_seq + 1,
        opened_at=work.now,
        opened_by=opened_by,
    )
    work.session.add(episode)
    work.session.flush()
    conversation.episode_id = episode.id
    conversation.customer_turns = conversation.muted_until_turn = conversation.offer_turn = 0
    conversation.offer_state = "none"
    conversation.after_hours = False
    conversation.first_agent_reply_at = None


def _take_turn(
    work: UnitOfWork,
    conversation: Conversation,
    seen: Situation,
    decision: Decision,
    *,
    body: str,
    mid: str,
) -> Message:
    solved = conversation.support_status is Status.RESOLVED and is_thanks(body)
    if conversation.support_status is Status.RESOLVED and not solved:
        begin_again(work, conversation, seen)
    in_charge = conversation.support_status
    message = work.say(
        conversation,
        Words(
            sender_type=Sender.USER,
            sender_key=sender_key(seen.contact.id),
            body=body,
            mid=mid,
            requires_followup=in_charge in PEOPLE_IN_CHARGE,
        ),
    )
    note_turn(work, conversation, seen, decision, body)
    work.record(
        conversation, MessageCreated(actor=CUSTOMER, seq=message.seq, sender_type=Sender.USER)
    )
    if in_charge is Status.ACTIVE:
        conversation.after_hours = False  # they are back: answers need no e-mail any more
    if in_charge is Status.WAITING:
        handoff.raise_priority(work, conversation, decision, actor=CUSTOMER)
    elif in_charge is Status.AI:
        _react(work, conversation, seen, decision, body)
    return message


def _react(
    work: UnitOfWork, conversation: Conversation, seen: Situation, decision: Decision, body: str
) -> None:
    """The assistant is in charge: hand over, offer, close, or let it answer."""
    if decision.action is Action.TRANSFER:
        if not after_hours.hand_over(work, conversation, seen, decision, actor="system"):
            ask_assistant(work, conversation)
    elif is_thanks(body) and _was_answered(conversation, seen):
        event = ConversationResolved(actor=CUSTOMER, kind="confirmed")
        resolving.resolve(work, conversation, seen.inbox, seen.contact, event, "resolved_by_ai")
    else:
        if decision.action is Action.OFFER:
            handoff.offer(work, conversation, seen, decision, actor="system")
        if decision.run_assistant:
            ask_assistant(work, conversation)


def _was_answered(conversation: Conversation, seen: Situation) -> bool:
    """Whether thanks now confirm an answer: the assistant spoke last and nothing is open."""
    return (
        bool(seen.history)
        and seen.history[-1].sender is Sender.AI
        and conversation.offer_state != "offered"
        and not conversation.requires_human
    )


def ask_assistant(work: UnitOfWork, conversation: Conversation) -> None:
    """Leave a piece of work for the assistant; one for the last message replaces earlier ones."""
    assert conversation.episode_id is not None
    asked = work.session.scalar(
        sa.select(AiRun.id).where(
            AiRun.conversation_id == conversation.id,
            AiRun.customer_seq == conversation.last_customer_seq,
            AiRun.control_epoch == conversation.control_epoch,
        )
    )
    if asked is not None:
        return
    handoff.drop_queued_runs(work, conversation)
    settings: Settings = current_app.config["SETTINGS"]
    settle = settings.timing.ai_settle
    run = AiRun(
        conversation_id=conversation.id,
        episode_id=conversation.episode_id,
        customer_seq=conversation.last_customer_seq,
        control_epoch=conversation.control_epoch,
        due_at=work.now + timedelta(seconds=settle),
        created_at=work.now,
    )
    work.session.add(run)
    work.session.flush()
    run_id = run.id
    work.afterwards(lambda: background.enqueue("answer", delay=settle, run_id=run_id))


def begin_again(work: UnitOfWork, conversation: Conversation, seen: Situation) -> None:
    """The customer writes after "resolved" (lifecycle.md T21): the assistant gets it back first."""
    helped_by = conversation.assigned_agent_id
    episode = work.session.get_one(Episode, conversation.episode_id)
    if seen.begins_anew():
        begin_episode(work, conversation, number=episode.number + 1)
    else:
        # It was not resolved after all: reports must not count it.
        episode.resolution_voided_at = work.now
        episode.resolved_at = None
        conversation.preferred_agent_id = helped_by
    conversation.resolved_at = None
    work.move(conversation, Status.AI, ConversationReopened(actor=CUSTOMER))


def note_turn(
    work: UnitOfWork, conversation: Conversation, seen: Situation, decision: Decision, body: str
) -> None:
    """Count a customer's turn just stored and keep its every signal, fired or not."""
    assert conversation.episode_id is not None
    mood = decision.signals.sentiment
    first = conversation.last_customer_seq == 0
    conversation.last_customer_seq = conversation.last_seq
    conversation.last_customer_at = work.now
    conversation.customer_turns += 1
    conversation.preview = excerpt(body)
    conversation.sentiment_score = (
        mood
        if first
        else (1 - MOOD_OF_NEWEST) * conversation.sentiment_score + MOOD_OF_NEWEST * mood
    )
    work.session.add(
        TurnSignals(
            conversation_id=conversation.id,
            episode_id=conversation.episode_id,
            seq=conversation.last_seq,
            turn=conversation.customer_turns,
            policy_version=seen.policy.version,
            sentiment=mood,
            scores=dict(decision.signals.scores),
            action=decision.action,
            codes=list(decision.codes),
            created_at=work.now,
        )
    )


def stored(session: Session, contact_id: int, mid: str, body: str) -> Stored | None:
    """What an earlier request stored under this id, in any conversation of the contact."""
    found = session.execute(
        sa.select(Message, Conversation.public_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.contact_id == contact_id,
            Message.sender_key == sender_key(contact_id),
            Message.client_msg_id == mid,
        )
    ).first()
    if found is None:
        return None
    message, public_id = found
    if message.body_sha256 != fingerprint(body):
        raise IdReused
    return Stored(
        conversation_id=message.conversation_id,
        public_id=public_id,
        seq=message.seq,
        repeated=True,
    )


def check_rate(session: Session, contact_id: int, seen: Situation) -> None:
    """Counted on stored messages, so that a retry costs nothing."""
    settings: Settings = current_app.config["SETTINGS"]
    for seconds, most in (
        (60, settings.limits.messages_per_minute),
        (3_600, settings.limits.messages_per_hour),
    ):
        since = seen.now - timedelta(seconds=seconds)
        count, oldest = session.execute(
            sa.select(sa.func.count(Message.id), sa.func.min(Message.created_at))
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Conversation.contact_id == contact_id,
                Message.sender_key == sender_key(contact_id),
                Message.created_at > since,
            )
        ).one()
        if count >= most:
            passed = int((seen.now - oldest).total_seconds())
            raise TooFast(max(1, seconds - passed))


def sender_key(contact_id: int) -> str:
    """How a contact signs their messages; retries are recognised per sender."""
    return f"v:{contact_id}"
