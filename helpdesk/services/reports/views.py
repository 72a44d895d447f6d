"""What a report's page is given: figures in words, each with what its link lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.services.reports.charts import Bars, Lines, Shares

Narrowing = tuple[tuple[str, str], ...]
"""Filters that a link sets besides those of its page: a day, an inbox, an agent."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure. ``text`` is shown, ``value`` is exported; with ``cases`` it is a link to them."""

    text: str
    value: str | float | None = None
    cases: str = ""
    narrow: Narrowing = ()

    @property
    def exported(self) -> str | float:
        """What a file holds: the plain value, else the words."""
        return self.text if self.value is None else self.value


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under named columns; the first cell of a row names it."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The change against the days before. ``tone`` is better, worse, even or unknown."""

    text: str
    said: str
    tone: str
    up: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """A headline figure with all that belongs to it. ``range`` is the 95 % interval in words."""

    key: str
    title: str
    value: str
    meaning: str
    counts: tuple[Cell, ...]
    trend: Trend
    range: str = ""
    parts: tuple[Cell, ...] = ()
    spark: Lines | None = None


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A chart with the table behind it; ``quote`` is what a customer wrote, ``more`` lists all."""

    title: str
    aside: str
    table: Table
    bars: Bars | None = None
    lines: Lines | None = None
    shares: tuple[Shares, ...] = ()
    card: Card | None = None
    note: str = ""
    quote: str = ""
    more: Cell | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A trigger: how often it was the main one, a share of them begun as an offer, or one of many.

    ``width`` and ``offered_width`` are parts of the longest bar, from 0 to 100.
    """

    label: str
    main: Cell
    share: str
    offered: Cell
    any: Cell
    width: float
    offered_width: float


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The first page. Without any case in the period there is nothing but ``is_empty``."""

    is_empty: bool
    cards: tuple[Card, ...] = ()
    outcomes: Panel | None = None
    reasons: tuple[Reason, ...] = ()
    reasons_table: Table | None = None
    replies: Panel | None = None
    ratings: Panel | None = None
    given_up: Panel | None = None
    share: Panel | None = None


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case of a set: when on the reader's clock, whose, what became of it."""

    cursor: str
    at: datetime
    conversation: str
    name: str
    excerpt: str
    words: str
    agent: str
    inbox: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of a set's cases. ``total`` is the figure that was clicked."""

    key: str
    title: str
    unit: str
    total: int
    conversations: int
    rows: tuple[CaseRow, ...]
    older: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to filter by."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a report can be narrowed to."""

    inboxes: tuple[Choice, ...] = field(default_factory=tuple)
    agents: tuple[Choice, ...] = field(default_factory=tuple)
