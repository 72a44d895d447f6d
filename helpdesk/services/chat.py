"""Reading a chat as its customer sees it, and finding the customer behind a request."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.domain.lifecycle import Status
from helpdesk.domain.text import initials
from helpdesk.extensions import db, reading, writing
from helpdesk.models import (
    Agent,
    AiRun,
    Contact,
    ContactKey,
    Conversation,
    Episode,
    Escalation,
    Inbox,
    Installation,
    Message,
    Rating,
)
from helpdesk.models.columns import public_id
from helpdesk.realtime.views import ChatView, InboxView, LeaveView, MessageView
from helpdesk.services import office, transcript, waits, wordings
from helpdesk.services.signing_in import digest


@dataclass(frozen=True, kw_only=True)
class Site:
    """An inbox as requests need it: which it is, and which sites may show it."""

    id: int
    key: str
    allowed_origins: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A chat at one moment: its state, the rows asked for, the epoch of its stream."""

    state: ChatView
    rows: list[MessageView]
    epoch: int


def site_by_key(key: str) -> Site | None:
    """The inbox a page names, unless it is switched off."""
    with reading() as session:
        inbox = session.scalar(
            sa.select(Inbox).where(Inbox.key == key, Inbox.disabled_at.is_(None))
        )
    return _site(inbox) if inbox else None


def site_of(contact_id: int) -> Site:
    """The inbox a contact writes to."""
    with reading() as session:
        contact = session.get_one(Contact, contact_id)
        return _site(session.get_one(Inbox, contact.inbox_id))


def state(site: Site, conversation_id: int | None) -> ChatView:
    """The state of a chat without its rows."""
    with reading() as session:
        return view(session, session.get_one(Inbox, site.id), conversation_id)


def snapshot(
    site: Site, conversation_id: int | None, after: int | None = 0, *, zone: str = ""
) -> Snapshot:
    """What a page shows of a chat: its state and the rows past ``after`` (``None``: the newest).

    ``zone`` is the reader's time zone while there is no contact that has one.
    """
    with reading() as session:
        shown = view(session, session.get_one(Inbox, site.id), conversation_id, zone=zone)
        past = transcript.newest(shown.last_seq) if after is None else after
        return Snapshot(
            state=shown,
            rows=transcript.for_customer(session, conversation_id, past) if conversation_id else [],
            epoch=session.scalar(sa.select(Installation.stream_epoch)) or 1,
        )


def _site(inbox: Inbox) -> Site:
    return Site(id=inbox.id, key=inbox.key, allowed_origins=tuple(inbox.allowed_origins))


def contact_by_token(token: str, inbox_id: int | None = None) -> int | None:
    """Who a cookie belongs to; nobody while blocked, erased, or in another inbox."""
    hashed = digest(token)
    holders = sa.union_all(
        sa.select(Contact.id).where(Contact.token_hash == hashed),
        sa.select(ContactKey.contact_id).where(ContactKey.token_hash == hashed),
    )
    with reading() as session:
        return session.scalar(
            sa.select(Contact.id).where(
                Contact.id.in_(holders),
                Contact.blocked_at.is_(None),
                Contact.erased_at.is_(None),
                *([Contact.inbox_id == inbox_id] if inbox_id is not None else []),
            )
        )


def make_contact(
    token: str, inbox_id: int, *, locale: str, user_agent: str, time_zone: str = ""
) -> int | None:
    """The contact of a cookie, made at the first message. Two requests at once make one.

    ``None`` for the cookie of somebody who was blocked or erased, or belongs to another inbox.
    """
    # Each dialect's module is imported only where its database is used: starts stay short.
    dialect = importlib.import_module(f"sqlalchemy.dialects.{db.engine.dialect.name}")
    with writing() as session:
        session.execute(
            dialect.insert(Contact)
            .values(
                public_id=public_id(),
                inbox_id=inbox_id,
                token_hash=digest(token),
                locale=locale[:35],
                time_zone=time_zone,
                user_agent=user_agent[:300],
                created_at=clock.now(),
                last_seen_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["token_hash"])
        )
        session.commit()
    return contact_by_token(token, inbox_id)


def conversation_of(contact_id: int, address: str) -> int | None:
    """The number of this contact's conversation with that public id. Anybody else's is nobody's."""
    with reading() as session:
        return session.scalar(
            sa.select(Conversation.id).where(
                Conversation.public_id == address, Conversation.contact_id == contact_id
            )
        )


def open_conversation_of(contact_id: int) -> int | None:
    """The number of the conversation a contact has going, if any."""
    with reading() as session:
        return session.scalar(
            sa.select(Conversation.id).where(
                Conversation.contact_id == contact_id,
                Conversation.support_status != Status.CLOSED,
            )
        )


