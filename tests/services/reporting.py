"""What the tests of the reports share: days told hour by hour with the product's own verbs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.services import customer, replies, routing, timers
from helpdesk.services.reports import breakdown, drill, numbers, overview
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import Cases, looking
from helpdesk.services.reports.numbers import Told
from helpdesk.services.reports.period import Period
from helpdesk.services.reports.views import Card, Cell
from tests.services.talk import OWN_MONEY_CASE, Steered
from tests.support.make import Customer, Make, Person

HOW_TO = "How do I change my language?"
BACK = "That did not help, it is still in German."
MONEY = OWN_MONEY_CASE


class Hands:
    """Holds the clock where a test puts it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 10, tzinfo=UTC)

    def now(self) -> datetime:
        """The present moment."""
        return self.at

    def to(self, moment: str) -> None:
        """Put it to a time of March 2026, in UTC: "10 09:30:00"."""
        self.at = datetime.strptime(f"2026-03-{moment}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


@dataclass
class Talk:
    """One conversation; each method first puts the clock to its moment."""

    make: Make
    hands: Hands
    by: Customer
    number: int = 0

    def says(self, at: str, text: str = HOW_TO) -> Talk:
        """The customer writes, and the assistant answers at once if it may."""
        self.hands.to(at)
        self.number = self.make.write(self.by, text).conversation_id
        return self

    def thanks(self, at: str) -> Talk:
        """The customer confirms."""
        return self.says(at, "Thanks, that helped!")

    def wants_person(self, at: str, source: str = "button") -> Talk:
        """The customer presses a button."""
        self.hands.to(at)
        customer.ask_for_person(self.by.id, source=source)
        return self

    def claimed(self, at: str, by: Person) -> Talk:
        """An agent takes it; the greeting goes out by itself."""
        self.hands.to(at)
        routing.claim(self.number, agent_id=by.id)
        return self

    def released(self, at: str, by: Person) -> Talk:
        """The agent puts it back."""
        self.hands.to(at)
        routing.release(self.number, agent_id=by.id)
        return self

    def answered(self, at: str, by: Person) -> Talk:
        """An agent writes, and so takes a conversation that nobody has."""
        self.hands.to(at)
        replies.reply(self.number, agent_id=by.id, body="I look into it.", mid=str(uuid.uuid4()))
        return self

    def to_assistant(self, at: str, by: Person | None = None) -> Talk:
        """The agent, or the customer who waits, lets the assistant go on."""
        self.hands.to(at)
        if by:
            routing.return_to_assistant(self.number, agent_id=by.id)
        else:
            customer.back_to_assistant(self.number)
        return self

    def solved(self, at: str, by: Person) -> Talk:
        """The agent resolves it."""
        self.hands.to(at)
        routing.resolve(self.number, agent_id=by.id, seen_seq=10**6)
        return self

    def ends(self, at: str) -> Talk:
        """The customer ends the chat."""
        self.hands.to(at)
        customer.end(self.number)
        return self

    def rates(self, at: str, score: int | None, comment: str = "") -> Talk:
        """The customer rates it, or skips that."""
        self.hands.to(at)
        customer.rate(self.number, score=score, comment=comment)
        return self


@dataclass
class Story:
    """Days at the desk, and what the reports say of them."""

    make: Make
    hands: Hands
    assistant: Steered
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def asks(self, at: str, text: str = HOW_TO) -> Talk:
        """Somebody new writes."""
        self.hands.to(at)
        return Talk(self.make, self.hands, self.make.customer()).says(at, text)

    def sweep(self, at: str) -> None:
        """What happens by itself happens."""
        self.hands.to(at)
        timers.sweep()

    def asked(self, first: int = 10, last: int = 0, **narrow: Any) -> Asked:
        """A report on days of March, the 10th alone unless told otherwise."""
        days = date(2026, 3, first), date(2026, 3, last or first)
        return Asked(period=Period(*days, self.zone, self.hands.now()), **narrow)

    def told(self, *days: int, **narrow: Any) -> Told:
        """The figures."""
        with looking() as session:
            return numbers.tell(session, self.asked(*days, **narrow))

    def counts(self, *sets: Cases, **narrow: Any) -> list[int]:
        """How many cases each set has on the 10th; the link of the first one lists as many."""
        told = self.told(**narrow)
        listing = drill.listing(self.asked(**narrow), sets[0].key)
        assert listing.total == len(listing.rows) == told.now[sets[0]]
        return [told.now[each] for each in sets]

    def card(self, key: str, *days: int, **narrow: Any) -> Card:
        """One headline figure."""
        cards = overview.look(self.asked(*days, **narrow)).cards
        return next(card for card in cards if card.key == key)

    def rows(self, by: str, *days: int, **narrow: Any) -> dict[str, dict[str, Cell]]:
        """A breakdown: its cells by row and column."""
        with looking() as session:
            table = breakdown.table(session, self.asked(*days, **narrow), by)
        return {row[0].text: dict(zip(table.columns, row, strict=True)) for row in table.rows}
