"""Who has a conversation: claim, take over, release, return to the assistant, resolve."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa

from helpdesk.domain.escalation import ISSUE_TYPES
from helpdesk.domain.events import (
    AiShouldHaveHandled,
    ConversationClaimed,
    ConversationRequeued,
    ConversationResolved,
    ReviewGiven,
)
from helpdesk.domain.lifecycle import MoveRefused, Overtaken, Sender, Status
from helpdesk.extensions import reading
from helpdesk.models import Agent, Contact, Conversation, Escalation, Inbox, Review
from helpdesk.services import alerting, customer, handoff, resolving, wordings
from helpdesk.services.unit_of_work import UnitOfWork, Words, unit_of_work

CLAIMABLE = (Status.WAITING, Status.AI)


class NotYours(MoveRefused):
    """Another agent has it; ``holder`` is who."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} has this conversation")
        self.holder = holder


class SeenBehind(MoveRefused):
    """The customer has written something this agent had not seen yet."""


class Outdated(MoveRefused):
    """The form was made before the conversation last changed hands."""


def claim(conversation_id: int, *, agent_id: int, greet: bool = True) -> None:
    """Give a waiting conversation, or one the assistant has, to exactly one agent.

    The customer sees "joined" and the greeting in the same commit.

    :raises NotYours: another agent got there first.
    :raises MoveRefused: it is resolved or closed.
    """
    try:
        with unit_of_work() as work:
            conversation = work.hold(conversation_id, Conversation.support_status.in_(CLAIMABLE))
            join(work, conversation, agent_id=agent_id)
            if greet:
                _greet(work, conversation, agent_id)
    except Overtaken:
        raise _why_refused(conversation_id, agent_id) from None


def claim_next(*, agent_id: int) -> str | None:
    """Claim the conversation that is most urgent; its public id, or ``None`` if nobody waits."""
    for _ in range(5):
        with reading() as session:
            first = session.execute(
                sa.select(Conversation.id, Conversation.public_id)
                .where(Conversation.support_status == Status.WAITING)
                .order_by(Conversation.queue_key, Conversation.id)
                .limit(1)
            ).first()
        if first is None:
            return None
        try:
            claim(first.id, agent_id=agent_id)
        except MoveRefused:
            continue  # a colleague was quicker; there may be another one
        public_id: str = first.public_id
        return public_id
    return None


def join(work: UnitOfWork, conversation: Conversation, *, agent_id: int) -> None:
    """Put an agent in charge and tell the customer; the caller holds the conversation.

    :raises MoveRefused: the agent may not work here any more.
    """
    # Held until the commit: whoever disables the agent requeues this conversation as well.
    agent = work.session.get_one(Agent, agent_id, with_for_update={"read": True})
    if agent.disabled_at is not None:
        raise MoveRefused("your account is disabled")
    handoff.close_open(work, conversation, "claimed")
    handoff.drop_queued_runs(work, conversation)
    conversation.offer_state = "none"
    conversation.preferred_agent_id = None
    if conversation.support_status is Status.RESOLVED:
        conversation.resolved_at = None
    event = ConversationClaimed(actor=f"agent:{agent_id}", agent_id=agent_id)
    work.move(conversation, Status.ACTIVE, event, agent_id=agent_id)
    _tell(work, conversation, "agent_joined", "joined", agent_id)
    alerting.tell(work, conversation, event.name)


def release(conversation_id: int, *, agent_id: int, epoch: int | None = None) -> None:
    """Put an own conversation back; the customer keeps the place at the head of the queue.

    ``epoch`` is the ``control_epoch`` that the agent's page showed; ``None`` skips that check.

    :raises NotYours: another agent has it.
    :raises Outdated: it changed hands since the page was made.
    """
    with _own(conversation_id, agent_id, epoch) as (work, conversation):
        event = ConversationRequeued(actor=f"agent:{agent_id}", agent_id=agent_id)
        work.move(conversation, Status.WAITING, event)
        _tell(work, conversation, "agent_left", "left", agent_id)


def requeue_all_of(agent_id: int) -> int:
    """Put every conversation of an agent back into the queue, each once; returns how many.

    For somebody who may not go on; the customers keep their places.
    """
    with reading() as session:
        numbers = session.scalars(
            sa.select(Conversation.id).where(
                Conversation.support_status == Status.ACTIVE,
                Conversation.assigned_agent_id == agent_id,
            )
        ).all()
    requeued = 0
    for number in numbers:
        try:
            release(number, agent_id=agent_id)
        except MoveRefused:
            continue  # it is solved, or somebody else requeued it
        requeued += 1
    return requeued


def return_to_assistant(conversation_id: int, *, agent_id: int, epoch: int | None = None) -> None:
    """Let the assistant go on with an own conversation.

    :raises NotYours: another agent has it.
    :raises Outdated: it changed hands since the page was made.
    """
    with _own(conversation_id, agent_id, epoch) as (work, conversation):
        customer.return_to_assistant(work, conversation, actor=f"agent:{agent_id}")


