"""How much a customer may send (A25, A26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.models import Contact, Conversation
from tests.support.make import Make
from tests.web.people import Customer, new_id
from tests.web.rows import SQLITE, count, written


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """The clock is this much ahead: change the one element."""
    ahead = [timedelta()]
    real = clock.now

    def now() -> datetime:
        return real() + ahead[0]

    monkeypatch.setattr(clock, "now", now)
    return ahead


def test_a25_the_21st_message_of_a_minute_waits(maya: Customer, later: list[timedelta]) -> None:
    mids = [new_id() for _ in range(20)]
    for mid in mids:
        assert maya.send("How do I add money?", mid=mid).status_code == 200
    refused = maya.send("One too many")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert maya.send("How do I add money?", mid=mids[0]).status_code == 200  # a retry is free
    assert len(written()) == 20
    later[0] = timedelta(seconds=int(refused.headers["Retry-After"]) + 1)
    assert maya.send("Now it works").status_code == 200
    assert len(written()) == 21


@SQLITE
def test_a25_the_limit_of_an_hour_is_another(
    app: Flask, maya: Customer, later: list[timedelta]
) -> None:
    settings: Settings = app.config["SETTINGS"]
    assert settings.limits.messages_per_hour == 200
    fewer = replace(settings.limits, messages_per_hour=25)
    app.config["SETTINGS"] = replace(settings, limits=fewer)
    for number in range(25):
        later[0] = timedelta(seconds=60 * number)
        assert maya.send("How do I add money?").status_code == 200
    later[0] = timedelta(seconds=60 * 25)
    refused = maya.send("One too many")
    assert refused.status_code == 429
    assert 2_000 < int(refused.headers["Retry-After"]) <= 2_101
    later[0] = timedelta(seconds=3_602)
    assert maya.send("Now it works").status_code == 200


@SQLITE
def test_a25_the_limit_of_one_customer_is_not_anothers(
    maya: Customer, stranger: Customer, later: list[timedelta]
) -> None:
    for _ in range(20):
        maya.send("How do I add money?")
    assert maya.send("One too many").status_code == 429
    assert stranger.send("Hello").status_code == 200


@SQLITE
@pytest.mark.parametrize("first", ["messages", "handoff"])
def test_a26_the_6th_conversation_of_an_address_in_an_hour_waits(
    app: Flask, make: Make, first: str
) -> None:
    people = [Customer.at(app, make.key) for _ in range(6)]
    form = {"messages": {"client_msg_id": new_id(), "body": "Hello"}, "handoff": {}}[first]
    for person in people[:5]:
        assert person.post(first, form).status_code == 200
    for _ in range(2):
        refused = people[5].post(first, form)
        assert refused.status_code == 429
        assert 3_500 < int(refused.headers["Retry-After"]) <= 3_601
    assert people[0].send("Whoever has a conversation goes on").status_code == 200
    assert people[5].page().status_code == 200
    assert (count(Contact), count(Conversation)) == (5, 5)
    elsewhere = Customer.at(app, make.key)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert elsewhere.post(first, form).status_code == 200


@SQLITE
def test_a26_an_address_in_a_header_is_nobodys_word(app: Flask, make: Make) -> None:
    """B93: without a configured proxy these headers are only what a stranger typed."""
    for number in range(6):
        person = Customer.at(app, make.key)
        told = {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        form = {"client_msg_id": new_id(), "body": "Hello"}
        answer = person.client.post(f"/chat/{make.key}/messages", data=form, headers=told)
        assert answer.status_code == (303 if number < 5 else 429)
