"""When people are there: a week in a named time zone, single dates, and what follows from them.

The rules, each with a test:

- **The wall clock decides.** A desk is open at a moment when a clock on its wall shows a time that
  is within a range of that date. Where the clock jumps forward, a range that begins in the gap
  begins at the end of the gap, and one that lies in it does not happen. Where the clock goes back,
  a range inside the repeated hour is open both times; one that ends there closes at its end, and
  is open once more when the clock shows its times again.
- **A range whose end is not after its start goes on past midnight**, at most to the same time of
  the next day; 00:00–00:00 is the whole day. It belongs to the date on which it begins.
- **A date of its own** (a holiday, a late start) replaces the ranges that begin on that date. What
  came in overnight from the day before runs to its end, unless the date is closed: then it stops
  at midnight. Where it reaches into the date's own ranges, the two are one opening.
- **Ranges of a week never overlap**, nor those of one date: such hours cannot be made.
- All answers are moments in UTC; nothing looks further ahead than `HORIZON`.
"""

from __future__ import annotations

from helpdesk.domain.hours.opening import (
    HORIZON,
    due_at,
    is_open,
    next_closing,
    next_opening,
    openings,
)
from helpdesk.domain.hours.overview import Day, Opening, days, describe
from helpdesk.domain.hours.problems import HoursError, Problem
from helpdesk.domain.hours.promise import ReplyPromise, reply_within
from helpdesk.domain.hours.saved import from_json, to_json
from helpdesk.domain.hours.week import DAYS, DayException, Hours, Range
from helpdesk.domain.hours.zones import is_zone, next_clock_change, time_zones

__all__ = [
    "DAYS",
    "HORIZON",
    "Day",
    "DayException",
    "Hours",
    "HoursError",
    "Opening",
    "Problem",
    "Range",
    "ReplyPromise",
    "days",
    "describe",
    "due_at",
    "from_json",
    "is_open",
    "is_zone",
    "next_clock_change",
    "next_closing",
    "next_opening",
    "openings",
    "reply_within",
    "time_zones",
    "to_json",
]
