"""Pressing deliveries on: try one again, try all the dead again, take one back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.models import Endpoint, Outbox, OutboxAttempt
from helpdesk.services import alerting
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, Gone, Refused
from helpdesk.services.admin.deliveries import state_of
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work

HINTS_AT_ONCE = 200  # beyond it the sweeper comes to the rest by itself

Condition = sa.ColumnElement[bool]
_RETRIABLE: Condition = Outbox.status.in_(("pending", "dead"))


def retry(number: int, *, by: Actor) -> None:
    """Try one again now: a dead one from the beginning, a waiting one before its time.

    :raises Refused: it was sent or cancelled, is being sent, or its endpoint is switched off.
    :raises Gone: there is no such delivery.
    """
    with unit_of_work() as work:
        row = _get(work, number)
        _check_endpoints_on(work.session, Outbox.id == number)
        if not _retry(work, sa.and_(Outbox.id == number, _RETRIABLE)):
            raise Refused({"form": f"It is {state_of(row)}: there is nothing to try again."})
        audit.record(work.session, by, "delivery.retried", f"delivery:{number}")


def retry_dead(*, since: datetime, by: Actor, endpoint_id: int | None = None) -> int:
    """Try everything again that died since a moment; returns how many. Those of endpoints that are
    switched off stay. Pressed twice, the second press finds nothing; the audit log has both."""
    on = sa.select(Endpoint.id).where(Endpoint.disabled_at.is_(None))
    wanted = sa.and_(
        Outbox.status == "dead",
        Outbox.created_at >= since,
        sa.or_(Outbox.endpoint_id.is_(None), Outbox.endpoint_id.in_(on)),
    )
    if endpoint_id is not None:
        wanted = sa.and_(wanted, Outbox.endpoint_id == endpoint_id)
    with unit_of_work() as work:
        retried = _retry(work, wanted)
        after = {"Since": since.isoformat(), "Deliveries": str(retried)}
        audit.record(work.session, by, "delivery.all_dead_retried", "", {}, after)
        return retried


def cancel(number: int, *, by: Actor) -> None:
    """Take one back that waits, or put a dead one away.

    :raises Refused: it was sent, or is being sent.
    :raises Gone: there is no such delivery.
    """
    with unit_of_work() as work:
        row = _get(work, number)
        done = work.session.scalar(
            sa.update(Outbox)
            .where(Outbox.id == number, _RETRIABLE)
            .values(status="cancelled")
            .returning(Outbox.id)
            .execution_options(synchronize_session=False)
        )
        if done is None:
            raise Refused({"form": f"It is {state_of(row)}: it cannot be cancelled."})
        audit.record(work.session, by, "delivery.cancelled", f"delivery:{number}")


def _get(work: UnitOfWork, number: int) -> Outbox:
    row = work.session.get(Outbox, number)
    if row is None:
        raise Gone
    return row


def _check_endpoints_on(session: Session, which: Condition) -> None:
    off = session.scalar(
        sa.select(Endpoint.name)
        .join(Outbox, Outbox.endpoint_id == Endpoint.id)
        .where(which, Endpoint.disabled_at.is_not(None))
    )
    if off is not None:
        raise Refused({"form": f"“{off}” is switched off. Switch it on first."})


def _retry(work: UnitOfWork, which: Condition) -> int:
    """Make rows due now, with all their tries before them, and let their endpoints wake up."""
    # Endpoints first, as everywhere: two who lock in different orders would wait for each other.
    woken = sa.select(Outbox.endpoint_id).where(which, Outbox.endpoint_id.is_not(None))
    work.session.execute(
        sa.update(Endpoint)
        .where(Endpoint.id.in_(woken))
        .values(paused_until=None)
        .execution_options(synchronize_session=False)
    )
    rows = work.session.scalars(
        sa.update(Outbox)
        .where(which)
        .values(status="pending", attempts=0, next_attempt_at=work.now)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    ).all()
    newest = sa.select(sa.func.max(OutboxAttempt.number))
    for number in rows[:HINTS_AT_ONCE]:
        tried = work.session.scalar(newest.where(OutboxAttempt.outbox_id == number))
        alerting.hint(work, number, tried=tried or 0)
    return len(rows)
