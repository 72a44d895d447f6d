"""The words of an article that answer a question: plain text, whole sentences, not too many."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk.ai.words import terms

MOST_WORDS = 90
LETTERS_A_WORD = 8  # languages without spaces: so many letters count as one word
LONGEST_BODY = 20_000  # characters of an article that are looked at
OPENING = 0.5  # what the first sentence gets for being first, in shares of the best sentence

_MARKDOWN = (
    (re.compile(r"```.*?(?:```|\Z)", re.DOTALL), ""),
    (re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)"), ""),
    (re.compile(r"\[([^\]\n]+)\]\((\S+?)\)"), r"\1 (\2)"),
    (re.compile(r"</?[A-Za-z][^<>\n]*>"), ""),
    (re.compile(r"^[ \t]*(?:#{1,6}|>)[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE), "\u2022 "),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]?\s+(?=[^\s\da-z])|(?<=[\u3002\uff01\uff1f])\s*|\n+")


def answer(body: str, wanted: Mapping[str, float], most_words: int = MOST_WORDS) -> str:
    """What to say: the whole body when it is short, else its best sentences in their order.

    ``wanted`` weighs the words of the question.
    """
    text = plain(body)
    if _size(text) <= most_words:
        return text
    pieces = [piece for piece in _split(text) if piece.strip()]
    values = [_value(piece, wanted) for piece in pieces]
    values[0] += OPENING * max(values)
    chosen: set[int] = set()
    left = most_words
    # The best sentence comes first; its neighbours are next best, because an answer that jumps
    # about reads badly.
    while candidates := [at for at in range(len(pieces)) if at not in chosen]:
        at = max(candidates, key=lambda i: (values[i] + 0.1 * _beside(i, chosen), -i))
        size = _size(pieces[at])
        if chosen and size > left:
            break
        chosen.add(at)
        left -= size
    kept = "".join(pieces[at] for at in sorted(chosen)).strip()
    return _cut(kept, most_words)


def sentence(body: str, wanted: Mapping[str, float]) -> str:
    """The one sentence that says most about these words; empty when none has any of them."""
    pieces = _split(plain(body))
    best = max(pieces, key=lambda piece: _value(piece, wanted))
    return _cut(best.strip(), MOST_WORDS) if _value(best, wanted) > 0 else ""


def plain(body: str) -> str:
    """Text without Markdown or HTML marks; steps and bullets keep their lines."""
    body = body[:LONGEST_BODY]
    for pattern, instead in _MARKDOWN:
        body = pattern.sub(instead, body)
    lines = (" ".join(line.split()) for line in body.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _split(text: str) -> list[str]:
    """Sentences and lines, each with the space that follows it."""
    pieces: list[str] = []
    begin = 0
    for found in _SENTENCE_END.finditer(text):
        pieces.append(text[begin : found.end()])
        begin = found.end()
    return [*pieces, text[begin:]]


def _value(piece: str, wanted: Mapping[str, float]) -> float:
    return sum(wanted.get(word, 0.0) for word in sorted(set(terms(piece))))


def _beside(at: int, chosen: set[int]) -> float:
    return float(at - 1 in chosen or at + 1 in chosen)


def _size(text: str) -> int:
    return max(len(text.split()), len(text) // LETTERS_A_WORD)


def _cut(text: str, most_words: int) -> str:
    """A single sentence may be longer than an answer should be."""
    if _size(text) <= most_words + most_words // 3:
        return text
    kept = " ".join(text.split()[:most_words])[: most_words * LETTERS_A_WORD]
    return kept.rstrip(",;: ") + " \u2026"
