"""The Alerts page without scripts: places, secrets shown once, tests, and pressing alerts on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from helpdesk import clock
from helpdesk.extensions import writing
from helpdesk.models import Endpoint, Outbox
from tests.support.admin import audited, entries
from tests.support.alerting import Desk, Hands, desk, hands
from tests.support.application import SameOriginClient
from tests.support.make import Person
from tests.support.sinks import WebSink, mail_sink, web_sink
from tests.web.admin.conftest import Page, Visitor, browser_of
from tests.web.admin.test_forms import PASSWORD, resend

__all__ = ["hands"]

LIST = "/admin/alerts"
PLACES = f"{LIST}/endpoints"
HEARS = {"event-handoff.requested": "1", "least_priority": "high"}
URLS = (
    *("http://127.0.0.1", "https://127.1/", "https://2130706433/", "https://0x7f.1/"),
    *("https://[::1]/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::7f00:1]/"),
    *("https://[2002:7f00:1::]/", "https://100.64.0.1/", "https://224.0.0.1/"),
    *("https://[fec0::1]/", "https://localhost./", "https://a@b.example/", "file:///etc/passwd"),
    *("gopher://b.example/", "https://192.0.2.1:22/", "https://192.0.2.1:6379/"),
)


class House:
    """A desk, its admin, and one receiver that the operator allows."""

    def __init__(self, place: Desk, sink: WebSink) -> None:
        self.place, self.sink = place, sink
        place.app.test_client_class = SameOriginClient
        self.boss: Person = place.make.agent("Ada Admin", role="admin")
        self.admin: Visitor = browser_of(place.app, place.make, self.boss)

    def form(self, **more: str) -> dict[str, str]:
        return {"channel": "webhook", "name": "On call", "address": self.sink.url, **HEARS} | more

    def another_admin(self) -> Visitor:
        return browser_of(
            self.place.app, self.place.make, self.place.make.agent("Cleo Chief", role="admin")
        )

    def state_of(self, number: int) -> str:
        """The word that a delivery's page begins with."""
        page = self.admin.get(f"{LIST}/deliveries/{number}")
        page.check()
        found = re.search(
            r'role="status"><span class="hd-chip[^>]*>.*?</svg>([^<]+)</span>', page.html
        )
        assert found
        return found.group(1)


