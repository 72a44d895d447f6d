"""Which facts become alerts, for whom, and that they are written with the fact or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk import ai
from helpdesk.domain.lifecycle import Priority
from helpdesk.services import alerting, customer, left_messages, routing
from helpdesk.services.unit_of_work import unit_of_work
from tests.support.alerting import PUBLIC_URL, URGENT, Desk, desk
from tests.support.sinks import web_sink

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "https://192.0.2.1/"  # an address for examples: refused before anything is sent


def told(place: Desk, endpoint: int) -> list[tuple[str, str]]:
    return [(row.kind, row.payload["data"]["priority"]) for row in place.rows(endpoint_id=endpoint)]


def test_an_escalation_is_told_to_those_who_want_it_at_this_priority(
    database_url: str, tmp_path: Path
) -> None:
    with desk(database_url, tmp_path) as place:
        every = place.endpoint(NOBODY, least="low")
        high = place.endpoint(NOBODY, least="high")
        other = place.endpoint(NOBODY, events=["csat.received"])
        off = place.endpoint(NOBODY, disabled_at=place.read(every).created_at)
        place.escalate()
        customer.ask_for_person(place.make.customer().id, source="button")
        assert told(place, every) == [
            ("handoff.requested", "urgent"),
            ("handoff.requested", "medium"),
        ]
        assert told(place, high) == [("handoff.requested", "urgent")]
        assert told(place, other) == told(place, off) == []


@SQLITE
def test_a_case_that_becomes_more_urgent_is_told_once_more(
    database_url: str, tmp_path: Path
) -> None:
    with desk(database_url, tmp_path) as place:
        endpoint = place.endpoint(NOBODY, least="medium")
        maya = place.make.customer()
        customer.ask_for_person(maya.id, source="button")
        customer.ask_for_person(maya.id, source="button")
        for _ in range(2):
            place.make.write(maya, URGENT)
        assert told(place, endpoint) == [
            ("handoff.requested", "medium"),
            ("handoff.requested", "urgent"),
        ]


@SQLITE
def test_the_other_facts_are_told_whatever_the_priority(database_url: str, tmp_path: Path) -> None:
    with desk(database_url, tmp_path) as place:
        place.app.extensions["responder"] = Silent()
        endpoint = place.endpoint(NOBODY, least="urgent")
        sarah = place.make.agent("Sarah Kim")
        maya = place.make.customer()
        number = place.make.write(maya, "How do I add money?").conversation_id
        routing.claim(number, agent_id=sarah.id)
        routing.resolve(number, agent_id=sarah.id, seen_seq=10**6)
        customer.rate(number, score=4, comment="my password is hunter2")
        left_messages.leave_message(
            place.make.customer().id, email="maya@example.com", body="Please call.", mid="m-1"
        )
        assert [kind for kind, _ in told(place, endpoint)] == [
            "conversation.claimed",
            "conversation.resolved",
            "csat.received",
            "message.left",
        ]
        assert place.rows(kind="csat.received")[0].payload["data"]["score"] == 4


class Silent:
    """An assistant that is not asked here."""

    def reply(self, *_given: object, **_named: object) -> ai.Reply:
        return ai.Reply(text="It is on the Home screen.", confidence=0.9)


def test_no_fact_no_alert_and_no_alert_no_fact(database_url: str, tmp_path: Path) -> None:
    with desk(database_url, tmp_path) as place:
        number = place.make.conversation().id
        place.endpoint(NOBODY)
        with pytest.raises(ZeroDivisionError), unit_of_work() as work:
            conversation = work.hold(number)
            alerting.tell(work, conversation, "handoff.requested", priority=Priority.URGENT)
            raise ZeroDivisionError
        assert place.rows() == []


@SQLITE
def test_the_same_fact_is_told_once_however_often_it_is_said(
    database_url: str, tmp_path: Path
) -> None:
    with desk(database_url, tmp_path) as place:
        number = place.make.conversation().id
        first, second = place.endpoint(NOBODY), place.endpoint(NOBODY)
        for _ in range(3):
            with unit_of_work() as work:
                conversation = work.hold(number)
                alerting.tell(work, conversation, "handoff.requested", priority=Priority.HIGH)
        assert len(told(place, first)) == len(told(place, second)) == 1


@SQLITE
def test_a_webhook_carries_a_link_and_no_words_unless_an_admin_ticked_it(
    database_url: str, tmp_path: Path
) -> None:
    with web_sink(200) as thin, web_sink(200) as thick:
        with desk(database_url, tmp_path, web=[thin, thick]) as place:
            place.endpoint(thin)
            place.endpoint(thick, include_text=True)
            text = f"{URGENT} My card is 4242 4242 4242 4242."
            stored = place.make.write(place.make.customer(), text)
            assert all("deposited" not in json.dumps(row.payload) for row in place.rows())
        [thin_body, thick_body] = (json.loads(sink.received[0].body) for sink in (thin, thick))
        link = f"{PUBLIC_URL}/desk/c/{stored.public_id}"
        assert thin_body["type"] == "handoff.requested"
        assert thin_body["data"]["link"] == thick_body["data"]["link"] == link
        assert "text" not in thin_body["data"]
        assert "deposited" in thick_body["data"]["text"]
        assert "4242" not in thick_body["data"]["text"]
