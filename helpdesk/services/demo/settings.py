"""What the demo's admins have set up: inboxes, opening hours, canned responses, a wording."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from helpdesk.domain import hours
from helpdesk.domain.hours import DayException, Hours, Range
from helpdesk.models import BusinessHours, CannedResponse, Inbox, MessageTemplate
from helpdesk.services.demo import BUSINESS_KEY, INBOX_KEY
from helpdesk.services.unit_of_work import UnitOfWork

STARTERS = [
    "How's my portfolio doing?",
    "I deposited money but it's not showing!",
    "I want to talk to a real person",
]
BUSINESS_STARTERS = [
    "How do I open an account?",
    "What does it cost?",
    "I want to talk to a real person",
]
OFFICES = ("Europe/Berlin", "America/New_York", "Asia/Singapore")
"""Far enough apart that at any moment one of them has its evening or night before it."""
STAYS_CLOSED = timedelta(hours=4)

WORDINGS = (
    ("check_in", "Did that answer your question?"),
    (
        "check_in",
        "Did that answer your question? If it did, there is nothing to do. If not, just write.",
    ),
)
"""Saved texts, oldest first: the newest is in force, the one before can be restored."""

CANNED = (
    (
        "hello",
        "Hello",
        "Hi {{customer_name}}, this is {{agent_name}} from {{business_name}}. I have read what you"
        " wrote so far. Give me a minute to look into it.",
    ),
    (
        "transfer-not-arrived",
        "A transfer that has not arrived",
        "Bank transfers take up to two working days. Please send me the date, the amount and the"
        " name on the sending account, and I will look for it right away.",
    ),
    (
        "documents",
        "Which documents we need",
        "We need a photo of your passport or identity card and a letter with your address, not"
        " older than three months. You can send both in the app under Profile, Documents.",
    ),
    (
        "secure-account",
        "First steps when an account may be at risk",
        "I have signed out every device and stopped withdrawals. Please choose a new password and"
        " turn on two-step sign-in under Profile, Security. Do not share a code with anybody, not"
        " even with us.",
    ),
    (
        "no-advice",
        "We give no advice",
        "I may explain how an investment works and what it costs. Whether it suits you I may not"
        " say, because we do not give advice.",
    ),
    (
        "passed-on",
        "Passed on to a specialist",
        "I have passed your question about {{issue}} on to a colleague who knows it best. You will"
        " hear from us here {{reply_within}}.",
    ),
    (
        "opening-hours",
        "When people are here",
        "People are here at these hours: {{opening_hours}}. The assistant answers at any time.",
    ),
    (
        "goodbye",
        "Goodbye",
        "I am glad that is solved. If anything else comes up, just write here. Have a good day,"
        " {{customer_name}}.",
    ),
)


def add(work: UnitOfWork) -> Inbox:
    """Store them; returns the inbox of the app, where the demo's customers are."""
    always = _calendar(work, "Round the clock", Hours.always())
    office = _calendar(work, "Office hours", office_hours(work.now))
    app = _inbox(work, INBOX_KEY, "Northfold app", "#0B6B66", STARTERS, always)
    _inbox(work, BUSINESS_KEY, "Northfold business", "#1F549C", BUSINESS_STARTERS, office)
    for shortcut, title, body in CANNED:
        work.session.add(
            CannedResponse(shortcut=shortcut, title=title, body=body, created_at=work.now)
        )
    for version, (key, body) in enumerate(WORDINGS, start=1):
        created_at = work.now - timedelta(days=7 * (len(WORDINGS) - version) + 1)
        saved = MessageTemplate(key=key, version=version, body=body, created_at=created_at)
        work.session.add(saved)
    return app


def office_hours(now: datetime) -> Hours:
    """Office hours, in a city where the office is closed now and for the next hours."""
    for zone in OFFICES:
        calendar = _week(zone)
        if not any(hours.is_open(calendar, at) for at in (now, now + STAYS_CLOSED)):
            return calendar
    raise AssertionError("somewhere it is evening")


def _week(zone: str) -> Hours:
    usual, short = Range(time(9), time(17)), Range(time(9), time(16))
    holidays = (
        DayException(date(2020, 12, 25), "Christmas Day", yearly=True),
        DayException(date(2020, 1, 1), "New Year's Day", yearly=True),
    )
    return Hours(zone, ((usual,),) * 4 + ((short,), (), ()), holidays)


def _calendar(work: UnitOfWork, name: str, calendar: Hours) -> int:
    row = BusinessHours(name=name, hours=hours.to_json(calendar), created_at=work.now)
    work.session.add(row)
    work.session.flush()
    return row.id


def _inbox(
    work: UnitOfWork, key: str, name: str, color: str, starters: list[str], hours_id: int
) -> Inbox:
    inbox = Inbox(
        key=key,
        name=name,
        company="Northfold",
        color=color,
        starters=starters,
        allowed_origins=[],
        hours_id=hours_id,
        created_at=work.now - timedelta(days=30),
    )
    work.session.add(inbox)
    work.session.flush()
    return inbox
