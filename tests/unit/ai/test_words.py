"""Text to search words."""

from __future__ import annotations

import pytest

from helpdesk.ai.words import SYNONYMS, stem, terms


@pytest.mark.parametrize(
    "alike",
    [
        ("deposit", "deposits", "deposited", "depositing"),
        ("close", "closed", "closing", "closes"),
        ("verify", "verifies", "verified", "verification"),
        ("withdraw", "withdrawal", "withdrawals", "withdrew", "withdrawl"),
        ("stop", "stopped", "stopping"),
        ("cancel", "cancelled", "cancelling", "canceled"),
        ("activate", "activated", "activation"),
        ("fee", "fees"),
    ],
)
def test_endings_do_not_matter(alike: tuple[str, ...]) -> None:
    assert len({stem(word) for word in alike}) == 1


@pytest.mark.parametrize("word", ["address", "status", "analysis", "2fa", "tax", "sell"])
def test_words_that_only_look_like_they_had_an_ending_stay(word: str) -> None:
    assert stem(word) == word


def test_small_words_say_nothing() -> None:
    assert terms("What is it that you can do for me, please?") == []


@pytest.mark.parametrize(
    "text", ["How do I log in?", "I can't sign in", "logging in fails", "It does not log me in"]
)
def test_two_words_that_mean_one_thing_are_joined(text: str) -> None:
    assert "login" in terms(text)


def test_the_parts_of_a_phrase_may_stand_apart() -> None:
    assert terms("How do I take my money out?") == ["money", "cashout"]


def test_an_amount_is_not_a_topic() -> None:
    assert terms("I want to withdraw 500 euros") == terms("I want to withdraw €2,400.50")
    assert terms("can I hold dollars?") == ["hold", "dollar"]


def test_accents_case_and_typographic_apostrophes_do_not_matter() -> None:
    assert terms("CAFÉ’S Menü") == terms("cafe's menu")


def test_languages_without_spaces_are_read_in_pairs_of_letters() -> None:
    assert terms("配送時間") == ["配送", "送時", "時間"]


def test_a_huge_text_is_read_only_in_part() -> None:
    assert len(terms("bulb " * 1_000_000)) <= 1_000


def test_synonyms_go_both_ways() -> None:
    assert stem("refund") in SYNONYMS[stem("reimburse")]
    assert stem("reimburse") in SYNONYMS[stem("refund")]
