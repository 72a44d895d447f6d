"""The assistant asks whether a person should take over, and what comes of it."""

from __future__ import annotations

import pytest

from helpdesk.domain.lifecycle import Priority, Sender, Status
from helpdesk.services import customer
from tests.services import crowd
from tests.services.talk import (
    ANSWER,
    HOW_TO,
    UNSURE,
    Steered,
    episodes,
    escalations,
    events,
    moves,
)
from tests.support.make import Customer, Make

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ASKS = "I want to talk to a real person"


@pytest.fixture
def maya(make: Make) -> Customer:
    return make.customer("Maya")


def say(make: Make, worker: crowd.Later, maya: Customer, text: str) -> int:
    """A customer writes, and the assistant does what it does."""
    number = make.write(maya, text).conversation_id
    worker.run()
    return number


def last_kinds(make: Make, number: int, count: int) -> list[str]:
    return [f"{sender}/{kind}" for sender, kind, _ in make.transcript(number)[-count:]]


def test_asking_for_a_person_by_words_shows_the_button_and_no_answer(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = say(make, worker, maya, ASKS)
    asked = make.read(number)
    assert (asked.support_status, asked.offer_state, asked.control_epoch) == (
        Status.AI,
        "offered",
        0,
    )
    assert make.transcript(number) == [
        (Sender.USER, "text", ASKS),
        (Sender.SYSTEM, "offer", "Would you like to talk to a person about this?"),
    ]
    assert assistant_says.asked == []
    assert events(number)[-1] == "handoff.offered"
    [escalation] = escalations(number)
    assert (escalation.outcome, escalation.action) == ("offered", "offer")


def test_asking_a_second_time_by_words_is_enough(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    say(make, worker, maya, ASKS)
    number = say(make, worker, maya, "Give me a human please")
    assert make.read(number).support_status is Status.WAITING
    assert make.read(number).offer_state == "none"
    assert last_kinds(make, number, 2) == ["user/text", "system/handoff"]
    assert assistant_says.asked == []


def test_asking_again_turns_later_in_the_same_stretch_is_enough(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = say(make, worker, maya, ASKS)
    customer.decline_offer(number)
    say(make, worker, maya, HOW_TO)
    say(make, worker, maya, "I really want to speak to an agent")
    assert make.read(number).support_status is Status.WAITING


def test_an_accepted_offer_transfers(make: Make, worker: crowd.Later, maya: Customer) -> None:
    number = say(make, worker, maya, ASKS)
    customer.ask_for_person(maya.id, source="offer")
    assert moves(number) == [("handoff.requested", "ai", "waiting", "customer")]
    assert make.read(number).priority is Priority.MEDIUM
    assert [escalation.outcome for escalation in escalations(number)] == ["claimed", "open"]


def test_a_declined_request_is_acknowledged_and_not_answered_by_the_assistant(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = say(make, worker, maya, ASKS)
    customer.decline_offer(number)
    worker.run()
    declined = make.read(number)
    assert (declined.offer_state, declined.offer_turn) == ("declined", 1)
    assert last_kinds(make, number, 1) == ["system/offer_declined"]
    assert events(number)[-1] == "handoff.declined"
    assert escalations(number)[0].outcome == "declined"
    assert assistant_says.asked == []
    customer.decline_offer(number)  # pressed twice
    assert last_kinds(make, number, 2) == ["system/offer", "system/offer_declined"]


def test_a_low_confidence_is_posted_with_an_offer(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    assistant_says.usual = UNSURE
    number = say(make, worker, maya, HOW_TO)
    assert make.transcript(number)[1:] == [
        (Sender.AI, "text", UNSURE.text),
        (Sender.SYSTEM, "offer", "I am not certain about this. A person can check it for you."),
    ]
    assert make.read(number).offer_state == "offered"
    assert make.messages(number)[1].ai_confidence == UNSURE.confidence
    [escalation] = escalations(number)
    assert escalation.codes == ["low_confidence"]


def test_a_question_about_money_is_answered_with_an_offer_below(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = say(make, worker, maya, "How do I withdraw money?")
    assert last_kinds(make, number, 3) == ["user/text", "ai/text", "system/offer"]
    assert make.read(number).support_status is Status.AI


def test_after_no_thanks_four_turns_pass_before_the_next_offer(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    assistant_says.usual = UNSURE
    number = say(make, worker, maya, "Where is the colour of the button?")
    customer.decline_offer(number)
    texts = ("Is there a dark theme?", "Which languages are there?", "Who made the logo?")
    for text in texts:
        say(make, worker, maya, text)
        assert last_kinds(make, number, 1) == ["ai/text"], "too early"
    assert make.read(number).offer_state == "declined"
    say(make, worker, maya, "When was the company founded?")
    assert last_kinds(make, number, 2) == ["ai/text", "system/offer"]
    assert make.read(number).offer_state == "offered"


def test_the_four_turns_are_counted_from_the_no(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    assistant_says.usual = UNSURE
    for text in ("Where is the colour of the button?", "Is there a dark theme?", "Who drew it?"):
        number = say(make, worker, maya, text)
    customer.decline_offer(number)
    assert make.read(number).offer_turn == 3
    for text in ("Which languages are there?", "Who made the logo?", "When is it winter?"):
        say(make, worker, maya, text)
    assert make.read(number).offer_state == "declined"


def test_no_second_offer_while_one_stands(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    assistant_says.usual = UNSURE
    number = say(make, worker, maya, "Where is the colour of the button?")
    say(make, worker, maya, "Is there a dark theme?")
    assert [kind for _, kind, _ in make.transcript(number)].count("offer") == 1


def test_more_than_ten_messages_without_a_solution_go_to_a_person(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    words = "apple river stone cloud paper lemon green table music winter garden".split()
    for turn, word in enumerate(words, 1):
        number = say(make, worker, maya, f"Tell me about {word}")
        assert (make.read(number).support_status is Status.WAITING) == (turn == 11)
    assert escalations(number)[-1].codes == ["turn_limit"]


def test_thanks_after_an_answer_resolve_and_stay_with_the_assistant(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    say(make, worker, maya, HOW_TO)
    number = say(make, worker, maya, "Thanks!")
    done = make.read(number)
    assert (done.support_status, done.control_epoch) == (Status.RESOLVED, 1)
    assert (done.assigned_agent_id, done.requires_human) == (None, False)
    assert moves(number) == [("conversation.resolved", "ai", "resolved", "customer")]
    assert make.transcript(number)[-2:] == [
        (Sender.USER, "text", "Thanks!"),
        (
            Sender.SYSTEM,
            "resolved",
            "Glad that helped. If something is still open, write here and we go on.",
        ),
    ]
    [episode] = episodes(number)
    assert (episode.resolution_kind, episode.resolved_by) == ("confirmed", "customer")
    assert len(assistant_says.asked) == 1


def test_thanks_but_still_broken_resolve_nothing(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    say(make, worker, maya, HOW_TO)
    number = say(make, worker, maya, "thanks but it is still broken")
    assert make.read(number).support_status is not Status.RESOLVED


def test_thanks_before_any_answer_resolve_nothing(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = say(make, worker, maya, "Thanks!")
    assert make.read(number).support_status is Status.AI
    assert last_kinds(make, number, 1) == ["ai/text"]


def test_thanks_while_the_answer_is_still_being_made_resolve_nothing(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    number = make.write(maya, HOW_TO).conversation_id
    make.write(maya, "Thanks!")
    assert make.read(number).support_status is Status.AI
    worker.run()
    assert last_kinds(make, number, 1) == ["ai/text"]


def test_thanks_under_an_open_offer_resolve_nothing(
    make: Make, worker: crowd.Later, assistant_says: Steered, maya: Customer
) -> None:
    assistant_says.then = [UNSURE]
    say(make, worker, maya, HOW_TO)
    number = say(make, worker, maya, "Thanks!")
    assert make.read(number).support_status is Status.AI
    customer.decline_offer(number)
    assistant_says.usual = ANSWER
    say(make, worker, maya, HOW_TO + " Please.")
    say(make, worker, maya, "Thank you")
    assert make.read(number).support_status is Status.RESOLVED
