"""Every figure against a day told by hand: who wrote when, and what the report must say of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from helpdesk.domain import stats
from helpdesk.services.reports import (
    abandonment,
    escalation,
    numbers,
    panels,
    people,
    resolution,
    response,
    satisfaction,
)
from tests.services.reporting import BACK, MONEY, Hands, Story
from tests.services.talk import ANSWER, UNSURE, Steered
from tests.support.make import Make, Person

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def story(
    app: Flask, make: Make, assistant_says: Steered, monkeypatch: pytest.MonkeyPatch
) -> Story:
    """The desk at midnight of 10 March 2026; the assistant always has an answer."""
    hands = Hands()
    monkeypatch.setattr("helpdesk.clock.now", hands.now)
    return Story(make, hands, assistant_says)


def test_ai_resolution_counts_confirmed_and_assumed_and_never_what_was_taken_back(
    story: Story, sarah: Person
) -> None:
    story.asks("10 08:00:00")  # silent: asked after half an hour, taken as solved a day later
    story.sweep("10 08:31:00")
    story.asks("10 09:00:00").thanks("10 09:01:00")  # confirmed
    # Thanks, but back within the hour: taken back, and with a person.
    story.asks("10 09:00:00").thanks("10 09:01:00").says("10 09:30:00", BACK)
    # Thanks, and two hours later something else: the first stays solved, the second is open.
    story.asks("10 09:00:00").thanks("10 09:01:00").says("10 23:30:00")
    story.asks("10 10:00:00").wants_person("10 10:01:00")
    story.asks("10 10:00:00").ends("10 10:02:00")  # left: neither solved nor with a person
    story.asks("10 11:00:00").answered("10 11:05:00", sarah)  # an agent steps in unasked
    story.asks("10 23:30:00")  # still open
    story.asks("09 23:59:59").thanks("10 00:00:01")  # began the day before
    story.asks("11 00:00:00").thanks("11 00:00:01")  # began the day after
    story.sweep("11 08:32:00")

    # Nine began on the 10th: eight conversations, one of them twice.
    assert story.counts(*resolution.OUTCOMES) == [2, 1, 3, 1, 2]
    assert story.counts(resolution.OPENED, resolution.DECIDED, resolution.SOLVED) == [9, 7, 3]
    assert story.counts(resolution.TAKEN_BACK, resolution.ESCALATED) == [1, 2]
    card = story.card("solved")
    assert card.value == "43%"  # 3 of 7
    assert [cell.text for cell in card.counts] == ["3", "7"]
    assert [cell.text for cell in card.parts] == [
        "2 confirmed",
        "1 assumed",
        "1 taken back, not counted",
    ]
    assert story.card("handed").value == "43%"


def test_what_an_agent_takes_up_again_was_not_solved_by_the_assistant(
    story: Story, sarah: Person
) -> None:
    story.asks("10 09:00:00").thanks("10 09:01:00").answered("10 09:10:00", sarah)
    assert story.counts(resolution.SOLVED, resolution.PERSON, resolution.TAKEN_BACK) == [0, 1, 1]


def test_time_to_handoff_runs_from_the_first_words_to_the_first_handoff(
    story: Story, sarah: Person
) -> None:
    for at, asked in (("09:00:00", "09:00:30"), ("10:00:00", "10:01:30"), ("11:00:00", "11:10:00")):
        talk = story.asks(f"10 {at}").wants_person(f"10 {asked}")
    # A second handoff of the same episode changes nothing.
    talk.claimed("10 11:11:00", sarah).to_assistant("10 11:12:00", by=sarah)
    talk.wants_person("10 11:40:00")
    story.asks("10 12:00:00")

    times = story.told().now.all(numbers.ESCALATED)
    assert sorted(times) == [30, 90, 600]
    card = story.card("time-to-handoff")
    assert card.value == "1:30"
    assert "longer than 8:18" in card.meaning  # 90 + 0.8 * (600 - 90) = 498 s
    assert card.counts[0].text == "3 episodes"


def test_first_reply_is_the_first_words_of_a_person_and_no_greeting(
    story: Story, sarah: Person, omar: Person
) -> None:
    def handoff(hour: int) -> str:
        talks.append(story.asks(f"10 {hour}:00:00").wants_person(f"10 {hour}:00:00"))
        return f"10 {hour}:"

    talks: list[object] = []
    at = handoff(9)
    story_talk = talks[-1]
    assert story_talk
    for hour, by, minute_second in ((10, sarah, "00:30"), (11, sarah, "01:40"), (12, omar, "02:00")):
        talk = story.asks(f"10 {hour}:00:00").wants_person(f"10 {hour}:00:00")
        talk.claimed(f"10 {hour}:00:05", by).answered(f"10 {hour}:{minute_second}", by)
        talk.answered(f"10 {hour}:30:00", by)  # not the first
    assert at
