"""Search over the knowledge articles: BM25 over weighted fields, then likeness to known questions.

An index is built once from one version of the knowledge and never changes: share it freely.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.ai.contract import Article, Hit
from helpdesk.ai.phrasing import Phrasing, wording
from helpdesk.ai.words import SYNONYMS, terms
from helpdesk.domain.confidence import Retrieval

TITLE, QUESTIONS, TAGS, BODY = 2.0, 1.5, 1.0, 1.0  # what a word counts in each field
SATURATION = 1.2  # BM25's k1: how soon repeating a word stops to help
LENGTH = 0.6  # BM25's b: how much a long field is held against it
RESCORED = 10  # articles whose questions are compared with the customer's
WORDING = 0.5  # share of that comparison in the final score
SYNONYM = 0.8  # what a word counts that stands for the customer's own
TYPO = 0.8  # what a word counts that was probably misspelt
MOST_TERMS = 40  # a longer text is cut: the cost of a search stays bounded


@dataclass(frozen=True)
class _Term:
    """A word of the question, what it weighs, and the known words that stand for it."""

    word: str
    weight: float
    standing_for: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Found:
    """One article while it is being ranked."""

    entry: int
    score: float
    coverage: float
    wording: float
    heard: float

    @property
    def total(self) -> float:
        return (1 - WORDING) * self.score + WORDING * self.wording


class KnowledgeBase:
    """The articles of one knowledge version, ready to be searched. Immutable, thread-safe."""

    def __init__(self, articles: Iterable[Article], *, version: int | str = 0) -> None:
        self.version = version
        self.articles = tuple(articles)
        self._phrasing = Phrasing((a.title, *a.questions) for a in self.articles)
        weighted = _weighted_counts(self.articles)
        self._words_of = tuple(frozenset(counts) for counts in weighted)
        spread = Counter(word for known in self._words_of for word in known)
        self._rarity = {word: self._idf(articles) for word, articles in spread.items()}
        self._postings: dict[str, list[tuple[int, float]]] = {word: [] for word in spread}
        for entry, counts in enumerate(weighted):
            for word, count in counts.items():
                value = self._rarity[word] * count / (SATURATION + count)
                self._postings[word].append((entry, value))
        self._by_first: dict[str, list[str]] = {}
        for word in spread:
            self._by_first.setdefault(word[0], []).append(word)

    def search(self, text: str, limit: int = 3) -> list[Hit]:
        """The articles nearest to the text, best first; none when no word of it is known."""
        question = self._read(text)
        whole = sum(term.weight for term in question)
        if not whole:
            return []
        found = self._rank(question, whole, text)
        known = sum(term.weight for term in question if term.standing_for) / whole
        words = self._words(question)
        hits: list[Hit] = []
        for place, one in enumerate(found[:limit]):
            rival = found[place + 1].total if place + 1 < len(found) else 0.0
            retrieval = Retrieval(
                coverage=one.coverage,
                wording=one.wording,
                heard=one.heard,
                margin=one.total - rival,
                known=known,
                words=len(question),
            )
            article = self.articles[one.entry]
            hits.append(Hit(article=article, score=one.total, retrieval=retrieval, words=words))
        return hits

    def _idf(self, articles: int) -> float:
        return math.log(1 + (len(self.articles) - articles + 0.5) / (articles + 0.5))

    def _read(self, text: str) -> list[_Term]:
        question: list[_Term] = []
        for word in list(dict.fromkeys(terms(text)))[:MOST_TERMS]:
            standing_for = self._standing_for(word)
            if word in self._rarity:
                weight = self._rarity[word]
            elif standing_for:
                weight = max(self._rarity[other] for other, _ in standing_for)
            elif word.isdigit():
                continue  # an amount or a date: says nothing about the topic
            else:
                weight = self._idf(0)
            question.append(_Term(word, weight, standing_for))
        return question

    def _standing_for(self, word: str) -> tuple[tuple[str, float], ...]:
        known = [(word, 1.0)] if word in self._rarity else []
        known += [(other, SYNONYM) for other in SYNONYMS.get(word, ()) if other in self._rarity]
        if not known and len(word) >= 5:
            near = self._by_first.get(word[0], ())
            known = [(other, TYPO) for other in near if len(other) >= 4 and one_edit(word, other)]
        return tuple(sorted(known))

    def _words(self, question: list[_Term]) -> dict[str, float]:
        words: dict[str, float] = {}
        for term in question:
            for word, share in term.standing_for:
                words[word] = max(words.get(word, 0.0), share * self._rarity[word])
        return words

    def _rank(self, question: list[_Term], whole: float, text: str) -> list[_Found]:
        scores: dict[int, float] = defaultdict(float)
        for term in question:
            for entry, value in self._best_of(term).items():
                scores[entry] += value
        likely = heapq.nlargest(RESCORED, scores, key=lambda entry: (scores[entry], -entry))
        asked = wording(text)
        found: list[_Found] = []
        for entry in likely:
            nearest, heard = self._phrasing.compare(entry, asked)
            covered = self._covered(entry, question) / whole
            found.append(_Found(entry, min(1.0, scores[entry] / whole), covered, nearest, heard))
        return sorted(found, key=lambda one: (-one.total, one.entry))

    def _best_of(self, term: _Term) -> dict[int, float]:
        """What each article gets for a word: once, by whichever word stands for it best."""
        best: dict[int, float] = {}
        for word, share in term.standing_for:
            for entry, value in self._postings[word]:
                if share * value > best.get(entry, 0.0):
                    best[entry] = share * value
        return best

    def _covered(self, entry: int, question: list[_Term]) -> float:
        known = self._words_of[entry]
        return math.fsum(
            term.weight
            * max((share for word, share in term.standing_for if word in known), default=0)
            for term in question
        )


def one_edit(left: str, right: str) -> bool:
    """Whether one letter added, left out, changed or swapped makes one word of the other."""
    short, long = sorted((left, right), key=len)
    if len(long) - len(short) > 1:
        return False
    at = 0
    while at < len(short) and short[at] == long[at]:
        at += 1
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])


def _weighted_counts(articles: tuple[Article, ...]) -> list[dict[str, float]]:
    """BM25F: how often each word occurs in each article, weighted by field and field length."""
    weights = (TITLE, QUESTIONS, TAGS, BODY)
    rows = [[terms(field) for field in _fields(article)] for article in articles]
    usual = [sum(len(row[at]) for row in rows) / (len(rows) or 1) or 1.0 for at in range(4)]
    weighted: list[dict[str, float]] = []
    for row in rows:
        counts: dict[str, float] = defaultdict(float)
        for words, weight, length in zip(row, weights, usual, strict=True):
            norm = 1 - LENGTH + LENGTH * len(words) / length
            for word, count in Counter(words).items():
                counts[word] += weight * count / norm
        weighted.append(dict(counts))
    return weighted


def _fields(article: Article) -> tuple[str, str, str, str]:
    questions, tags = "\n".join(article.questions), "\n".join(article.tags)
    return article.title, questions, tags, article.body
