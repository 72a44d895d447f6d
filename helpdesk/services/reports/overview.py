"""The pages as a whole: the overview, the breakdowns, and any of their tables for a file."""

from __future__ import annotations

from helpdesk.services.reports import (
    breakdown,
    cards,
    escalation,
    numbers,
    panels,
    people,
    resolution,
    satisfaction,
)
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import looking
from helpdesk.services.reports.numbers import Told
from helpdesk.services.reports.views import Overview, Table

TABLES = ("outcomes", "share", "reasons", "replies", "ratings", "given-up")


class NoSuchTable(KeyError):
    """There is no table of this name."""


def look(asked: Asked) -> Overview:
    """The first page."""
    with looking() as session:
        told = numbers.tell(session, asked)
    if _is_empty(told):
        return Overview(is_empty=True)
    alone = asked.agent_id is not None
    return Overview(
        is_empty=False,
        cards=cards.cards(told),
        outcomes=None if alone else panels.outcomes(told),
        reasons=panels.reasons(told),
        reasons_table=panels.reasons_table(told),
        replies=panels.replies(told),
        ratings=panels.ratings(told),
        given_up=None if alone else panels.given_up(told),
        share=None if alone else panels.share(told),
    )


def table(asked: Asked, name: str) -> Table:
    """One table of the overview or one breakdown.

    :raises NoSuchTable: it has another name.
    """
    with looking() as session:
        if name in breakdown.BY:
            return breakdown.table(session, asked, name)
        if name not in TABLES:
            raise NoSuchTable(name)
        told = numbers.tell(session, asked)
    if name == "reasons":
        return panels.reasons_table(told)
    panel = {
        "outcomes": panels.outcomes,
        "share": panels.share,
        "replies": panels.replies,
        "ratings": panels.ratings,
        "given-up": panels.given_up,
    }[name]
    return panel(told).table


def _is_empty(told: Told) -> bool:
    return not any(
        told.now[each]
        for each in (
            resolution.OPENED,
            escalation.ASKED,
            satisfaction.GIVEN,
            satisfaction.SOLVED,
            people.JOINED,
        )
    )
