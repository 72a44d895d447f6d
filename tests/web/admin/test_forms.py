"""The admin's forms without scripts: saved, refused beside the field, never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from helpdesk import clock
from helpdesk.domain.escalation import Policy
from helpdesk.domain.lifecycle import Status
from helpdesk.services import chat
from helpdesk.services.admin import message_templates, policy
from helpdesk.services.admin.policy_form import fields_of
from tests.support.admin import audited
from tests.support.make import Make, Person
from tests.web.admin.conftest import Page, Visitor, browser_of

TEMPLATE = "/admin/templates/offer"
WEEK = {"monday-start": "09:00", "monday-end": "18:00"}


def resend(page: Page, visitor: Visitor, **more: str) -> Page:
    """Press a button of the page that shows two edits."""
    pattern = r'<form class="hd-card" method="post" action="([^"]+)">(.*?)</form>'
    form = re.search(pattern, page.html, re.S)
    assert form
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group(2))
    sent = MultiDict([(name, unescape(value)) for name, value in pairs] + list(more.items()))
    return Page(visitor.client.post(form.group(1), data=sent, follow_redirects=True))


def test_a_template_is_previewed_and_saved(admin: Visitor) -> None:
    text = "Shall one of us look at this, {{customer_name}}?\nReally."
    shown = admin.post(f"{TEMPLATE}/preview", body=text, version="0")
    shown.check()
    assert "Shall one of us look at this, Maya?" in shown.html
    assert shown.value("body") == text
    assert audited() == []
    saved = admin.post(f"{TEMPLATE}/versions", body=text.replace("\n", "\r\n"), version="0")
    saved.check()
    assert "Saved. It holds from now on." in saved.text
    assert saved.value("body") == text
    assert "Version 1" in saved.text


def test_a_script_gets_the_preview_alone(admin: Visitor) -> None:
    good = admin.script(f"{TEMPLATE}/preview", body="Dear {{customer_name}}", nameless="1")
    assert "Dear there" in good.html
    assert "<html" not in good.html
    bad = admin.script(f"{TEMPLATE}/preview", body="{% x %}")
    assert (bad.status, "cannot be said" in bad.text) == (200, True)
    markup = admin.script(f"{TEMPLATE}/preview", body="<img src=x onerror=alert(1)>")
    assert "&lt;img" in markup.html


def test_a_text_that_cannot_be_saved_is_kept_with_the_place_beside_it(admin: Visitor) -> None:
    page = admin.post(f"{TEMPLATE}/versions", body="Hi\n{{custmer_name}}", version="0")
    page.check()
    assert page.status == 422
    assert page.error_of("body").startswith("Line 2, character 1: There is no {{custmer_name}}")
    assert "Did you mean {{customer_name}}?" in page.text
    assert page.value("body") == "Hi\n{{custmer_name}}"


def test_a_text_of_a_megabyte_is_refused_before_it_is_read(admin: Visitor) -> None:
    assert admin.post(f"{TEMPLATE}/versions", body="x" * 2**20, version="0").status == 413


def test_two_admins_at_once_see_both_texts_and_choose(
    admin: Visitor, another_admin: Visitor
) -> None:
    admin.post(f"{TEMPLATE}/versions", body="Ada's <b>words</b>.", version="0")
    met = another_admin.post(f"{TEMPLATE}/versions", body='Cleo\'s "words".', version="0")
    met.check()
    assert met.status == 409
    assert "Ada Admin saved" in met.text
    assert "Ada's <b>words</b>." in met.text
    assert 'Cleo\'s "words".' in met.text

    editing = resend(met, another_admin, edit="1")
    assert (editing.status, editing.value("body")) == (200, 'Cleo\'s "words".')
    assert editing.value("version") == "1"
    assert "Ada's <b>words</b>." in editing.text, "the history shows theirs"

    saved = resend(met, another_admin)
    assert "Saved. It holds from now on." in saved.text
    found = message_templates.opened("offer")
    assert found is not None
    assert [version.by for version in found.history] == ["Cleo Chief", "Ada Admin"]


def test_old_versions_and_the_default_come_back(admin: Visitor) -> None:
    admin.post(f"{TEMPLATE}/versions", body="One.", version="0")
    admin.post(f"{TEMPLATE}/versions", body="Two.", version="1")
    page = admin.post(f"{TEMPLATE}/versions/1/restoration", version="2")
    assert page.value("body") == "One."
    page = admin.post(f"{TEMPLATE}/default", version="3")
    assert "Default text" in page.text
    stale = admin.post(f"{TEMPLATE}/default", version="1")
    assert stale.status in (200, 409)
    late = admin.post(f"{TEMPLATE}/versions/2/restoration", version="1")
    assert (late.status, "Go on editing" in late.text) == (409, False)


def test_a_canned_response_from_the_first_to_the_last(
    admin: Visitor, another_admin: Visitor
) -> None:
    at = "/admin/canned-responses"
    wrong = admin.post(at, shortcut="Größe", title="", body="{{nobody}}")
    wrong.check()
    assert wrong.status == 422
    assert "Perhaps “groe”?" in wrong.error_of("shortcut")
    assert wrong.error_of("title") == "Write a title. Agents choose by it."
    assert "There is no {{nobody}}" in wrong.error_of("body")
    assert wrong.value("shortcut") == "Größe"

    added = admin.post(at, shortcut="/bye", title="Good-bye", body="Bye.")
    assert "Added." in added.text
    assert "/bye" in admin.get(f"{at}?q=good").text
    assert "Nothing has" in admin.get(f"{at}?q=zzz").text

    admin.post(f"{at}/1", shortcut="bye", title="Ada's", body="Bye.", version="1")
    met = another_admin.post(f"{at}/1", shortcut="bye", title="Cleo's", body="Bye.", version="1")
    assert (met.status, "Cleo's" in met.text, "Ada's" in met.text) == (409, True, True)
    assert "Saved" in resend(met, another_admin).text

    asked = admin.get(f"{at}/1/removal")
    assert "Delete “/bye”?" in asked.text
    late = admin.post(f"{at}/1/removal", version="1")
    assert (late.status, "changed this just now" in late.text) == (409, True)
    assert "Deleted." in admin.post(f"{at}/1/removal", version="3").text
    gone = admin.post(f"{at}/1", shortcut="bye", title="Kept", body="My words.", version="3")
    gone.check()
    assert (gone.status, gone.value("body")) == (409, "My words.")
    assert "Save it to add it again" in gone.text


def test_business_hours_from_the_first_to_the_last(
    make: Make, admin: Visitor, another_admin: Visitor
) -> None:
    at = "/admin/hours"
    sent = {"name": "Office", "time_zone": "Europe/Berlin", **WEEK}
    wrong = admin.post(at, **sent | {"monday-end": "25:99", "time_zone": "Berln"})
    wrong.check()
    assert wrong.status == 422
    assert "25:99 is not a time" in wrong.error_of("monday-end")
    assert "Berln is not a time zone" in wrong.error_of("time_zone")
    assert wrong.value("monday-start") == "09:00"

    overlap = MultiDict([*sent.items(), ("monday-start", "17:00"), ("monday-end", "19:00")])
    page = Page(admin.client.post(at, data=overlap))
    page.check()
    assert page.error_of("monday-start") == "Monday: 09:00–18:00 and 17:00–19:00 overlap."

    preview = admin.post(f"{at}/preview", **sent, reader_zone="Asia/Tokyo")
    preview.check()
    assert re.search(r"from 1[67]:00 Overnight \w+ \d+ \w+ until 0[12]:00", preview.text)
    assert preview.value("name") == "Office"
    assert audited() == []

    saved = admin.post(at, **sent)
    assert "Added." in saved.text
    admin.post(f"{at}/1", **sent | {"monday-end": "17:00"}, version="1")
    met = another_admin.post(f"{at}/1", **sent | {"monday-start": "08:00"}, version="1")
    met.check()
    assert met.status == 409
    assert "08:00–18:00" in met.text
    assert "09:00–17:00" in met.text
    assert "Saved" in resend(met, another_admin).text
    assert another_admin.get(f"{at}/1").value("monday-start") == "08:00"

    inbox = {"name": "Web", "company": "Northfold", "color": "#0B6B66"}
    admin.post("/admin/inboxes/1", **inbox, hours="1", version="1")
    refused = admin.post(f"{at}/1/removal", version="3")
    assert (refused.status, "Used by Web" in refused.text) == (409, True)
    assert "Closed for today." in admin.post(f"{at}/1/today", state="closed").text
    assert "Open again" in admin.get(f"{at}/1").text
    assert "Open again, as the week says." in admin.post(f"{at}/1/today", state="open").text


def test_a_script_gets_the_days_the_drawings_and_what_is_wrong(admin: Visitor) -> None:
    sent = {"time_zone": "Europe/Berlin", **WEEK}
    good = admin.script("/admin/hours/preview", **sent, reader_zone="Europe/London")
    assert 'id="effect" hx-swap-oob="true"' in good.html
    assert good.html.count('id="bar-') == 7
    assert "08:00 to 17:00" in good.text
    assert re.search(r'id="time_zone-hint" hx-swap-oob="true">[^<]* Now UTC\+[12]\.<', good.html)
    bad = admin.script("/admin/hours/preview", **sent | {"monday-end": "25:99"})
    assert (bad.status, "25:99 is not a time" in bad.text) == (200, True)


def test_an_inbox_is_added_changed_and_switched_off(
    app: Flask, make: Make, admin: Visitor, another_admin: Visitor
) -> None:
    wrong = admin.post("/admin/inboxes", name="", company="N", color="x", allowed_origins="*\nnull")
    wrong.check()
    assert wrong.status == 422
    assert "six digits" in wrong.error_of("color")
    assert wrong.error_of("allowed_origins").count("Name each site exactly") == 2

    fields = {"name": "App", "company": "Northfold", "color": "#ffd400"}
    added = admin.post("/admin/inboxes", **fields)
    assert "Black words on it measure 14.7:1" in added.text
    assert '<script async src="http://localhost/widget/v1/loader.js" data-inbox="' in unescape(
        added.html
    )
    admin.post("/admin/inboxes/2", **fields | {"color": "#204080"}, version="1")
    met = another_admin.post("/admin/inboxes/2", **fields | {"name": "Mobile"}, version="1")
    assert (met.status, "#204080" in met.text, "Mobile" in met.text) == (409, True, True)
    assert "Switched off." in admin.post("/admin/inboxes/1/state", state="off").text
    assert chat.site_by_key(make.key) is None
    assert admin.client.get(f"/chat/{make.key}").status_code == 404
    assert admin.post("/admin/inboxes/1/state", state="x").status == 400


def test_the_policy_is_saved_refused_and_restored(admin: Visitor, another_admin: Visitor) -> None:
    fields = fields_of(Policy.default())
    wrong = admin.post("/admin/policy", **fields | {"turn_limit": "0"}, version="0")
    wrong.check()
    assert (wrong.status, wrong.error_of("turn_limit")) == (422, "Must be from 1 to 1000.")
    off = admin.post("/admin/policy", **fields | {"mode-asked_for_human": "off"}, version="0")
    assert (off.status, "This rule cannot be switched off." in off.text) == (422, True)

    saved = admin.post("/admin/policy", **fields | {"turn_limit": "25"}, version="0")
    saved.check()
    assert "Version 1" in saved.text
    met = another_admin.post("/admin/policy", **fields | {"mode-frustration": "off"}, version="0")
    met.check()
    assert met.status == 409
    editing = resend(met, another_admin, edit="1")
    assert editing.value("version") == "1"
    resend(met, another_admin)
    assert [version.number for version in policy.history()] == [2, 1]
    assert "Restored." in admin.post("/admin/policy/versions/0/restoration", version="2").text
    late = admin.post("/admin/policy/versions/1/restoration", version="1")
    assert late.status == 409


def test_somebody_is_invited_and_the_link_is_shown_once(app: Flask, admin: Visitor) -> None:
    wrong = admin.post("/admin/team", name="", email="no address", role="agent")
    wrong.check()
    assert wrong.status == 422
    assert "does not look like an e-mail" in wrong.error_of("email")
    page = admin.post("/admin/team", name="Ravi Shah", email="ravi@team.example", role="agent")
    page.check()
    link = re.search(r'value="http://localhost(/welcome/[^"]+)"', page.html)
    assert link
    assert app.test_client().get(link.group(1)).status_code == 200
    assert link.group(1) not in admin.get("/admin/team").html
    assert link.group(1) not in admin.get("/admin/audit").html
    assert "Invited" in admin.get("/admin/team").text


def test_d71_a_forged_host_does_not_reach_the_link(app: Flask, admin: Visitor) -> None:
    from dataclasses import replace

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://desk.example")
    page = admin.post("/admin/team", name="Ravi", email="ravi@team.example", role="agent")
    assert 'value="https://desk.example/welcome/' in page.html


def test_somebody_is_shut_out_and_let_in_again(
    app: Flask, make: Make, admin: Visitor, sarah: Person
) -> None:
    theirs = browser_of(app, make, sarah)
    make.conversation(status=Status.ACTIVE, agent=sarah)
    at = f"/admin/team/{sarah.id}"
    assert "One open conversation goes" in admin.get(at).text
    page = admin.post(f"{at}/state", state="off")
    page.check()
    assert "1 conversation is back in the queue" in page.text
    assert theirs.get("/desk").status == 302
    assert admin.post(f"{at}/link").status == 422
    back = admin.post(f"{at}/state", state="on")
    assert "may sign in again" in back.text
    assert "/welcome/" in back.html
    assert admin.post(f"{at}/state", state="maybe").status == 400


def test_what_is_dangerous_for_oneself_is_refused(admin: Visitor, boss: Person) -> None:
    at = f"/admin/team/{boss.id}"
    role = admin.post(f"{at}/role", role="agent", was="admin")
    assert (role.status, "your own role" in role.text) == (422, True)
    state = admin.post(f"{at}/state", state="off")
    assert (state.status, "cannot disable yourself" in state.text) == (422, True)
    assert "Signed out everywhere." in admin.post(f"{at}/sessions").text
    assert admin.get(at).status == 200, "the browser that asked stays signed in"


def test_a_role_that_somebody_else_just_gave_is_said(
    admin: Visitor, another_admin: Visitor, sarah: Person
) -> None:
    at = f"/admin/team/{sarah.id}"
    admin.post(f"{at}/role", role="supervisor", was="agent")
    page = another_admin.post(f"{at}/role", role="admin", was="agent")
    assert page.status == 409
    assert "Ada Admin has just made them supervisor. Choose again." in page.text
    assert page.value("was") == "supervisor"


def test_whoever_has_no_password_is_not_asked_for_one(
    make: Make, admin: Visitor, sarah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr("helpdesk.clock.now", lambda: later)
    assert admin.post(f"/admin/team/{sarah.id}/link").status == 200


def test_the_log_is_read_and_its_chain_looked_at(admin: Visitor) -> None:
    admin.post(f"{TEMPLATE}/versions", body="One.", version="0")
    page = admin.get("/admin/audit?kind=settings")
    assert "Ada Admin changed a message template Offer of a person" in page.text
    checked = admin.post("/admin/audit/verification")
    checked.check()
    assert "The chain is whole: 1 entry" in checked.text


def test_reading_a_conversation_is_in_the_log(
    app: Flask, make: Make, admin: Visitor, sarah: Person
) -> None:
    conversation = make.conversation(status=Status.ACTIVE, agent=sarah)
    browser_of(app, make, sarah).get(f"/desk/c/{conversation.public_id}")
    assert audited() == []
    admin.get(f"/desk/c/{conversation.public_id}")
    admin.get(f"/desk/c/{conversation.public_id}/since?after=0")
    assert audited() == ["conversation.read"]
    page = admin.get("/admin/audit?kind=reading")
    assert f"Ada Admin read a conversation #{conversation.id}" in page.text


@pytest.mark.parametrize(
    "path",
    ["/admin/canned-responses", "/admin/hours", "/admin/policy", "/admin/inboxes", "/admin/team"],
)
def test_an_empty_or_absurd_form_is_refused_without_an_error_of_ours(
    admin: Visitor, path: str
) -> None:
    assert admin.post(path).status == 422
    many = MultiDict([(f"field-{number}", "x") for number in range(4_000)])
    answer = admin.client.post(path, data=many)
    assert answer.status_code == 413
    assert admin.client.post(path, json={"name": "x"}).status_code == 415
