"""Everything the overview needs to know, counted once: these days, the days before, each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy.orm import Session

from helpdesk.services.reports import (
    abandonment,
    cases,
    escalation,
    people,
    resolution,
    response,
    satisfaction,
)
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import Cases, Measure, Numbers
from helpdesk.services.reports.period import Span

ALL: tuple[Cases, ...] = (
    *resolution.ALL,
    *escalation.ALL,
    *response.ALL,
    *abandonment.ALL,
    *satisfaction.ALL,
    *people.ALL,
)
"""Every set of cases there is: each can be counted, listed and exported."""

BY_KEY = {each.key: each for each in ALL}

ESCALATED = Measure(cases=resolution.ESCALATED, column="seconds")
ANSWERED = Measure(cases=response.ANSWERED, column="seconds")
RATED = Measure(cases=satisfaction.GIVEN, column="score")
GIVEN_UP = Measure(cases=abandonment.GIVEN_UP, column="given_up_after")

MEASURES = {each.cases.key: each for each in (ESCALATED, ANSWERED, RATED, GIVEN_UP)}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A period, the one before, the parts of the period, and the last bad rating's words."""

    asked: Asked
    now: Numbers
    before: Numbers
    parts: Sequence[Numbers]
    complaint: str


def tell(session: Session, asked: Asked) -> Told:
    """Count. The whole of a period is the sum of its parts: each case is in exactly one.

    The days before are counted along with these: a part of their own, and one for what lies
    between where they end earlier.
    """
    before, now = asked.period.before, asked.period.span
    ends = (before.end, now.start, *(each.span.end for each in asked.period.buckets))
    scope = asked.over(Span(start=before.start, end=now.end))
    found = cases.tally(session, scope, ALL, MEASURES, cases.by_step(ends))
    steps = [found.get(place, cases.nothing(ALL, MEASURES)) for place in range(len(ends))]
    parts = steps[2:]
    return Told(
        asked=asked,
        complaint=satisfaction.latest_complaint(session, asked.scope),
        now=Numbers(
            counts={key: sum(part.counts[key] for part in parts) for key in BY_KEY},
            values={
                name: list(chain.from_iterable(part.values[name] for part in parts))
                for name in MEASURES
            },
        ),
        before=steps[0],
        parts=parts,
    )
