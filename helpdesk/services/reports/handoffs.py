"""Handoffs, one by one: why, who answered first and when, whether the customer gave up."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from helpdesk.domain.events import (
    ConversationResolved,
    ConversationReturnedToAi,
    HandoffRequested,
)
from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.extensions import Base, UtcDateTime
from helpdesk.models import Conversation, Escalation, EventRow, Message
from helpdesk.services.reports.cases import Scope, Unit
from helpdesk.services.reports.sqltime import seconds_between

GREETING = "greeting"


def _rows(scope: Scope) -> sa.CTE:
    """Handoffs by the moment of the request; what follows belongs to the latest one before it."""
    linked = _linked(scope)
    reply_at = _one(Message, Message.created_at, linked.c.reply_id)
    agent_id = _one(Message, Message.agent_id, linked.c.reply_id)
    ended_at = _one(EventRow, EventRow.created_at, linked.c.end_id)
    offered_for = _one(Escalation, Escalation.primary_code, linked.c.offer_id)
    codes = sa.cast(linked.c.own_codes, sa.Text)
    codes_offered = sa.cast(_one(Escalation, Escalation.codes, linked.c.offer_id), sa.Text)
    query = sa.select(
        linked.c.id,
        linked.c.episode_id,
        linked.c.conversation_id,
        linked.c.at,
        linked.c.inbox_id,
        sa.func.coalesce(offered_for, linked.c.primary_code).label("reason"),
        linked.c.offer_id.is_not(None).label("was_offered"),
        (codes + sa.func.coalesce(codes_offered, "")).label("codes"),
        agent_id.label("agent_id"),
        seconds_between(linked.c.at, reply_at).label("seconds"),
        sa.literal(scope.target_s).label("target"),
        _one(EventRow, EventRow.name, linked.c.end_id).label("given_up"),
        seconds_between(linked.c.at, ended_at).label("given_up_after"),
    )
    if scope.agent_id is not None:
        query = query.where(agent_id == scope.agent_id)
    return _once(query, "handoffs")


def _linked(scope: Scope) -> sa.CTE:
    """Each request with its escalation and the numbers of the rows that tell what came of it."""
    asked, why = _asked(scope), aliased(Escalation)
    query = (
        sa.select(
            asked.c.id,
            asked.c.episode_id,
            asked.c.conversation_id,
            asked.c.at,
            Conversation.inbox_id,
            why.primary_code,
            why.codes.label("own_codes"),
            _accepted(why).label("offer_id"),
            _first_reply(asked).label("reply_id"),
            _end_of_wait(asked).label("end_id"),
        )
        .join(Conversation, Conversation.id == asked.c.conversation_id)
        .join(why, why.id == asked.c.escalation_id)
        .where(asked.c.at < scope.span.end)
    )
    if scope.inbox_id is not None:
        query = query.where(Conversation.inbox_id == scope.inbox_id)
    return _once(query, "linked")


def _once(query: sa.Select[Any], name: str) -> sa.CTE:
    """A query whose rows are looked up once, however often they are spoken of.

    Folded into what is around it, PostgreSQL would look each row up again for every figure, or
    read whole tables to join them.
    """
    return query.cte(name).prefix_with("MATERIALIZED")


def _one(
    table: type[Base], column: sa.SQLColumnExpression[Any], number: sa.ColumnElement[Any]
) -> sa.ScalarSelect[Any]:
    """A column of the row with this number."""
    key: Any = sa.inspect(table).primary_key[0]
    return sa.select(column).where(key == number).scalar_subquery()


def _asked(scope: Scope) -> sa.Subquery:
    """The requests, each with the next one of its episode, which may be after the period."""
    event = aliased(EventRow)
    following = sa.func.lead(event.id).over(partition_by=event.episode_id, order_by=event.id)
    following_at = sa.func.lead(event.created_at, type_=UtcDateTime()).over(
        partition_by=event.episode_id, order_by=event.id
    )
    return (
        sa.select(
            event.id,
            event.episode_id,
            event.conversation_id,
            event.created_at.label("at"),
            sa.cast(event.payload["escalation_id"].as_string(), sa.BigInteger).label(
                "escalation_id"
            ),
            following.label("next_id"),
            following_at.label("next_at"),
        )
        .where(event.name == HandoffRequested.name, event.created_at >= scope.span.start)
        .subquery("asked")
    )


def _accepted(why: type[Escalation]) -> sa.ScalarSelect[int]:
    """The offer that the customer took up: it ended in the transaction that made the handoff."""
    offer = aliased(Escalation)
    return (
        sa.select(sa.func.max(offer.id))
        .where(
            offer.conversation_id == why.conversation_id,
            offer.episode_id == why.episode_id,
            offer.action == "offer",
            offer.outcome == "claimed",
            offer.ended_at == why.created_at,
        )
        .scalar_subquery()
    )


def _first_reply(asked: sa.Subquery) -> sa.ScalarSelect[int]:
    """What an agent wrote first; the greeting speaks by itself when somebody joins."""
    message = aliased(Message)
    return (
        sa.select(message.id)
        .where(
            message.episode_id == asked.c.episode_id,
            message.stream == "pub",
            message.sender_type == Sender.AGENT,
            message.kind != GREETING,
            message.created_at >= asked.c.at,
            sa.or_(asked.c.next_at.is_(None), message.created_at < asked.c.next_at),
        )
        .order_by(message.seq)
        .limit(1)
        .correlate(asked)
        .scalar_subquery()
    )


def _end_of_wait(asked: sa.Subquery) -> sa.ScalarSelect[int]:
    """The customer, while waiting, left or went back to the assistant."""
    event = aliased(EventRow)
    left = sa.and_(
        event.name == ConversationResolved.name, event.payload["kind"].as_string() == "left"
    )
    went_back = sa.and_(event.name == ConversationReturnedToAi.name, event.actor == "customer")
    return (
        sa.select(sa.func.min(event.id))
        .where(
            event.conversation_id == asked.c.conversation_id,
            event.episode_id == asked.c.episode_id,
            event.from_status == Status.WAITING.value,
            event.id > asked.c.id,
            sa.or_(asked.c.next_id.is_(None), event.id < asked.c.next_id),
            sa.or_(left, went_back),
        )
        .correlate(asked)
        .scalar_subquery()
    )


HANDOFFS = Unit(one="handoff", many="handoffs", rows=_rows)
