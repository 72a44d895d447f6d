"""An assistant that says what a test wants, and what was told and recorded of a conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from helpdesk import ai
from helpdesk.extensions import reading
from helpdesk.models import AiRun, Episode, Escalation, EventRow
from helpdesk.realtime.views import ConversationView
from helpdesk.services import desk
from tests.support.make import Person

ANSWER = ai.Reply(text="Tap Money, then Add money.", confidence=0.9)
UNSURE = ai.Reply(text="Perhaps in the settings.", confidence=0.2)
DOES_NOT_KNOW = ai.Reply(text="", confidence=0.1, refused="does_not_know")
OUT_OF_SCOPE = ai.Reply(text="", confidence=0.1, refused="out_of_scope")

OWN_MONEY_CASE = "I deposited money but it's not showing!"
HOW_TO = "How do I change my language?"

Behaviour = ai.Reply | BaseException | Callable[[], object]


@dataclass
class Steered:
    """A responder: what is in `then` comes first, one a call, and `usual` ever after."""

    usual: Behaviour = ANSWER
    then: list[Behaviour] = field(default_factory=list)
    asked: list[ai.Transcript] = field(default_factory=list)

    def reply(self, transcript: ai.Transcript, *_given: object, **_named: object) -> object:
        """Do as told."""
        self.asked.append(transcript)
        told = self.then.pop(0) if self.then else self.usual
        if isinstance(told, BaseException):
            raise told
        return told if isinstance(told, ai.Reply) else told()


def moves(number: int) -> list[tuple[str, str, str, str]]:
    """Each change of control: name, from, to, actor."""
    with reading() as session:
        rows = session.scalars(
            sa.select(EventRow)
            .where(EventRow.conversation_id == number, EventRow.to_status != "")
            .order_by(EventRow.id)
        )
        return [(row.name, row.from_status, row.to_status, row.actor) for row in rows]


def events(number: int) -> list[str]:
    """The names of everything recorded."""
    with reading() as session:
        return list(
            session.scalars(
                sa.select(EventRow.name)
                .where(EventRow.conversation_id == number)
                .order_by(EventRow.id)
            )
        )


def escalations(number: int) -> list[Escalation]:
    """Every handoff and offer, oldest first."""
    with reading() as session:
        return list(
            session.scalars(
                sa.select(Escalation)
                .where(Escalation.conversation_id == number)
                .order_by(Escalation.id)
            )
        )


def episodes(number: int) -> list[Episode]:
    """The stretches of a conversation, oldest first."""
    with reading() as session:
        return list(
            session.scalars(
                sa.select(Episode).where(Episode.conversation_id == number).order_by(Episode.number)
            )
        )


def runs(number: int) -> list[AiRun]:
    """The assistant's pieces of work, oldest first."""
    with reading() as session:
        return list(
            session.scalars(
                sa.select(AiRun).where(AiRun.conversation_id == number).order_by(AiRun.id)
            )
        )


def dossier(number: int, agent: Person) -> ConversationView:
    """What an agent sees beside the transcript."""
    return desk.open_conversation(number, agent.id).conversation
