"""What became of alerts, without scripts: how a test ended, trying again, taking back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk import clock
from helpdesk.extensions import writing
from helpdesk.models import Outbox
from tests.support.admin import audited
from tests.support.alerting import Hands, hands
from tests.web.admin.alerting import LIST, PLACES, Open, opened

__all__ = ["hands", "opened"]


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (200, "Delivered", "Accepted: the receiver answered 200."),
        ("gigabyte", "Delivered", "Accepted: the receiver answered 200."),
        (302, "Trying again", "It answered 302: redirects are not followed."),
        (404, "Trying again", "It answered 404."),
        (500, "Trying again", "It answered 500."),
        (429, "Trying again", "It answered 429."),
        (410, "Failed", "It is not tried again by itself."),
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


@pytest.mark.parametrize(
    ("trouble", "state", "words"),
    [
        ({}, "Delivered", "Accepted by the mail server."),
        ({"rcpt": "550 No such user"}, "Failed", "550 No such user"),
        ({"rcpt": "451 Later"}, "Trying again", "451 Later"),
        ({"data": "554 <b>Spam</b>"}, "Failed", "554 <b>Spam</b>"),
        ({"drop": 1}, "Trying again", "The mail server hung up"),
        ({"hang": 1}, "Trying again", "The mail server hung up"),
    ],
)
def test_a_test_by_mail_shows_how_it_really_ended(
    opened: Open, trouble: dict[str, Any], state: str, words: str
) -> None:
    house = opened(200, seconds=0.4, mail=trouble)
    form = house.form(channel="email", address="team@northfold.example")
    house.admin.post(PLACES, **form)
    page = house.admin.post(f"{PLACES}/1/tests")
    page.check()
    assert (house.state_of(1), words in page.text) == (state, True)
    assert "<b>Spam" not in page.html


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
