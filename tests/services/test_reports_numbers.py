"""Every figure against a day told by hand: who wrote when, and what the report must say of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from helpdesk.domain.stats import Proportion
from helpdesk.extensions import writing
from helpdesk.models import Inbox
from helpdesk.services.reports import (
    abandonment,
    escalation,
    numbers,
    overview,
    panels,
    people,
    resolution,
    response,
    satisfaction,
    words,
)
from tests.services.reporting import BACK, MONEY, Hands, Story, Talk
from tests.services.talk import UNSURE, Steered
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


def handoff(story: Story, at: str) -> Talk:
    return story.asks(at).wants_person(at)


def test_first_reply_is_the_first_words_of_a_person_and_no_greeting(
    story: Story, sarah: Person, omar: Person
) -> None:
    first = handoff(story, "10 10:00:00").claimed("10 10:00:05", sarah)
    first.answered("10 10:00:30", sarah).answered("10 10:20:00", sarah)
    handoff(story, "10 11:00:00").answered("10 11:01:40", sarah)  # a claim without a greeting
    handoff(story, "10 12:00:00").claimed("10 12:00:01", omar).answered("10 12:02:00", omar)
    # Sarah only greets and lets go; the reply, and the wait, are Omar's.
    lost = handoff(story, "10 13:00:00").claimed("10 13:00:10", sarah)
    lost.released("10 13:01:00", sarah).answered("10 13:05:00", omar)
    lost.released("10 13:06:00", omar).claimed("10 13:07:00", sarah)  # joined it before
    handoff(story, "10 14:00:00").claimed("10 14:00:10", omar)  # nobody wrote yet
    story.asks("10 15:00:00").answered("10 15:00:01", omar)  # nobody had asked
    # Answered on the next day: it counts for the day of the request.
    handoff(story, "10 23:59:00").answered("11 00:09:00", omar)

    times = [30, 100, 120, 300, 600]
    assert sorted(story.told().now.all(numbers.ANSWERED)) == times
    assert story.told(11).now.all(numbers.ANSWERED) == []
    assert story.counts(escalation.ASKED, response.ANSWERED, response.UNANSWERED) == [6, 5, 1]
    assert story.counts(response.ON_TIME) == [3]  # 2:00 sharp is in time
    card = story.card("reply")
    assert card.value == "2:00"
    assert "longer than 8:00" in card.meaning  # 300 + 0.6 * (600 - 300) s
    assert [cell.text for cell in card.parts] == ["60% within 2:00", "1 without a reply"]
    # Quarters of the target, from 0:00 to 5:00 and later: on the line is still before it.
    assert story.counts(*response.BY_STEP) == [1, 0, 0, 2, 0, 0, 0, 0, 0, 1, 1]

    rows = story.rows("agent")
    assert rows["Sarah Kim"]["First reply, median"].text == "1:05"  # 30 and 100 s
    assert rows["Omar Haddad"]["First reply, median"].text == "5:00"  # 120, 300 and 600 s
    assert rows["Omar Haddad"]["Nine of ten within"].text == "9:00"
    assert rows["Sarah Kim"]["Handoffs answered first"].value == 2
    assert rows["Sarah Kim"]["Episodes joined"].value == 3  # the lost one too
    assert story.counts(people.JOINED, agent_id=sarah.id) == [3]
    assert story.card("reply", agent_id=sarah.id).value == "1:05"


def test_each_handoff_of_an_episode_has_its_own_reply(
    story: Story, sarah: Person, omar: Person
) -> None:
    talk = handoff(story, "10 10:00:00").answered("10 10:00:40", sarah)
    talk.to_assistant("10 10:05:00", by=sarah).wants_person("10 10:10:00")
    talk.answered("10 10:13:20", omar)
    assert sorted(story.told().now.all(numbers.ANSWERED)) == [40, 200]
    assert story.told(agent_id=omar.id).now.all(numbers.ANSWERED) == [200]
    assert story.counts(resolution.ESCALATED, escalation.ASKED) == [1, 2]


def test_reasons_are_counted_once_as_the_main_one_and_each_among_others(story: Story) -> None:
    handoff(story, "10 09:00:00")
    story.asks("10 10:00:00", MONEY)  # handed over by its words
    raised = handoff(story, "10 11:00:00")
    raised.says("10 11:02:00", MONEY)  # while waiting: more urgent, and one more reason
    story.assistant.usual = UNSURE
    story.asks("10 12:00:00").wants_person("10 12:01:00", source="offer")  # an offer taken up
    story.asks("10 13:00:00")  # an offer that nobody took up

    rows = {reason.label: reason for reason in panels.reasons(story.told())}
    assert {label: (row.main.value, row.any.value) for label, row in rows.items()} == {
        "Asked for a person": (2, 3),
        "Money": (1, 2),
        "Low confidence": (1, 1),
    }
    assert rows["Low confidence"].offered.value == 1
    assert rows["Asked for a person"].offered.value == 0
    assert rows["Money"].share == "25%"
    assert story.counts(
        escalation.BY_REASON["financial_transaction"],
        escalation.BY_ANY_REASON["asked_for_human"],
        escalation.BY_OFFER["low_confidence"],
    ) == [1, 3, 1]


def test_who_leaves_or_goes_back_while_waiting_gave_up(story: Story, sarah: Person) -> None:
    handoff(story, "10 09:00:00").ends("10 09:03:00")
    handoff(story, "10 10:00:00").to_assistant("10 10:05:00")
    handoff(story, "10 11:00:00").claimed("10 11:00:30", sarah).ends("10 11:01:00")  # was helped
    back = handoff(story, "10 12:00:00").answered("10 12:00:30", sarah)
    back.to_assistant("10 12:01:00", by=sarah)  # the agent's decision
    handoff(story, "10 13:00:00")  # still waits
    story.asks("10 14:00:00").ends("10 14:01:00")  # never waited
    # Came back, and was helped: the first wait was given up all the same.
    twice = handoff(story, "10 15:00:00").to_assistant("10 15:01:00").wants_person("10 15:30:00")
    twice.answered("10 15:30:10", sarah)

    given_up = abandonment.GIVEN_UP, abandonment.LEFT, abandonment.WENT_BACK
    assert story.counts(*given_up, escalation.ASKED) == [3, 1, 2, 7]
    # The reply to the second handoff of an episode is none to its first one.
    assert story.counts(response.ANSWERED, response.UNANSWERED) == [2, 5]
    assert sorted(story.told().now.all(numbers.GIVEN_UP)) == [60, 180, 300]
    panel = panels.given_up(story.told())
    assert panel.card
    assert panel.card.value == "43%"
    assert "Half of them within 3:00" in panel.card.meaning


def test_satisfaction_is_the_mean_of_ratings_and_their_share_of_what_was_solved(
    story: Story, sarah: Person, omar: Person
) -> None:
    for hour, by, score in ((9, sarah, 5), (10, sarah, 2), (11, omar, 4), (12, omar, None)):
        talk = handoff(story, f"10 {hour:02}:00:00").answered(f"10 {hour:02}:01:00", by)
        talk.solved(f"10 {hour:02}:05:00", by).rates(f"10 {hour:02}:06:00", score, "So so.")
    story.asks("10 13:00:00").thanks("10 13:01:00").rates("10 13:02:00", 4)  # the assistant's
    story.asks("10 14:00:00").thanks("10 14:01:00")  # solved, not rated
    story.asks("10 15:00:00").ends("10 15:01:00").rates("10 15:02:00", 1)  # left: not solved
    # Solved on the 10th and rated on the 11th: the rating is the 11th's.
    story.asks("10 16:00:00").thanks("10 23:59:00").rates("11 00:01:00", 5)

    told = story.told()
    assert sorted(told.now.all(numbers.RATED)) == [1, 2, 4, 4, 5]
    assert story.counts(satisfaction.GIVEN, satisfaction.HAPPY) == [5, 3]
    assert story.counts(satisfaction.SOLVED, satisfaction.RATED) == [7, 5]
    assert told.complaint == "So so."
    card = story.card("rating")
    assert card.value == "3.2"  # 16 / 5
    assert [cell.text for cell in card.parts] == ["60% gave 4 or 5", "71% of 7 solved were rated"]
    assert story.counts(*satisfaction.BY_SCORE.values()) == [1, 0, 0, 1, 0, 0, 1, 0, 1, 1]
    assert story.rows("agent")["Sarah Kim"]["Mean rating"].text == "3.5"
    assert story.counts(satisfaction.SOLVED, satisfaction.GIVEN, agent_id=omar.id) == [2, 1]


@sqlite_only
def test_a_day_is_the_readers_day(story: Story) -> None:
    # The night of 29 March: Berlin goes from 02:00 to 03:00, so its day ends at 22:00 UTC.
    for at in (
        "28 22:59:59",
        "28 23:00:00",  # midnight in Berlin, still winter
        "28 23:59:59",
        "29 21:59:59",
        "29 22:00:00",  # midnight in Berlin, summer by now
        "30 03:30:00",
    ):
        story.asks(at)
    for zone, counts in {
        "UTC": [3, 2, 1],
        "Europe/Berlin": [1, 3, 2],
        "Asia/Kathmandu": [0, 3, 3],
        "America/New_York": [3, 3, 0],
    }.items():
        story.zone = ZoneInfo(zone)
        rows = story.rows("day", 28, 30)
        assert [row["Episodes"].value for row in rows.values()] == counts, zone
        assert story.told(29).now[resolution.OPENED] == counts[1], zone
        assert story.told(28, 30).now[resolution.OPENED] == 6, zone


@sqlite_only
def test_an_inbox_has_its_own_figures(story: Story, sarah: Person) -> None:
    handoff(story, "10 09:00:00").answered("10 09:01:00", sarah).solved("10 09:05:00", sarah)
    first = story.make.inbox_id
    other = Make(key="other-inbox")
    other.begin()
    story.make.inbox_id = other.inbox_id
    talk = handoff(story, "10 10:00:00").answered("10 10:00:10", sarah)
    talk.solved("10 10:05:00", sarah).rates("10 10:06:00", 5)
    counted = (
        resolution.OPENED,
        escalation.ASKED,
        response.ANSWERED,
        satisfaction.GIVEN,
        satisfaction.SOLVED,
        people.JOINED,
    )
    assert story.counts(*counted, inbox_id=first) == [1, 1, 1, 0, 1, 1]
    assert story.counts(*counted, inbox_id=other.inbox_id) == [1, 1, 1, 1, 1, 1]
    assert story.counts(*counted) == [2, 2, 2, 1, 2, 2]
    with writing() as session:
        session.get_one(Inbox, first).name = "App"
        session.commit()
    rows = {name: row["Episodes"].value for name, row in story.rows("inbox").items()}
    assert rows == {"App": 1, "Tests": 1}
    assert list(story.rows("inbox", inbox_id=first)) == ["App"]


def test_a_change_is_named_only_where_there_are_enough_cases() -> None:
    few, half = Proportion(count=10, total=19), Proportion(count=50, total=100)
    most = Proportion(count=80, total=100)
    assert words.change_of_share(few, half, good=True).text == "Not enough data yet"
    assert words.change_of_share(half, half, good=True).text == "+0.0 pts"
    better = words.change_of_share(half, most, good=True)
    assert (better.text, better.tone, better.up) == ("+30.0 pts", "better", True)
    assert words.change_of_share(half, most, good=False).tone == "worse"
    assert words.change_of_share(half, most, good=None).tone == "even"
    assert words.change_of_time([60.0] * 20, [48.0] * 20).text == "−0:12"
    assert words.change_of_time([60.0] * 19, [48.0] * 20).tone == "unknown"


@sqlite_only
def test_without_any_case_there_is_nothing_but_a_sentence(story: Story) -> None:
    assert overview.look(story.asked()).is_empty
    assert overview.look(story.asked(agent_id=1)).is_empty
    assert [row["Episodes"].text for row in story.rows("day").values()] == ["0"]
