"""The pages of the reports over HTTP: who may read them, what is refused, what a file holds."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask

from helpdesk.domain.lifecycle import Status
from helpdesk.services import customer
from helpdesk.services.reports import drill
from helpdesk.services.reports.csv import harmless
from tests.support.admin import audited
from tests.support.make import Make, Person
from tests.web.people import Desk

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGES = (
    "/reports",
    "/reports/by/day",
    "/reports/by/inbox",
    "/reports/by/agent",
    "/reports/conversations?show=handoffs",
    "/reports/conversations.csv?show=handoffs",
    "/reports/tables/outcomes.csv",
)
FORMULA = '=HYPERLINK("https://evil.example","you won")'


@pytest.fixture
def ada(make: Make) -> Person:
    """An admin."""
    return make.agent("Ada Admin", role="admin")


@pytest.fixture
def reader(app: Flask, make: Make, ada: Person) -> Desk:
    """An admin's browser."""
    return Desk.of(app, make, ada)


def rated(make: Make, name: str = "Maya", comment: str = "") -> None:
    maya = make.customer(name)
    conversation = make.conversation(by=maya, text=f"{name} asks", status=Status.RESOLVED)
    customer.rate(conversation.id, score=2, comment=comment)


@sqlite_only
def test_supervisors_and_admins_read_reports_and_nobody_else(app: Flask, make: Make) -> None:
    rated(make)
    stranger = app.test_client()
    for role, status in (("agent", 403), ("supervisor", 200), ("admin", 200)):
        desk = Desk.of(app, make, make.agent(f"{role.capitalize()} One", role=role))
        assert ('href="/reports"' in desk.client.get("/desk").text) is (status == 200)
        for page in PAGES:
            answer = desk.client.get(page)
            assert answer.status_code == status, (role, page)
            assert ("Maya" in answer.text) is (status == 200 and "/conversations" in page), page
    for page in PAGES:
        answer = stranger.get(page)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")


def hostile() -> Iterator[tuple[str, int]]:
    """Addresses, and what each must be answered."""
    bad_days = ("0", "-1", "8", "1e9", "٧", "7;DROP TABLE event", "' OR '1'='1", "9" * 4_000)
    yield from ((f"days={quote(days)}", 422) for days in bad_days)
    for first, last in (
        ("2026-11-02", "2026-11-01"),
        ("0001-01-01", "9999-12-31"),
        ("2026-02-30", "2026-03-01"),
        ("2026-11-01", ""),
        ("", "2026-11-01"),
        ("'; DROP TABLE event; --", "2026-11-01"),
        ("9" * 3_000, "x"),
    ):
        yield f"from={quote(first)}&to={quote(last)}", 422
    yield from ((f"{one}=999", 404) for one in ("inbox", "agent"))
    for number in ("9" * 30, "-1", "1%20OR%201=1", "x", "%D9%A7"):
        yield from ((f"{one}={number}", 400) for one in ("inbox", "agent"))
    yield "inbox=1&inbox=2", 400
    zones = ("Mars/Olympus", "../../etc/passwd", "/etc/localtime", "a" * 5_000, "Europe")
    yield from ((f"tz={quote(zone)}", 200) for zone in zones)
    yield "from=2026-11-01%00&to=2026-11-02", 400
    yield "from=2000-01-01&to=2000-12-31", 200
    yield "from=2024-02-29&to=2024-02-29", 200


@sqlite_only
def test_no_address_makes_the_desk_stumble(make: Make, reader: Desk) -> None:
    rated(make)
    pages = itertools.cycle(
        ("/reports?", "/reports/by/day?", "/reports/conversations?show=opened&")
    )
    for query, status in hostile():
        address = f"{next(pages)}{query}"
        answer = reader.client.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        assert "Traceback" not in answer.text
        file = reader.client.get(f"/reports/tables/day.csv?{query}")
        assert file.status_code == (400 if status == 422 else status), query
    for address in (
        "/reports/by/hour",
        "/reports/by/..%2Fday",
        "/reports/conversations",
        "/reports/conversations?show=nothing",
        "/reports/conversations?show=opened%27--",
        "/reports/conversations.csv?show=__class__",
        "/reports/tables/secret.csv",
        "/reports/tables/day.csv.exe",
    ):
        assert reader.client.get(address).status_code == 404, address
    for after in ("x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", "~", "9" * 500, "\0~1"):
        address = f"/reports/conversations?show=opened&after={quote(after)}"
        assert reader.client.get(address).status_code == 400, after
    for page in PAGES:
        assert reader.client.post(page).status_code == 405, page


