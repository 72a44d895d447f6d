"""The outbox is emptied: lease a row, send it outside any transaction, settle how it went.

Any number of processes may do this at once. A lease is won by one; what was sent counts only while
the lease is still held. Killed between sending and settling, the row is sent again with the same
id, and the receiver sees that it has it: at least once, never silently not.
"""

from __future__ import annotations

import hashlib
import logging
import random
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from helpdesk import alerts, background, clock
from helpdesk.alerts import Alert, Destination, Letter, Sender, Verdict
from helpdesk.config import Settings
from helpdesk.extensions import reading, writing
from helpdesk.models import Conversation, Endpoint, Inbox, Message, Outbox, OutboxAttempt
from helpdesk.services import endpoint_health
from helpdesk.services.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

AT_ONCE = 200
GRACE = 1.0  # seconds that a hint has before the sweeper takes the row up
INTERRUPTED = "interrupted: the process that was sending it ended"


def deliver(outbox_id: int, attempt: int = 0) -> None:
    """Try to deliver one row, if it is due and nobody else has it. Safe to call again and again.

    ``attempt`` only tells hints apart.
    """
    row = _lease(outbox_id)
    if row is None:
        return
    if row.attempts > alerts.MOST_TRIES:
        # Every try ended with its process: one more would only end another.
        verdict = Verdict(error=INTERRUPTED, tries=1)
    else:
        verdict = _send(row)
    _settle(row, verdict)


def sweep() -> None:
    """Take up what is due and forgotten: a lost hint, a dead worker, a try that was put off.

    Where worker processes do this, only what even they have forgotten.
    """
    now, timing = clock.now(), _settings().timing
    patience = timing.worker_unseen if background.is_elsewhere("deliver") else GRACE
    with reading() as session:
        forgotten = session.scalars(
            sa.select(Outbox.id)
            .where(_is_due(now - timedelta(seconds=patience)), _may_be_tried(now))
            .order_by(Outbox.next_attempt_at)
            .limit(AT_ONCE)
        ).all()
    for outbox_id in forgotten:
        background.enqueue_here("deliver", outbox_id=outbox_id)


def message_id(row: Outbox) -> str:
    """How receivers know an alert again: the same at every try, another in every database."""
    made = hashlib.sha256(f"{row.dedup_key}|{row.created_at.isoformat()}".encode())
    return f"outbox-{row.id}-{made.hexdigest()[:12]}"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _is_due(by: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(Outbox.status == "pending", Outbox.next_attempt_at <= by),
        sa.and_(Outbox.status == "leased", Outbox.lease_until <= by),
    )


def _may_be_tried(now: datetime) -> sa.ColumnElement[bool]:
    """Not while its endpoint rests; and a failing endpoint is tried by one at a time, so that one
    that hangs cannot occupy everybody who delivers."""
    resting = sa.select(Endpoint.id).where(Endpoint.paused_until > now)
    other = sa.orm.aliased(Outbox)
    being_tried = (
        sa.select(other.endpoint_id)
        .join(Endpoint, Endpoint.id == other.endpoint_id)
        .where(other.status == "leased", other.lease_until > now, Endpoint.failures > 0)
    )
    return sa.or_(
        Outbox.endpoint_id.is_(None),
        sa.and_(Outbox.endpoint_id.not_in(resting), Outbox.endpoint_id.not_in(being_tried)),
    )


def _lease(outbox_id: int) -> Outbox | None:
    """Make a row ours for a while; ``None``: it is not due, or somebody else has it."""
    now = clock.now()
    with writing() as session:
        row = session.scalar(
            sa.update(Outbox)
            .where(Outbox.id == outbox_id, _is_due(now), _may_be_tried(now))
            .values(
                status="leased",
                attempts=Outbox.attempts + 1,
                lease_token=secrets.token_hex(16),
                lease_until=now + timedelta(seconds=_settings().timing.delivery_lease),
            )
            .returning(Outbox)
            .execution_options(synchronize_session=False)
        )
        if row is not None:
            _begin_attempt(session, row, now)
        session.commit()
    return row


