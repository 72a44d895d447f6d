"""Words and phrases: positions hold, and phrases mean what their notation says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.escalation.lexicon import Lexicon, together
from helpdesk.domain.escalation.words import fold, read


@given(st.text(max_size=300))
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=300))
def test_every_token_stands_where_it_says(text: str) -> None:
    words = read(text)
    assert len(words.tokens) == len(words.starts) == len(words.ends)
    assert list(words.starts) == sorted(words.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(words.starts, words.ends, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I don’t KNOW", ("i", "dont", "know")),
        ("Möchte, bitte?!", ("mochte", ",", "bitte", "?")),
        ("mo\u0308chte", ("mochte",)),
        ("soooo slow", ("so", "slow")),
        ("log-in", ("log", "in")),
        ("...", (".",)),
        ("  ", ()),
    ],
)
def test_words_are_read_without_case_accents_and_apostrophes(
    text: str, tokens: tuple[str, ...]
) -> None:
    assert read(text).tokens == tokens


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("my? money", "where is my money", "my money"),
        ("my? money", "where is money", "money"),
        ("lost/stolen card", "a stolen card", "stolen card"),
        ("hack*", "they hacked me", "hacked"),
        ("put _ down", "please put it down", "put it down"),
        ("<who> calls", "nobody calls", "nobody calls"),
        ("a? b? c", "a c", "a c"),
    ],
)
def test_a_phrase_finds_what_its_notation_says(phrase: str, text: str, found: str) -> None:
    lexicon = Lexicon({phrase: 0.5}, {"who": frozenset({"nobody", "everybody"})})
    words = read(text)
    [hit] = lexicon.find(words)
    start, end = words.span(hit.first, hit.last)
    assert text[start:end] == found


@pytest.mark.parametrize(
    ("phrase", "text"),
    [("put _ down", "put. down"), ("lost card", "lost. Card"), ("hack*", "shack"), ("a b", "a")],
)
def test_a_phrase_does_not_reach_over_a_full_stop_nor_into_other_words(
    phrase: str, text: str
) -> None:
    assert Lexicon({phrase: 0.5}).find(read(text)) == []


def test_the_longest_phrase_wins_and_phrases_do_not_overlap() -> None:
    lexicon = Lexicon({"not good": 0.7, "good": 0.1, "not": 0.2})
    assert [hit.weight for hit in lexicon.find(read("not good good not"))] == [0.7, 0.1, 0.2]


@given(st.lists(st.floats(0, 1)))
def test_weights_together_stay_between_the_largest_and_one(weights: list[float]) -> None:
    assert max(weights, default=0.0) - 1e-9 <= together(weights) <= 1.0
