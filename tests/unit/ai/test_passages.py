"""What is said of an article."""

from __future__ import annotations

import pytest

from helpdesk.ai.passages import answer, plain, sentence

LONG = (
    "Lamps come in many kinds and we make most of them by hand in a small town by the sea. "
    + "Every workshop has its own tradition and its own way of bending wood into shape. " * 6
    + "Refunds are paid within five days. They go to the card that you paid with. "
    + "Our shops are open on weekdays and the people there are glad to show you everything. " * 4
)


def test_a_short_body_is_said_whole() -> None:
    body = "Switch it off. Let it cool. Turn the bulb."
    assert answer(body, {}) == body


def test_of_a_long_body_the_sentences_that_matter_are_said_in_their_order() -> None:
    said = answer(LONG, {"refund": 3.0, "card": 1.0})
    assert "Refunds are paid within five days." in said
    assert "They go to the card that you paid with." in said
    assert len(said.split()) <= 90
    assert said.index("Refunds") < said.index("They go")


def test_without_a_hint_the_beginning_is_said() -> None:
    assert answer(LONG, {}).startswith("Lamps come in many kinds")


def test_one_endless_sentence_is_cut() -> None:
    said = answer("word " * 500, {})
    assert len(said.split()) <= 91
    assert said.endswith("…")


def test_a_long_text_without_spaces_is_cut_too() -> None:
    assert len(answer("灯" * 5_000, {})) < 1_000


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Title\nText", "Title\nText"),
        ("**Bold** and *soft* and `code`", "Bold and soft and code"),
        ("See [our page](https://a.example/x).", "See our page (https://a.example/x)."),
        ("![a cat](https://a.example/cat.png) Hello", "Hello"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("> quoted", "quoted"),
        ("<b onclick=x>Hi</b> there", "Hi there"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("---\nText", "Text"),
    ],
)
def test_no_markup_is_left(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_the_one_sentence_about_a_word_can_be_picked() -> None:
    body = "It is free. Delivery takes two days. The smallest amount is €10."
    assert sentence(body, {"delivery": 1.0}) == "Delivery takes two days."
    assert sentence(body, {"zebra": 1.0}) == ""
    assert sentence("", {"zebra": 1.0}) == ""
