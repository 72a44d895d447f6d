"""Figures in words: shares, times, changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from helpdesk.domain import stats
from helpdesk.domain.stats import ENOUGH, Proportion
from helpdesk.services.reports.period import Bucket, Period
from helpdesk.services.reports.views import Cell, Narrowing, Trend

NOTHING = "–"
MANY = 1_000  # from so many cases on a tenth of a percent means something
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
UNKNOWN = Trend(
    text="Not enough data yet",
    said=f"A change is named from {ENOUGH} cases on, in these days and in those before.",
    tone="unknown",
)


def number(value: int) -> str:
    """1,363."""
    return f"{value:,}"


def percent(share: float | None, of: int) -> str:
    """A share; with a decimal only where there are cases enough for it."""
    if share is None:
        return NOTHING
    return f"{100 * share:.1f}%" if of >= MANY else f"{100 * share:.0f}%"


def share(part: Proportion) -> str:
    """The share of a proportion."""
    return percent(part.share, part.total)


def interval(part: Proportion) -> str:
    """Where the true share lies."""
    if not part.total:
        return ""
    low, high = (percent(end, part.total) for end in part.interval)
    return f"{low} to {high}"


def duration(seconds: float | None) -> str:
    """1:08; from an hour on 2 h 05 min, from a day on 3 d 4 h."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    hours, minutes = divmod(round(whole / 60), 60)
    if hours < 24:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(round(whole / 3_600), 24)
    return f"{days} d {hours} h"


def decimal(value: float | None) -> str:
    """4.3."""
    return NOTHING if value is None else f"{value:.1f}"


def day(at: date) -> str:
    """22 Nov."""
    return f"{at.day} {MONTHS[at.month - 1]}"


def days(period: Period) -> str:
    """16 to 22 Nov 2026."""
    first, last = period.first, period.last
    if first == last:
        return f"{day(last)} {last.year}"
    if first.year != last.year:
        return f"{day(first)} {first.year} to {day(last)} {last.year}"
    start = str(first.day) if first.month == last.month else day(first)
    return f"{start} to {day(last)} {last.year}"


def bucket(each: Bucket, period: Period) -> str:
    """What a day, or a week by its first day, is called under a chart."""
    if period.days <= 7:
        return f"{DAYS[each.first.weekday()]} {each.first.day}"
    return day(each.first)


def bucket_in_full(each: Bucket) -> str:
    """The same where there is room: Mon 16 Nov, 16 to 22 Nov."""
    if each.first == each.last:
        return f"{DAYS[each.first.weekday()]} {day(each.first)}"
    return f"{day(each.first)} to {day(each.last)}"


def cell(value: int, cases: str = "", narrow: Narrowing = ()) -> Cell:
    """A count, with the link to its cases; 0 has nothing to link to."""
    return Cell(text=number(value), value=value, cases=cases if value else "", narrow=narrow)


def counted(value: int, cases: str, one: str) -> Cell:
    """A count with its noun: 1 rating, 34 ratings."""
    found = cell(value, cases)
    return replace(found, text=f"{found.text} {one}{'' if value == 1 else 's'}")


def share_cell(part: Proportion) -> Cell:
    """A share; exported in percent."""
    value = None if part.share is None else round(100 * part.share, 1)
    return Cell(text=share(part), value="" if value is None else value)


def time_cell(seconds: float | None) -> Cell:
    """A time; exported in seconds."""
    return Cell(text=duration(seconds), value="" if seconds is None else round(seconds, 1))


def change_of_share(before: Proportion, now: Proportion, *, good: bool | None) -> Trend:
    """How a share changed; ``good`` says whether more of it is better, ``None`` for neither."""
    change = stats.difference(before, now)
    if change is None:
        return UNKNOWN
    low, high = f"{100 * change.low:+.1f}", f"{100 * change.high:+.1f}"
    tone = "even"
    if change.is_certain and good is not None:
        tone = "better" if (change.value > 0) is good else "worse"
    text = _signed(f"{100 * change.value:+.1f} pts")
    said = f"{share(before)} before. The true change lies between {low} and {high} points."
    return Trend(text=text, said=_signed(said), tone=tone, up=change.value > 0)


def change_of_time(before: list[float], now: list[float]) -> Trend:
    """How a median changed."""
    earlier, later = stats.median(before), stats.median(now)
    if earlier is None or later is None or min(len(before), len(now)) < ENOUGH:
        return UNKNOWN
    change = round(later) - round(earlier)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    said = f"{duration(earlier)} in the days before."
    return Trend(text=f"{sign}{duration(abs(change))}", said=said, tone="even", up=change > 0)


def change_of_mean(before: list[float], now: list[float]) -> Trend:
    """How an average changed."""
    earlier, later = stats.mean(before), stats.mean(now)
    if earlier is None or later is None or min(len(before), len(now)) < ENOUGH:
        return UNKNOWN
    change = round(later - earlier, 1)
    text = _signed(f"{change:+.1f}") if change else "±0.0"
    said = f"{earlier:.1f} in the days before."
    return Trend(text=text, said=said, tone="even", up=change > 0)


def change_of_count(before: int, now: int) -> Trend:
    """How a number of cases changed, in percent."""
    if before < ENOUGH:
        return UNKNOWN
    change = (now - before) / before
    said = f"{number(before)} in as many days before."
    text = _signed(f"{100 * change:+.0f}%") if now != before else "±0%"
    return Trend(text=text, said=said, tone="even", up=now > before)


def _signed(text: str) -> str:
    """A minus as long as a plus."""
    return text.replace("-", "−")
