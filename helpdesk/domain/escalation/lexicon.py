"""Word lists with weights, found in a message in one pass, whatever the message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from helpdesk.domain.escalation.words import MARKS, Span, Words

Classes = Mapping[str, frozenset[str]]


class Hit(NamedTuple):
    """A phrase was found: tokens ``first`` to ``last`` of the message, both included."""

    weight: float
    first: int
    last: int


class Lexicon:
    """Phrases and what each is worth, 0..1.

    A phrase is a row of words: ``a/b`` is either word, ``<name>`` any word of that class, ``hack*``
    any word that begins so, ``_`` any one word, and a trailing ``?`` makes a word optional
    (``my? money``).

    Finding costs a few dictionary look-ups a word, more only where a phrase begins: there is no
    pattern that could backtrack.
    """

    def __init__(self, phrases: Mapping[str, float], classes: Classes | None = None) -> None:
        self._root = _Node()
        for phrase, weight in phrases.items():
            for row in _rows(phrase):
                node = self._root
                for element in row:
                    node = node.step(element, classes or {})
                node.weight = max(node.weight, weight)

    def find(self, words: Words) -> list[Hit]:
        """The longest phrase at each place, from left to right, without overlaps."""
        hits: list[Hit] = []
        at = 0
        while at < len(words.tokens):
            best = self.longest_at(words.tokens, at)
            if best is None:
                at += 1
            else:
                hits.append(best)
                at = best.last + 1
        return hits

    def longest_at(self, tokens: tuple[str, ...], at: int) -> Hit | None:
        """The longest phrase that begins at token ``at``; of two as long, the heavier."""
        found = self._root.walk(tokens, at, at)
        return max(found, key=lambda hit: (hit.last, hit.weight), default=None)


def together(weights: Iterable[float]) -> float:
    """Several weights as one score, as if each were an independent chance: never above 1."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt


def spans_of(words: Words, hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Where the phrases stand in the text."""
    return tuple(words.span(hit.first, hit.last) for hit in hits)


@dataclass(slots=True)
class _Node:
    weight: float = 0.0
    words: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    classes: dict[frozenset[str], _Node] = field(default_factory=dict)
    any_word: _Node | None = None

    def step(self, element: str, classes: Classes) -> _Node:
        """The node after one more element of a phrase; made if it is new."""
        if element == "_":
            self.any_word = self.any_word or _Node()
            return self.any_word
        if element.startswith("<"):
            return self.classes.setdefault(classes[element[1:-1]], _Node())
        if element.endswith("*"):
            self.lengths = tuple(sorted({*self.lengths, len(element) - 1}))
            return self.stems.setdefault(element[:-1], _Node())
        return self.words.setdefault(element, _Node())

    def walk(self, tokens: tuple[str, ...], at: int, first: int) -> Iterator[Hit]:
        """Every phrase that began at ``first`` and goes on at ``at``."""
        if self.weight:
            yield Hit(self.weight, first, at - 1)
        if at < len(tokens):
            for node in self._after(tokens[at]):
                yield from node.walk(tokens, at + 1, first)

    def _after(self, token: str) -> Iterator[_Node]:
        if token in self.words:
            yield self.words[token]
        for length in self.lengths:
            if token[:length] in self.stems:
                yield self.stems[token[:length]]
        for members, node in self.classes.items():
            if token in members:
                yield node
        if self.any_word is not None and token not in MARKS:
            yield self.any_word


def _rows(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every plain row that a phrase with alternatives and optional words stands for."""
    choices: list[tuple[tuple[str, ...], ...]] = []
    for element in phrase.split():
        optional = element.endswith("?")
        options = tuple((word,) for word in element.removesuffix("?").split("/"))
        choices.append((*options, ()) if optional else options)
    for combination in product(*choices):
        yield tuple(word for part in combination for word in part)
