"""The Flask extensions, and the two ways to open a database session."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_login import LoginManager
from flask_sock import Sock
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Session

BEGIN = "sqlite_begin"
"""Execution option of a connection: how SQLite opens its transaction (DEFERRED or IMMEDIATE)."""


class Base(DeclarativeBase):
    """Every table. Names of constraints are fixed so that migrations can speak of them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment in UTC, on databases that keep zones and on those that do not."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive time: it would be read in whatever zone the server has."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """SQLite gives naive values back; they were written in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(metadata=Base.metadata)
login = LoginManager()
sock = Sock()


def init_app(app: Flask) -> None:
    """Bind the extensions to an app and set every SQLite connection up for many threads."""
    db.init_app(app)
    login.init_app(app)
    sock.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)
            sa.event.listen(db.engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # pysqlite's own transaction handling is off: it begins too late and never IMMEDIATE.
    connection.isolation_level = None
    for pragma in (
        "busy_timeout=8000",  # SQLite is not fair; pages give up a request after 10 s
        "journal_mode=WAL",
        "synchronous=FULL",  # a "sent" message survives a power cut (delivery.md §1.1, P1)
        "foreign_keys=ON",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def reading() -> Generator[Session]:
    """A session that only looks: its own snapshot, given back at the end, never committed."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing() -> Generator[Session]:
    """A session for `unit_of_work`: takes SQLite's write lock before its first statement.

    It is never ``db.session``: once a request has read something there, the option is ignored and
    concurrent writers fail with "database is locked" (design.md §6.5).
    """
    with Session(db.engine, expire_on_commit=False) as session:
        options: dict[str, Any] = {BEGIN: "IMMEDIATE"}
        session.connection(execution_options=options)
        yield session
