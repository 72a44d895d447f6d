"""Text to search words: tokens, joined phrases, light stems, without words that say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from helpdesk.ai import vocabulary

LONGEST_TEXT = 4_000  # characters read of any text; the cost of a question stays bounded
APART = 3  # how many words the two parts of a phrase may stand apart

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_AMOUNT = re.compile(r"[€$£¥]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:[€$£¥]|k\b|(?:eur|usd|gbp|chf)\b)", re.I)
_MONEY_WORD = re.compile(r"\b\d[\d.,]*\s(?:euros?|dollars?|pounds?|francs?|bucks|cents?)\b", re.I)


class Word(NamedTuple):
    """A stem, and whether it carries meaning."""

    stem: str
    telling: bool


def terms(text: str) -> list[str]:
    """The search words of a text, in order, with repetitions; empty when none carries meaning."""
    return [word.stem for word in words(text) if word.telling]


def words(text: str) -> list[Word]:
    """Every word of a text as its stem, phrases joined: "take it out" is "it", "cashout"."""
    read: list[Word] = []
    for token in _tokens(text):
        word = Word(stem(token), token not in STOP)
        whole = next(_phrases_ending(word.stem, read), None)
        if whole is None:
            read.append(word)
        else:
            at, joined = whole
            del read[at]
            read.append(Word(joined, telling=True))
    return read


def stem(word: str) -> str:
    """A word without its ending, alike for "deposit", "deposits", "deposited" and "depositing"."""
    word = IRREGULAR.get(word, word)
    if len(word) <= 3 or not word.isalpha():
        return word
    word = _singular(word)
    for ending, instead in _ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and any(letter in "aeiouy" for letter in base):
            word = _undouble(base) + instead
            break
    if len(word) > 4 and word.endswith("ll"):
        return word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


_ENDINGS = (
    ("ication", "y"),
    ("ations", ""),
    ("ation", ""),
    ("ating", ""),
    ("ated", ""),
    ("ate", ""),
    ("ied", "y"),
    ("ing", ""),
    ("ed", ""),
    ("ment", ""),
    ("ly", ""),
)


def _tokens(text: str) -> Iterator[str]:
    """Lower-case words without accents or apostrophes; runs without spaces as pairs of letters."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].replace("\u2019", "'"))
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))
    # How much money it is about says nothing about the topic, and "500 euros" is not "currency".
    plain = _MONEY_WORD.sub(" ", _AMOUNT.sub(" ", plain.casefold()))
    for found in _TOKEN.finditer(plain):
        token = found.group()
        if _UNSPACED.fullmatch(token):
            yield from (token[at : at + 2] for at in range(max(1, len(token) - 1)))
        else:
            yield token.removesuffix("'s").replace("'", "")


def _phrases_ending(last: str, read: list[Word]) -> Iterator[tuple[int, str]]:
    """Where a phrase begins that this word ends, and what it means."""
    if last not in _LAST_PARTS:
        return
    for back in range(1, min(APART, len(read)) + 1):
        joined, may_stand_apart = PHRASES.get((read[-back].stem, last), ("", False))
        if joined and (back == 1 or may_stand_apart):
            yield len(read) - back, joined


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undouble(base: str) -> str:
    """Stopped is stop, but selling is sell and missing is miss."""
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "aeiouylsz":
        return base[:-1]
    return base


def _irregular(lines: str) -> Mapping[str, str]:
    forms: dict[str, str] = {}
    for line in lines.strip().splitlines():
        left, right = line.split(" = ")
        forms |= dict.fromkeys(left.split(), right)
    return forms


def _phrases(lines: str) -> Mapping[tuple[str, str], tuple[str, bool]]:
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for line in lines.strip().splitlines():
        left, joined = line.split(" = ")
        first, *between, last = left.split()
        found[stem(first), stem(last)] = stem(joined), bool(between)
    return found


def _synonyms(lines: str) -> Mapping[str, frozenset[str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for line in lines.strip().splitlines():
        group = {stem(word) for word in line.split()}
        for word in group:
            alike[word] |= group - {word}
    return {word: frozenset(others) for word, others in alike.items()}


STOP = frozenset(vocabulary.STOP.split())
IRREGULAR = _irregular(vocabulary.IRREGULAR)
PHRASES = _phrases(vocabulary.PHRASES)
_LAST_PARTS = frozenset(last for _, last in PHRASES)
SYNONYMS = _synonyms(vocabulary.SYNONYMS)
"""From a stem to the stems that may stand for it."""
