"""Colours that admins choose, and whether words on them can be read (WCAG 2.2, contrast)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST_CONTRAST = 4.5
BLACK, WHITE = "#000000", "#FFFFFF"

_HEX = re.compile(r"#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")


class BadColor(ValueError):
    """The colour cannot be used. The message is a sentence for whoever chose it."""


@dataclass(frozen=True, kw_only=True)
class Ink:
    """The colour of words on a background, and how well they can be read there (1 to 21)."""

    color: str
    contrast: float

    @property
    def word(self) -> str:
        """ "black" or "white"."""
        return "black" if self.color == BLACK else "white"


def clean_color(raw: str, *, least: float = LEAST_CONTRAST) -> str:
    """A colour as it is kept: "#0B6B66".

    :raises BadColor: it is none, or neither black nor white words can be read on it.
    """
    match = _HEX.fullmatch(raw.strip())
    if match is None:
        raise BadColor("Write the colour as # and six digits from 0 to F, as in #0B6B66.")
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    color = f"#{digits.upper()}"
    ink = ink_on(color)
    if ink.contrast < least:
        raise BadColor(
            f"Words cannot be read on {color}: {ink.word} measures {ink.contrast:.2f}:1,"
            f" and {least:g}:1 is needed."
        )
    return color


def ink_on(color: str) -> Ink:
    """Black or white, whichever can be read better on this colour."""
    inks = (Ink(color=each, contrast=contrast(each, color)) for each in (WHITE, BLACK))
    return max(inks, key=lambda ink: ink.contrast)


def contrast(one: str, other: str) -> float:
    """How far two colours are apart: 1 (the same) to 21 (black and white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
