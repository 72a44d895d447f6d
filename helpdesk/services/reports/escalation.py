"""Why people were needed."""

from __future__ import annotations

from collections.abc import Callable

from helpdesk.domain.escalation import CODES, LABELS
from helpdesk.services.reports.cases import Cases, Columns, Condition, everything
from helpdesk.services.reports.handoffs import HANDOFFS


def _first(code: str) -> Callable[[Columns], Condition]:
    return lambda columns: columns.reason == code


def _any(code: str) -> Callable[[Columns], Condition]:
    # The codes are kept as a JSON list; with its quotation marks no code is part of another.
    return lambda columns: columns.codes.contains(f'"{code}"', autoescape=True)


def _offered(code: str) -> Callable[[Columns], Condition]:
    return lambda columns: (columns.reason == code) & columns.was_offered


ASKED = Cases(key="handoffs", title="Handoffs", unit=HANDOFFS, holds=everything)

BY_REASON = {
    code: Cases(
        key=f"reason-{code}",
        title=f"Handoffs, mainly: {LABELS[code]}",
        unit=HANDOFFS,
        holds=_first(code),
    )
    for code in CODES
}
"""Each handoff is in exactly one: its main reason. Of an offer taken up, the offer's."""

BY_ANY_REASON = {
    code: Cases(
        key=f"any-{code}",
        title=f"Handoffs, among others: {LABELS[code]}",
        unit=HANDOFFS,
        holds=_any(code),
    )
    for code in CODES
}

BY_OFFER = {
    code: Cases(
        key=f"offered-{code}",
        title=f"Handoffs that began as an offer: {LABELS[code]}",
        unit=HANDOFFS,
        holds=_offered(code),
    )
    for code in CODES
}

ALL = (ASKED, *BY_REASON.values(), *BY_ANY_REASON.values(), *BY_OFFER.values())
