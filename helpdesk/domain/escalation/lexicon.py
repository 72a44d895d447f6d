"""Word lists with weights, found in a message in one pass, whatever the message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from helpdesk.domain.escalation.words import MARKS, Span, Words

Classes = Mapping[str, frozenset[str]]

SHORTEST_STEM = 4  # characters before the ``*``; by so many, stems are looked up
MOST_SPANS = 12  # evidence for a reader; a message of one repeated word needs no 2,000 marks


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

    Phrases are indexed by their first word, so a word that begins none costs one look-up; a phrase
    is at most a dozen words long and reads each of them a few times at worst.
    """

    def __init__(self, phrases: Mapping[str, float], classes: Classes | None = None) -> None:
        self._index: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[tuple[str, _Entry]]] = {}
        for phrase, weight in phrases.items():
            elements = tuple(_element(word, classes or {}) for word in phrase.split())
            for at, element in enumerate(elements):
                self._enter(
                    element, _Entry(weight, elements, at + 1, _going_on(elements[at + 1 :]))
                )
                if not element.optional:
                    break

    def find(self, words: Words) -> list[Hit]:
        """The longest phrase at each place, from left to right, without overlaps."""
        index, stems, tokens = self._index, self._stems, words.tokens
        hits: list[Hit] = []
        free = 0
        for at, token in enumerate(tokens):
            if token not in index and token[:SHORTEST_STEM] not in stems:
                continue
            if at >= free and (best := self._longest_at(tokens, at)):
                hits.append(best)
                free = best.last + 1
        return hits

    def _enter(self, element: _Element, entry: _Entry) -> None:
        for word in element.words:
            self._index.setdefault(word, []).append(entry)
        for stem in element.stems:
            self._stems.setdefault(stem[:SHORTEST_STEM], []).append((stem, entry))

    def _longest_at(self, tokens: tuple[str, ...], at: int) -> Hit | None:
        token = tokens[at]
        follower = tokens[at + 1] if at + 1 < len(tokens) else ""
        best: Hit | None = None
        for entry in self._index.get(token, ()):
            if entry.followers is None or follower in entry.followers:
                best = _longer(entry, tokens, at, best)
        for stem, entry in self._stems.get(token[:SHORTEST_STEM], ()):
            if token.startswith(stem):
                best = _longer(entry, tokens, at, best)
        return best


def together(weights: Iterable[float]) -> float:
    """Several weights as one score, as if each were an independent chance: never above 1."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt


def spans_of(words: Words, hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Where the phrases stand in the text: the first few of them."""
    found = sorted(words.span(hit.first, hit.last) for hit in hits)
    return tuple(found[:MOST_SPANS])


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str]
    stems: tuple[str, ...]
    anything: bool
    optional: bool

    def fits(self, token: str) -> bool:
        if token in self.words:
            return True
        if self.stems and token.startswith(self.stems):
            return True
        return self.anything and token not in MARKS


@dataclass(frozen=True, slots=True)
class _Entry:
    """A phrase whose element before ``then`` has been found.

    ``followers`` are the words it can go on with, or ``None`` if that cannot be said so simply.
    """

    weight: float
    elements: tuple[_Element, ...]
    then: int
    followers: frozenset[str] | None


def _going_on(rest: tuple[_Element, ...]) -> frozenset[str] | None:
    """The words that can come next in a phrase; it saves a look at most phrases."""
    words: frozenset[str] = frozenset()
    for element in rest:
        if element.stems or element.anything:
            return None
        words |= element.words
        if not element.optional:
            return words
    return None


def _longer(entry: _Entry, tokens: tuple[str, ...], at: int, best: Hit | None) -> Hit | None:
    """The phrase, if it goes on here and reaches further than the best so far, else the best."""
    end = _end(entry.elements, entry.then, tokens, at + 1)
    if end < 0:
        return best
    hit = Hit(entry.weight, at, end - 1)
    if best is None or (hit.last, hit.weight) > (best.last, best.weight):
        return hit
    return best


def _end(elements: tuple[_Element, ...], then: int, tokens: tuple[str, ...], at: int) -> int:
    """The token after the phrase, -1 if it does not go on here. An optional word is taken first."""
    while then < len(elements):
        element = elements[then]
        fits = at < len(tokens) and element.fits(tokens[at])
        then += 1
        if element.optional:
            if fits and (end := _end(elements, then, tokens, at + 1)) >= 0:
                return end
        elif fits:
            at += 1
        else:
            return -1
    return at


def _element(written: str, classes: Classes) -> _Element:
    words: set[str] = set()
    stems: list[str] = []
    alternatives = written.removesuffix("?").split("/")
    for word in alternatives:
        if word.startswith("<"):
            words |= classes[word[1:-1]]
        elif word.endswith("*"):
            assert len(word) > SHORTEST_STEM, word
            stems.append(word[:-1])
        elif word != "_":
            words.add(word)
    return _Element(frozenset(words), tuple(stems), "_" in alternatives, written.endswith("?"))
