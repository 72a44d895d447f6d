"""What people type: kept as it is, except for what would break a page or a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.text import BadText, clean, clean_line, excerpt, initials

ANYTHING = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize(
    "text",
    [
        "How do I add money?",
        "<script>alert(1)</script>",
        "{{7*7}} {% for %} ${7*7} %(x)s {0.__class__}",
        "' OR 1=1--",
        "<div hx-get=/sign-out hx-trigger=load>",
        "tab\tand\nline\n\nbreaks",
        "\u202eright to left override",
        "مرحبا، كيف حالك؟",
        "👩‍👩‍👧‍👦 👋🏽 ❤️",
        "नमस्ते ก็ดี Việt",
        "e\u0301 (a letter and its mark)",
    ],
)
def test_words_are_kept_as_they_are(text: str) -> None:
    assert clean(text, most=4_000) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  around  ", "around"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\0b", "ab"),
        ("a\ud800b\udfffc", "abc"),
        ("bell\x07 escape\x1b[31m delete\x7f", "bell escape[31m delete"),
        ("z" + "\u0301" * 50 + "algo", "z" + "\u0301" * 6 + "algo"),
        ("z" + "\u0301\u0489\u20dd" * 20, "z" + "\u0301\u0489\u20dd" * 2),
    ],
    ids=ascii,
)
def test_what_breaks_things_is_taken_out(typed: str, kept: str) -> None:
    assert clean(typed, most=4_000) == kept


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        " ",
        "\n\t ",
        "\0",
        "\ud800",
        "\u200b",
        "\u200b\u200d\ufeff",
        "\u2800",
        "\u3164",
        "\u00ad",
    ],
    ids=ascii,
)
def test_a_message_must_have_something_to_read(nothing: str) -> None:
    with pytest.raises(BadText, match="Write a message first"):
        clean(nothing, most=4_000)


def test_the_length_is_counted_in_characters_and_told() -> None:
    assert clean("😀" * 4_000, most=4_000) == "😀" * 4_000
    with pytest.raises(BadText, match="4,001 characters long; 4,000 is the most"):
        clean("x" * 4_001, most=4_000)
    assert clean(" " * 5_000 + "x", most=10) == "x", "what is not kept does not count"


@given(ANYTHING)
def test_any_text_is_refused_or_can_be_stored_and_shown(text: str) -> None:
    try:
        kept = clean(text, most=4_000)
    except BadText:
        return
    kept.encode()  # no lone surrogate: both databases take it
    assert "\0" not in kept
    assert not [sign for sign in kept if sign < " " and sign not in "\n\t"]
    assert clean(kept, most=4_000) == kept, "cleaning twice changes nothing"


def test_a_line_has_no_breaks_and_single_spaces() -> None:
    assert clean_line("  Maya   Lindqvist ", most=40) == "Maya Lindqvist"
    for bad in ("a\r\nBcc: x", "a\0b", "a\u2028b", "a\x1bb"):
        with pytest.raises(BadText, match="Line breaks and control characters"):
            clean_line(bad, most=40)
    with pytest.raises(BadText, match="At most 3 characters"):
        clean_line("abcd", most=3)


@given(st.text(max_size=120))
def test_a_line_that_is_taken_can_be_stored(text: str) -> None:
    try:
        kept = clean_line(text, most=100)
    except BadText:
        return
    assert kept.encode().isascii() == kept.isascii()
    assert "\0" not in kept
    assert len(kept.splitlines()) <= 1


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("one\n two") == "one two"
    assert excerpt("x" * 161) == "x" * 159 + "…"
    assert excerpt("aaaa bbbb", 6) == "aaaa…"
    assert len(excerpt("word " * 100)) <= 160


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Sarah Kim", "SK"),
        ("maya", "MA"),
        ("Ana María de la Cruz", "AC"),
        ("Å", "Å"),
        ("", "?"),
        ("--- !!!", "?"),
        ("李小龙", "李小"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
