"""How Alembic reaches this application's database; used by `helpdesk migrate` and the tests."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from helpdesk import models
from helpdesk.extensions import UtcDateTime

engine = current_app.extensions["migrate"].db.engine
IS_POSTGRES = engine.dialect.name == "postgresql"


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations outlive the code: they name plain types, never ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


with engine.connect() as connection:
    if IS_POSTGRES:
        # Rather fail and be run again than hold every customer up behind a lock.
        connection.exec_driver_sql("SET lock_timeout = '3s'")
    context.configure(
        connection=connection,
        target_metadata=models.Message.metadata,
        compare_type=True,
        render_as_batch=True,
        render_item=render_item,
        # With BEGIN under our own control each migration commits as one.
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
