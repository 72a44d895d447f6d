"""Whether the database is there and as this version of the code needs it."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa

from helpdesk.config import ROOT
from helpdesk.extensions import db, reading

MIGRATIONS = ROOT / "migrations"


@lru_cache(maxsize=1)
def head() -> str:
    """The newest migration. Files are numbered, so no import of Alembic is needed to know."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision() -> str:
    """The migration the database is at; empty for an empty database.

    :raises OperationalError: it cannot be reached.
    """
    with reading() as session:
        if not sa.inspect(session.connection()).has_table("alembic_version"):
            return ""
        return session.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""


def problems() -> list[str]:
    """What stands between this process and its database, in words; nothing if all is well."""
    try:
        at = revision()
    except sa.exc.SQLAlchemyError:
        return [f"the {db.engine.dialect.name} database cannot be reached"]
    if at != head():
        return [f"the database is at migration {at or 'none'}, this version needs {head()}"]
    return []
