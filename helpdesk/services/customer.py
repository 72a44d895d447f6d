"""What a customer can do besides writing: ask for a person, say no thanks, go back, end, rate."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from helpdesk.domain.escalation import evaluate
from helpdesk.domain.events import (
    ConversationResolved,
    ConversationReturnedToAi,
    HandoffDeclined,
    RatingReceived,
)
from helpdesk.domain.lifecycle import PEOPLE_IN_CHARGE, MoveRefused, Overtaken, Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import Contact, Conversation, Escalation, Inbox, Message, Rating, TurnSignals
from helpdesk.services import after_hours, alerting, handoff, intake, resolving, situation, wordings
from helpdesk.services.intake import CUSTOMER, TRIES, Busy
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work

MUTED_TURNS = 2  # soft rules rest for this long after a return to the assistant (lifecycle.md T11)


class NotAsked(MoveRefused):
    """There is nothing to rate: the episode is not solved, or it was rated already."""


def ask_for_person(contact_id: int, *, source: str) -> str:
    """The button, the menu or an accepted offer: put the customer into the queue.

    Asking again while a person is in charge changes nothing. Returns the conversation's public id.

    :raises Busy: the conversation changed under every try.
    """
    for _ in range(TRIES):
        with reading() as session:
            seen = situation.of_contact(session, contact_id)
        if seen.conversation is not None and seen.status in PEOPLE_IN_CHARGE:
            return seen.conversation.public_id
        decision = evaluate(seen.facts(None, requested_by=source), seen.policy)
        try:
            with unit_of_work() as work:
                conversation = intake.open_conversation(work, seen)
                if conversation.support_status is Status.RESOLVED:
                    intake.begin_again(work, conversation, seen)
                _take_up_offer(work, conversation)
                after_hours.hand_over(work, conversation, seen, decision, actor=CUSTOMER)
        except (Overtaken, IntegrityError):
            continue
        return conversation.public_id
    raise Busy


def decline_offer(conversation_id: int) -> None:
    """ "Keep going": the assistant stays, and the offer is not repeated for some turns."""
    with unit_of_work() as work:
        conversation = work.hold(conversation_id)
        if conversation.offer_state != "offered":
            return
        conversation.offer_state = "declined"
        conversation.offer_turn = conversation.customer_turns
        _end_offer(work, conversation, "declined")
        work.record(conversation, HandoffDeclined(actor=CUSTOMER))
        inbox, contact = _of(work, conversation)
        text = wordings.say(work.session, "offer_declined", inbox=inbox, contact=contact)
        work.announce(conversation, "offer_declined", text)
        if _unanswered(work, conversation):
            intake.ask_assistant(work, conversation)


def back_to_assistant(conversation_id: int) -> None:
    """A waiting customer would rather go on with the assistant.

    :raises MoveRefused: they are not waiting (any more).
    """
    with unit_of_work() as work:
        conversation = work.hold(conversation_id, Conversation.support_status == Status.WAITING)
        handoff.close_open(work, conversation, "cancelled")
        return_to_assistant(work, conversation, actor=CUSTOMER)
        if _unanswered(work, conversation):
            intake.ask_assistant(work, conversation)


def return_to_assistant(work: UnitOfWork, conversation: Conversation, *, actor: str) -> None:
    """The human stretch ends here; soft rules rest, explicit and urgent ones never do."""
    conversation.muted_until_turn = conversation.customer_turns + MUTED_TURNS
    work.move(conversation, Status.AI, ConversationReturnedToAi(actor=actor))
    work.session.execute(
        sa.update(Message)
        .where(Message.conversation_id == conversation.id, Message.requires_followup)
        .values(requires_followup=False)
        .execution_options(synchronize_session=False)
    )
    inbox, contact = _of(work, conversation)
    text = wordings.say(work.session, "returned_to_ai", inbox=inbox, contact=contact)
    work.announce(conversation, "returned", text)


def end(conversation_id: int) -> None:
    """The customer ends the chat; counted as left, never as solved by the assistant.

    :raises MoveRefused: it is over already.
    """
    with unit_of_work() as work:
        conversation = work.hold(
            conversation_id, Conversation.support_status.not_in((Status.RESOLVED, Status.CLOSED))
        )
        event = ConversationResolved(actor=CUSTOMER, kind="left")
        inbox, contact = _of(work, conversation)
        resolving.resolve(work, conversation, inbox, contact, event, "customer_ended")


def rate(conversation_id: int, *, score: int | None, comment: str) -> None:
    """Keep a rating of the episode just solved; ``score`` 1..5, ``None`` for "skip".

    :raises NotAsked: it is not solved, or rated already.
    """
    with unit_of_work() as work:
        conversation = work.hold(conversation_id)
        if not is_rating_open(work, conversation):
            raise NotAsked
        assert conversation.episode_id is not None
        work.session.add(
            Rating(
                conversation_id=conversation.id,
                episode_id=conversation.episode_id,
                agent_id=conversation.assigned_agent_id,
                score=score,
                comment=comment,
                created_at=work.now,
            )
        )
        if score is not None:
            work.record(conversation, RatingReceived(actor=CUSTOMER, score=score))
            alerting.tell(work, conversation, RatingReceived.name, score=score)


def is_rating_open(work: UnitOfWork, conversation: Conversation) -> bool:
    """Whether the customer may still rate the episode."""
    given = work.session.scalar(
        sa.select(Rating.id).where(Rating.episode_id == conversation.episode_id)
    )
    return conversation.support_status is Status.RESOLVED and given is None


def _of(work: UnitOfWork, conversation: Conversation) -> tuple[Inbox, Contact]:
    return (
        work.session.get_one(Inbox, conversation.inbox_id),
        work.session.get_one(Contact, conversation.contact_id),
    )


def _take_up_offer(work: UnitOfWork, conversation: Conversation) -> None:
    if conversation.offer_state == "offered":
        _end_offer(work, conversation, "claimed")


def _end_offer(work: UnitOfWork, conversation: Conversation, outcome: str) -> None:
    work.session.execute(
        sa.update(Escalation)
        .where(Escalation.episode_id == conversation.episode_id, Escalation.outcome == "offered")
        .values(outcome=outcome, ended_at=work.now)
        .execution_options(synchronize_session=False)
    )


def _unanswered(work: UnitOfWork, conversation: Conversation) -> bool:
    """Whether the customer's last words still want an answer that the assistant could give."""
    asked = work.session.scalar(
        sa.select(TurnSignals.codes).where(
            TurnSignals.conversation_id == conversation.id,
            TurnSignals.seq == conversation.last_customer_seq,
        )
    )
    if asked is None or "asked_for_human" in asked:
        return False
    answer = work.session.scalar(
        sa.select(sa.func.max(Message.seq)).where(
            Message.conversation_id == conversation.id,
            Message.stream == "pub",
            Message.sender_type.in_((Sender.AI, Sender.AGENT)),
        )
    )
    return conversation.last_customer_seq > (answer or 0)
