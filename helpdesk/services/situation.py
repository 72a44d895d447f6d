"""What is known about a conversation at one moment, read in one go before a decision is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.domain.escalation import Facts, Policy, ReplyFacts, Turn
from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.models import Contact, Conversation, Inbox, Message, TurnSignals
from helpdesk.services import policies
from helpdesk.services.unit_of_work import seconds_since

# Older turns of a very long episode no longer change a decision; reading stays bounded.
TURNS_READ = 60


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A snapshot. ``conversation`` is ``None`` before the first message.

    ``asked_at`` are the numbers of this episode's messages that asked for a person.

    A decision made on it is written only if ``last_seq`` and ``control_epoch`` still hold.
    """

    inbox: Inbox
    contact: Contact
    conversation: Conversation | None
    history: tuple[Turn, ...]
    asked_at: tuple[int, ...]
    policy: Policy
    now: datetime

    @property
    def status(self) -> Status | None:
        """Who is in charge; ``None`` before the first message."""
        return self.conversation.support_status if self.conversation else None

    def returned_after(self) -> float | None:
        """Seconds since this conversation was resolved, if it is."""
        if self.conversation is None or self.status is not Status.RESOLVED:
            return None
        return seconds_since(self.conversation.resolved_at, self.now)

    def begins_anew(self) -> bool:
        """Whether the next message opens a new episode: it was resolved longer ago than the policy
        takes for a return."""
        after = self.returned_after()
        return after is not None and after > self.policy.return_window_s

    def facts(
        self, text: str | None, *, requested_by: str = "", reply: ReplyFacts | None = None
    ) -> Facts:
        """The facts for `evaluate`: on a new message, a pressed button, or a finished reply.

        With a ``reply``, the last customer message is the one that was answered.
        """
        history, message = self.history, None
        turns = self.conversation.customer_turns if self.conversation else 0
        asked = self.asked_at
        if self.begins_anew():
            history, turns, asked = (), 0, ()
        if text is not None:
            turns += 1
            seq = (self.conversation.last_seq if self.conversation else 0) + 1
            message = Turn(seq=seq, sender=Sender.USER, text=text, at=self.now)
        elif reply is not None:
            index = max(i for i, turn in enumerate(history) if turn.sender is Sender.USER)
            history, message = history[:index], history[index]
        return Facts(
            history=history,
            message=message,
            customer_turns=turns,
            requested_by=requested_by,
            reply=reply,
            asked_before=any(message is None or seq < message.seq for seq in asked),
            returned_after_s=self.returned_after() if message else None,
            offered=self._offer_state() == "offered",
            declined_turns_ago=(
                turns - self.conversation.offer_turn
                if self.conversation and self._offer_state() == "declined"
                else None
            ),
            muted_turns=(
                max(0, self.conversation.muted_until_turn - turns + 1) if self.conversation else 0
            ),
        )

    def _offer_state(self) -> str:
        return self.conversation.offer_state if self.conversation else "none"


def of_contact(session: Session, contact_id: int) -> Situation:
    """The situation of a contact's open conversation, or of a contact who has none."""
    conversation = session.scalar(
        sa.select(Conversation).where(
            Conversation.contact_id == contact_id, Conversation.support_status != Status.CLOSED
        )
    )
    contact = session.get_one(Contact, contact_id)
    return _read(session, contact, conversation)


def of_conversation(session: Session, conversation_id: int) -> Situation:
    """The situation of one conversation.

    :raises NoResultFound: there is none.
    """
    conversation = session.get_one(Conversation, conversation_id, populate_existing=True)
    contact = session.get_one(Contact, conversation.contact_id)
    return _read(session, contact, conversation)


def _read(session: Session, contact: Contact, conversation: Conversation | None) -> Situation:
    inbox = session.get_one(Inbox, contact.inbox_id)
    return Situation(
        inbox=inbox,
        contact=contact,
        conversation=conversation,
        history=_history(session, conversation) if conversation else (),
        asked_at=_asked_at(session, conversation) if conversation else (),
        policy=policies.current(session),
        now=clock.now(),
    )


def _history(session: Session, conversation: Conversation) -> tuple[Turn, ...]:
    rows = session.scalars(
        sa.select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.episode_id == conversation.episode_id,
            Message.stream == "pub",
            Message.sender_type != Sender.SYSTEM,
        )
        .order_by(Message.seq.desc())
        .limit(TURNS_READ)
    )
    turns = [
        Turn(
            seq=row.seq,
            sender=row.sender_type,
            text=row.body,
            at=row.created_at,
            confidence=row.ai_confidence,
        )
        for row in rows
    ]
    return tuple(reversed(turns))


def _asked_at(session: Session, conversation: Conversation) -> tuple[int, ...]:
    """The messages of this episode in which the customer asked for a person."""
    fired = session.execute(
        sa.select(TurnSignals.seq, TurnSignals.codes)
        .where(TurnSignals.episode_id == conversation.episode_id)
        .order_by(TurnSignals.seq.desc())
        .limit(TURNS_READ)
    )
    return tuple(seq for seq, codes in fired if "asked_for_human" in codes)
