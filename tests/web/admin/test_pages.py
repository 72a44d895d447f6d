"""Every page of the admin's side, as a browser without scripts gets it."""

from __future__ import annotations

import pytest

from helpdesk.services.admin import business_hours, canned_responses, hours_form
from tests.support.admin import actor
from tests.support.make import Make, Person
from tests.web.admin.conftest import Visitor

EMPTY = (
    "/admin/templates",
    "/admin/templates/handoff",
    "/admin/canned-responses",
    "/admin/canned-responses/new",
    "/admin/canned-responses?q=nothing",
    "/admin/hours",
    "/admin/hours/new",
    "/admin/inboxes",
    "/admin/inboxes/1",
    "/admin/inboxes/new",
    "/admin/policy",
    "/admin/team",
    "/admin/team/1",
    "/admin/audit",
    "/admin/audit?kind=team&agent=1&since=2026-01-01&until=x&before=5&zone=Mars",
)
FULL = (
    "/admin/canned-responses",
    "/admin/canned-responses/1",
    "/admin/canned-responses/1/removal",
    "/admin/hours",
    "/admin/hours/1",
    "/admin/hours/1/removal",
    "/admin/inboxes/1",
    "/admin/audit",
)


@pytest.mark.parametrize("path", EMPTY)
def test_a_page_stands_when_nothing_is_set_yet(admin: Visitor, path: str) -> None:
    page = admin.get(path)
    assert page.status == 200
    page.check()


@pytest.fixture
def furnished(make: Make, boss: Person) -> None:
    """A canned response and business hours, with hostile words in them."""
    by = actor(boss)
    words = "<script>alert(1)</script> {{customer_name}}"
    canned_responses.create({"shortcut": "a", "title": "<b>T</b>", "body": words}, by=by)
    sent = {
        "name": ['"><img src=x onerror=alert(1)>'],
        "time_zone": ["Europe/Berlin"],
        "friday-start": ["22:00"],
        "friday-end": ["06:00"],
        "date-0": ["2020-01-01"],
        "label-0": ["<i>Past</i>"],
        "date-1": ["2020-12-25"],
        "yearly-1": ["1"],
    }
    business_hours.create(hours_form.typed(sent), by=by)


@pytest.mark.parametrize("path", FULL)
def test_a_page_stands_with_any_words_in_it(furnished: None, admin: Visitor, path: str) -> None:
    page = admin.get(path)
    assert page.status == 200
    page.check()
    assert "<img src=x" not in page.html
    assert "<script>alert" not in page.html
    assert "<i>Past" not in page.html


def test_the_first_page_is_the_first_section(admin: Visitor) -> None:
    page = admin.get("/admin", follow_redirects=True)
    assert page.status == 200
    assert 'href="/admin/templates" aria-current="page"' in page.html


def test_only_known_words_are_said_after_a_redirect(admin: Visitor) -> None:
    assert "Saved. It holds from now on." in admin.get("/admin/policy?done=saved").text
    assert "evil" not in admin.get("/admin/policy?done=evil").text
