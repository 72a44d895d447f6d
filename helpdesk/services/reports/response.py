"""How fast people answer after a handoff."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk.services.reports.cases import Cases, Columns, Condition
from helpdesk.services.reports.handoffs import HANDOFFS

STEPS = 10
STEPS_TO_TARGET = 4
"""A bar of the chart is a quarter of the target wide; the last one is everything after."""


def _answered(columns: Columns) -> Condition:
    return columns.seconds.is_not(None)


def _step(place: int) -> Callable[[Columns], Condition]:
    """Replies after this many quarters of the target, up to the next; on the line is in time."""

    def holds(columns: Columns) -> Condition:
        quarters = columns.seconds * STEPS_TO_TARGET
        above = quarters > columns.target * place if place else _answered(columns)
        return above if place == STEPS else above & (quarters <= columns.target * (place + 1))

    return holds


ANSWERED = Cases(
    key="answered",
    title="Handoffs that an agent answered",
    unit=HANDOFFS,
    holds=_answered,
)
ON_TIME = Cases(
    key="on-time",
    title="Handoffs answered within the target",
    unit=HANDOFFS,
    holds=lambda columns: columns.seconds <= columns.target,
)
UNANSWERED = Cases(
    key="unanswered",
    title="Handoffs without an answer",
    unit=HANDOFFS,
    holds=lambda columns: columns.seconds.is_(None),
)
BY_STEP = tuple(
    Cases(
        key=f"reply-{place}",
        title="Handoffs by the time to the first reply",
        unit=HANDOFFS,
        holds=_step(place),
    )
    for place in range(STEPS + 1)
)

ALL = (ANSWERED, ON_TIME, UNANSWERED, *BY_STEP)