Open = Callable[..., House]


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[Open]:
    """Open a desk whose one receiver gives these answers."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(*answers: int | str, seconds: float = 5.0, mail: bool = False) -> House:
            sink = stack.enter_context(web_sink(*answers, headers={"Retry-After": "600"}))
            post = stack.enter_context(mail_sink()) if mail else None
            made = desk(database_url, tmp_path, web=[sink], mail=post, seconds=seconds)
            return House(stack.enter_context(made), sink)

        yield start


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
    house.admin.post(f"{PLACES}/2", **house.form(address=""), name="", version="1")
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


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (200, "Delivered", "Accepted: the receiver answered 200."),
        ("gigabyte", "Delivered", "Accepted: the receiver answered 200."),
        (302, "Trying again", "It answered 302: redirects are not followed."),
        (404, "Trying again", "It answered 404."),
        (500, "Trying again", "It answered 500."),
        (429, "Trying again", "It answered 429."),
        (410, "Failed", "It answered 410. It is not tried again by itself."),
        ("hang", "Trying again", "No answer within 0.4 s."),
        ("drip", "Trying again", "No answer within 0.4 s."),
        ("drop", "Trying again", "The connection broke"),
        ("garbage", "Trying again", "The connection broke"),
    ],
)
def test_a_test_shows_how_it_really_ended(
    opened: Open, answer: int | str, state: str, words: str
) -> None:
    house = opened(answer, seconds=0.4)
    house.admin.post(PLACES, **house.form())
    page = house.admin.post(f"{PLACES}/1/tests")
    page.check()
    assert (page.status, house.state_of(1)) == (200, state)
    assert words.removesuffix(".") in page.text
    listed = house.admin.get(LIST)
    listed.check()
    assert listed.text.count(state) >= 2, "in the filters and in the list"
    if answer == 410:
        assert "It answered 410: gone for good" in listed.text
        assert "Switch it on" in house.admin.post(f"{LIST}/deliveries/1/retry").text
    if answer == 429:
        [row] = house.place.rows()
        assert row.next_attempt_at >= clock.now() + timedelta(seconds=590)


def test_d78_d79_no_byte_of_an_answer_is_shown(opened: Open) -> None:
    house = opened("gigabyte")
    house.admin.post(PLACES, **house.form())
    assert "xxxx" not in house.admin.post(f"{PLACES}/1/tests").html


def test_what_waits_or_failed_can_be_tried_again_or_taken_back(opened: Open, hands: Hands) -> None:
    house = opened(500, 500, 200, 500)
    house.place.endpoint(house.sink)
    for _ in range(2):
        house.place.escalate()
    assert house.state_of(2) == "Trying again"
    cancelled = house.admin.post(f"{LIST}/deliveries/1/cancellation")
    assert ("Cancelled." in cancelled.text, house.state_of(1)) == (True, "Cancelled")
    again = house.admin.post(f"{LIST}/deliveries/2/retry")
    assert ("It is tried again." in again.text, house.state_of(2)) == (True, "Delivered")
    for late in ("retry", "cancellation"):
        refused = house.admin.post(f"{LIST}/deliveries/2/{late}")
        refused.check()
        assert (refused.status, "It is sent" in refused.text) == (409, True)
    assert audited() == ["delivery.cancelled", "delivery.retried"]


def test_d87_all_failed_ones_are_tried_again_once_though_pressed_twice(
    opened: Open, hands: Hands
) -> None:
    house = opened(*[500] * 4, 200)
    number = house.place.endpoint(house.sink)
    other = house.place.endpoint(house.sink, name="Other")
    for _ in range(2):
        house.place.escalate()
    with writing() as session:
        session.execute(sa.update(Outbox).values(status="dead"))
        session.commit()
    page = house.admin.get(f"{LIST}?state=dead")
    page.check()
    assert page.html.count("Retry now") == 4
    assert (
        "No alerts are tried again"
        in house.admin.post(f"{LIST}/retries", hours="1", endpoint="99").text
    )
    hands.turn(hours=2)
    assert "No alerts" in house.admin.post(f"{LIST}/retries", hours="1").text
    one = house.admin.post(f"{LIST}/retries", hours="24", endpoint=str(number))
    assert "2 alerts are tried again." in one.text
    assert "2 alerts are" in house.admin.post(f"{LIST}/retries", hours="").text
    assert "No alerts" in house.admin.post(f"{LIST}/retries", hours="").text
    assert len(house.sink.received) == 8
    assert {row.status for row in house.place.rows(endpoint_id=other)} == {"sent"}
    assert house.admin.post(f"{LIST}/retries", hours="7").status == 400


def test_the_list_is_filtered_by_state_and_place_and_goes_back_in_pages(opened: Open) -> None:
    house = opened(200)
    number = house.place.endpoint(house.sink, name="Busy")
    house.place.endpoint(house.sink, name="Quiet", events=["rating.received"])
    now = clock.now()
    with writing() as session:
        for count in range(60):
            session.add(
                Outbox(
                    kind="alert.test",
                    dedup_key=f"n{count}",
                    endpoint_id=number,
                    payload={"data": {}, "customer_seq": 0},
                    status="dead" if count < 5 else "sent",
                    sent_at=None if count < 5 else now,
                    created_at=now,
                    next_attempt_at=now,
                )
            )
        session.commit()
    first = house.admin.get(f"{LIST}?endpoint={number}")
    first.check()
    assert first.html.count('class="hd-delivery"') == 50
    [older] = re.findall(r'href="(/admin/alerts[^"]*before=[^"]*)"', first.html)
    second = house.admin.get(older.replace("&amp;", "&"))
    assert second.html.count('class="hd-delivery"') == 10
    assert house.admin.get(f"{LIST}?state=dead").html.count('class="hd-delivery"') == 5
    assert "There is none like this." in house.admin.get(f"{LIST}?endpoint=2").text
    assert house.admin.get(f"{LIST}?state=evil&endpoint=99").status == 200
    assert house.admin.get(f"{LIST}?endpoint=x").status == 400


def test_how_a_place_is_doing_is_said_in_words(opened: Open) -> None:
    house = opened(200)
    number = house.place.endpoint(house.sink)
    for changes, words in (
        ({}, "Nothing was sent yet."),
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


def test_words_of_strangers_are_text(opened: Open) -> None:
    house = opened(500)
    house.place.endpoint(house.sink, name='"><img src=x onerror=alert(1)>')
    house.place.escalate()
    with writing() as session:
        session.execute(sa.update(Outbox).values(last_error="<script>alert(1)</script>"))
        session.commit()
    for path in (LIST, f"{PLACES}/1", f"{LIST}/deliveries/1", f"{PLACES}/1/removal"):
        page = house.admin.get(path)
        page.check()
        assert "<img src=x" not in page.html
        assert "<script>alert" not in page.html


class Away:
    """Redis is away."""

    is_degraded = True


def test_a_redis_that_is_away_is_told_to_agents_admins_and_watchers(opened: Open) -> None:
    house = opened(200)
    place, sarah = house.place, house.place.make.agent("Sarah Kim")
    agent = browser_of(place.app, place.make, sarah)
    assert "Degraded" not in agent.get("/desk").text + house.admin.get(LIST).text
    assert agent.client.get("/readyz").json["degraded"] == []
    place.app.extensions["background"] = Away()
    assert "Degraded: Redis does not answer." in agent.get("/desk").text
    assert "Degraded: Redis does not answer." in house.admin.get(LIST).text
    answer = agent.client.get("/readyz")
    assert (answer.status_code, answer.json["degraded"]) == (200, ["Redis does not answer"])


def test_an_operator_who_forgot_a_setting_is_told_which(opened: Open) -> None:
    house = opened(200)
    house.place.endpoint("team@northfold.example", channel="email")
    assert "SMTP_URL" in house.admin.get(LIST).text
    assert "SMTP_URL" in house.admin.get(f"{PLACES}/new").text
