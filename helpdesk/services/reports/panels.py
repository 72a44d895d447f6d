"""The charts, and the tables behind them."""

from __future__ import annotations

from itertools import pairwise

from helpdesk.domain import stats
from helpdesk.domain.escalation import CODES, LABELS
from helpdesk.domain.stats import Proportion
from helpdesk.domain.text import excerpt
from helpdesk.services.reports import (
    abandonment,
    cards,
    charts,
    escalation,
    resolution,
    response,
    satisfaction,
    words,
)
from helpdesk.services.reports.charts import Key, Shares
from helpdesk.services.reports.numbers import Told
from helpdesk.services.reports.period import Bucket
from helpdesk.services.reports.views import Cell, Narrowing, Panel, Reason, Table

TONES = {
    "confirmed": Key(tone="assist", text="assistant, confirmed"),
    "assumed": Key(tone="assist-striped", text="assistant, assumed"),
    "person": Key(tone="person", text="with a person"),
    "left": Key(tone="grey", text="left without help"),
    "open": Key(tone="open", text="still with the assistant"),
}
WHO = {"assistant": "Assistant only", "person": "With a person"}


def outcomes(told: Told) -> Panel:
    """How many episodes began, and how they ended."""
    sets = resolution.OUTCOMES
    rows = [
        (
            _named(told, place),
            *(
                words.cell(part[each], each.key, _only(bucket))
                for each in (resolution.OPENED, *sets)
            ),
        )
        for place, (part, bucket) in enumerate(zip(told.parts, _buckets(told), strict=True))
    ]
    busiest = max(part[resolution.OPENED] for part in told.parts)
    return Panel(
        title=f"How episodes ended, by {_unit(told)}",
        aside=f"by the {_unit(told)} they began on",
        card=cards.volume(told),
        bars=charts.columns(
            _labels(told),
            [(TONES[each.key], [part[each] for part in told.parts]) for each in sets],
            sentence=(
                f"Stacked columns, one for each {_unit(told)}: {told.now[resolution.OPENED]}"
                f" episodes, {told.now[resolution.SOLVED]} solved by the assistant,"
                f" {told.now[resolution.PERSON]} with a person; at most {busiest} at a time."
            ),
        ),
        table=Table(
            key="outcomes",
            title="How episodes ended",
            columns=(_unit(told).capitalize(), "Episodes", *(_caption(each.key) for each in sets)),
            rows=tuple(rows),
        ),
    )


def share(told: Told) -> Panel:
    """The assistant's share over time, with its interval."""
    solved = [part.of(resolution.SOLVED, resolution.DECIDED) for part in told.parts]
    confirmed = [part.of(resolution.CONFIRMED, resolution.DECIDED) for part in told.parts]
    whole = told.now.of(resolution.SOLVED, resolution.DECIDED)
    sure = told.now.of(resolution.CONFIRMED, resolution.DECIDED)
    return Panel(
        title=f"Solved by the assistant, by {_unit(told)}",
        aside=f"{words.share(whole)} in all; the band is the 95% interval of each {_unit(told)}",
        lines=charts.percent_lines(
            _labels(told),
            [
                ("assist-dashed", "with assumed", [each.share for each in solved]),
                ("assist", "confirmed", [each.share for each in confirmed]),
            ],
            band=[each.interval if each.total else None for each in solved],
            sentence=(
                f"Two lines from 0 to 100 percent: {words.share(whole)} solved by the assistant"
                f" over all days, {words.share(sure)} confirmed by the customer."
            ),
        ),
        table=Table(
            key="share",
            title="Solved by the assistant",
            columns=(
                _unit(told).capitalize(),
                "Solved",
                "Of",
                "Share in percent",
                "95% interval",
                "Confirmed in percent",
            ),
            rows=tuple(
                (
                    _named(told, place),
                    words.cell(solved[place].count, "solved", _only(bucket)),
                    words.cell(solved[place].total, "decided", _only(bucket)),
                    words.share_cell(solved[place]),
                    Cell(text=words.interval(solved[place])),
                    words.share_cell(confirmed[place]),
                )
                for place, bucket in enumerate(_buckets(told))
            ),
        ),
    )


def reasons(told: Told) -> tuple[Reason, ...]:
    """The triggers of handoffs, the most frequent first."""
    now, total = told.now, told.now[escalation.ASKED]
    used = [code for code in CODES if now[escalation.BY_ANY_REASON[code]]]
    used.sort(key=lambda code: (-now[escalation.BY_REASON[code]], CODES.index(code)))
    longest = max((now[escalation.BY_REASON[code]] for code in used), default=0) or 1
    return tuple(
        Reason(
            label=LABELS[code],
            main=words.cell(now[first := escalation.BY_REASON[code]], first.key),
            share=words.share(Proportion(count=now[first], total=total)),
            offered=words.cell(now[offer := escalation.BY_OFFER[code]], offer.key),
            any=words.cell(now[among := escalation.BY_ANY_REASON[code]], among.key),
            width=100 * now[first] / longest,
            offered_width=100 * now[offer] / longest,
        )
        for code in used
    )


def reasons_table(told: Told) -> Table:
    """The same for a file."""
    total = told.now[escalation.ASKED]
    return Table(
        key="reasons",
        title="Why people were needed",
        columns=("Reason", "Main reason", "In percent", "Began as an offer", "Among others"),
        rows=tuple(
            (
                Cell(text=each.label),
                each.main,
                words.share_cell(Proportion(count=int(each.main.value or 0), total=total)),
                each.offered,
                each.any,
            )
            for each in reasons(told)
        ),
    )


