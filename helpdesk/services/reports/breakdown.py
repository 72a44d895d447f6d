"""The same figures row by row: each day, each inbox, each agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain import stats
from helpdesk.domain.stats import Proportion
from helpdesk.services.reports import (
    abandonment,
    asked,
    cases,
    escalation,
    numbers,
    people,
    resolution,
    response,
    satisfaction,
    words,
)
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import Cases, Columns, Numbers
from helpdesk.services.reports.views import Cell, Narrowing, Table

BY = ("day", "inbox", "agent")
_Group = Callable[[Columns], sa.ColumnElement[Any]]

_COUNTED = (
    resolution.OPENED,
    resolution.DECIDED,
    resolution.SOLVED,
    resolution.PERSON,
    resolution.LEFT_ALONE,
    resolution.OPEN,
    escalation.ASKED,
    response.ANSWERED,
    response.ON_TIME,
    abandonment.GIVEN_UP,
    satisfaction.GIVEN,
)
_COUNTED_OF_AGENTS = (
    people.JOINED,
    response.ANSWERED,
    response.ON_TIME,
    satisfaction.SOLVED,
    satisfaction.GIVEN,
    satisfaction.HAPPY,
)
_COLUMNS = (
    "Episodes",
    "Solved by the assistant",
    "In percent",
    "With a person",
    "Left without help",
    "Still open",
    "Time to handoff, median",
    "Handoffs",
    "First reply, median",
    "Nine of ten within",
    "In time",
    "Given up",
    "Ratings",
    "Mean rating",
)
_COLUMNS_OF_AGENTS = (
    "Episodes joined",
    "Handoffs answered first",
    "First reply, median",
    "Nine of ten within",
    "In time",
    "In percent",
    "95% interval",
    "Solved",
    "Ratings",
    "Mean rating",
    "4 or 5",
)


def table(session: Session, asked_for: Asked, by: str) -> Table:
    """One row for each day (or week), inbox or agent."""
    return {"day": _by_day, "inbox": _by_inbox, "agent": _by_agent}[by](session, asked_for)


def _by_day(session: Session, asked_for: Asked) -> Table:
    period = asked_for.period
    ends = [each.span.end for each in period.buckets]
    found = _found(session, asked_for, _COUNTED, cases.by_step(ends))
    unit = "Week" if period.is_by_week else "Day"
    rows = []
    for place, each in enumerate(period.buckets):
        narrow = (("from", each.first.isoformat()), ("to", each.last.isoformat()))
        name = Cell(text=words.bucket_in_full(each), value=each.first.isoformat())
        rows.append((name, *_row(found(place), narrow)))
    return Table(key="day", title=f"By {unit.lower()}", columns=(unit, *_COLUMNS), rows=tuple(rows))


def _by_inbox(session: Session, asked_for: Asked) -> Table:
    found = _found(session, asked_for, _COUNTED, cases.by_inbox)
    rows = tuple(
        (Cell(text=each.name), *_row(found(each.id), (("inbox", str(each.id)),)))
        for each in asked.choices().inboxes
        if asked_for.inbox_id in (None, each.id)
    )
    return Table(key="inbox", title="By inbox", columns=("Inbox", *_COLUMNS), rows=rows)


def _by_agent(session: Session, asked_for: Asked) -> Table:
    found = _found(session, asked_for, _COUNTED_OF_AGENTS, cases.by_agent)
    rows = tuple(
        (Cell(text=each.name), *_row_of_agent(found(each.id), (("agent", str(each.id)),)))
        for each in asked.choices().agents
        if asked_for.agent_id in (None, each.id)
    )
    return Table(key="agent", title="By agent", columns=("Agent", *_COLUMNS_OF_AGENTS), rows=rows)


def _found(
    session: Session, asked_for: Asked, sets: Sequence[Cases], group: _Group
) -> Callable[[Any], Numbers]:
    """What there is for a value of ``group``; zeros for a value without any case."""
    scope = asked_for.scope
    wanted = {
        name: each
        for name, each in numbers.MEASURES.items()
        if each.cases.unit.has_agent or group is not cases.by_agent
    }
    found = cases.tally(session, scope, sets, wanted, group)
    return lambda value: found.get(value) or cases.nothing(sets, wanted)


def _row(now: Numbers, narrow: Narrowing) -> tuple[Cell, ...]:
    def count(each: Cases) -> Cell:
        return words.cell(now[each], each.key, narrow)

    times, mean = now.all(numbers.ANSWERED), stats.mean(now.all(numbers.RATED))
    return (
        count(resolution.OPENED),
        count(resolution.SOLVED),
        words.share_cell(now.of(resolution.SOLVED, resolution.DECIDED)),
        count(resolution.PERSON),
        count(resolution.LEFT_ALONE),
        count(resolution.OPEN),
        words.time_cell(stats.median(now.all(numbers.ESCALATED))),
        count(escalation.ASKED),
        words.time_cell(stats.median(times)),
        words.time_cell(stats.percentile(times, 0.9)),
        count(response.ON_TIME),
        count(abandonment.GIVEN_UP),
        count(satisfaction.GIVEN),
        Cell(text=words.decimal(mean), value="" if mean is None else round(mean, 2)),
    )


def _row_of_agent(now: Numbers, narrow: Narrowing) -> tuple[Cell, ...]:
    def count(each: Cases) -> Cell:
        return words.cell(now[each], each.key, narrow)

    times, mean = now.all(numbers.ANSWERED), stats.mean(now.all(numbers.RATED))
    in_time: Proportion = now.of(response.ON_TIME, response.ANSWERED)
    return (
        count(people.JOINED),
        count(response.ANSWERED),
        words.time_cell(stats.median(times)),
        words.time_cell(stats.percentile(times, 0.9)),
        count(response.ON_TIME),
        words.share_cell(in_time),
        Cell(text=words.interval(in_time)),
        count(satisfaction.SOLVED),
        count(satisfaction.GIVEN),
        Cell(text=words.decimal(mean), value="" if mean is None else round(mean, 2)),
        count(satisfaction.HAPPY),
    )
