"""The places that alerts go to, without scripts: added, edited, their secrets shown once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from helpdesk import clock
from helpdesk.extensions import writing
from helpdesk.models import Endpoint, Outbox
from tests.support.admin import audited, entries
from tests.web.admin.alerting import HEARS, LIST, PLACES, Open, opened
from tests.web.admin.conftest import Page, browser_of
from tests.web.admin.test_forms import resend

__all__ = ["opened"]

PASSWORD = "four unrelated words here"
URLS = (
    *("http://127.0.0.1", "https://127.1/", "https://2130706433/", "https://0x7f.1/"),
    *("https://[::1]/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::7f00:1]/"),
    *("https://[2002:7f00:1::]/", "https://100.64.0.1/", "https://224.0.0.1/"),
    *("https://[fec0::1]/", "https://localhost./", "https://a@b.example/", "file:///etc/passwd"),
    *("gopher://b.example/", "https://192.0.2.1:22/", "https://192.0.2.1:6379/"),
)


def secret_on(page: Page) -> str:
    found = re.search(r'id="secret" value="(whsec_[^"]+)"', page.html)
    return found.group(1) if found else ""


def test_an_empty_page_says_what_it_is_for(opened: Open) -> None:
    page = opened(200).admin.get(LIST)
    page.check()
    assert "Nobody is told yet" in page.text
    assert 'href="/admin/alerts" aria-current="page"' in page.html


def test_a_new_place_hears_of_high_and_urgent_cases_and_shows_its_secret_once(
    opened: Open,
) -> None:
    house = opened(200)
    blank = house.admin.get(f"{PLACES}/new")
    blank.check()
    ticked = re.findall(r'name="event-([a-z_.]+)" value="1" checked', blank.html)
    assert ticked == ["handoff.requested"]
    assert '<option value="high" selected>' in blank.html
    assert 'name="include_text" value="1" checked' not in blank.html

    added = house.admin.post(PLACES, **house.form())
    added.check()
    secret = secret_on(added)
    assert secret
    assert "whsec_" not in house.admin.get(f"{PLACES}/1").html
    assert "whsec_" not in str([(entry.before, entry.after) for entry in entries()])
    house.place.escalate()
    [one] = house.sink.received
    assert Webhook(secret).verify(one.body, one.headers)["type"] == "handoff.requested"


def test_a_form_that_cannot_be_saved_is_kept_with_the_reason_beside_its_field(
    opened: Open,
) -> None:
    admin = opened(200).admin
    page = admin.post(PLACES, channel="email", name=" ", address="a@b.co, c@d.co", **HEARS)
    page.check()
    assert page.status == 422
    assert page.error_of("name") == "Write a name that your team knows it by."
    assert page.error_of("address") == "This cannot be used: this is not an e-mail address."
    assert page.value("address") == "a@b.co, c@d.co"
    nothing = admin.post(PLACES, channel="email", name="A", address="a@b.example")
    nothing.check()
    assert "Choose at least one thing to tell of." in nothing.text
    assert audited() == []


def test_d76_a_forbidden_address_is_refused_beside_its_field(opened: Open) -> None:
    house = opened(200)
    for url in URLS:
        page = house.admin.post(PLACES, **house.form(address=url))
        assert page.status == 422, url
        assert page.error_of("address").startswith("This cannot be used: "), url
        assert page.value("address") == url
    assert house.admin.get(LIST).text.count("Nobody is told yet") == 1


def test_two_admins_at_once_see_both_versions_and_choose(opened: Open) -> None:
    house = opened(200)
    house.admin.post(PLACES, **house.form())
    other = house.another_admin()
    at = f"{PLACES}/1"
    assert "Saved" in house.admin.post(at, **house.form(name="Ada's"), version="1").text
    met = other.post(at, **house.form(name="Cleo's"), version="1")
    met.check()
    assert (met.status, "Ada's" in met.text, "Cleo's" in met.text) == (409, True, True)
    assert resend(met, other, edit="1").value("name") == "Cleo's"
    assert "Saved" in resend(met, other).text
    assert house.place.read(1).name == "Cleo's"
    # Slack's address is a secret: another one is a difference all the same.
    house.admin.post(PLACES, **house.form(channel="slack", address=f"{house.sink.url}/T0/one"))
    house.admin.post(f"{PLACES}/2", **house.form(address=f"{house.sink.url}/T0/two"), version="1")
    met = other.post(f"{PLACES}/2", **house.form(address=f"{house.sink.url}/T0/six"), version="1")
    assert met.status == 409
    assert "/T0/" not in met.text
    assert "Address" in met.text


def test_the_address_of_slack_is_never_sent_back_and_stays_when_left_empty(opened: Open) -> None:
    house = opened(200)
    house.admin.post(PLACES, **house.form(channel="slack", address=f"{house.sink.url}/T0/xyz"))
    page = house.admin.get(f"{PLACES}/1")
    page.check()
    assert "xyz" not in page.html + house.admin.get(LIST).html
    house.admin.post(f"{PLACES}/1", **house.form(name="New name", address=""), version="1")
    row = house.place.read(1)
    assert (row.name, row.address) == ("New name", f"{house.sink.url}/T0/xyz")


def test_a_secret_is_replaced_without_a_gap(opened: Open) -> None:
    house = opened(200)
    old = secret_on(house.admin.post(PLACES, **house.form()))
    new = secret_on(house.admin.post(f"{PLACES}/1/secrets"))
    assert len({old, new, ""}) == 3
    house.place.escalate()
    one = house.sink.received[-1]
    for secret in (old, new):
        Webhook(secret).verify(one.body, one.headers)
    assert "Two secrets sign" in house.admin.get(f"{PLACES}/1").text
    assert "Only the newest secret" in house.admin.post(f"{PLACES}/1/rotation").text
    house.place.escalate()
    assert house.sink.received[-1].headers["webhook-signature"].count("v1,") == 1
    assert audited() == [
        *("endpoint.created", "endpoint.secret_renewed", "endpoint.old_secrets_forgotten")
    ]


def test_how_a_place_is_doing_is_said_in_words(opened: Open) -> None:
    house = opened(200)
    number = house.place.endpoint(house.sink)
    for changes, words in (
        ({"failures": 0}, "Nothing was sent yet."),
        ({"failures": 3, "failing_since": clock.now()}, "3 failures in a row"),
        (
            {"failures": 20, "paused_until": clock.now() + timedelta(minutes=9)},
            "Resting after 20 failures",
        ),
        ({"disabled_at": clock.now(), "disabled_reason": "it <b>broke</b>"}, "it <b>broke</b>"),
    ):
        with writing() as session:
            session.execute(sa.update(Endpoint).values(**changes))
            session.commit()
        page = house.admin.get(f"{PLACES}/{number}")
        page.check()
        assert words in page.text
        house.admin.get(LIST).check()


def test_a_place_is_switched_off_and_on_and_deleted_only_when_off(opened: Open) -> None:
    house = opened(500)
    house.admin.post(PLACES, **house.form())
    house.place.escalate()
    at = f"{PLACES}/1"
    refused = house.admin.post(f"{at}/removal", version="1")
    refused.check()
    assert (refused.status, "Switch it off first." in refused.text) == (422, True)
    assert "Switched off." in house.admin.post(f"{at}/state", state="off").text
    assert house.state_of(1) == "Cancelled"
    assert house.admin.post(f"{at}/tests").status == 422
    assert "Switched on." in house.admin.post(f"{at}/state", state="on").text
    assert house.admin.post(f"{at}/state", state="maybe").status == 400
    house.admin.post(f"{at}/state", state="off")
    late = house.admin.post(f"{at}/removal", version="9")
    assert (late.status, "changed this just now" in late.text) == (409, True)
    house.admin.get(f"{at}/removal").check()
    assert "Deleted." in house.admin.post(f"{at}/removal", version="1").text
    assert house.place.rows() == []
    assert house.admin.get(at).status == 404
    house.place.escalate()
    log = house.admin.get("/admin/audit?kind=alerts")
    log.check()
    assert "deleted a place for alerts" in log.text


def test_a_place_that_is_being_sent_to_is_not_deleted(opened: Open) -> None:
    house = opened(500)
    house.place.endpoint(house.sink, disabled_at=clock.now(), disabled_reason="by an admin")
    with writing() as session:
        now = clock.now()
        session.add(
            Outbox(
                kind="alert.test", dedup_key="n", endpoint_id=1, payload={"data": {}},
                status="leased", lease_until=now, created_at=now, next_attempt_at=now,
            )
        )  # fmt: skip
        session.commit()
    page = house.admin.post(f"{PLACES}/1/removal", version="1")
    assert (page.status, "Something is being sent to it." in page.text) == (422, True)
    assert len(house.place.rows()) == 1


def test_an_old_session_confirms_the_password_before_an_address_changes(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = opened(200)
    monkeypatch.setattr("helpdesk.web.admin.confirming.FRESH_S", -1)
    assert secret_on(house.admin.post(PLACES, **house.form())), "nobody without one is asked"
    house.place.make.password(house.boss, PASSWORD)
    for path, form in (
        (PLACES, house.form()),
        (f"{PLACES}/1", house.form(name="New", version="1")),
        (f"{PLACES}/1/secrets", {}),
        (f"{PLACES}/1/rotation", {}),
        (f"{PLACES}/1/removal", {"version": "1"}),
    ):
        asked = house.admin.post(path, **form)
        assert (asked.status, "Confirm it is you" in asked.text) == (403, True), path
    assert audited() == ["endpoint.created"]
    saved = house.admin.post(
        f"{PLACES}/1", **house.form(name="New"), version="1", confirm_password=PASSWORD
    )
    assert ("Saved" in saved.text, house.place.read(1).name) == (True, "New")


class Away:
    """Redis is away."""

    is_degraded = True


def test_a_redis_that_is_away_is_told_to_agents_admins_and_watchers(opened: Open) -> None:
    house = opened(200)
    place, sarah = house.place, house.place.make.agent("Sarah Kim")
    agent = browser_of(place.app, place.make, sarah)
    assert "Degraded" not in agent.get("/desk").text + house.admin.get(LIST).text
    assert agent.client.get("/readyz").get_json()["degraded"] == []
    place.app.extensions["background"] = Away()
    assert "Degraded : Redis does not answer." in agent.get("/desk").text
    assert "Degraded: Redis does not answer." in house.admin.get(LIST).text
    answer = agent.client.get("/readyz")
    assert (answer.status_code, answer.get_json()["degraded"]) == (200, ["Redis does not answer"])


def test_an_operator_who_forgot_a_setting_is_told_which(opened: Open) -> None:
    house = opened(200)
    house.place.endpoint("team@northfold.example", channel="email")
    assert "SMTP_URL" in house.admin.get(LIST).text
    assert "SMTP_URL" in house.admin.get(f"{PLACES}/new").text
