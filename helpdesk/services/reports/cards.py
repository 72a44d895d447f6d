"""The headline figures: value, definition, count, change, and what each number lists."""

from __future__ import annotations

from dataclasses import replace

from helpdesk.domain import stats
from helpdesk.services.reports import (
    abandonment,
    charts,
    escalation,
    numbers,
    people,
    resolution,
    response,
    satisfaction,
    words,
)
from helpdesk.services.reports.cases import Cases, Measure, Numbers
from helpdesk.services.reports.charts import Lines
from helpdesk.services.reports.numbers import Told
from helpdesk.services.reports.views import Card, Cell

SPARK = "From the first of the days to the last"


def cards(told: Told) -> tuple[Card, ...]:
    """Five for the team; for one agent those that can be an agent's."""
    if told.asked.agent_id is None:
        return (solved(told), handed(told), time_to_handoff(told), reply(told), rating(told))
    return (joined(told), reply(told), rating(told))


def solved(told: Told) -> Card:
    """AI resolution rate."""
    now, before = told.now, told.before
    part = now.of(resolution.SOLVED, resolution.DECIDED)
    return Card(
        key="solved",
        title="Solved by the assistant",
        value=words.share(part),
        range=words.interval(part),
        meaning=(
            "Of the episodes that began in these days and are over or with a person: solved without"
            " a handoff or an agent, and not taken back. Who left without help is not solved."
        ),
        parts=(
            _count(now, resolution.CONFIRMED, "confirmed"),
            _count(now, resolution.ASSUMED, "assumed"),
            _count(now, resolution.TAKEN_BACK, "taken back, not counted"),
        ),
        counts=(_count(now, resolution.SOLVED), _count(now, resolution.DECIDED)),
        trend=words.change_of_share(
            before.of(resolution.SOLVED, resolution.DECIDED), part, good=True
        ),
        spark=charts.spark(
            [each.of(resolution.SOLVED, resolution.DECIDED).share for each in told.parts],
            tone="assist",
            sentence=SPARK,
        ),
    )


def handed(told: Told) -> Card:
    """Handoff rate."""
    now, before = told.now, told.before
    part = now.of(resolution.PERSON, resolution.DECIDED)
    return Card(
        key="handed",
        title="With a person",
        value=words.share(part),
        range=words.interval(part),
        meaning=(
            "Of the same episodes: handed over at least once, or an agent stepped in unasked."
        ),
        parts=(
            _count(now, resolution.ESCALATED, "handed over"),
            _count(now, resolution.LEFT_ALONE, "left without help"),
            _count(now, resolution.OPEN, "still with the assistant"),
        ),
        counts=(_count(now, resolution.PERSON), _count(now, resolution.DECIDED)),
        trend=words.change_of_share(
            before.of(resolution.PERSON, resolution.DECIDED), part, good=None
        ),
        spark=charts.spark(
            [each.of(resolution.PERSON, resolution.DECIDED).share for each in told.parts],
            tone="person",
            sentence=SPARK,
        ),
    )


def time_to_handoff(told: Told) -> Card:
    """Time to escalation."""
    times = told.now.all(numbers.ESCALATED)
    return Card(
        key="time-to-handoff",
        title="Time to handoff",
        value=words.duration(stats.median(times)),
        meaning=(
            "Median from the beginning of an episode to its first handoff, for episodes that began"
            f" in these days. One in ten takes longer than {_late(times)}."
        ),
        counts=(
            words.counted(told.now[resolution.ESCALATED], resolution.ESCALATED.key, "episode"),
        ),
        trend=words.change_of_time(told.before.all(numbers.ESCALATED), times),
        spark=_spark_of_medians(told, numbers.ESCALATED),
    )


