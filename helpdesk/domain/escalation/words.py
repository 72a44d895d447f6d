"""A message as words: lower case, without accents, each knowing where it stands in the message."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

READ_AT_MOST = 4_000  # characters of a message that are looked at; the rest cannot cost time
LONGEST_WORD = 40  # a longer run of letters is cut: no word of any lexicon is that long

STOP = "."
COMMA = ","
QUESTION = "?"
MARKS = frozenset({STOP, COMMA, QUESTION})

Span = tuple[int, int]

_WORD_OR_MARK = re.compile(
    r"[^\W_](?:['\u0300-\u036f]*[^\W_])*[\u0300-\u036f]*"
    r"|[.!?;\n…。！？；]+|[,:()\u2013\u2014，、：]"
)
_INSIDE = re.compile("['\u0300-\u036f]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_APOSTROPHES = frozenset("\u2019\u2018\u02bc\u00b4`\u2032")


@dataclass(frozen=True, slots=True)
class Words:
    """``tokens[i]`` was read from ``text[starts[i]:ends[i]]``; the ends of clauses are tokens too.

    Full stops, exclamation and question marks become ``.`` and ``?``, pauses become ``,``, so that
    a phrase never reaches from one sentence into the next.
    """

    text: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, first: int, last: int) -> Span:
        """Where tokens ``first`` to ``last`` (both included) stand in the text."""
        return self.starts[first], self.ends[last]

    def spoken(self) -> tuple[str, ...]:
        """The words alone, without the marks."""
        return tuple(token for token in self.tokens if token not in MARKS)


def read(text: str) -> Words:
    """Split a message into words. The same text gives the same words; no text is refused."""
    folded = fold(text[:READ_AT_MOST])
    tokens: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORD_OR_MARK.finditer(folded):
        token = _token(match.group())
        if token in MARKS and tokens and tokens[-1] in MARKS:
            tokens[-1] = max(tokens[-1], token)  # "?" over ".", "." over ","
            continue
        tokens.append(token)
        starts.append(match.start())
        ends.append(match.end())
    return Words(text, tuple(tokens), tuple(starts), tuple(ends))


def fold(text: str) -> str:
    """Lower case without accents, character for character, so that positions still hold."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def _token(raw: str) -> str:
    if raw[0].isalnum():
        word = _INSIDE.sub("", raw[:LONGEST_WORD])
        return _STRETCHED.sub(r"\1", word)
    if "?" in raw or "？" in raw:
        return QUESTION
    return COMMA if raw in ",:()\u2013\u2014，、：" else STOP


@lru_cache(maxsize=4_096)
def _fold_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    plain = unicodedata.normalize("NFKD", character)[:1].lower()
    return plain if len(plain) == 1 else character
