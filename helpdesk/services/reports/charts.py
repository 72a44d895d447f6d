"""Charts as numbers: where everything stands, in percent of the drawing, for the macros to draw.

Scales begin at zero and end at a round number. Points of nothing are left out, never drawn as 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_LABELS = 16
MOST_LABELS_SMALL = 7
MOST_LABELS_PHONE = 5
MOST_LABELS_PHONE_LINES = 3  # words stand beside the lines
GAP = 24.0  # percent of a column's place that stays empty
APART = 9.0  # percent of the height that two labels need


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the scale."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """A word under the chart. Those that are not ``narrow`` are left out on a phone."""

    at: float
    text: str
    narrow: bool


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle; ``tone`` says which colour and pattern."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a tone stands for."""

    tone: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Columns, each of parts upon one another. ``mark`` is a line across, with words."""

    sentence: str
    boxes: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    keys: tuple[Key, ...] = ()
    mark: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line in pieces without gaps, as SVG points; its dots, and its words at the right end."""

    tone: str
    pieces: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    end: Label | None = None


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines over one scale; ``bands`` are the intervals around one of them."""

    sentence: str
    lines: tuple[Line, ...]
    bands: tuple[str, ...] = ()
    ticks: tuple[Tick, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shares:
    """One bar across, cut into shares; words before and after it."""

    sentence: str
    title: str
    aside: str
    value: str
    boxes: tuple[Box, ...]


Series = Sequence[float | None]


def columns(
    labels: Sequence[str],
    parts: Sequence[tuple[Key, Sequence[int]]],
    *,
    sentence: str,
    mark: tuple[int, str] | None = None,
    tones: Sequence[str] = (),
    most_labels: int = MOST_LABELS,
) -> Bars:
    """Columns of counts. ``tones`` colours whole columns; ``mark`` stands before a column."""
    count = len(labels)
    sums = [sum(values[place] for _, values in parts) for place in range(count)]
    top, step = _scale(max(sums, default=0))
    boxes = []
    for place in range(count):
        under = 0.0
        for key, values in parts:
            height = 100 * values[place] / top
            if values[place]:
                boxes.append(
                    Box(
                        x=(place + GAP / 200) * 100 / count,
                        y=100 - under - height,
                        width=(100 - GAP) / count,
                        height=height,
                        tone=tones[place] if tones else key.tone,
                    )
                )
            under += height
    return Bars(
        sentence=sentence,
        boxes=tuple(boxes),
        ticks=_ticks(top, step, lambda value: f"{value:g}"),
        labels=_labels(labels, middle=True, most=most_labels),
        keys=tuple(key for key, _ in parts) if len(parts) > 1 else (),
        mark=Label(at=100 * mark[0] / count, text=mark[1], narrow=True) if mark else None,
    )


def percent_lines(
    labels: Sequence[str],
    lines: Sequence[tuple[str, str, Series]],
    *,
    sentence: str,
    band: Sequence[tuple[float, float] | None] = (),
) -> Lines:
    """Shares from 0 to 1 over time: tone, words at the end, values."""
    top = 1.0
    drawn = [_line(tone, values, top, words) for tone, words, values in lines if any_of(values)]
    return Lines(
        sentence=sentence,
        lines=_apart(drawn),
        bands=_bands(band, top),
        ticks=_ticks(top, 0.25, lambda value: f"{100 * value:g}%"),
        labels=_labels(labels, middle=False, phone=MOST_LABELS_PHONE_LINES),
    )


def spark(values: Series, *, tone: str, sentence: str) -> Lines | None:
    """A small line without scale; none for less than three points."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return None
    # Scaled to its own range: it shows the shape, the figure beside it the height.
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    scaled = [None if value is None else 0.1 + 0.8 * (value - low) / reach for value in values]
    line = _line(tone, scaled, 1.0, "")
    last = Line(tone=tone, pieces=line.pieces, dots=line.dots[-1:])
    return Lines(sentence=sentence, lines=(last,))


def shares(
    parts: Sequence[tuple[str, int]], *, sentence: str, title: str, aside: str, value: str
) -> Shares:
    """One bar of several tones."""
    total = sum(count for _, count in parts)
    boxes, x = [], 0.0
    for tone, count in parts:
        width = 100 * count / total if total else 0.0
        if count:
            boxes.append(Box(x=x, y=0, width=width, height=100, tone=tone))
        x += width
    return Shares(sentence=sentence, title=title, aside=aside, value=value, boxes=tuple(boxes))


def any_of(values: Series) -> bool:
    """Whether there is anything to draw."""
    return any(value is not None for value in values)


def _scale(most: float) -> tuple[float, float]:
    """The round number that a scale ends at, and its steps: at most five."""
    if most <= 5:
        return max(most, 1), 1
    size = 10 ** math.floor(math.log10(most))
    for step in (size / 5, size / 2, size, size * 2):
        if most / step <= 5 and step >= 1:
            return math.ceil(most / step) * step, step
    raise AssertionError("the last step is always wide enough")


def _ticks(top: float, step: float, words: Callable[[float], str]) -> tuple[Tick, ...]:
    count = round(top / step)
    return tuple(
        Tick(at=100 - 100 * place * step / top, text=words(place * step))
        for place in range(count + 1)
    )


def _labels(
    texts: Sequence[str], *, middle: bool, most: int = MOST_LABELS, phone: int = MOST_LABELS_PHONE
) -> tuple[Label, ...]:
    """As many as fit: every one, every second, ... and on a phone fewer."""
    count = len(texts)
    wide, narrow = -(-count // most), -(-count // phone)
    narrow = -(-narrow // wide) * wide
    return tuple(
        Label(at=_place(place, count, middle=middle), text=text, narrow=place % narrow == 0)
        for place, text in enumerate(texts)
        if place % wide == 0
    )


def _place(place: int, count: int, *, middle: bool) -> float:
    if middle:
        return 100 * (place + 0.5) / count
    return 100 * place / (count - 1) if count > 1 else 50.0


def _line(tone: str, values: Series, top: float, words: str) -> Line:
    pieces: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            x = _place(place, len(values), middle=False)
            pieces[-1].append((round(x, 2), round(100 - 100 * value / top, 2)))
    dots = tuple(point for piece in pieces for point in piece)
    return Line(
        tone=tone,
        pieces=tuple(_points(piece) for piece in pieces if len(piece) > 1),
        dots=dots,
        end=Label(at=dots[-1][1], text=words, narrow=True) if words else None,
    )


def _bands(band: Sequence[tuple[float, float] | None], top: float) -> tuple[str, ...]:
    made: list[str] = []
    run: list[tuple[float, float, float]] = []
    for place, reach in enumerate((*band, None)):
        if reach is not None:
            x = _place(place, len(band), middle=False)
            run.append((x, 100 - 100 * reach[0] / top, 100 - 100 * reach[1] / top))
            continue
        if len(run) > 1:
            lower = [(round(x, 2), round(low, 2)) for x, low, _ in run]
            upper = [(round(x, 2), round(high, 2)) for x, _, high in reversed(run)]
            made.append(_points([*lower, *upper]))
        run = []
    return tuple(made)


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The words at the ends of two lines never cover one another."""
    moved: list[Line] = []
    last = -APART
    for line in sorted(lines, key=lambda line: line.end.at if line.end else 0.0):
        if line.end is None:
            moved.append(line)
            continue
        last = max(line.end.at, last + APART)
        end = Label(at=last, text=line.end.text, narrow=True)
        moved.append(Line(tone=line.tone, pieces=line.pieces, dots=line.dots, end=end))
    return tuple(moved)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
