"""The places that alerts go to: added, changed, tested, switched off, their secrets renewed."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import alerts, clock
from helpdesk.extensions import reading
from helpdesk.models import Endpoint, Outbox, OutboxAttempt
from helpdesk.services import alerting, endpoint_health
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused, changed
from helpdesk.services.admin.endpoint_form import (
    CHANNEL_WORDS,
    EVENT_FIELD,
    SECRET_ADDRESSES,
    Draft,
    draft_of,
    saved,
    shown_address,
)
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, kw_only=True)
class EndpointView:
    """An endpoint as admins see it. Secrets are never in it.

    ``state``: ``ok``, ``failing``, ``resting`` (until ``paused_until``) or ``off``.
    ``shown_address`` hides the end of addresses that are secrets themselves (Slack, Discord).
    """

    id: int
    channel: str
    channel_words: str
    name: str
    address: str
    shown_address: str
    events: tuple[str, ...]
    event_words: tuple[str, ...]
    least_priority: str
    include_text: bool
    version: int
    state: str
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    disabled_at: datetime | None
    disabled_reason: str
    secret_count: int
    waiting: int
    dead: int
    last_sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Created:
    """A new endpoint. ``secret`` is empty for what is not signed, and can be had only here."""

    number: int
    secret: str


def listed() -> list[EndpointView]:
    """Every endpoint, the oldest first."""
    with reading() as session:
        rows = session.scalars(sa.select(Endpoint).order_by(Endpoint.id)).all()
        return [_view(session, row) for row in rows]


def opened(number: int) -> EndpointView | None:
    """One endpoint."""
    with reading() as session:
        row = session.get(Endpoint, number)
        return _view(session, row) if row else None


def as_form(view: EndpointView) -> dict[str, str]:
    """An endpoint as its form shows it. An address that is a secret is not sent back: left empty,
    it stays what it is."""
    ticked = {f"{EVENT_FIELD}{fact}": "1" for fact in view.events}
    return ticked | {
        "channel": view.channel,
        "name": view.name,
        "address": "" if view.channel in SECRET_ADDRESSES else view.address,
        "least_priority": view.least_priority,
        "include_text": "1" if view.include_text else "",
    }


def create(form: Mapping[str, str], *, by: Actor) -> Created:
    """Add an endpoint. A webhook gets its first secret.

    :raises Refused: a field cannot be used, or nothing may be sent to the address.
    """
    draft = draft_of(form, form.get("channel", ""))
    with unit_of_work() as work:
        row = Endpoint(channel=draft.channel, created_at=work.now)
        _apply(row, draft)
        if draft.channel == "webhook":
            row.secrets = [alerts.new_secret()]
        work.session.add(row)
        work.session.flush()
        audit.record(work.session, by, "endpoint.created", f"endpoint:{row.id}", {}, draft.words)
        return Created(number=row.id, secret="".join(row.secrets))


def change(number: int, form: Mapping[str, str], *, version: int, by: Actor) -> None:
    """Save an edit; the channel stays what it is.

    :raises Refused: a field cannot be used, or nothing may be sent to the address.
    :raises EditedMeanwhile: somebody saved another edit of the same version first.
    :raises Gone: there is no such endpoint.
    """
    view = opened(number)
    if view is None:
        raise Gone
    given = dict(form)
    if view.channel in SECRET_ADDRESSES and not given.get("address", "").strip():
        given["address"] = view.address
    draft = draft_of(given, view.channel)
    with _held(number) as (work, row):
        before = saved(row)
        if before == draft:
            return
        if row.version != version:
            by_whom, at = audit.last_change(work.session, f"endpoint:{number}")
            raise EditedMeanwhile(
                version=row.version, mine=draft.words, theirs=before.words, by=by_whom, at=at
            )
        _apply(row, draft)
        row.version += 1
        was, now = changed(before.words, draft.words)
        audit.record(work.session, by, "endpoint.changed", f"endpoint:{number}", was, now)


def set_enabled(number: int, *, enabled: bool, by: Actor) -> None:
    """Switch an endpoint on with a clean record, or off; what waits for it then is cancelled.

    :raises Gone: there is no such endpoint.
    """
    with _held(number) as (work, row):
        if (row.disabled_at is None) == enabled:
            return
        row.disabled_at = None if enabled else work.now
        row.disabled_reason = "" if enabled else "switched off by an admin"
        row.failures, row.failing_since, row.paused_until = 0, None, None
        if not enabled:
            endpoint_health.stop_waiting(
                work, number, "cancelled", "the endpoint was switched off by an admin"
            )
        action = "endpoint.enabled" if enabled else "endpoint.disabled"
        audit.record(work.session, by, action, f"endpoint:{number}")


def renew_secret(number: int, *, by: Actor) -> str:
    """Make a new secret and sign with it and the one before, until `forget_old_secrets`. It can be
    had only here: nobody is shown it again.

    :raises Refused: it is no webhook.
    :raises Gone: there is no such endpoint.
    """
    with _held(number) as (work, row):
        if row.channel != "webhook":
            raise Refused({"form": "Only webhooks are signed."})
        made = alerts.new_secret()
        row.secrets = [made, *row.secrets][: alerts.KEPT_SECRETS]
        audit.record(work.session, by, "endpoint.secret_renewed", f"endpoint:{number}")
        return made


def forget_old_secrets(number: int, *, by: Actor) -> None:
    """Every receiver knows the newest secret: sign with it alone.

    :raises Gone: there is no such endpoint.
    """
    with _held(number) as (work, row):
        if len(row.secrets) > 1:
            row.secrets = row.secrets[:1]
            audit.record(work.session, by, "endpoint.old_secrets_forgotten", f"endpoint:{number}")


def send_test(number: int, *, by: Actor) -> int:
    """Send a test alert, at once also to an endpoint that rests; returns its delivery's number.

    :raises Refused: the endpoint is switched off.
    :raises Gone: there is no such endpoint.
    """
    with _held(number) as (work, row):
        if row.disabled_at is not None:
            raise Refused({"form": "Switch it on first."})
        row.paused_until = None
        test = Outbox(
            kind=alerts.TEST,
            dedup_key=f"{alerts.TEST}:{number}:{secrets.token_hex(8)}",
            endpoint_id=number,
            payload={"data": {}, "customer_seq": 0},
        )
        alerting.leave(work, test)
        audit.record(work.session, by, "endpoint.tested", f"endpoint:{number}")
        return test.id


def remove(number: int, *, version: int, by: Actor) -> None:
    """Delete an endpoint that is switched off, with all that was ever sent to it.

    :raises Refused: it is on, or still being sent to.
    :raises EditedMeanwhile: it was changed since whoever deletes it looked at it.
    :raises Gone: there is no such endpoint.
    """
    with _held(number) as (work, row):
        words = saved(row).words
        if row.version != version:
            by_whom, at = audit.last_change(work.session, f"endpoint:{number}")
            raise EditedMeanwhile(version=row.version, mine={}, theirs=words, by=by_whom, at=at)
        if row.disabled_at is None:
            # Somebody may be writing an alert for it right now, in the middle of a handoff.
            raise Refused({"form": "Switch it off first. What waits for it is cancelled then."})
        endpoint_health.stop_waiting(work, number, "cancelled", "the endpoint was deleted")
        theirs = sa.select(Outbox.id).where(Outbox.endpoint_id == number)
        if work.session.scalar(theirs.where(Outbox.status == "leased").limit(1)) is not None:
            raise Refused({"form": "Something is being sent to it. Try again in a minute."})
        work.session.execute(sa.delete(OutboxAttempt).where(OutboxAttempt.outbox_id.in_(theirs)))
        work.session.execute(sa.delete(Outbox).where(Outbox.endpoint_id == number))
        work.session.delete(row)
        audit.record(work.session, by, "endpoint.deleted", f"endpoint:{number}", words, {})


@contextmanager
def _held(number: int) -> Generator[tuple[UnitOfWork, Endpoint]]:
    with unit_of_work() as work:
        row = work.session.get(Endpoint, number, with_for_update=True)
        if row is None:
            raise Gone
        yield work, row


def _apply(row: Endpoint, draft: Draft) -> None:
    row.name, row.address = draft.name, draft.address
    row.events, row.least_priority = list(draft.events), draft.least_priority
    row.include_text = draft.include_text


def _view(session: Session, row: Endpoint) -> EndpointView:
    counts: dict[str, int] = dict(
        session.execute(
            sa.select(Outbox.status, sa.func.count())
            .where(Outbox.endpoint_id == row.id, Outbox.status.in_(("pending", "leased", "dead")))
            .group_by(Outbox.status)
        ).all()
    )
    draft = saved(row)
    return EndpointView(
        id=row.id,
        channel=row.channel,
        channel_words=CHANNEL_WORDS[row.channel],
        name=row.name,
        address=row.address,
        shown_address=shown_address(row.channel, row.address),
        events=draft.events,
        event_words=tuple(alerts.TELLABLE[fact].label for fact in draft.events),
        least_priority=row.least_priority,
        include_text=row.include_text,
        version=row.version,
        state=_state(row, clock.now()),
        failures=row.failures,
        failing_since=row.failing_since,
        paused_until=row.paused_until,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        secret_count=len(row.secrets),
        waiting=counts.get("pending", 0) + counts.get("leased", 0),
        dead=counts.get("dead", 0),
        last_sent_at=session.scalar(
            sa.select(sa.func.max(Outbox.sent_at)).where(Outbox.endpoint_id == row.id)
        ),
    )


def _state(row: Endpoint, now: datetime) -> str:
    if row.disabled_at is not None:
        return "off"
    if row.paused_until is not None and row.paused_until > now:
        return "resting"
    return "failing" if row.failures else "ok"
