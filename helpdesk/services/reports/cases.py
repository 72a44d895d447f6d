"""Sets of cases: what a figure counts and, with the very same condition, what its link lists."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

from helpdesk.domain.stats import Proportion
from helpdesk.extensions import reading
from helpdesk.services.reports.period import Span

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


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Figures of some time, or of an inbox or agent: counts by the key of a set, and the values
    behind a mean by the key of theirs."""

    counts: dict[str, int]
    values: dict[str, list[float]]

    def of(self, part: Cases, whole: Cases) -> Proportion:
        """How many of how many."""
        return Proportion(count=self.counts[part.key], total=self.counts[whole.key])

    def all(self, measure: Measure) -> list[float]:
        """The single values of a measure."""
        return self.values[measure.cases.key]

    def __getitem__(self, each: Cases) -> int:
        return self.counts[each.key]


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


def tally(
    session: Session,
    scope: Scope,
    sets: Sequence[Cases],
    measures: Mapping[str, Measure],
    group: Callable[[Columns], sa.ColumnElement[Any]],
) -> dict[Any, Numbers]:
    """How many cases each set has and what their measures are, for each value of ``group``.

    One query for a unit. A value of ``group`` without any case may be missing.
    """
    found: dict[Any, Numbers] = {}
    for unit, own in _by_unit(sets).items():
        wanted = {name: each for name, each in measures.items() if each.cases.unit is unit}
        rows = unit.rows(scope)
        for key, is_count, *columns in session.execute(_query(rows, own, wanted, group)):
            here = found.setdefault(key, nothing(sets, measures))
            counts, values = columns[: len(own)], columns[len(own) :]
            if is_count:
                here.counts.update(zip((each.key for each in own), counts, strict=True))
                continue
            for name, value in zip(wanted, values, strict=True):
                if value is not None:
                    here.values[name].append(value)
    return found


def nothing(sets: Iterable[Cases], measures: Iterable[str]) -> Numbers:
    """What there is where there is no case at all."""
    return Numbers(counts={each.key: 0 for each in sets}, values={name: [] for name in measures})


def _query(
    rows: Rows,
    sets: Sequence[Cases],
    measures: Mapping[str, Measure],
    group: Callable[[Columns], sa.ColumnElement[Any]],
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Rows of counts, one for a group, and below them a row for each case that is measured: in one
    query, so that the cases are looked up once."""
    by = group(rows.c)
    counters = [
        sa.func.count(rows.c.id).filter(each.holds(rows.c)).label(f"n{place}")
        for place, each in enumerate(sets)
    ]
    blanks = [sa.null().label(f"v{place}") for place in range(len(measures))]
    counted = (
        sa.select(
            by.label("key"),
            sa.literal_column("1", sa.Integer).label("is_count"),
            *counters,
            *blanks,
        )
        .select_from(rows)
        .group_by(by)
    )
    if not measures:
        return counted
    values = [
        sa.case((each.cases.holds(rows.c), rows.c[each.column])).label(f"v{place}")
        for place, each in enumerate(measures.values())
    ]
    holes = [sa.null().label(counter.name) for counter in counters]
    measured = sa.select(
        by.label("key"), sa.literal_column("0", sa.Integer).label("is_count"), *holes, *values
    ).where(sa.or_(*(each.cases.holds(rows.c) for each in measures.values())))
    return sa.union_all(counted, measured)


def by_step(ends: Sequence[datetime]) -> Callable[[Columns], sa.ColumnElement[int]]:
    """Group by the stretch of time, between two of these ends: its place, from 0."""

    def place_of(columns: Columns) -> sa.ColumnElement[int]:
        # Written out as numbers: PostgreSQL takes two bound expressions for different ones.
        return sa.case(
            *(
                (columns.at < end, sa.literal_column(str(place), sa.Integer))
                for place, end in enumerate(ends)
            )
        )

    return place_of


def by_inbox(columns: Columns) -> sa.ColumnElement[Any]:
    """Group by the inbox."""
    return columns.inbox_id


def by_agent(columns: Columns) -> sa.ColumnElement[Any]:
    """Group by the agent of a case; its own column in every unit that has one."""
    return columns.agent_id


def _by_unit(sets: Sequence[Cases]) -> dict[Unit, list[Cases]]:
    units: dict[Unit, list[Cases]] = {}
    for each in sets:
        units.setdefault(each.unit, []).append(each)
    return units