@sqlite_only
def test_days_that_cannot_be_shown_are_said_beside_their_fields(make: Make, reader: Desk) -> None:
    rated(make)
    page = reader.client.get("/reports?from=2026-11-09&to=2026-11-03&agent=1").text
    assert "<span>The first day is after the last one.</span>" in page
    assert page.count('aria-describedby="dates-error"') == 2
    assert 'value="2026-11-09"' in page  # what was typed is kept


@sqlite_only
def test_what_customers_write_is_text_on_the_page_and_in_the_file(make: Make, reader: Desk) -> None:
    rated(make, name="<script>alert(1)</script>", comment=FORMULA)
    page = reader.client.get("/reports/conversations?show=ratings").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    answer = reader.client.get("/reports/conversations.csv?show=ratings")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    [names, row] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert names == ["When", "Customer", "About", "What", "Agent", "Inbox", "Conversation"]
    assert row[1] == "<script>alert(1)</script>"
    assert row[3] == f"2 of 5: {FORMULA}"


def test_nothing_that_a_customer_chose_is_a_formula() -> None:
    for start in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "\u200b=", "\ufeff@"):
        assert str(harmless(f"{start}1+1")).startswith("'"), start
    assert harmless("5 of 5: =1") == "5 of 5: =1"
    assert harmless(-3.5) == -3.5


@sqlite_only
def test_who_takes_customers_words_away_is_noted(make: Make, reader: Desk) -> None:
    rated(make)
    assert reader.client.get("/reports/tables/day.csv").status_code == 200
    assert audited() == []
    assert reader.client.get("/reports/conversations.csv?show=opened&days=30").status_code == 200
    assert audited() == ["report.exported"]


def test_a_long_list_comes_in_pages_without_gap_or_repeat(
    make: Make, reader: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill, "PAGE", 5)
    made = {make.conversation().public_id for _ in range(8)}
    seen: list[str] = []
    address = "/reports/conversations?show=opened"
    for size in (5, 3):
        page = reader.client.get(address).text
        found = re.findall(r'<tr data-case>.*?href="/desk/c/([^?"]+)', page, re.S)
        assert len(found) == size
        seen += found
        older = re.search(r'href="([^"]+)">Older', page)
        address = unescape(older[1]) if older else ""
    assert address == ""
    assert set(seen) == made
    assert len(seen) == 8
    file = reader.client.get("/reports/conversations.csv?show=opened").data.decode("utf-8-sig")
    assert {row[-1] for row in csv.reader(io.StringIO(file))} == {
        "Conversation",
        *(f"/desk/c/{each}" for each in made),
    }


@sqlite_only
def test_the_readers_zone_is_the_cookies_unless_the_address_names_one(reader: Desk) -> None:
    assert "Days and times in UTC." in reader.client.get("/reports").text
    reader.client.set_cookie("hd_tz", "America/New_York", path="/reports")
    assert "Days and times in America/New York." in reader.client.get("/reports").text
    page = reader.client.get("/reports?tz=Asia/Kathmandu").text
    assert "Days and times in Asia/Kathmandu." in page
    assert "tz=Asia/Kathmandu" in unescape(page)  # links keep it


@sqlite_only
def test_an_empty_desk_says_so_and_offers_more_days(reader: Desk) -> None:
    page = reader.client.get("/reports")
    assert page.status_code == 200
    assert "Nothing happened in these days" in page.text
    assert "hd-report-card" not in page.text
    for way in ("day", "inbox", "agent"):
        assert reader.client.get(f"/reports/by/{way}").status_code == 200
    assert "Nothing of this happened" in reader.client.get(PAGES[4]).text
