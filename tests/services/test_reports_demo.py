"""The demo's fortnight: made of facts like real ones, and reported as plain SQL counts it.

The SQL here is written for these tests alone; it shares nothing with the reports but the tables.
"""

# ruff: noqa: S608  # the statements are put together from each other, not from anybody's words

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from helpdesk import clock
from helpdesk.app import create_app
from helpdesk.domain import hours
from helpdesk.domain.message_templates import DEFAULTS
from helpdesk.extensions import reading, writing
from helpdesk.models import Conversation, Inbox
from helpdesk.services import chat, installing, office, signing_in
from helpdesk.services.admin import canned_responses, message_templates
from helpdesk.services.demo import BUSINESS_KEY, INBOX_KEY, history, settings
from helpdesk.services.reports import numbers
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import looking
from helpdesk.services.reports.numbers import Told
from helpdesk.services.reports.period import last_days
from tests.services import invariants
from tests.support import databases
from tests.support.kept import one_at_a_time, run_folder
from tests.support.servers import PostgresServer
from tests.web.people import SESSION

BERLIN = ZoneInfo("Europe/Berlin")
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def first_start(url: str) -> None:
    """Bring a database to where the product's first start leaves it."""
    databases.migrate(url)
    app = create_app(databases.settings_for(url, Path()))
    with app.app_context():
        installing.prepare(demo=True)
    databases.dispose(app)