def replies(told: Told) -> Panel:
    """How long customers waited for the first reply, in quarters of the target."""
    now, target = told.now, told.asked.scope.target_s
    width = target / response.STEPS_TO_TARGET
    edges = [words.duration(width * place) for place in range(response.STEPS + 1)]
    counts = [now[each] for each in response.BY_STEP]
    in_time = now.of(response.ON_TIME, response.ANSWERED)
    spans = [f"{start} to {end}" for start, end in pairwise(edges)] + [f"over {edges[-1]}"]
    return Panel(
        title="First human reply",
        aside=f"{words.number(now[response.ANSWERED])} handoffs answered",
        bars=charts.columns(
            [*edges[:-1], f"{edges[-1]}+"],
            [(Key(tone="person", text="handoffs"), counts)],
            tones=[
                "person" if place < response.STEPS_TO_TARGET else "late"
                for place in range(response.STEPS + 1)
            ],
            mark=(response.STEPS_TO_TARGET, f"Target {words.duration(target)}"),
            sentence=(
                f"Columns of waits: {words.share(in_time)} of {in_time.total} replies came within"
                f" {words.duration(target)}."
            ),
        ),
        table=Table(
            key="replies",
            title="First human reply",
            columns=("Wait", "Handoffs"),
            rows=tuple(
                (Cell(text=span), words.cell(count, each.key))
                for span, count, each in zip(spans, counts, response.BY_STEP, strict=True)
            ),
        ),
    )


def ratings(told: Told) -> Panel:
    """Satisfaction by who helped last."""
    comments = satisfaction.COMMENTED
    bars: list[Shares] = []
    rows: list[tuple[Cell, ...]] = []
    for who, title in WHO.items():
        counts = [told.now[satisfaction.BY_SCORE[who, score]] for score in satisfaction.SCORES]
        total = sum(counts)
        scores = [score for score, count in enumerate(counts, 1) for _ in range(count)]
        mean = stats.mean([float(score) for score in scores])
        bars.append(
            charts.shares(
                [(f"{who}-{score}", count) for score, count in enumerate(counts, 1)],
                title=title,
                aside=f"{words.number(total)} rating{'' if total == 1 else 's'}",
                value=words.decimal(mean),
                sentence=f"{title}: mean {words.decimal(mean)}; "
                + ", ".join(f"{count} of {score}" for score, count in enumerate(counts, 1)),
            )
        )
        rows.append(
            (
                Cell(text=title),
                words.cell(total, f"ratings-{who}"),
                Cell(text=words.decimal(mean), value="" if mean is None else round(mean, 2)),
                *(
                    words.cell(count, satisfaction.BY_SCORE[who, score].key)
                    for score, count in enumerate(counts, 1)
                ),
            )
        )
    return Panel(
        title="Satisfaction by who helped",
        aside="one rating an episode",
        shares=tuple(bars),
        note="From 1, very bad, at the left to 5, very good, at the right.",
        quote=excerpt(told.complaint, 140),
        more=words.counted(told.now[comments], comments.key, "comment"),
        table=Table(
            key="ratings",
            title="Satisfaction",
            columns=("Who helped", "Ratings", "Mean", "1", "2", "3", "4", "5"),
            rows=tuple(rows),
        ),
    )


def given_up(told: Told) -> Panel:
    """Customers who stopped waiting."""
    left, back = abandonment.LEFT, abandonment.WENT_BACK
    card = cards.given_up(told)
    return Panel(
        title="Waits given up",
        aside=f"by the {_unit(told)} of the handoff",
        card=card,
        bars=charts.columns(
            _labels(told),
            [
                (Key(tone="late", text="left"), [part[left] for part in told.parts]),
                (
                    Key(tone="grey", text="back to the assistant"),
                    [part[back] for part in told.parts],
                ),
            ],
            most_labels=charts.MOST_LABELS_SMALL,
            sentence=(
                f"Columns, one for each {_unit(told)}: {told.now[left]} customers left while"
                f" waiting, {told.now[back]} went back to the assistant."
            ),
        ),
        table=Table(
            key="given-up",
            title="Waits given up",
            columns=(_unit(told).capitalize(), "Handoffs", "Left", "Back to the assistant"),
            rows=tuple(
                (
                    _named(told, place),
                    words.cell(part[escalation.ASKED], escalation.ASKED.key, _only(bucket)),
                    words.cell(part[left], left.key, _only(bucket)),
                    words.cell(part[back], back.key, _only(bucket)),
                )
                for place, (part, bucket) in enumerate(zip(told.parts, _buckets(told), strict=True))
            ),
        ),
    )


def _buckets(told: Told) -> tuple[Bucket, ...]:
    return told.asked.period.buckets


def _labels(told: Told) -> list[str]:
    return [words.bucket(each, told.asked.period) for each in _buckets(told)]


def _named(told: Told, place: int) -> Cell:
    each = _buckets(told)[place]
    return Cell(text=words.bucket_in_full(each), value=each.first.isoformat())


def _only(each: Bucket) -> Narrowing:
    return (("from", each.first.isoformat()), ("to", each.last.isoformat()))


def _unit(told: Told) -> str:
    return "week" if told.asked.period.is_by_week else "day"


def _caption(key: str) -> str:
    text = TONES[key].text
    return text[0].upper() + text[1:]
