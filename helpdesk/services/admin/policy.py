"""The escalation policy: saved as versions, none of which is ever changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Policy
from helpdesk.extensions import reading
from helpdesk.models import Agent, PolicyVersion
from helpdesk.services import policies
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Refused, changed
from helpdesk.services.admin.policy_form import (
    RuleView,
    fields_of,
    policy_of,
    rule_views,
    words,
)
from helpdesk.services.unit_of_work import unit_of_work

HISTORY = 30
ABOUT = "policy"


@dataclass(frozen=True, kw_only=True)
class PolicyVersionView:
    """One saved policy; ``changes`` says in words what it made different."""

    number: int
    by: str
    at: datetime
    changes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyView:
    """The policy in force, or the one a form wanted. ``version`` is 0 for the product's own."""

    version: int
    by: str
    at: datetime | None
    rules: tuple[RuleView, ...]
    settings: Mapping[str, str]


def opened() -> PolicyView:
    """The policy in force."""
    with reading() as session:
        policy = policies.current(session)
        by, at = _saver(session, policy.version)
    return _view(fields_of(policy), policy.version, by, at)


def as_typed(form: Mapping[str, str], version: int) -> PolicyView:
    """What a form says, right or wrong, to be shown again."""
    with reading() as session:
        known = fields_of(policies.current(session))
        by, at = _saver(session, version)
    return _view({**known, **form}, version, by, at)


def history() -> list[PolicyVersionView]:
    """The latest versions, the newest first, each with what it changed."""
    with reading() as session:
        rows = session.execute(
            sa.select(PolicyVersion, Agent.name)
            .join(Agent, Agent.id == PolicyVersion.agent_id, isouter=True)
            .order_by(PolicyVersion.version.desc())
            .limit(HISTORY + 1)
        ).all()
    saved = {row.version: _read(row) for row, _ in rows} | {0: Policy.default()}
    return [
        PolicyVersionView(
            number=row.version,
            by=name or "",
            at=row.created_at,
            changes=_changes(saved.get(row.version - 1), saved[row.version]),
        )
        for row, name in rows[:HISTORY]
    ]


def save(form: Mapping[str, str], *, version: int, by: Actor) -> None:
    """Put a policy in force as a new version; conversations follow it from the next message on.

    :raises Refused: a field cannot be used.
    :raises EditedMeanwhile: ``version`` is not the newest any more.
    """
    with reading() as session:
        present = policies.current(session)
    wanted = policy_of(form, beside=present)
    _put(wanted, version=version, by=by, action="policy.saved")


def restore(number: int, *, version: int, by: Actor) -> None:
    """Put an old version in force again, as a new one; 0 is the product's own policy.

    :raises Refused: there is no such version.
    :raises EditedMeanwhile: ``version`` is not the newest any more.
    """
    with reading() as session:
        row = session.get(PolicyVersion, number)
    if row is None and number != 0:
        raise Refused({"form": f"There is no version {number}."})
    policy = _read(row) if row else Policy.default()
    _put(policy, version=version, by=by, action="policy.restored")


def _put(policy: Policy, *, version: int, by: Actor, action: str) -> None:
    try:
        with unit_of_work() as work:
            seen = policies.current(work.session)
            if _same(seen, policy):
                return
            if seen.version != version:
                raise _conflict(work.session, seen, policy)
            rules = {**policy.to_json()}
            del rules["version"]
            row = PolicyVersion(
                version=version + 1, rules=rules, agent_id=by.agent_id, created_at=work.now
            )
            work.session.add(row)
            work.session.flush()
            was, now = changed(words(seen), words(policy))
            audit.record(work.session, by, action, ABOUT, was, now)
    except IntegrityError:
        with reading() as session:
            raise _conflict(session, policies.current(session), policy) from None


def _same(one: Policy, other: Policy) -> bool:
    return {**one.to_json(), "version": 0} == {**other.to_json(), "version": 0}


def _conflict(session: Session, seen: Policy, policy: Policy) -> EditedMeanwhile:
    by, at = _saver(session, seen.version)
    return EditedMeanwhile(
        version=seen.version, mine=words(policy), theirs=words(seen), by=by, at=at
    )


def _read(row: PolicyVersion) -> Policy:
    return Policy.from_json({**row.rules, "version": row.version})


def _saver(session: Session, version: int) -> tuple[str, datetime | None]:
    found = session.execute(
        sa.select(Agent.name, PolicyVersion.created_at)
        .select_from(PolicyVersion)
        .join(Agent, Agent.id == PolicyVersion.agent_id, isouter=True)
        .where(PolicyVersion.version == version)
    ).first()
    return (found[0] or "", found[1]) if found else ("", None)


def _changes(before: Policy | None, after: Policy) -> tuple[str, ...]:
    if before is None:
        return ()
    was, now = changed(words(before), words(after))
    return tuple(f"{label}: {now[label]}, was {was[label]}" for label in now)


def _view(fields: Mapping[str, str], version: int, by: str, at: datetime | None) -> PolicyView:
    return PolicyView(
        version=version,
        by=by,
        at=at,
        rules=rule_views(fields),
        settings=fields,
    )
