"""Where replies come from: the setting, a company's own function, and what it may give back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from helpdesk.ai import AiError, AiTimeout, Reply, Source, checked, load
from helpdesk.ai.builtin import BuiltIn
from helpdesk.ai.contract import LONGEST_REPLY
from tests.unit.ai.talk import LAMPS, said

GOOD = Reply(
    text="Hello", confidence=0.5, sources=(Source(article_id=1, title="Hours", version=2),)
)

Define = Callable[[Callable[..., Any]], str]


@pytest.fixture
def define() -> Iterator[Define]:
    """Puts a function where a setting can name it; returns that name."""
    module = ModuleType("shop_assistant")
    sys.modules[module.__name__] = module

    def put(function: Callable[..., Any]) -> str:
        module.__dict__["answer"] = function
        return "shop_assistant:answer"

    yield put
    del sys.modules[module.__name__]


def test_builtin_is_the_built_in_assistant() -> None:
    assert isinstance(load("builtin"), BuiltIn)


def test_a_function_of_the_companys_own_answers(define: Define) -> None:
    heard: list[str] = []

    def answer(transcript: Any, knowledge: Any, *, deadline: float, on_text: Any) -> Reply:
        on_text("You asked: ")
        best = knowledge.search(transcript.question(), 1)[0].article
        return Reply(text=f"{best.title} within {deadline:g} s", confidence=0.4)

    responder = load(define(answer))
    reply = responder.reply(said("Which bulb fits?"), LAMPS, deadline=3, on_text=heard.append)
    assert reply == Reply(text="Changing the bulb within 3 s", confidence=0.4)
    assert heard == ["You asked: "]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("gpt", "builtin or package.module:function"),
        ("", "builtin or package.module:function"),
        ("json:", "builtin or package.module:function"),
        ("no.such.module:answer", "cannot be imported"),
        ("json:no_such_function", "has no function no_such_function"),
        ("json:__doc__", "has no function __doc__"),
    ],
)
def test_a_source_that_does_not_exist_is_refused_by_name(source: str, says: str) -> None:
    with pytest.raises(AiError, match=says):
        load(source)


def test_whatever_a_function_raises_becomes_one_error(define: Define) -> None:
    def answer(*_: Any, **__: Any) -> Reply:
        raise KeyError("price")

    with pytest.raises(AiError, match="KeyError"):
        load(define(answer)).reply(said("Hi"), LAMPS, deadline=1)


def test_a_late_reply_is_thrown_away(define: Define) -> None:
    def answer(*_: Any, deadline: float, **__: Any) -> Reply:
        time.sleep(deadline * 2)
        return GOOD

    with pytest.raises(AiTimeout):
        load(define(answer)).reply(said("Hi"), LAMPS, deadline=0.01)


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "Hello",
        {"text": "Hello", "confidence": 1},
        replace(GOOD, text=""),
        replace(GOOD, text=" \0 "),
        replace(GOOD, text=7),  # type: ignore[arg-type]
        replace(GOOD, confidence=float("nan")),
        replace(GOOD, confidence="high"),  # type: ignore[arg-type]
        replace(GOOD, refused="perhaps"),
    ],
)
def test_nonsense_is_no_reply(nonsense: object) -> None:
    with pytest.raises(AiError):
        checked(nonsense)


def test_a_reply_is_made_safe_to_store() -> None:
    assert checked(GOOD) == GOOD
    assert checked(replace(GOOD, text="a\0b")).text == "ab"
    assert len(checked(replace(GOOD, text="x" * 10_000_000)).text) == LONGEST_REPLY
    assert checked(replace(GOOD, confidence=7)).confidence == 1.0
    assert checked(replace(GOOD, confidence=-1)).confidence == 0.0


def test_a_refusal_has_neither_text_nor_sources() -> None:
    reply = checked(replace(GOOD, refused="does_not_know"))
    assert (reply.text, reply.sources, reply.refused) == ("", (), "does_not_know")