def view(
    session: Session, inbox: Inbox, conversation_id: int | None, *, zone: str = ""
) -> ChatView:
    """The state of a chat, the transcript apart."""
    look = inbox_view(session, inbox)
    conversation = session.get(Conversation, conversation_id) if conversation_id else None
    if conversation is None:
        return ChatView(
            inbox=look,
            conversation="",
            status="new",
            agent_name="",
            agent_initials="",
            position=None,
            ai_working=False,
            offer_open=False,
            rating="none",
            rating_score=None,
            last_seq=0,
            **_promises(session, inbox, None, None, zone),
        )
    agent = session.get(Agent, conversation.assigned_agent_id or 0)
    rating, score = _rating(session, conversation)
    return ChatView(
        inbox=look,
        conversation=conversation.public_id,
        status=conversation.support_status,
        agent_name=agent.name.split()[0] if agent else "",
        agent_initials=initials(agent.name) if agent else "",
        position=_position(session, conversation),
        ai_working=is_assistant_working(session, conversation),
        offer_open=conversation.offer_state == "offered",
        rating=rating,
        rating_score=score,
        last_seq=conversation.last_seq,
        wait_range=waits.usual_range(session, inbox.id)
        if conversation.support_status is Status.WAITING and not conversation.after_hours
        else "",
        **_promises(
            session, inbox, conversation, session.get(Contact, conversation.contact_id), zone
        ),
    )


def _promises(
    session: Session,
    inbox: Inbox,
    conversation: Conversation | None,
    contact: Contact | None,
    zone: str,
) -> dict[str, Any]:
    """What a customer is told and offered while nobody is there, or nobody comes."""
    now = clock.now()
    is_away = inbox.hours_id is not None and not office.is_open(session, inbox, now)
    forgotten = (
        conversation is not None
        and conversation.support_status is Status.WAITING
        and conversation.wait_notices > 0
    )
    if not is_away and not forgotten:
        return {}
    zone = contact.time_zone if contact else zone
    back, reply = office.promises(session, inbox, zone, now)
    left = conversation is not None and _left(session, conversation)
    wanted = conversation is not None and not left and _wanted(session, conversation)
    leave = LeaveView(
        reply=reply,
        asks=is_away and wanted,
        left=left,
        email=contact.email if contact else "",
    )
    return {"is_away": is_away, "back": back if is_away else "", "leave": leave}


def _wanted(session: Session, conversation: Conversation) -> bool:
    """Whether a person was needed in this stretch."""
    wanted = session.scalar(
        sa.select(Escalation.id)
        .where(Escalation.episode_id == conversation.episode_id, Escalation.action == "transfer")
        .limit(1)
    )
    return wanted is not None


def _left(session: Session, conversation: Conversation) -> bool:
    """Whether a message was left and nobody has answered it yet."""
    return conversation.after_hours and (
        session.scalar(
            sa.select(Message.id)
            .where(
                Message.episode_id == conversation.episode_id,
                Message.kind == "left_message",
                Message.requires_followup,
            )
            .limit(1)
        )
        is not None
    )


def inbox_view(session: Session, inbox: Inbox) -> InboxView:
    """An inbox as customers see it."""
    return InboxView(
        key=inbox.key,
        company=inbox.company,
        color=inbox.color,
        greeting=wordings.say(session, "greeting", inbox=inbox),
        starters=tuple(inbox.starters),
    )


def is_assistant_working(session: Session, conversation: Conversation) -> bool:
    """Whether an answer is on its way: the typing dots."""
    if conversation.support_status is not Status.AI:
        return False
    run = session.scalar(
        sa.select(AiRun.id).where(
            AiRun.conversation_id == conversation.id,
            AiRun.customer_seq == conversation.last_customer_seq,
            AiRun.control_epoch == conversation.control_epoch,
            AiRun.state != "done",
        )
    )
    return run is not None


def _position(session: Session, conversation: Conversation) -> int | None:
    """1 for "you are next"; rows ahead in the order agents claim in."""
    if conversation.support_status is not Status.WAITING:
        return None
    ahead = session.scalar(
        sa.select(sa.func.count())
        .select_from(Conversation)
        .where(
            Conversation.support_status == Status.WAITING,
            sa.or_(
                Conversation.queue_key < conversation.queue_key,
                sa.and_(
                    Conversation.queue_key == conversation.queue_key,
                    Conversation.id < conversation.id,
                ),
            ),
        )
    )
    return (ahead or 0) + 1


def _rating(session: Session, conversation: Conversation) -> tuple[str, int | None]:
    if conversation.support_status is not Status.RESOLVED:
        return "none", None
    given = session.scalar(sa.select(Rating).where(Rating.episode_id == conversation.episode_id))
    if given is not None:
        return "given", given.score
    episode = session.get_one(Episode, conversation.episode_id)
    return ("none" if episode.resolution_kind == "spam" else "open"), None
