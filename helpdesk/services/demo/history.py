"""A fortnight of the demo's past, so that its reports have something to show.

Drawn from a seed: the same moment gives the same history. Everything in it is over, so that no
timer takes it up, and nothing in it alerts anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa

from helpdesk.domain import hours
from helpdesk.domain.escalation import Facts, Policy, Signals, Turn, evaluate
from helpdesk.domain.events import ConversationClosed
from helpdesk.domain.hours import Hours
from helpdesk.domain.lifecycle import Sender, Status
from helpdesk.domain.message_templates import DEFAULTS
from helpdesk.domain.wording import fill
from helpdesk.extensions import Base
from helpdesk.models import (
    Agent,
    Article,
    Contact,
    Conversation,
    Episode,
    Escalation,
    EventRow,
    Inbox,
    Message,
    Rating,
    TurnSignals,
)
from helpdesk.services import office
from helpdesk.services.demo import BUSINESS_KEY, INBOX_KEY
from helpdesk.services.demo import history_words as words
from helpdesk.services.demo.articles import ARTICLES
from helpdesk.services.demo.history_stories import Helper, Teller
from helpdesk.services.demo.history_tale import Book, Row, Tale
from helpdesk.services.demo.people import AGENTS
from helpdesk.services.unit_of_work import UnitOfWork

SEED = "northfold"
CONVERSATIONS = 210
DAYS = 14
OVER_BY = timedelta(hours=2)  # the youngest has begun so long ago: it is over by now
HELPED_BY = timedelta(hours=1)  # an agent needs so long at most: the office is open till then
CLOSED_AFTER = timedelta(hours=72)
PACES = {"sarah": 1.0, "ben": 1.35, "priya": 0.8}
EARLIER_PACE = 1.25  # in the first of the two weeks people were slower


@dataclass(frozen=True, kw_only=True)
class Place:
    """An inbox in the past: how much of all comes in there, and when; weights of the hours of its
    day, from the first one on, and of its weekdays from Monday on."""

    inbox: str
    share: float
    first_hour: int
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]


PLACES = (
    Place(
        inbox=INBOX_KEY,
        share=0.82,
        first_hour=7,
        hours=(1, 3, 6, 8, 8, 7, 5, 6, 7, 7, 6, 5, 4, 4, 3, 1),
        weekdays=(1.2, 1.1, 1.0, 1.0, 0.9, 0.45, 0.4),
    ),
    Place(
        inbox=BUSINESS_KEY,
        share=0.18,
        first_hour=9,
        hours=(5, 8, 8, 5, 6, 7),
        weekdays=(1.1, 1.0, 1.0, 1.0, 0.8, 0, 0),
    ),
)


def add(work: UnitOfWork, *, conversations: int = CONVERSATIONS, days: int = DAYS) -> None:
    """Put the past of the demo company, which is seeded already, into the database."""
    random = Random(SEED)  # noqa: S311  # a story, not a secret
    inboxes = {inbox.key: inbox for inbox in work.session.scalars(sa.select(Inbox))}
    book = _book(work, inboxes[INBOX_KEY], random)
    beginnings: list[tuple[datetime, int]] = []
    for place in PLACES:
        inbox = inboxes[place.inbox]
        calendar = office.hours_of(work.session, inbox)
        how_many = round(conversations * place.share)
        found = _beginnings(random, work.now, place, calendar, how_many, days)
        beginnings += [(at, inbox.id) for at in found]
    _store(work, random, list(_tales(work, book, random, sorted(beginnings), days)))


def _book(work: UnitOfWork, inbox: Inbox, random: Random) -> Book:
    rows = work.session.execute(sa.select(Article.slug, Article.id))
    numbers = dict(rows.all())
    titles = {str(article.id): article.title for article in ARTICLES}
    policy = Policy.default()

    def source(slug: str) -> Row:
        return {"article_id": numbers[slug], "title": titles[slug], "version": 1}

    def filled(template: str, **values: str) -> str:
        return fill(DEFAULTS[template].body, {"business_name": inbox.company} | values)

    @cache
    def signals(text: str) -> Signals:
        turn = Turn(seq=1, sender=Sender.USER, text=text, at=work.now)
        return evaluate(Facts(history=(), message=turn, customer_turns=1), policy).signals

    return Book(random=random, policy=policy, words=filled, source=source, signals=signals)


def _tales(
    work: UnitOfWork,
    book: Book,
    random: Random,
    beginnings: Iterable[tuple[datetime, int]],
    days: int,
) -> Iterator[Tale]:
    agents = dict(work.session.execute(sa.select(Agent.email, Agent.id)).all())
    helpers = [
        Helper(
            id=agents[agent.email], first_name=agent.name.split()[0], pace=PACES.get(agent.key, 1.0)
        )
        for agent in AGENTS
    ]
    for begun_at, inbox_id in beginnings:
        age = work.now - begun_at
        pace = EARLIER_PACE if age > timedelta(days=days) / 2 else 1.0
        tale = Tale(book=book, begun_at=begun_at, inbox_id=inbox_id)
        teller = Teller(random=random, helpers=helpers, pace=pace)
        last = _story(teller, random, age)(tale, begun_at)
        last = max(last, tale.conversation["last_message_at"])
        if last + CLOSED_AFTER < work.now:
            tale.move(last + CLOSED_AFTER, Status.CLOSED, ConversationClosed(actor="system"))
        yield tale


def _beginnings(
    random: Random, now: datetime, place: Place, calendar: Hours, how_many: int, days: int
) -> Iterator[datetime]:
    """Moments at which people are there, more of them on busy days and at busy hours."""
    today = now.astimezone(calendar.zone).date()
    dates = [today - timedelta(days=ago) for ago in range(days)]
    busy = [place.weekdays[date.weekday()] for date in dates]
    hours_of_day = range(place.first_hour, place.first_hour + len(place.hours))
    for _ in range(how_many):
        date = random.choices(dates, busy)[0]
        hour = random.choices(hours_of_day, place.hours)[0]
        wall = datetime.combine(date, time(hour), calendar.zone)
        at = wall.astimezone(UTC) + timedelta(seconds=round(random.uniform(0, 3_600), 3))
        while at > now - OVER_BY:  # not yet: then the day before
            at -= timedelta(days=1)
        if all(hours.is_open(calendar, moment) for moment in (at, at + HELPED_BY)):
            yield at


def _story(teller: Teller, random: Random, age: timedelta) -> Callable[[Tale, datetime], datetime]:
    """How it went. What takes a day cannot have happened to a young conversation."""
    case = random.choices(words.CASES, [case.weight for case in words.CASES])[0]
    old = 1 if age > timedelta(hours=25) else 0
    later = 1 if age < timedelta(days=7) else 0
    chances: list[tuple[float, Callable[[Tale, datetime], datetime]]] = [
        (29 + 5 * later, teller.solved),
        (19 * old, lambda tale, at: teller.solved(tale, at, confirmed=False)),
        (29 - 5 * later, lambda tale, at: teller.with_person(tale, at, case)),
        (4, lambda tale, at: teller.given_up(tale, at, case)),
        (2, lambda tale, at: teller.back(tale, at, case)),
        (6, teller.left),
        (4, teller.returned),
        (4 * old, teller.again),
        (2, teller.taken_over),
    ]
    return random.choices([story for _, story in chances], [chance for chance, _ in chances])[0]


def _store(work: UnitOfWork, random: Random, tales: list[Tale]) -> None:
    """All tales at once, table by table: a row's number is known before it is spoken of."""
    contacts = _insert(work, Contact, [_contact(random, tale) for tale in tales])
    rows = [
        tale.conversation
        | {
            "inbox_id": tale.inbox_id,
            "contact_id": contact,
            "support_status": tale.status,
            "control_epoch": tale.epoch,
        }
        for tale, contact in zip(tales, contacts, strict=True)
    ]
    for tale, contact, number in zip(
        tales, contacts, _insert(work, Conversation, rows), strict=True
    ):
        tale.contact_id, tale.id = contact, number
    rows = [row | {"conversation_id": tale.id} for tale in tales for row in tale.episodes]
    numbers = iter(_insert(work, Episode, rows))
    for tale in tales:
        tale.episode_ids = [next(numbers) for _ in tale.episodes]
    work.session.execute(
        sa.update(Conversation),
        [{"id": tale.id, "episode_id": tale.episode_ids[-1]} for tale in tales],
    )
    rows = [tale.placed(row) for tale in tales for row in tale.escalations]
    numbers = iter(_insert(work, Escalation, rows))
    for tale in tales:
        tale.escalation_ids = [next(numbers) for _ in tale.escalations]
    for table, told in (
        (Message, "messages"),
        (TurnSignals, "signals"),
        (Rating, "ratings"),
        (EventRow, "events"),
    ):
        rows = [tale.placed(row) for tale in tales for row in getattr(tale, told)]
        work.session.execute(sa.insert(table), rows)


def _insert(work: UnitOfWork, table: type[Base], rows: list[Row]) -> list[int]:
    number: Any = sa.inspect(table).primary_key[0]
    made = sa.insert(table).returning(number, sort_by_parameter_order=True)
    return list(work.session.scalars(made, rows))


def _contact(random: Random, tale: Tale) -> Row:
    first, last = random.choice(words.FIRST_NAMES), random.choice(words.LAST_NAMES)
    known = random.random() < 0.7
    return {
        "inbox_id": tale.inbox_id,
        # Nobody holds the cookie of an invented customer.
        "token_hash": hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        "name": f"{first} {last}" if known else "",
        "email": f"{first}.{last}@mail.example".lower() if known else "",
        "verified": known and random.random() < 0.6,
        "locale": "en",
        "time_zone": random.choice(words.ZONES),
        "page_url": "https://northfold.example/help",
        "created_at": tale.begun_at,
        "last_seen_at": tale.conversation["last_customer_at"],
    }
