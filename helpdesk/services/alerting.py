"""Alerts are written here, in the transaction of what they tell: no fact without, none besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import alerts, background
from helpdesk.domain.lifecycle import Priority
from helpdesk.models import Conversation, Endpoint, Outbox
from helpdesk.services.unit_of_work import UnitOfWork


def tell(
    work: UnitOfWork,
    conversation: Conversation,
    fact: str,
    *,
    priority: Priority | None = None,
    reasons: Sequence[str] = (),
    **more: Any,
) -> None:
    """Leave an alert for every endpoint that wants to hear of a fact, once for each.

    The caller holds the conversation. ``priority`` is given for ranked facts: endpoints that want
    only more urgent ones hear nothing. ``reasons`` are escalation codes. ``more`` is told as it is:
    ids and words of our own, never what a customer wrote.
    """
    once = f"{fact}:{conversation.id}:{conversation.control_epoch}"
    once += f":{priority or conversation.last_customer_seq}"
    data = {
        "conversation": conversation.public_id,
        "seq": conversation.last_seq,
        "status": conversation.support_status,
        "priority": priority or conversation.priority,
        "reasons": list(reasons),
    }
    keys = {f"{once}:{each.id}": each.id for each in _wanting(work.session, fact, priority)}
    # Nobody else can write these meanwhile: they belong to the conversation that is held.
    told = set(work.session.scalars(sa.select(Outbox.dedup_key).where(Outbox.dedup_key.in_(keys))))
    for key, endpoint_id in keys.items():
        if key not in told:
            quoted = conversation.last_customer_seq if alerts.TELLABLE[fact].quotes else 0
            payload = {"data": data | more, "customer_seq": quoted}
            leave(
                work,
                Outbox(
                    kind=fact,
                    dedup_key=key,
                    endpoint_id=endpoint_id,
                    conversation_id=conversation.id,
                    payload=payload,
                ),
            )


def write_letter(
    work: UnitOfWork,
    *,
    kind: str,
    to: str,
    subject: str,
    text: str,
    once: str,
    conversation: Conversation | None = None,
) -> None:
    """Leave an e-mail of the desk's own for one person.

    ``once`` (at most 80 characters) names the occasion: a second letter about it is not written.
    """
    key = f"letter:{kind}:{once}"
    if work.session.scalar(sa.select(Outbox.id).where(Outbox.dedup_key == key)) is None:
        leave(
            work,
            Outbox(
                kind=kind,
                dedup_key=key,
                recipient=to,
                conversation_id=conversation.id if conversation else None,
                payload={"subject": subject, "text": text},
            ),
        )


def leave(work: UnitOfWork, row: Outbox) -> None:
    """Put a row into the outbox, and say so after the commit to whoever delivers."""
    row.created_at = row.next_attempt_at = work.now
    work.session.add(row)
    work.session.flush()
    hint(work, row.id)


def hint(work: UnitOfWork, outbox_id: int, *, tried: int = 0) -> None:
    """After the commit, tell whoever delivers of a row that is due.

    ``tried``: how often it was tried already, so that hints for different tries differ.
    """
    work.afterwards(lambda: background.enqueue("deliver", outbox_id=outbox_id, attempt=tried + 1))


def _wanting(session: Session, fact: str, priority: Priority | None) -> list[Endpoint]:
    enabled = session.scalars(sa.select(Endpoint).where(Endpoint.disabled_at.is_(None)))
    ranked = alerts.TELLABLE[fact].ranked
    return [
        endpoint
        for endpoint in enabled
        if fact in endpoint.events
        and not (
            ranked
            and priority is not None
            and priority.rank < Priority(endpoint.least_priority).rank
        )
    ]