def reply(told: Told) -> Card:
    """Agent response time."""
    times = told.now.all(numbers.ANSWERED)
    target = words.duration(told.asked.scope.target_s)
    in_time = told.now.of(response.ON_TIME, response.ANSWERED)
    in_words = f"{words.share(in_time)} within {target}"
    parts = [Cell(text=in_words, value=in_time.count, cases=response.ON_TIME.key)]
    if told.asked.agent_id is None:
        parts.append(_count(told.now, response.UNANSWERED, "without a reply"))
    return Card(
        key="reply",
        title="First human reply",
        value=words.duration(stats.median(times)),
        meaning=(
            "Median from a handoff of these days to the first words an agent wrote; the automatic"
            f" greeting is none. Day and night. One in ten takes longer than {_late(times)}."
        ),
        parts=tuple(parts),
        counts=(words.counted(told.now[response.ANSWERED], response.ANSWERED.key, "handoff"),),
        trend=words.change_of_time(told.before.all(numbers.ANSWERED), times),
        spark=_spark_of_medians(told, numbers.ANSWERED),
    )


def rating(told: Told) -> Card:
    """Satisfaction."""
    scores = told.now.all(numbers.RATED)
    good = told.now.of(satisfaction.HAPPY, satisfaction.GIVEN)
    rated = told.now.of(satisfaction.RATED, satisfaction.SOLVED)
    return Card(
        key="rating",
        title="Satisfaction",
        value=words.decimal(stats.mean(scores)),
        meaning=(
            "Mean of the ratings from 1 to 5 given in these days, one an episode. The share of"
            " rated ones is of the episodes solved in these days."
        ),
        parts=(
            Cell(text=f"{words.share(good)} gave 4 or 5", value=good.count, cases="happy"),
            Cell(
                text=f"{words.share(rated)} of {words.number(rated.total)} solved were rated",
                value=rated.count,
                cases="rated",
            ),
        ),
        counts=(words.counted(told.now[satisfaction.GIVEN], satisfaction.GIVEN.key, "rating"),),
        trend=words.change_of_mean(told.before.all(numbers.RATED), scores),
        spark=charts.spark(
            [stats.mean(each.all(numbers.RATED)) for each in told.parts],
            tone="person",
            sentence=SPARK,
        ),
    )


def given_up(told: Told) -> Card:
    """Abandonment."""
    now, before = told.now, told.before
    part = now.of(abandonment.GIVEN_UP, escalation.ASKED)
    after = words.duration(stats.median(now.all(numbers.GIVEN_UP)))
    return Card(
        key="given-up",
        title="Waits given up",
        value=words.share(part),
        range=words.interval(part),
        meaning=(
            "Of the handoffs of these days: the customer left, or went back to the assistant,"
            f" while waiting. Half of them within {after}."
        ),
        parts=(
            _count(now, abandonment.LEFT, "left"),
            _count(now, abandonment.WENT_BACK, "back to the assistant"),
        ),
        counts=(_count(now, abandonment.GIVEN_UP), _count(now, escalation.ASKED)),
        trend=words.change_of_share(
            before.of(abandonment.GIVEN_UP, escalation.ASKED), part, good=False
        ),
    )


def volume(told: Told) -> Card:
    """How much there was."""
    now = told.now
    return Card(
        key="volume",
        title="Episodes",
        value=words.number(now[resolution.OPENED]),
        meaning=(
            "Stretches from the customer's first words to the end, begun in these days. Who writes"
            " again later than an hour after the end begins another one."
        ),
        counts=(words.counted(now[resolution.OPENED], resolution.OPENED.key, "episode"),),
        trend=words.change_of_count(told.before[resolution.OPENED], now[resolution.OPENED]),
    )


def joined(told: Told) -> Card:
    """How many episodes an agent took part in."""
    now, before = told.now[people.JOINED], told.before[people.JOINED]
    return Card(
        key="joined",
        title="Episodes joined",
        value=words.number(now),
        meaning="Episodes that the agent claimed or took over for the first time in these days.",
        counts=(words.counted(told.now[people.JOINED], people.JOINED.key, "episode"),),
        trend=words.change_of_count(before, now),
    )


def _late(times: list[float]) -> str:
    return words.duration(stats.percentile(times, 0.9))


def _count(now: Numbers, each: Cases, what: str = "") -> Cell:
    found = words.cell(now[each], each.key)
    return replace(found, text=f"{found.text} {what}") if what else found


def _spark_of_medians(told: Told, measure: Measure) -> Lines | None:
    return charts.spark(
        [stats.median(each.all(measure)) for each in told.parts], tone="person", sentence=SPARK
    )
