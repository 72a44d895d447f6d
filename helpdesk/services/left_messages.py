"""A customer leaves a message for the team: an address, some words, and a promise."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from helpdesk.domain.escalation import LABELS, evaluate
from helpdesk.domain.events import MessageCreated, MessageLeft
from helpdesk.domain.lifecycle import Overtaken, Priority, Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import Contact, Conversation, Message
from helpdesk.services import alerting, handoff, intake, office, situation, wordings
from helpdesk.services.intake import CUSTOMER, TRIES, Busy, Stored
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork, Words, unit_of_work


def leave_message(
    contact_id: int, *, email: str, body: str, mid: str, time_zone: str = ""
) -> Stored:
    """Keep words and an e-mail address for the team; the assistant stays usable (T7b).

    The address is where an answer is sent, never a key to anything (security.md T7).
    ``time_zone`` is the customer's, where it is known: what is promised is said in it.

    :raises IdReused: ``mid`` was used for other words.
    :raises Busy: the conversation changed under every try.
    """
    for _ in range(TRIES):
        with reading() as session:
            seen = situation.of_contact(session, contact_id)
            if (stored := intake.stored(session, contact_id, mid, body)) is not None:
                return stored
            intake.check_rate(session, contact_id, seen)
        try:
            with unit_of_work() as work:
                conversation = intake.open_conversation(work, seen)
                if conversation.support_status is Status.RESOLVED:
                    intake.begin_again(work, conversation, seen)
                contact = work.session.get_one(Contact, contact_id)
                contact.email = email
                contact.time_zone = time_zone or contact.time_zone
                message = _keep(work, conversation, seen, contact, body=body, mid=mid)
                work.session.flush()
        except (Overtaken, IntegrityError):
            continue
        return Stored(
            conversation_id=conversation.id,
            public_id=conversation.public_id,
            seq=message.seq,
            repeated=False,
        )
    raise Busy


def _keep(
    work: UnitOfWork,
    conversation: Conversation,
    seen: Situation,
    contact: Contact,
    *,
    body: str,
    mid: str,
) -> Message:
    message = work.say(
        conversation,
        Words(
            sender_type=Sender.USER,
            sender_key=intake.sender_key(contact.id),
            body=body,
            mid=mid,
            kind="left_message",
            requires_followup=True,
        ),
    )
    decision = evaluate(seen.facts(body), seen.policy)
    intake.note_turn(work, conversation, seen, decision, body)
    if conversation.support_status is Status.AI:
        # Nothing fired: it may wait for a quiet hour. What did fire keeps its priority.
        conversation.priority = decision.priority if decision.codes else Priority.LOW
        conversation.ai_handoff_reason = LABELS["left_message"]
    conversation.after_hours = True
    conversation.requires_human = True
    handoff.drop_queued_runs(work, conversation)
    created = MessageCreated(actor=CUSTOMER, seq=message.seq, sender_type=Sender.USER)
    work.record(conversation, created)
    work.record(conversation, MessageLeft(actor=CUSTOMER, seq=message.seq))
    within = office.respond_within(work.session, seen.inbox, contact, work.now)
    text = wordings.say(
        work.session, "message_left", inbox=seen.inbox, contact=contact, reply_within=within
    )
    work.announce(conversation, "message_left", text)
    alerting.tell(work, conversation, MessageLeft.name, reasons=decision.codes)
    return message
