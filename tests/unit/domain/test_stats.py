"""Shares, intervals, percentiles: against values worked out elsewhere, and against their laws."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain import stats
from helpdesk.domain.stats import Proportion

counts = st.integers(0, 3_000).flatmap(
    lambda total: st.builds(Proportion, count=st.integers(0, total), total=st.just(total))
)
numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # R: prop.test(x, n, correct = FALSE)$conf.int
        (15, 20, 0.5312, 0.8881),
        (1, 10, 0.0179, 0.4042),
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(
    count: int, total: int, low: float, high: float
) -> None:
    assert Proportion(count=count, total=total).interval == pytest.approx((low, high), abs=5e-4)


@given(counts)
def test_an_interval_holds_its_share_and_stays_a_share(part: Proportion) -> None:
    low, high = part.interval
    assert 0 <= low <= high <= 1
    if part.share is not None:
        assert low <= part.share <= high


def test_of_nothing_there_is_no_share() -> None:
    nothing = Proportion(count=0, total=0)
    assert (nothing.share, nothing.interval) == (None, (0.0, 1.0))


@pytest.mark.parametrize(("count", "total"), [(2, 1), (-1, 4)])
def test_more_than_all_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        Proportion(count=count, total=total)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe (1998), Statistics in Medicine 17:873-890, table II, example (a), method 10:
    # 56/70 against 48/80 gives 0.2000 with 0.0524 to 0.3339.
    found = stats.difference(Proportion(count=48, total=80), Proportion(count=56, total=70))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.is_certain


@given(counts, counts)
def test_a_difference_turns_round_with_its_periods(one: Proportion, other: Proportion) -> None:
    there, back = stats.difference(one, other), stats.difference(other, one)
    if there is None or back is None:
        assert min(one.total, other.total) < stats.ENOUGH
        return
    assert there.low <= there.value <= there.high
    assert (there.value, there.low) == pytest.approx((-back.value, -back.high))


def test_of_too_few_cases_no_change_is_named() -> None:
    enough, few = Proportion(count=10, total=20), Proportion(count=10, total=19)
    assert stats.difference(enough, few) is None
    assert stats.difference(few, enough) is None
    assert stats.difference(enough, enough) is not None


@given(numbers)
def test_the_median_is_the_usual_one(values: list[float]) -> None:
    assert stats.median(values) == pytest.approx(statistics.median(values))


@given(numbers, st.floats(0, 1))
def test_a_percentile_is_among_its_values(values: list[float], share: float) -> None:
    found = stats.percentile(values, share)
    assert found is not None
    assert min(values) - 1e-6 <= found <= max(values) + 1e-6


def test_a_percentile_lies_between_two_values_by_their_distance() -> None:
    # PostgreSQL: percentile_cont(0.9) within group (order by x) of 10, 20, 30, 40, 50 is 46.
    assert stats.percentile([50, 10, 40, 20, 30], 0.9) == pytest.approx(46)
    assert stats.percentile([], 0.5) is None
    with pytest.raises(ValueError, match="no share"):
        stats.percentile([1], 1.1)


def test_a_mean_of_nothing_is_nothing() -> None:
    assert stats.mean([]) is None
    assert stats.mean([1, 2, 6]) == 3
    assert not math.isnan(stats.mean([0.1] * 10) or 0)
