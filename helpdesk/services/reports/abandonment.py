"""Customers who stopped waiting for a person."""

from __future__ import annotations

from helpdesk.domain.events import ConversationResolved, ConversationReturnedToAi
from helpdesk.services.reports.cases import Cases
from helpdesk.services.reports.handoffs import HANDOFFS

GIVEN_UP = Cases(
    key="given-up",
    title="Waits that the customer ended",
    unit=HANDOFFS,
    holds=lambda columns: columns.given_up.is_not(None),
)
LEFT = Cases(
    key="given-up-left",
    title="Customers who left while waiting",
    unit=HANDOFFS,
    holds=lambda columns: columns.given_up == ConversationResolved.name,
)
WENT_BACK = Cases(
    key="given-up-back",
    title="Customers who went back to the assistant while waiting",
    unit=HANDOFFS,
    holds=lambda columns: columns.given_up == ConversationReturnedToAi.name,
)

ALL = (GIVEN_UP, LEFT, WENT_BACK)
