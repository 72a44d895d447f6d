"""Sets of cases: what a figure counts and, with the very same condition, what its link lists."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from helpdesk.extensions import reading
from helpdesk.services.reports.period import Bucket, Span

Columns = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
Condition = sa.ColumnElement[bool]
Rows = sa.Subquery | sa.CTE


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a report is about: when, where, who. ``target_s`` is the longest good wait."""

    span: Span
    inbox_id: int | None = None
    agent_id: int | None = None
    target_s: float = 120.0


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What is counted. ``rows`` has at least the columns id, at, conversation_id, episode_id
    and inbox_id; with ``has_agent`` also agent_id."""

    one: str
    many: str
    rows: Callable[[Scope], Rows]
    has_agent: bool = True


@dataclass(frozen=True, kw_only=True)
class Cases:
    """Rows of a unit for which something holds. ``key`` is its name in addresses."""

    key: str
    title: str
    unit: Unit
    holds: Callable[[Columns], Condition]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A value that each case of a set has: the column of its unit."""

    cases: Cases
    column: str


Counts = Mapping[str, int]
Values = Mapping[str, list[float]]


@contextmanager
def looking() -> Generator[Session]:
    """A session for figures; PostgreSQL is not to compile their queries: that takes longer than
    to answer them."""
    with reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("SET LOCAL jit = off"))
        yield session


def everything(_columns: Columns) -> Condition:
    """The condition of a set that leaves nothing out."""
    return sa.true()


def within(span: Span, moment: sa.SQLColumnExpression[Any]) -> Condition:
    """Whether a moment is in a period."""
    return sa.and_(moment >= span.start, moment < span.end)


def count(session: Session, scope: Scope, sets: Sequence[Cases]) -> dict[str, int]:
    """How many cases each set has, by key; one query for a unit."""
    counted = {each.key: 0 for each in sets}
    for unit, own in _by_unit(sets).items():
        rows = unit.rows(scope)
        found = session.execute(sa.select(*_counters(own, rows))).one()
        counted |= dict(zip((each.key for each in own), found, strict=True))
    return counted


def count_by(
    session: Session,
    scope: Scope,
    sets: Sequence[Cases],
    group: Callable[[Columns], sa.ColumnElement[Any]],
) -> dict[Any, Counts]:
    """The same for each value of ``group``; a value without any case may be missing."""
    counted: dict[Any, dict[str, int]] = {}
    for unit, own in _by_unit(sets).items():
        rows = unit.rows(scope)
        by = group(rows.c)
        for value, *found in session.execute(
            sa.select(by, *_counters(own, rows)).select_from(rows).group_by(by)
        ):
            here = counted.setdefault(value, {each.key: 0 for each in sets})
            here |= dict(zip((each.key for each in own), found, strict=True))
    return dict(counted)


def by_bucket(buckets: tuple[Bucket, ...]) -> Callable[[Columns], sa.ColumnElement[int]]:
    """Group by the day, or week, of a period: its place, from 0."""

    def place_of(columns: Columns) -> sa.ColumnElement[int]:
        # Written out as numbers: PostgreSQL takes two bound expressions for different ones.
        return sa.case(
            *(
                (columns.at < bucket.span.end, sa.literal_column(str(place), sa.Integer))
                for place, bucket in enumerate(buckets)
            )
        )

    return place_of


def by_nothing(_columns: Columns) -> sa.ColumnElement[int]:
    """Everything in one group, 0."""
    return sa.literal_column("0", sa.Integer)


def by_inbox(columns: Columns) -> sa.ColumnElement[Any]:
    """Group by the inbox."""
    return columns.inbox_id


def by_agent(columns: Columns) -> sa.ColumnElement[Any]:
    """Group by the agent of a case; its own column in every unit that has one."""
    return columns.agent_id


def values_by(
    session: Session,
    scope: Scope,
    wanted: Mapping[str, Measure],
    group: Callable[[Columns], sa.ColumnElement[Any]],
) -> dict[Any, Values]:
    """Single values, by the names they are wanted under, for each value of ``group``."""
    found: dict[Any, dict[str, list[float]]] = {}
    for unit in dict.fromkeys(measure.cases.unit for measure in wanted.values()):
        own = {name: each for name, each in wanted.items() if each.cases.unit is unit}
        rows = unit.rows(scope)
        columns = [
            sa.case((each.cases.holds(rows.c), rows.c[each.column])).label(f"v{place}")
            for place, each in enumerate(own.values())
        ]
        any_of = sa.or_(*(each.cases.holds(rows.c) for each in own.values()))
        for key, *row in session.execute(sa.select(group(rows.c), *columns).where(any_of)):
            here = found.setdefault(key, {name: [] for name in wanted})
            for name, value in zip(own, row, strict=True):
                if value is not None:
                    here[name].append(value)
    return dict(found)


def _by_unit(sets: Sequence[Cases]) -> dict[Unit, list[Cases]]:
    units: dict[Unit, list[Cases]] = {}
    for each in sets:
        units.setdefault(each.unit, []).append(each)
    return units


def _counters(sets: list[Cases], rows: Rows) -> list[sa.ColumnElement[int]]:
    return [
        sa.func.count(rows.c.id).filter(each.holds(rows.c)).label(f"n{place}")
        for place, each in enumerate(sets)
    ]
