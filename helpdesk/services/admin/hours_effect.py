"""What hours mean: now, on the next days as a customer's calendar shows them, and in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain import hours, wording
from helpdesk.domain.hours import DAYS, Hours
from helpdesk.domain.hours.zones import is_zone, place
from helpdesk.extensions import reading
from helpdesk.services import office, wordings
from helpdesk.services.admin.hours_form import Bar, bars

DAYS_SHOWN = 14
AFTER_CLOSING = timedelta(hours=2, minutes=15)
CHANGE_SOON = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class DayView:
    """One day of the reader's calendar in words. ``label`` is why it differs."""

    name: str
    text: str
    label: str
    is_overnight: bool
    is_closed: bool


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What hours cause. ``zone`` is the reader's; ``told_at`` the moment of the example message,
    in that zone, and ``told`` what its writer would be told."""

    zone: str
    zone_name: str
    is_open: bool
    now: str
    until: str
    days: tuple[DayView, ...]
    bars: Mapping[str, tuple[Bar, ...]]
    told_at: str
    told: str
    clock_change: str


def effect(calendar: Hours, at: datetime, *, reader_zone: str = "") -> Effect:
    """What these hours mean from a moment on, by the clock of a reader anywhere."""
    zone = reader_zone if is_zone(reader_zone) else calendar.time_zone
    told_at, told = _told(calendar, at, zone)
    return Effect(
        zone=zone,
        zone_name=f"{place(zone)}, {_offset(zone, at)}",
        is_open=hours.is_open(calendar, at),
        now=f"{at.astimezone(calendar.zone):%H:%M}",
        until=_until(calendar, at),
        days=tuple(_day(day) for day in hours.days(calendar, at, DAYS_SHOWN, zone=zone)),
        bars=bars(calendar),
        told_at=told_at,
        told=told,
        clock_change=_clock_change(calendar, at),
    )


def offset_now(zone: str, at: datetime) -> str:
    """ "UTC+1" for a zone's clocks at a moment; empty where there is no such zone."""
    return _offset(zone, at) if is_zone(zone) else ""


def _day(day: hours.Day) -> DayView:
    weekday, month = DAYS[day.date.weekday()][:3].capitalize(), f"{day.date:%b}"
    overnight = any(each.from_before or each.goes_on for each in day.openings)
    return DayView(
        name=f"{weekday} {day.date.day} {month}",
        text=", ".join(map(str, day.openings)) or "Closed",
        label=day.label,
        is_overnight=overnight and not all(each.all_day for each in day.openings),
        is_closed=not day.openings,
    )


def _until(calendar: Hours, at: datetime) -> str:
    """Until when it stays as it is, by the desk's own clock; empty when it never changes."""
    is_open = hours.is_open(calendar, at)
    change = hours.next_closing(calendar, at) if is_open else hours.next_opening(calendar, at)
    if change is None:
        return ""
    here, then = at.astimezone(calendar.zone), change.astimezone(calendar.zone)
    days = (then.date() - here.date()).days
    if days == 0:
        return f"{then:%H:%M}"
    weekday = DAYS[then.weekday()].capitalize()
    if days < len(DAYS):
        return f"{weekday} {then:%H:%M}"
    return f"{weekday} {then.day} {then:%b}, {then:%H:%M}"


def _told(calendar: Hours, at: datetime, zone: str) -> tuple[str, str]:
    """The next moment at which somebody would be told when we are back, and the words."""
    sent: datetime | None = at
    if hours.is_open(calendar, at):
        closing = hours.next_closing(calendar, at)
        sent = closing + AFTER_CLOSING if closing else None
        if sent and hours.is_open(calendar, sent):
            sent = closing
    if sent is None:
        return "", ""
    promise = hours.reply_within(calendar, sent, office.WORKING_SECONDS, customer_zone=zone)
    with reading() as session:
        text = wordings.template(session, "after_hours")
    within = promise.words if promise else "as soon as we are back"
    local = sent.astimezone(ZoneInfo(zone))
    when = f"{DAYS[local.weekday()][:3].capitalize()} {local.day} {local:%b}, {local:%H:%M}"
    return when, wording.fill(text, {"reply_within": within})


def _clock_change(calendar: Hours, at: datetime) -> str:
    change = hours.next_clock_change(calendar.time_zone, at)
    if change is None or change - at > CHANGE_SOON:
        return ""
    local = change.astimezone(calendar.zone)
    return f"{DAYS[local.weekday()].capitalize()} {local.day} {local:%B}"


def _offset(zone: str, at: datetime) -> str:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hour, minute = divmod(abs(minutes), 60)
    return f"UTC{sign}{hour}{f':{minute:02}' if minute else ''}"
