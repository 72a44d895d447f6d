"""When a customer will have an answer: computed from the hours, said in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.hours.opening import due_at
from helpdesk.domain.hours.week import DAYS, MONTHS, Hours
from helpdesk.domain.hours.zones import in_utc, is_zone, place

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ROUND = timedelta(minutes=5)
_SOON = 2  # hours; up to here a clock time says less than "within two hours"


@dataclass(frozen=True, kw_only=True)
class ReplyPromise:
    """When a customer will have an answer, and the parts of saying so.

    What is said is never earlier than ``at``: clock times are rounded up to five minutes, hours to
    full ones.

    :param at: the moment, exact, in UTC.
    :param hours: "within so many hours", at least 1.
    :param day: "today", "tomorrow", "Tuesday"; from a week on "Tuesday 8 December".
    :param clock: "11:00".
    :param zone: the zone that ``day`` and ``clock`` are in.
    :param own_zone: it is the customer's own; otherwise theirs is not known and it is the desk's.
    """

    at: datetime
    hours: int
    day: str
    clock: str
    zone: str
    own_zone: bool

    @property
    def within(self) -> str:
        """The time from now: "within 39 hours"."""
        return "within 1 hour" if self.hours == 1 else f"within {self.hours} hours"

    @property
    def by(self) -> str:
        """The time of day: "by 11:00 today", "by Tuesday at 11:00"."""
        return f"by {self.clock} today" if self.day == "today" else f"by {self.day} at {self.clock}"

    @property
    def whose_time(self) -> str:
        """Which clock is meant: "your time", or "Berlin time" where theirs is not known."""
        return "your time" if self.own_zone else f"{place(self.zone)} time"

    @property
    def words(self) -> str:
        """What follows "We will reply": "within 2 hours", "by Tuesday at 11:00, your time"."""
        return self.within if self.hours <= _SOON else f"{self.by}, {self.whose_time}"


def reply_within(
    hours: Hours, at: datetime, working_seconds: float, *, customer_zone: str
) -> ReplyPromise | None:
    """What can be promised for a message of this moment; None when nobody will be there.

    :param working_seconds: how long the team takes while it is there.
    :param customer_zone: what the customer's browser said; any other text means it is not known.
    """
    due = due_at(hours, at, working_seconds)
    if due is None:
        return None
    own_zone = is_zone(customer_zone)
    zone = customer_zone if own_zone else hours.time_zone
    said = _rounded_up(due).astimezone(ZoneInfo(zone))
    now = in_utc(at).astimezone(ZoneInfo(zone))
    midnight = said.time() == time() and due > in_utc(at)  # people say "24:00" of the day before
    return ReplyPromise(
        at=due,
        hours=max(1, -(-(due - in_utc(at)) // _HOUR)),
        day=_day(now.date(), said.date() - _DAY if midnight else said.date()),
        clock="24:00" if midnight else f"{said:%H:%M}",
        zone=zone,
        own_zone=own_zone,
    )


def _rounded_up(at: datetime) -> datetime:
    over = (at - at.replace(minute=0, second=0, microsecond=0)) % _ROUND
    return at + (_ROUND - over) if over else at


def _day(today: date, then: date) -> str:
    days = (then - today).days
    weekday = DAYS[then.weekday()].capitalize()
    if days > len(DAYS) - 1:  # the same weekday would be read as the coming one
        return f"{weekday} {then.day} {MONTHS[then.month - 1]}"
    return {0: "today", 1: "tomorrow"}.get(days, weekday)
