"""How alike two questions are worded: words and pairs of words, small words included."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from helpdesk.ai.words import SYNONYMS, words

LONGEST = 120  # words of a question that are compared

Grams = frozenset[str]


def wording(text: str) -> list[str]:
    """A text as it is worded: every stem in order, those included that a search leaves out."""
    return [word.stem for word in words(text)][:LONGEST]


class Phrasing:
    """The questions that each article is known to answer, compared by rare words and pairs."""

    def __init__(self, questions: Iterable[Iterable[str]]) -> None:
        self._entries = [
            tuple(_grams(wording(question)) for question in asked) for asked in questions
        ]
        self._all = [frozenset[str]().union(*entry) for entry in self._entries]
        spread = Counter(gram for known in self._all for gram in known)
        entries = len(self._entries)
        self._rarest = math.log(1 + (entries + 0.5) / 0.5)
        self._rarity = {
            gram: math.log(1 + (entries - count + 0.5) / (count + 0.5))
            for gram, count in spread.items()
        }
        self._lengths = [tuple(self._length(one) for one in entry) for entry in self._entries]

    def compare(self, entry: int, asked: Sequence[str]) -> tuple[float, float]:
        """How alike a wording is to what the entry is known to answer, twice 0..1.

        First the cosine to its nearest question, then the share of the words and pairs that any
        of its questions has. A word counts as said when the entry's own word for it was meant.
        """
        said = _grams([self._in_words_of(entry, word) for word in asked])
        # fsum adds exactly in any order, so that the order of a set, which differs from process
        # to process, cannot change a confidence.
        whole = math.fsum(self._weight(gram) for gram in said)
        heard = math.fsum(self._weight(gram) for gram in said & self._all[entry])
        length = self._length(said)
        nearest = 0.0
        for known, known_length in zip(self._entries[entry], self._lengths[entry], strict=True):
            shared = math.fsum(self._rarity[gram] ** 2 for gram in said & known)
            if shared:
                nearest = max(nearest, shared / (length * known_length))
        return min(1.0, nearest), heard / whole if whole else 0.0

    def _in_words_of(self, entry: int, word: str) -> str:
        known = self._all[entry]
        if word in known:
            return word
        return min((other for other in SYNONYMS.get(word, ()) if other in known), default=word)

    def _length(self, said: Grams) -> float:
        return math.sqrt(math.fsum(self._weight(gram) ** 2 for gram in said))

    def _weight(self, gram: str) -> float:
        return self._rarity.get(gram, self._rarest)


def _grams(said: Sequence[str]) -> Grams:
    return frozenset(said) | {f"{left} {right}" for left, right in pairwise(said)}
