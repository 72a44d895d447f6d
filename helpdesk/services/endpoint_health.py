"""How an endpoint is doing: after many failures it rests, after days of them it is switched off."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from helpdesk.alerts import Verdict
from helpdesk.config import Settings
from helpdesk.models import Agent, Endpoint, Outbox
from helpdesk.services import alerting
from helpdesk.services.unit_of_work import UnitOfWork

MOST_FAILURES = 20  # straight ones
REST = timedelta(minutes=15)
LONGEST_FAILING = timedelta(days=5)


def note(work: UnitOfWork, endpoint_id: int, verdict: Verdict) -> None:
    """Count the end of a try towards its endpoint."""
    if verdict.sent:
        work.session.execute(
            sa.update(Endpoint)
            .where(Endpoint.id == endpoint_id, Endpoint.failures > 0)
            .values(failures=0, failing_since=None, paused_until=None)
            .execution_options(synchronize_session=False)
        )
        return
    rests = Endpoint.failures + 1 >= MOST_FAILURES
    endpoint = work.session.scalar(
        sa.update(Endpoint)
        .where(Endpoint.id == endpoint_id)
        .values(
            failures=Endpoint.failures + 1,
            failing_since=sa.func.coalesce(Endpoint.failing_since, work.now),
            paused_until=sa.case((rests, work.now + REST), else_=Endpoint.paused_until),
        )
        .returning(Endpoint)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if endpoint is None or endpoint.disabled_at is not None:
        return
    why = verdict.disable
    if not why and endpoint.failing_since and work.now - endpoint.failing_since > LONGEST_FAILING:
        why = f"it failed for {LONGEST_FAILING.days} days: {verdict.error}"
    if why:
        _give_up(work, endpoint, why)


def _give_up(work: UnitOfWork, endpoint: Endpoint, why: str) -> None:
    """Switch an endpoint off; what waits for it is dead, to be seen and retried by an admin."""
    endpoint.disabled_at, endpoint.disabled_reason = work.now, why[:200]
    stop_waiting(work, endpoint.id, "dead", f"the endpoint was switched off: {why}")
    settings: Settings = current_app.config["SETTINGS"]
    if settings.mail_server is None:
        return
    admins = work.session.scalars(
        sa.select(Agent).where(Agent.role == "admin", Agent.disabled_at.is_(None))
    )
    for admin in admins:
        alerting.write_letter(
            work,
            kind="endpoint.disabled",
            to=admin.email,
            subject=f"Alerts to “{endpoint.name}” are switched off",
            text=(
                f"Alerts to “{endpoint.name}” ({endpoint.channel}) are switched off, because {why}."
                "\n\nCheck it, switch it on again under Alerts, and retry what is listed as dead."
            ),
            once=f"{endpoint.id}:{endpoint.version}:{work.now:%Y%m%d%H%M%S}:{admin.id}",
        )


def stop_waiting(work: UnitOfWork, endpoint_id: int, state: str, why: str) -> None:
    """End everything that waits for an endpoint; what is being sent right now goes on."""
    work.session.execute(
        sa.update(Outbox)
        .where(Outbox.endpoint_id == endpoint_id, Outbox.status == "pending")
        .values(status=state, last_error=why[:500])
        .execution_options(synchronize_session=False)
    )
