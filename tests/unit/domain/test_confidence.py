"""From what a search found to the chance of being right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.confidence import (
    FEATURES,
    KNOWN_AT_LEAST,
    REFUSE_BELOW,
    SHIPPED,
    Retrieval,
    features,
    logistic,
)

PERFECT = Retrieval(coverage=1, wording=1, heard=1, margin=0.6, known=1, words=3)
NOTHING = Retrieval(coverage=0, wording=0, heard=0, margin=0, known=0, words=1)

shares = st.floats(0, 1)
retrievals = st.builds(
    Retrieval,
    coverage=shares,
    wording=shares,
    heard=shares,
    margin=shares,
    known=shares,
    words=st.integers(0, 10_000),
)


def test_the_very_question_is_nearly_certain_and_nothing_in_common_is_not() -> None:
    assert SHIPPED.confidence(PERFECT) > 0.95
    assert SHIPPED.confidence(NOTHING) < 0.05


@given(found=retrievals, feature=st.sampled_from(["coverage", "wording", "heard", "margin"]))
def test_more_evidence_never_lowers_the_confidence(found: Retrieval, feature: str) -> None:
    changes: dict[str, Any] = {feature: 1.0}
    surer = replace(found, **changes)
    assert SHIPPED.confidence(surer) >= SHIPPED.confidence(found)


@given(found=retrievals)
def test_the_confidence_is_a_chance(found: Retrieval) -> None:
    assert 0.0 <= SHIPPED.confidence(found) <= 1.0


def test_one_word_is_trusted_less_than_three_and_ten_as_much_as_a_hundred() -> None:
    one, three = replace(PERFECT, words=1), replace(PERFECT, words=3)
    assert SHIPPED.confidence(one) < SHIPPED.confidence(three)
    ten, hundred = replace(PERFECT, words=10), replace(PERFECT, words=100)
    assert SHIPPED.confidence(ten) == SHIPPED.confidence(hundred)


def test_every_coefficient_has_its_feature_and_they_name_their_source() -> None:
    assert tuple(features(PERFECT)) == FEATURES
    assert "tools/fit_confidence.py" in SHIPPED.source


def test_the_limits_leave_room_for_answers_that_are_not_certain() -> None:
    assert 0.0 < REFUSE_BELOW < 0.5
    assert 0.0 < KNOWN_AT_LEAST < 0.5


@pytest.mark.parametrize(("value", "chance"), [(0, 0.5), (1e6, 1.0), (-1e6, 0.0)])
def test_the_curve_is_safe_at_its_ends(value: float, chance: float) -> None:
    assert logistic(value) == pytest.approx(chance)
