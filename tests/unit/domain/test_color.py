"""Colours that admins choose: read, and measured against black and white."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.color import LEAST_CONTRAST, BadColor, clean_color, contrast, ink_on


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("#0b6b66", "#0B6B66"), (" 0B6B66 ", "#0B6B66"), ("#fa0", "#FFAA00")],
)
def test_a_colour_is_kept_in_one_way_of_writing(typed: str, kept: str) -> None:
    assert clean_color(typed) == kept


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#GGGGGG", "#0b6b66;}", "rgb(0,0,0)"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(BadColor, match="six digits"):
        clean_color(typed)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0B6B66", "#FFFFFF") == pytest.approx(6.3, abs=0.05)


def test_words_are_white_on_dark_and_black_on_light() -> None:
    assert ink_on("#0B6B66").word == "white"
    assert ink_on("#FFD400").word == "black"


def test_a_colour_on_which_nothing_can_be_read_is_refused_with_what_was_measured() -> None:
    with pytest.raises(BadColor, match=r"black measures 4\.69:1, and 7:1 is needed"):
        clean_color("#777777", least=7)


@given(st.integers(0, 0xFFFFFF))
def test_black_or_white_can_be_read_on_every_colour(number: int) -> None:
    assert ink_on(f"#{number:06X}").contrast >= LEAST_CONTRAST