def _begin_attempt(session: Session, row: Outbox, now: datetime) -> None:
    session.execute(
        sa.update(OutboxAttempt)
        .where(OutboxAttempt.outbox_id == row.id, OutboxAttempt.ended_at.is_(None))
        .values(ended_at=now, error=INTERRUPTED)
    )
    newest = sa.select(sa.func.max(OutboxAttempt.number)).where(OutboxAttempt.outbox_id == row.id)
    number = (session.scalar(newest) or 0) + 1
    session.add(OutboxAttempt(outbox_id=row.id, number=number, started_at=now))


def _send(row: Outbox) -> Verdict:
    """One try, in no transaction."""
    sender, now = Sender.of(_settings()), clock.now()
    if row.endpoint_id is None:
        if not row.recipient:
            return Verdict(error="there is nobody to tell", tries=1)
        letter = Letter(
            id=message_id(row), subject=row.payload["subject"], text=row.payload["text"]
        )
        return sender.letter(letter, row.recipient, now)
    with reading() as session:
        endpoint = session.get_one(Endpoint, row.endpoint_id)
        alert = _alert(session, row, endpoint)
    if endpoint.disabled_at is not None:
        return Verdict(error="the endpoint is switched off", tries=1)
    to = Destination(
        channel=endpoint.channel, address=endpoint.address, secrets=tuple(endpoint.secrets)
    )
    return sender.alert(alert, to, now)


def _alert(session: Session, row: Outbox, endpoint: Endpoint) -> Alert:
    """The row as words. What a customer wrote is looked up now, so that no copy is kept."""
    company = text = link = ""
    base = _settings().public_url
    if row.conversation_id is not None:
        conversation = session.get_one(Conversation, row.conversation_id)
        company = session.get_one(Inbox, conversation.inbox_id).company
        link = f"{base}/desk/c/{conversation.public_id}" if base else ""
        if endpoint.include_text:
            text = _words_of_customer(session, conversation.id, row.payload["customer_seq"])
    return Alert(
        id=message_id(row),
        event=row.kind,
        at=row.created_at.isoformat().replace("+00:00", "Z"),
        data=row.payload.get("data", {}),
        company=company,
        link=link,
        text=text,
    )


def _words_of_customer(session: Session, conversation_id: int, seq: int) -> str:
    found = session.scalar(
        sa.select(Message.body).where(
            Message.conversation_id == conversation_id, Message.stream == "pub", Message.seq == seq
        )
    )
    return found or ""


def _settle(row: Outbox, verdict: Verdict) -> None:
    """Write down how a try went; only the holder of the lease may."""
    with unit_of_work() as work:
        delay = alerts.next_delay(row.attempts, verdict, luck=random.random())  # noqa: S311
        state = "sent" if verdict.sent else "dead" if delay is None else "pending"
        settled = work.session.scalar(
            sa.update(Outbox)
            .where(
                Outbox.id == row.id,
                Outbox.status == "leased",
                Outbox.lease_token == row.lease_token,
            )
            .values(
                status=state,
                lease_token="",
                lease_until=None,
                last_code=verdict.code,
                last_error=verdict.error,
                next_attempt_at=work.now + timedelta(seconds=delay or 0),
                sent_at=work.now if verdict.sent else None,
            )
            .returning(Outbox.id)
            .execution_options(synchronize_session=False)
        )
        if settled is None:
            log.warning("outbox row %s took longer than its lease; another try counts", row.id)
            return
        work.session.execute(
            sa.update(OutboxAttempt)
            .where(OutboxAttempt.outbox_id == row.id, OutboxAttempt.ended_at.is_(None))
            .values(ended_at=work.now, answer_code=verdict.code, error=verdict.error)
        )
        if row.endpoint_id is not None:
            endpoint_health.note(work, row.endpoint_id, verdict)
