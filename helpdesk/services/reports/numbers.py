"""Everything the overview needs to know, counted once: these days, the days before, each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy.orm import Session

from helpdesk.domain.stats import Proportion
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
from helpdesk.services.reports.cases import Cases, Counts, Measure, Values

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

_COMPARED = (
    *resolution.ALL,
    escalation.ASKED,
    response.ANSWERED,
    response.ON_TIME,
    *abandonment.ALL,
    satisfaction.GIVEN,
    *people.ALL,
)

ESCALATED = Measure(cases=resolution.ESCALATED, column="seconds")
ANSWERED = Measure(cases=response.ANSWERED, column="seconds")
RATED = Measure(cases=satisfaction.GIVEN, column="score")
GIVEN_UP = Measure(cases=abandonment.GIVEN_UP, column="given_up_after")

MEASURES = {each.cases.key: each for each in (ESCALATED, ANSWERED, RATED, GIVEN_UP)}


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """One period's figures: counts by the key of a set, and the values behind its mean."""

    counts: Counts
    values: Values

    def of(self, part: Cases, whole: Cases) -> Proportion:
        """How many of how many."""
        return Proportion(count=self.counts[part.key], total=self.counts[whole.key])

    def all(self, measure: Measure) -> list[float]:
        """The single values of a measure."""
        return self.values[measure.cases.key]

    def __getitem__(self, each: Cases) -> int:
        return self.counts[each.key]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A period, the one before, the parts of the period, and the last bad rating's words."""

    asked: Asked
    now: Numbers
    before: Numbers
    parts: Sequence[Numbers]
    complaint: str


def tell(session: Session, asked: Asked) -> Told:
    """Count. The whole of a period is the sum of its parts: each case is in exactly one."""
    buckets = asked.period.buckets
    place_of = cases.by_bucket(buckets)
    counts = cases.count_by(session, asked.scope, ALL, place_of)
    values = cases.values_by(session, asked.scope, MEASURES, place_of)
    no_counts: Counts = dict.fromkeys(BY_KEY, 0)
    no_values: Values = {name: [] for name in MEASURES}
    return Told(
        asked=asked,
        complaint=satisfaction.latest_complaint(session, asked.scope),
        now=Numbers(
            counts={key: sum(part[key] for part in counts.values()) for key in BY_KEY},
            values={
                name: list(chain.from_iterable(part[name] for part in values.values()))
                for name in MEASURES
            },
        ),
        before=Numbers(
            counts=cases.count(session, asked.before, _COMPARED),
            values=cases.values_by(session, asked.before, MEASURES, cases.by_nothing).get(
                0, no_values
            ),
        ),
        parts=tuple(
            Numbers(counts=counts.get(place, no_counts), values=values.get(place, no_values))
            for place in range(len(buckets))
        ),
    )
