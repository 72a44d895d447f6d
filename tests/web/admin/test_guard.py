"""Who may see the admin's side: admins, and nobody learns from a refusal what is there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.support.admin import audited
from tests.support.make import Make, Person
from tests.web.admin.conftest import Visitor, browser_of


def routes(app: Flask) -> list[tuple[str, str]]:
    """Every address of the admin's side with every method it takes."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("admin."):
            continue
        path = re.sub(r"<(?:path:)?[^>]+>", "1", rule.rule)
        found += [(method, path) for method in rule.methods or () if method in ("GET", "POST")]
    assert len(found) > 35
    return found


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_d57_whoever_is_no_admin_gets_one_answer_everywhere(
    app: Flask, make: Make, role: str
) -> None:
    visitor = browser_of(app, make, make.agent("Omar Haddad", role=role))
    answers = set()
    for method, path in routes(app):
        page = visitor.get(path) if method == "GET" else visitor.post(path)
        answers.add((page.status, page.text))
    assert len(answers) == 1
    [(status, text)] = answers
    assert status == 403
    assert "Settings are changed by admins" in text
    # Noted in the audit log, once an hour.
    assert audited() == ["admin.refused"]


def test_the_rail_leads_admins_to_the_settings_and_nobody_else(
    app: Flask, make: Make, admin: Visitor, sarah: Person
) -> None:
    assert 'href="/admin"' in admin.get("/desk").html
    assert 'href="/admin"' not in browser_of(app, make, sarah).get("/desk").html


def test_a_role_that_was_taken_is_gone_at_the_next_request(
    app: Flask, make: Make, admin: Visitor, another_admin: Visitor, boss: Person
) -> None:
    assert admin.get("/admin/team").status == 200
    another_admin.post(f"/admin/team/{boss.id}/role", role="agent", was="admin")
    assert admin.get("/admin/team").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/admin/templates/nothing",
        "/admin/canned-responses/999",
        "/admin/canned-responses/x",
        "/admin/canned-responses/99999999999999999999",
        "/admin/hours/999",
        "/admin/inboxes/999",
        "/admin/team/999",
        "/admin/nothing",
    ],
)
def test_what_does_not_exist_is_not_found(admin: Visitor, path: str) -> None:
    assert admin.get(path).status == 404
