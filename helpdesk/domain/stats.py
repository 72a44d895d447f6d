"""Figures and how far they can be trusted: shares with intervals, percentiles, differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH = 20
"""Below so many cases a change says more about chance than about the desk."""

# 95 % of a normal distribution lie within so many standard deviations.
_Z = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """So many of so many. Of nothing there is no share."""

    count: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.total:
            raise ValueError(f"{self.count} of {self.total} is no proportion")

    @property
    def share(self) -> float | None:
        """From 0 to 1; ``None`` of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 95 times of 100 (Wilson's score interval).

        Unlike the usual one it stays within 0 and 1 and holds for few cases too.
        """
        if not self.total:
            return 0.0, 1.0
        share, n = self.count / self.total, self.total
        middle = share + _Z**2 / (2 * n)
        reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        scale = 1 + _Z**2 / n
        # At the ends rounding must not lift 0 of n above zero, nor n of n below one.
        low = 0.0 if self.count == 0 else (middle - reach) / scale
        high = 1.0 if self.count == n else (middle + reach) / scale
        return low, high


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changed between two shares: the change itself, and where the true one lies."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether "no change" lies outside of the interval."""
        return self.low > 0 or self.high < 0


def difference(before: Proportion, after: Proportion) -> Difference | None:
    """How a share changed, with Newcombe's interval; ``None`` if either is of too few cases."""
    if before.share is None or after.share is None or min(before.total, after.total) < ENOUGH:
        return None
    (low_1, high_1), (low_2, high_2) = before.interval, after.interval
    value = after.share - before.share
    return Difference(
        value=value,
        low=value - math.hypot(after.share - low_2, high_1 - before.share),
        high=value + math.hypot(high_2 - after.share, before.share - low_1),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which this share of the values lies, between two of them by their distance.

    The same as PostgreSQL's ``percentile_cont``. The values come in any order; of none there is
    none.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The value in the middle."""
    return percentile(values, 0.5)


def mean(values: Sequence[float]) -> float | None:
    """The average; of nothing there is none."""
    return math.fsum(values) / len(values) if values else None
