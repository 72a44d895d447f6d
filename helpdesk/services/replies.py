"""What an agent writes: a reply that the customer sees, a note that only the team sees."""

from __future__ import annotations

import sqlalchemy as sa

from helpdesk.domain.events import ConversationReopened, MessageCreated, NoteCreated
from helpdesk.domain.lifecycle import MoveRefused, Sender, Status
from helpdesk.models import Agent, Conversation, Episode, Message
from helpdesk.services import intake, mail_answers, policies, routing
from helpdesk.services.intake import IdReused
from helpdesk.services.unit_of_work import (
    UnitOfWork,
    Words,
    fingerprint,
    seconds_since,
    unit_of_work,
)


def reply(conversation_id: int, *, agent_id: int, body: str, mid: str) -> Message:
    """Say something to the customer. In ``ai``, ``waiting`` and ``resolved`` this takes over.

    :raises IdReused: ``mid`` was used for other words, or for a note.
    :raises NotYours: another agent has the conversation.
    :raises MoveRefused: it is closed.
    """
    with unit_of_work() as work:
        conversation = work.hold(conversation_id)
        if (said := _said(work, conversation, agent_id, body, mid, "pub")) is not None:
            return said
        _take_over_if_free(work, conversation, agent_id)
        message = work.say(
            conversation,
            Words(
                sender_type=Sender.AGENT,
                sender_key=f"a:{agent_id}",
                agent_id=agent_id,
                body=body,
                mid=mid,
            ),
        )
        conversation.last_agent_at = work.now
        conversation.first_agent_reply_at = conversation.first_agent_reply_at or work.now
        answered(work, conversation)
        mail_answers.send(work, conversation, message, agent_id=agent_id)
        work.record(
            conversation,
            MessageCreated(actor=f"agent:{agent_id}", seq=message.seq, sender_type=Sender.AGENT),
        )
        return message


def note(conversation_id: int, *, agent_id: int, body: str, mid: str) -> Message:
    """Write something for the team; allowed whoever has the conversation.

    :raises IdReused: ``mid`` was used for other words, or for a reply.
    """
    with unit_of_work() as work:
        conversation = work.hold(conversation_id)
        if (said := _said(work, conversation, agent_id, body, mid, "desk")) is not None:
            return said
        message = work.say(
            conversation,
            Words(
                sender_type=Sender.AGENT,
                sender_key=f"a:{agent_id}",
                agent_id=agent_id,
                kind="note",
                stream="desk",
                body=body,
                mid=mid,
            ),
        )
        work.record(conversation, NoteCreated(actor=f"agent:{agent_id}", seq=message.seq))
        return message


def _said(
    work: UnitOfWork, conversation: Conversation, agent_id: int, body: str, mid: str, stream: str
) -> Message | None:
    said = work.said(conversation, f"a:{agent_id}", mid)
    if said is not None and (said.body_sha256, said.stream) != (fingerprint(body), stream):
        raise IdReused
    return said


def _take_over_if_free(work: UnitOfWork, conversation: Conversation, agent_id: int) -> None:
    match conversation.support_status:
        case Status.ACTIVE if conversation.assigned_agent_id == agent_id:
            return
        case Status.ACTIVE:
            holder = work.session.get_one(Agent, conversation.assigned_agent_id)
            raise routing.NotYours(holder.name)
        case Status.CLOSED:
            raise MoveRefused("this conversation is closed")
        case Status.RESOLVED:
            _reopen(work, conversation, agent_id)
        case _:
            pass
    routing.join(work, conversation, agent_id=agent_id)


def _reopen(work: UnitOfWork, conversation: Conversation, agent_id: int) -> None:
    """An agent writes after "resolved": soon after, it was not; later, a new stretch begins."""
    episode = work.session.get_one(Episode, conversation.episode_id)
    after = seconds_since(conversation.resolved_at, work.now)
    if after is not None and after > policies.current(work.session).return_window_s:
        intake.begin_episode(work, conversation, number=episode.number + 1, opened_by="agent")
    else:
        episode.resolution_voided_at, episode.resolved_at = work.now, None
    work.record(conversation, ConversationReopened(actor=f"agent:{agent_id}"))


def answered(work: UnitOfWork, conversation: Conversation) -> None:
    """A person replied: nothing the customer wrote waits for one any more."""
    work.session.execute(
        sa.update(Message)
        .where(Message.conversation_id == conversation.id, Message.requires_followup)
        .values(requires_followup=False)
        .execution_options(synchronize_session=False)
    )
