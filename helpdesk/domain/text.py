"""What people type, made safe to keep: never interpreted, altered only where it breaks things."""

from __future__ import annotations

import re
import unicodedata

# A base letter keeps this many marks; towers of them ("zalgo") would cover their neighbours.
MARKS_PER_LETTER = 6

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Nothing to see by category: controls, formats (zero width, direction, tags), marks, spaces; and
# letters that are drawn as nothing.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Zl", "Zp", "Zs"})
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{7,}"
)


class BadText(ValueError):
    """The text cannot be kept. The message is a sentence for whoever wrote it."""


def clean(raw: str, *, most: int, what: str = "message") -> str:
    """The text as it is kept: without control characters, one kind of line end, trimmed.

    :raises BadText: nothing to read is left, or it is longer than ``most`` characters.
    """
    text = _FORBIDDEN.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    text = _MARKS.sub(lambda tower: tower.group()[:MARKS_PER_LETTER], text).strip()
    if all(_is_unseen(character) for character in text):
        raise BadText(f"Write a {what} first.")
    if len(text) > most:
        raise BadText(f"This {what} is {len(text):,} characters long; {most:,} is the most.")
    return text


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or character in _EMPTY_LETTERS


def clean_line(raw: str, *, most: int) -> str:
    """One line of a form (a name, a title): no control characters at all, spaces folded.

    :raises BadText: it is longer than ``most`` characters.
    """
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in raw):
        raise BadText("Line breaks and control characters cannot be used here.")
    text = " ".join(raw.split())
    if len(text) > most:
        raise BadText(f"At most {most} characters, please.")
    return text


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a text on one line, cut at ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def initials(name: str) -> str:
    """Two letters for an avatar."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()
