"""Whether people are there, and what can be promised for when they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.domain import hours
from helpdesk.domain.hours import Hours
from helpdesk.models import BusinessHours, Contact, Inbox

WORKING_SECONDS = 3_600.0
"""How long the team takes, once it is there, for what came in while it was away."""


def hours_of(session: Session, inbox: Inbox) -> Hours:
    """The opening hours of an inbox; without a calendar it is open round the clock."""
    saved = session.get(BusinessHours, inbox.hours_id) if inbox.hours_id else None
    return hours.from_json(saved.hours) if saved else Hours.always()


def is_open(session: Session, inbox: Inbox, at: datetime) -> bool:
    """Whether people are there at a moment."""
    return hours.is_open(hours_of(session, inbox), at)


def reply_within(session: Session, inbox: Inbox, contact: Contact, at: datetime) -> str:
    """What follows "we will reply": "by Tuesday at 11:00, your time"."""
    promise = _promise(session, inbox, contact, at)
    return promise.words if promise else "as soon as we are back"


def respond_within(session: Session, inbox: Inbox, contact: Contact, at: datetime) -> str:
    """The same with the hours counted: "within 39 hours, by Tuesday at 11:00, your time"."""
    promise = _promise(session, inbox, contact, at)
    if promise is None:
        return "as soon as we are back"
    return f"{promise.within}, {promise.by}, {promise.whose_time}"


def promises(session: Session, inbox: Inbox, zone: str, at: datetime) -> tuple[str, str]:
    """When people are back, and when they reply, in words and in a customer's zone."""
    calendar = hours_of(session, inbox)
    back = hours.reply_within(calendar, at, 0, customer_zone=zone)
    reply = hours.reply_within(calendar, at, WORKING_SECONDS, customer_zone=zone)
    if back is None or reply is None:
        return "", ""
    return f"{back.by.removeprefix('by ')}, {back.whose_time}", f"{reply.by}, {reply.whose_time}"


def _promise(
    session: Session, inbox: Inbox, contact: Contact, at: datetime
) -> hours.ReplyPromise | None:
    calendar = hours_of(session, inbox)
    return hours.reply_within(calendar, at, WORKING_SECONDS, customer_zone=contact.time_zone)