def resolve(
    conversation_id: int,
    *,
    agent_id: int,
    seen_seq: int,
    ai_should_have: bool = False,
    epoch: int | None = None,
) -> None:
    """Mark an own conversation as solved.

    :raises NotYours: another agent has it.
    :raises Outdated: it changed hands since the page was made.
    :raises SeenBehind: the customer wrote after ``seen_seq``.
    """
    with _own(conversation_id, agent_id, epoch) as (work, conversation):
        if conversation.last_customer_seq > seen_seq:
            raise SeenBehind
        inbox = work.session.get_one(Inbox, conversation.inbox_id)
        contact = work.session.get_one(Contact, conversation.contact_id)
        agent = work.session.get_one(Agent, agent_id)
        if ai_should_have:
            _label(work, conversation, agent_id, "ai_could_have")
            work.record(conversation, AiShouldHaveHandled(actor=f"agent:{agent_id}"))
        event = ConversationResolved(actor=f"agent:{agent_id}", kind="agent")
        resolving.resolve(
            work,
            conversation,
            inbox,
            contact,
            event,
            "resolved_by_agent",
            agent_name=first_name(agent.name),
        )


def review(conversation_id: int, *, agent_id: int, verdict: str) -> None:
    """Label the latest handoff; the same label a second time takes it back."""
    with unit_of_work() as work:
        conversation = work.hold(conversation_id)
        _label(work, conversation, agent_id, verdict, toggle=True)


def _label(
    work: UnitOfWork,
    conversation: Conversation,
    agent_id: int,
    verdict: str,
    *,
    toggle: bool = False,
) -> None:
    escalation = work.session.scalar(
        sa.select(Escalation)
        .where(Escalation.conversation_id == conversation.id)
        .order_by(Escalation.id.desc())
        .limit(1)
    )
    if escalation is None:
        return
    given = work.session.scalar(
        sa.select(Review).where(Review.escalation_id == escalation.id, Review.agent_id == agent_id)
    )
    if given is None:
        given = Review(
            conversation_id=conversation.id, escalation_id=escalation.id, agent_id=agent_id
        )
        work.session.add(given)
    elif toggle and given.verdict == verdict:
        work.session.delete(given)
        verdict = ""
    if verdict:
        given.verdict, given.created_at = verdict, work.now
    work.record(conversation, ReviewGiven(actor=f"agent:{agent_id}", verdict=verdict))


@contextmanager
def _own(
    conversation_id: int, agent_id: int, epoch: int | None
) -> Generator[tuple[UnitOfWork, Conversation]]:
    """A transaction over a conversation that this agent holds, unchanged since ``epoch``.

    :raises NotYours: somebody else does, or nobody.
    :raises Outdated: it changed hands since then.
    """
    with unit_of_work() as work:
        try:
            conversation = work.hold(
                conversation_id,
                Conversation.support_status == Status.ACTIVE,
                Conversation.assigned_agent_id == agent_id,
            )
        except Overtaken:
            raise _why_refused(conversation_id, agent_id) from None
        if epoch is not None and epoch != conversation.control_epoch:
            raise Outdated("this page is older than the conversation, look at it again")
        yield work, conversation


def _why_refused(conversation_id: int, agent_id: int) -> MoveRefused:
    with reading() as session:
        found = session.execute(
            sa.select(Conversation.support_status, Agent.id, Agent.name)
            .join(Agent, Agent.id == Conversation.assigned_agent_id, isouter=True)
            .where(Conversation.id == conversation_id)
        ).first()
    if found is None:
        return MoveRefused("this conversation is gone")
    status, holder_id, holder = found
    if status is Status.ACTIVE and holder_id != agent_id:
        return NotYours(holder)
    if status is Status.ACTIVE:
        return MoveRefused("you have this conversation already")
    return MoveRefused(f"this conversation is {status}")


def _tell(
    work: UnitOfWork, conversation: Conversation, template: str, kind: str, agent_id: int
) -> None:
    agent = work.session.get_one(Agent, agent_id)
    text = wordings.say(
        work.session,
        template,
        inbox=work.session.get_one(Inbox, conversation.inbox_id),
        contact=work.session.get_one(Contact, conversation.contact_id),
        agent_name=first_name(agent.name),
    )
    work.announce(conversation, kind, text)


def _greet(work: UnitOfWork, conversation: Conversation, agent_id: int) -> None:
    """The agent's first words, from the template; not counted as a reply of theirs."""
    agent = work.session.get_one(Agent, agent_id)
    code = work.session.scalar(
        sa.select(Escalation.primary_code)
        .where(Escalation.episode_id == conversation.episode_id)
        .order_by(Escalation.id.desc())
        .limit(1)
    )
    text = wordings.say(
        work.session,
        "agent_greeting",
        inbox=work.session.get_one(Inbox, conversation.inbox_id),
        contact=work.session.get_one(Contact, conversation.contact_id),
        agent_name=first_name(agent.name),
        issue=ISSUE_TYPES.get(code or "", ISSUE_TYPES["asked_for_human"]),
    )
    work.say(
        conversation,
        Words(
            sender_type=Sender.AGENT,
            sender_key=f"a:{agent_id}",
            agent_id=agent_id,
            kind="greeting",
            body=text,
            mid=f"greeting:{conversation.control_epoch}",
        ),
    )


def first_name(name: str) -> str:
    """How customers know an agent: "Sarah" of "Sarah Kim"."""
    return name.split()[0] if name.split() else name
