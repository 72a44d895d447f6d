"""The password once more, an hour after it was given, before anything is changed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from helpdesk import clock
from helpdesk.services import signing_in
from helpdesk.services.admin import team
from tests.support.admin import audited
from tests.support.make import Make, Person
from tests.web.admin.conftest import Page, Visitor

PASSWORD = "plum tango kiosk"
WEEK = {"monday-start": "09:00", "monday-end": "18:00"}


def test_an_old_session_confirms_its_password_before_the_team_changes(
    make: Make, admin: Visitor, boss: Person, sarah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.password(boss, PASSWORD)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    at = f"/admin/team/{sarah.id}/role"
    asked = admin.post(at, role="supervisor", was="agent")
    asked.check()
    assert asked.status == 403
    assert "Confirm it is you" in asked.text
    assert resend_confirm(asked, admin, "wrong words here").status == 422
    found = team.opened(sarah.id)
    assert found is not None
    assert found.role == "agent"

    done = resend_confirm(asked, admin, PASSWORD)
    assert "The role is changed." in done.text
    found = team.opened(sarah.id)
    assert found is not None
    assert found.role == "supervisor"
    # Confirmed once, for an hour.
    assert admin.post(f"/admin/team/{sarah.id}/link").status == 200
    assert [action for action in audited() if action.startswith("sign_in")] == [
        "sign_in.failed",
        "sign_in.confirmed",
    ]


def test_any_change_needs_a_fresh_session_and_keeps_what_was_typed(
    make: Make, admin: Visitor, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.password(boss, PASSWORD)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    assert admin.get("/admin/policy").status == 200
    assert admin.post("/admin/templates/offer/preview", body="Shall we?").status == 200
    asked = admin.post("/admin/templates/offer/versions", body="Shall we?", version="0")
    assert (asked.status, asked.value("body")) == (403, "Shall we?")
    sent = {"name": "Office", "time_zone": "Europe/Berlin", **WEEK, "confirm_password": PASSWORD}
    twice = MultiDict([*sent.items(), ("monday-start", "19:00"), ("monday-end", "20:00")])
    made = Page(admin.client.post("/admin/hours", data=twice, follow_redirects=True))
    assert "Added." in made.text
    assert made.html.count('value="19:00"') == 1
    assert audited() == ["sign_in.confirmed", "business_hours.created"]


def resend_confirm(page: Page, visitor: Visitor, password: str) -> Page:
    """Type the password into the page that asks for it."""
    pattern = r'<form class="hd-card hd-card-narrow" method="post" action="([^"]+)">'
    form = re.search(pattern, page.html)
    assert form
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.html)
    hidden = {name: unescape(value) for name, value in pairs if name in ("role", "was")}
    return visitor.post(form.group(1), **hidden, confirm_password=password)


def test_wrong_passwords_at_the_confirmation_slow_down_like_a_sign_in(
    make: Make, admin: Visitor, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.password(boss, PASSWORD)
    monkeypatch.setattr("helpdesk.services.signing_in.check_password_hash", lambda *_: False)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    statuses = [
        admin.post("/admin/team/1/sessions", confirm_password="no").status
        for _ in range(signing_in.FREE_FAILURES + 1)
    ]
    assert statuses == [422] * signing_in.FREE_FAILURES + [429]
