"""Templates that admins write: filled once, and refused with a position when they are wrong."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.message_templates import DEFAULTS, PLACEHOLDERS
from helpdesk.domain.wording import FALLBACKS, BadTemplate, check, fill, names_in, place


def test_placeholders_are_replaced_by_their_values() -> None:
    text = fill("Hi {{customer_name}}, {{ agent_name }} here.", {
        "customer_name": "Maya", "agent_name": "Sarah",
    })  # fmt: skip
    assert text == "Hi Maya, Sarah here."


def test_an_unknown_customer_is_greeted_with_a_fallback_word() -> None:
    assert fill("Hi {{customer_name}}!", {"customer_name": "  "}) == "Hi there!"
    assert fill("Hi {{customer_name}}!", {}) == "Hi there!"


def test_a_value_is_never_read_for_placeholders_again() -> None:
    values = {"customer_name": "{{agent_name}}", "agent_name": "Sarah"}
    assert fill("Hi {{customer_name}}", values) == "Hi {{agent_name}}"


def test_values_are_escaped_for_the_place_and_the_template_is_not() -> None:
    text = fill("<b>{{issue}}</b>", {"issue": "<script>"}, escape=html.escape)
    assert text == "<b>&lt;script&gt;</b>"


@pytest.mark.parametrize(
    ("template", "position", "words"),
    [
        ("Hi {{custmer_name}}", 3, "Did you mean {{customer_name}}?"),
        ("Hi {{Agent_Name}}", 3, "Did you mean {{agent_name}}?"),
        ("Hi {{password_hash}}", 3, "There is no {{password_hash}}."),
        ("Hi {{ customer_name", 3, "must be followed by a name"),
        ("Hi {{customer_name.email}}", 3, "must be followed by a name"),
        ("{{}}", 0, "must be followed by a name"),
        ("{{{customer_name}}}", 0, "must be followed by a name"),
        ("a {% if x %}", 2, "“{%” cannot be used"),
        ("a {# b", 2, "“{#” cannot be used"),
        (" \n", 0, "empty"),
        ("x" * 2_001, 2_000, "2,001 characters long; 2,000 is the most"),
    ],
)
def test_a_wrong_template_is_refused_with_the_position(
    template: str, position: int, words: str
) -> None:
    problem = check(template)[0]
    assert problem.position == position
    assert words in problem.text
    with pytest.raises(BadTemplate):
        fill(template, {})


def test_all_problems_are_named_in_order() -> None:
    assert [problem.position for problem in check("{{a}} {% b %} {{issue}} {{c}}")] == [0, 6, 24]


@pytest.mark.parametrize("key", DEFAULTS)
def test_every_sentence_of_the_product_can_be_filled(key: str) -> None:
    assert check(DEFAULTS[key].body) == []
    assert "{{" not in fill(DEFAULTS[key].body, {})


def test_every_placeholder_has_a_fallback() -> None:
    assert set(FALLBACKS) == set(PLACEHOLDERS)


@given(st.text(st.sampled_from("{}%# abcdefissue_"), max_size=60), st.text(max_size=40))
def test_whatever_passes_the_check_can_be_filled(template: str, value: str) -> None:
    if check(template):
        with pytest.raises(BadTemplate):
            fill(template, {})
    else:
        fill(template, dict.fromkeys(PLACEHOLDERS, value))


def test_the_placeholders_of_a_text_are_named_once_and_in_order() -> None:
    text = "{{agent_name}} to {{ customer_name }}: {{agent_name}}, {{nothing}}"
    assert names_in(text) == ("agent_name", "customer_name")


def test_a_position_is_a_line_and_a_character() -> None:
    text = "Hello\n  {{nobody}}"
    [problem] = check(text)
    assert place(text, problem.position) == (2, 3)