@pytest.fixture(params=databases.BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The demo's database: made once, and copied for each test."""
    if request.param == "sqlite":
        path = run_folder() / "first-start-for-reports.db"
        with one_at_a_time(path.stem):
            if not path.exists():
                draft = tmp_path / "draft.db"
                first_start(f"sqlite:///{draft}")
                shutil.move(draft, path)
        yield f"sqlite:///{shutil.copy(path, tmp_path / 'helpdesk.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(server.template("first-start", first_start)) as url:
        yield url


@dataclass
class Sql:
    """Plain statements over a period; `:start` and `:end` are its ends."""

    start: datetime
    end: datetime

    def rows(self, statement: str, **values: object) -> list[Any]:
        """What the database answers."""
        with reading() as session:
            if session.get_bind().dialect.name == "sqlite":
                ends = [f"{end.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for end in self._ends]
            else:
                ends = [end.isoformat() for end in self._ends]
            named = {"start": ends[0], "end": ends[1]} | values
            return list(session.execute(sa.text(statement), named))

    def count(self, statement: str, **values: object) -> int:
        """The one number that a statement counts."""
        [[number]] = self.rows(statement, **values)
        return int(number)

    def seconds(self, statement: str) -> list[float]:
        """How long it is between the two moments of each row."""
        return sorted((_moment(end) - _moment(start)).total_seconds()
                      for start, end in self.rows(statement) if end is not None)  # fmt: skip

    @property
    def _ends(self) -> tuple[datetime, datetime]:
        return self.start, self.end


def _moment(raw: object) -> datetime:
    if isinstance(raw, datetime):
        return raw
    return datetime.fromisoformat(str(raw)).replace(tzinfo=UTC)


IN_PERIOD = "e.opened_at >= :start AND e.opened_at < :end"
CLAIMED = (
    "EXISTS (SELECT 1 FROM event c WHERE c.episode_id = e.id AND c.name = 'conversation.claimed')"
)
BY_ASSISTANT = f"""
    SELECT count(*) FROM episode e WHERE {IN_PERIOD} AND e.resolved_at IS NOT NULL
    AND e.resolution_kind = :kind AND e.first_escalated_at IS NULL AND NOT {CLAIMED}"""
LEFT_ALONE = f"""
    SELECT count(*) FROM episode e WHERE {IN_PERIOD} AND e.resolved_at IS NOT NULL
    AND e.resolution_kind IN ('left', 'spam') AND e.first_escalated_at IS NULL AND NOT {CLAIMED}"""
WITH_PERSON = f"""
    SELECT count(*) FROM episode e
    WHERE {IN_PERIOD} AND (e.first_escalated_at IS NOT NULL OR {CLAIMED})"""
TAKEN_BACK = f"""
    SELECT count(*) FROM episode e WHERE {IN_PERIOD} AND e.id IN (
      SELECT r.episode_id FROM event r JOIN event s ON s.episode_id = r.episode_id AND s.id < r.id
      WHERE r.name = 'conversation.reopened' AND s.name = 'conversation.resolved'
      AND s.payload ->> 'kind' IN ('confirmed', 'assumed'))"""
TO_HANDOFF = f"SELECT e.opened_at, e.first_escalated_at FROM episode e WHERE {IN_PERIOD}"
ASKED = "h.name = 'handoff.requested' AND h.created_at >= :start AND h.created_at < :end"
NEXT = """COALESCE((SELECT min(n.id) FROM event n WHERE n.episode_id = h.episode_id
    AND n.name = 'handoff.requested' AND n.id > h.id), 999999999)"""
REPLIES = f"""
    SELECT h.created_at, (
      SELECT min(m.created_at) FROM message m JOIN event said
        ON said.conversation_id = m.conversation_id AND said.name = 'message.created'
        AND said.actor LIKE 'agent:%' AND CAST(said.payload ->> 'seq' AS integer) = m.seq
      WHERE m.episode_id = h.episode_id AND m.stream = 'pub' AND m.agent_id IS NOT NULL
      AND said.id > h.id AND said.id < {NEXT})
    FROM event h WHERE {ASKED}"""
GIVEN_UP = f"""
    SELECT count(*) FROM event h WHERE {ASKED} AND EXISTS (
      SELECT 1 FROM event o WHERE o.episode_id = h.episode_id AND o.id > h.id AND o.id < {NEXT}
      AND o.from_status = 'waiting' AND o.actor = 'customer'
      AND o.to_status IN ('resolved', 'ai'))"""
REASONS = f"""
    SELECT COALESCE((
      SELECT o.primary_code FROM escalation o WHERE o.episode_id = x.episode_id
      AND o.action = 'offer' AND o.outcome = 'claimed' AND o.ended_at = x.created_at
    ), x.primary_code), count(*)
    FROM event h
    JOIN escalation x ON x.id = CAST(h.payload ->> 'escalation_id' AS integer)
    WHERE {ASKED} GROUP BY 1"""
RATINGS = """
    SELECT score FROM rating WHERE score IS NOT NULL AND created_at >= :start AND created_at < :end
    ORDER BY score"""


def told(days: int, **narrow: int) -> tuple[Told, Sql]:
    period = last_days(days, BERLIN, clock.now())
    with looking() as session:
        found = numbers.tell(session, Asked(period=period, inbox_id=narrow.get("inbox_id")))
    today = clock.now().astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
    return found, Sql(start=today - timedelta(days=days - 1), end=today + timedelta(days=1))


def test_the_demo_is_reported_as_plain_sql_counts_it(app: Flask) -> None:
    for days in (7, 14):
        found, sql = told(days)
        now = found.now.counts
        assert now["opened"] == sql.count(f"SELECT count(*) FROM episode e WHERE {IN_PERIOD}")
        assert now["confirmed"] == sql.count(BY_ASSISTANT, kind="confirmed")
        assert now["assumed"] == sql.count(BY_ASSISTANT, kind="assumed")
        assert now["left"] == sql.count(LEFT_ALONE)
        assert now["person"] == sql.count(WITH_PERSON)
        assert now["taken-back"] == sql.count(TAKEN_BACK)
        assert now["handoffs"] == sql.count(f"SELECT count(*) FROM event h WHERE {ASKED}")
        assert now["given-up"] == sql.count(GIVEN_UP)
        reasons = {str(code): int(count) for code, count in sql.rows(REASONS)}
        assert reasons == {code: now[f"reason-{code}"] for code in reasons}
        assert sum(reasons.values()) == now["handoffs"]
        for measure, statement in (
            (numbers.ESCALATED, TO_HANDOFF),
            (numbers.ANSWERED, REPLIES),
        ):
            times = found.now.all(measure)
            assert sorted(times) == pytest.approx(sql.seconds(statement), abs=0.002)
            assert times
        late = sum(time > 120 for time in sql.seconds(REPLIES))
        assert now["on-time"] == now["answered"] - late
        assert sorted(found.now.all(numbers.RATED)) == [score for [score] in sql.rows(RATINGS)]
    check_headlines(app, found, sql)


def check_headlines(app: Flask, found: Told, sql: Sql) -> None:
    page = signed_in(app).get("/reports?days=14&tz=Europe/Berlin").text
    cards = dict(re.findall(r'<h2 id="card-([\w-]+)">.*?hd-report-value">([^<]+)<', page, re.S))
    solved = sql.count(BY_ASSISTANT, kind="confirmed") + sql.count(BY_ASSISTANT, kind="assumed")
    of = solved + sql.count(LEFT_ALONE) + sql.count(WITH_PERSON)
    assert cards["solved"] == f"{100 * solved / of:.0f}%"
    assert cards["handed"] == f"{100 * sql.count(WITH_PERSON) / of:.0f}%"
    for card, statement in (("time-to-handoff", TO_HANDOFF), ("reply", REPLIES)):
        seconds = round(median(sql.seconds(statement)))
        assert cards[card] == f"{seconds // 60}:{seconds % 60:02}"
    scores = [score for [score] in sql.rows(RATINGS)]
    assert cards["rating"] == f"{sum(scores) / len(scores):.1f}"
    assert found.now.counts["solved"] == solved


LINK = re.compile(r'<a class="hd-figure" href="([^"]+)" data-count="([^"]+)"')
PAGES = ("/reports?days=7", "/reports/by/day?days=7", "/reports/by/inbox", "/reports/by/agent")


def signed_in(app: Flask) -> FlaskClient:
    with writing() as session:
        token = signing_in.open_session(session, 1, clock.now(), "127.0.0.1", "test")
        session.commit()
    client = app.test_client()
    client.set_cookie(SESSION, token)
    return client


def listed(client: FlaskClient, address: str) -> Iterator[str]:
    """The conversations that a figure's link lists, page by page."""
    while address:
        page = client.get(address).text
        yield from re.findall(r'<tr data-case>.*?href="/desk/c/([^?"]+)', page, re.S)
        older = re.search(r'href="([^"]+)">Older', page)
        address = unescape(older[1]) if older else ""


def test_the_link_of_every_number_lists_exactly_so_many_conversations(app: Flask) -> None:
    client = signed_in(app)
    day = (clock.now() - timedelta(days=2)).date()
    links: dict[str, int] = {}
    for page in PAGES:
        found = LINK.findall(client.get(page).text)
        assert len(found) > 15, page
        links |= {unescape(address): int(count) for address, count in found}
    # The days are alike: one of them stands for all.
    links = {
        each: count for each, count in links.items() if "from=" not in each or str(day) in each
    }
    assert len(links) > 80
    for address, count in links.items():
        assert len(list(listed(client, address))) == count, address
    # Each of them opens.
    some = next(iter(listed(client, next(iter(links)))))
    assert client.get(f"/desk/c/{some}?view=all").status_code == 200


def test_the_past_is_over_and_disturbs_nobody(app: Flask) -> None:
    with reading() as session:
        past = list(
            session.scalars(
                sa.select(Conversation)
                .order_by(Conversation.id.desc())
                .limit(history.CONVERSATIONS)
            )
        )
        assert session.scalar(sa.text("SELECT count(*) FROM outbox WHERE status = 'pending'")) == 0
        assert session.scalar(sa.text("SELECT count(*) FROM conversation")) > 200
        waiting = session.scalar(
            sa.text("SELECT count(*) FROM conversation WHERE support_status = 'waiting'")
        )
    begun = [each for each in past if each.created_at < clock.now() - timedelta(hours=2)]
    assert len(begun) > 180
    assert {each.support_status for each in begun} <= {"resolved", "closed"}
    assert not any(each.requires_human or each.queue_key for each in begun)
    assert waiting == 8
    assert invariants.violations() == []


@sqlite_only
def test_of_two_inboxes_one_is_open_and_one_is_closed_now(app: Flask) -> None:
    with reading() as session:
        by_key = {inbox.key: inbox for inbox in session.scalars(sa.select(Inbox))}
        assert set(by_key) == {INBOX_KEY, BUSINESS_KEY}
        assert office.is_open(session, by_key[INBOX_KEY], clock.now())
        for later in (timedelta(0), settings.STAYS_CLOSED):
            assert not office.is_open(session, by_key[BUSINESS_KEY], clock.now() + later)
    assert chat.site_by_key(BUSINESS_KEY) is not None
    found, _ = told(14, inbox_id=by_key[BUSINESS_KEY].id)
    assert found.now.counts["opened"] > 5
    assert found.now.counts["handoffs"] > 0


def test_whenever_the_first_start_is_the_office_is_closed() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for hour in range(0, 365 * 24, 5):
        now = first + timedelta(hours=hour)
        calendar = settings.office_hours(now)
        assert not hours.is_open(calendar, now)
        opening = hours.next_opening(calendar, now)
        assert opening
        assert opening - now >= settings.STAYS_CLOSED


def test_canned_responses_and_saved_texts_are_such_as_admins_may_save() -> None:
    assert len(settings.CANNED) >= 6
    for shortcut, title, body in settings.CANNED:
        assert canned_responses._draft({"shortcut": shortcut, "title": title, "body": body})
    for key, body in settings.WORDINGS:
        assert key in DEFAULTS
        assert message_templates.problems(body) == []
