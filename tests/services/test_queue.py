"""The order in which waiting customers are taken: urgent first, and nobody starves."""

from __future__ import annotations

from helpdesk.domain.lifecycle import Priority, Status
from helpdesk.services import chat, desk, routing
from helpdesk.services.unit_of_work import unit_of_work
from tests.services.conftest import Clock
from tests.services.talk import Steered
from tests.support.make import Customer, Make, Person


def waiting(make: Make, priority: Priority, by: Customer | None = None) -> int:
    number = make.conversation(by=by, status=Status.WAITING).id
    with unit_of_work() as work:
        work.rank(work.hold(number), priority)
    return number


def claimed_in_order(agent: Person) -> list[int | None]:
    order = []
    while (address := routing.claim_next(agent_id=agent.id)) is not None:
        order.append(desk.conversation_id(address))
    return order


def test_urgent_before_high_before_medium_before_low_of_the_same_minute(
    make: Make, sarah: Person
) -> None:
    low = waiting(make, Priority.LOW)
    medium = waiting(make, Priority.MEDIUM)
    high = waiting(make, Priority.HIGH)
    urgent = waiting(make, Priority.URGENT)
    assert claimed_in_order(sarah) == [urgent, high, medium, low]


def test_low_does_not_starve(make: Make, sarah: Person, time: Clock) -> None:
    low = waiting(make, Priority.LOW)
    time.forward(minutes=11)
    medium = waiting(make, Priority.MEDIUM)
    time.forward(minutes=10)
    high = waiting(make, Priority.HIGH)
    assert claimed_in_order(sarah) == [low, medium, high]


def test_urgent_is_never_overtaken(make: Make, sarah: Person, time: Clock) -> None:
    low = waiting(make, Priority.LOW)
    high = waiting(make, Priority.HIGH)
    time.forward(hours=20)
    urgent = waiting(make, Priority.URGENT)
    time.forward(hours=20)
    assert claimed_in_order(sarah) == [urgent, high, low]


def test_of_equals_the_one_who_waits_longest_is_next(
    make: Make, sarah: Person, time: Clock
) -> None:
    first = waiting(make, Priority.MEDIUM)
    time.forward(seconds=1)
    second = waiting(make, Priority.MEDIUM)
    assert claimed_in_order(sarah) == [first, second]


def test_the_place_that_customers_see_is_the_order_in_which_they_are_taken(make: Make) -> None:
    maya, otto = make.customer("Maya"), make.customer("Otto")
    site = chat.site_of(maya.id)
    low = waiting(make, Priority.LOW, by=maya)
    assert chat.state(site, low).position == 1
    high = waiting(make, Priority.HIGH, by=otto)
    assert (chat.state(site, high).position, chat.state(site, low).position) == (1, 2)


def test_with_nobody_waiting_there_is_nothing_to_claim(
    make: Make, assistant_says: Steered, sarah: Person
) -> None:
    make.conversation()
    assert routing.claim_next(agent_id=sarah.id) is None
