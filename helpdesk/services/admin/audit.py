"""The audit log: who changed or read what. Append-only, each row's hash covers the one before it.

A row is written in the transaction of what it tells, last, so that the lock that keeps the chain in
one order is held for a moment only.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent, AuditEntry
from helpdesk.services.admin.changes import Actor

LOCK = 0x41554449  # "AUDI": the PostgreSQL advisory lock of the chain
LONGEST = 2_000
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a look at the whole chain found. ``broken_at`` is the first entry that does not fit."""

    entries: int
    head: str
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """No entry was altered or taken out."""
        return self.broken_at is None


def record(
    session: Session,
    by: Actor,
    action: str,
    about: str = "",
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> None:
    """Write an entry within the transaction of the change; never with a secret in it.

    ``action`` is ``noun.past_verb``; ``about`` names the object, as in ``inbox:3``.
    """
    lock(session)
    session.flush()
    entry = AuditEntry(
        at=clock.now(),
        agent_id=by.agent_id,
        session_id=by.session_id,
        address=_plain(by.address, 45),
        action=action,
        object=_plain(about, 120),
        before={label: _plain(text, LONGEST) for label, text in (before or {}).items()},
        after={label: _plain(text, LONGEST) for label, text in (after or {}).items()},
    )
    entry.hash = _hash(_head(session), entry)
    session.add(entry)
    session.flush()


def record_alone(by: Actor, action: str, about: str = "", **after: str) -> None:
    """Write an entry about something that changes nothing itself: a reading, a refusal."""
    with writing() as session:
        record(session, by, action, about, after=after)
        session.commit()


def lock(session: Session) -> None:
    """Let one transaction at a time extend the chain; the others wait until it has committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    # SQLite has one writer at a time anyway (extensions.writing).


def verify() -> Verification:
    """Compute the whole chain anew."""
    entries, head, broken = 0, "", None
    with reading() as session:
        rows = session.scalars(
            sa.select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=AT_ONCE)
        )
        for entry in rows:
            if broken is None and entry.hash != _hash(head, entry):
                broken = entry.id
            entries, head = entries + 1, entry.hash
    return Verification(entries=entries, head=head, broken_at=broken)


def last_change(session: Session, about: str) -> tuple[str, datetime | None]:
    """Who changed an object last, and when; nobody if the log does not know."""
    found = session.execute(
        sa.select(Agent.name, AuditEntry.at)
        .join(Agent, Agent.id == AuditEntry.agent_id, isouter=True)
        .where(AuditEntry.object == about)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return (found[0] or "", found[1]) if found else ("", None)


def _head(session: Session) -> str:
    newest = sa.select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(newest) or ""


def _hash(previous: str, entry: AuditEntry) -> str:
    row = [
        previous,
        entry.at.isoformat(),
        entry.agent_id,
        entry.session_id,
        entry.address,
        entry.action,
        entry.object,
        entry.before,
        entry.after,
    ]
    written = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(text: str, most: int) -> str:
    """Text that every database keeps as it is, so that its hash can be computed again."""
    kept = (each for each in text if each == "\n" or unicodedata.category(each) not in _UNSAFE)
    return "".join(kept)[:most]


_UNSAFE = frozenset({"Cc", "Cs"})
