"""Admins in tests: who changes something, and what the audit log says about it."""

from __future__ import annotations

import sqlalchemy as sa

from helpdesk.extensions import reading, writing
from helpdesk.models import AuditEntry
from helpdesk.services.admin.changes import Actor
from tests.support.make import Make, Person


def actor(person: Person) -> Actor:
    """Somebody as the audit log keeps them."""
    return Actor(agent_id=person.id, address="127.0.0.1")


def ada(make: Make) -> Actor:
    """An admin."""
    return actor(make.agent("Ada Admin", role="admin"))


def cleo(make: Make) -> Actor:
    """Another admin."""
    return actor(make.agent("Cleo Chief", role="admin"))


def entries() -> list[AuditEntry]:
    """The audit log, oldest first."""
    with reading() as session:
        return list(session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def audited() -> list[str]:
    """What the audit log says was done, oldest first."""
    return [entry.action for entry in entries()]


def tamper(statement: str) -> None:
    """Change the audit log behind the product's back, as somebody with the database could."""
    with writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("DROP TRIGGER audit_entry_append_only ON audit_entry"))
        else:
            session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
            session.execute(sa.text("DROP TRIGGER audit_entry_no_delete"))
        session.execute(sa.text(statement))
        session.commit()
