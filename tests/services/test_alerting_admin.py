"""What admins do with alerts: places, secrets, tests, and pressing deliveries on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpdesk.extensions import reading, writing
from helpdesk.models import AuditEntry, Outbox
from helpdesk.services import delivering
from helpdesk.services.admin import deliveries, endpoints, redelivery
from helpdesk.services.admin.changes import Actor, EditedMeanwhile, Gone, Refused
from helpdesk.services.admin.endpoint_form import DEFAULTS
from tests.support.alerting import Desk, Hands, desk, hands
from tests.support.sinks import WebSink, mail_sink, web_sink

__all__ = ["hands"]

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def admin(place: Desk) -> Actor:
    return Actor(agent_id=place.make.agent("Ada Admin", role="admin").id, address="127.0.0.1")


def form(address: str | WebSink, channel: str = "webhook", **more: str) -> dict[str, str]:
    address = address if isinstance(address, str) else address.url
    return {"channel": channel, "name": "Team", "address": address, **DEFAULTS, **more}


def audited() -> list[str]:
    with reading() as session:
        return list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_new_place_tells_of_high_and_urgent_escalations_and_has_a_secret(
    database_url: str, tmp_path: Path
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        made = endpoints.create(form(sink), by=admin(place))
        number = made.number
        view = endpoints.opened(number)
        assert view is not None
        assert (view.events, view.least_priority) == (("handoff.requested",), "high")
        assert (view.include_text, view.secret_count, view.state) == (False, 1, "ok")
        assert made.secret.startswith("whsec_")
        assert place.read(number).secrets == [made.secret]
        assert audited() == ["endpoint.created"]
        place.escalate()
        assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "a\nb"}),
        ("channel", {"channel": "pigeon"}),
        ("least_priority", {"least_priority": "meh"}),
        ("events", {"event-handoff.requested": ""}),
        ("address", {"address": "http://127.0.0.1/"}),
        ("address", {"address": "https://169.254.169.254/latest"}),
        ("address", {"address": "https://a@hooks.example.com"}),
        ("address", {"address": "https://192.0.2.1/" + "x" * 500}),
        ("address", {"address": "a@b.co, c@d.co", "channel": "email"}),
    ],
)
@SQLITE
def test_what_cannot_be_used_is_refused_beside_its_field(
    field: str, changes: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        with pytest.raises(Refused) as refused:
            endpoints.create(form(sink) | changes, by=admin(place))
        assert list(refused.value.problems) == [field]
        assert endpoints.listed() == []


def test_two_admins_at_once_lose_nothing(database_url: str, tmp_path: Path) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        number = endpoints.create(form(sink), by=by).number
        endpoints.change(number, form(sink, name="On call"), version=1, by=by)
        endpoints.change(number, form(sink, name="On call"), version=1, by=by)  # saved already
        with pytest.raises(EditedMeanwhile) as conflict:
            endpoints.change(number, form(sink, name="Night shift"), version=1, by=by)
        [difference] = conflict.value.differences
        assert (difference.mine, difference.theirs) == ("Night shift", "On call")
        assert (conflict.value.version, conflict.value.by) == (2, "Ada Admin")
        with pytest.raises(Gone):
            endpoints.change(number + 1, form(sink), version=1, by=by)


@SQLITE
def test_addresses_that_are_secrets_are_not_shown_whole_nor_kept_in_the_log(
    database_url: str, tmp_path: Path
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = endpoints.create(form(sink.url + "/T0/B0/xyz", "slack"), by=admin(place)).number
        view = endpoints.opened(number)
        assert view is not None
        assert view.shown_address == f"http://127.0.0.1:{sink.port}/…"
        with reading() as session:
            [entry] = session.scalars(sa.select(AuditEntry))
            assert "xyz" not in str(entry.after)


@SQLITE
def test_secrets_rotate_without_a_gap(database_url: str, tmp_path: Path) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        number = endpoints.create(form(sink), by=by).number
        [old] = place.read(number).secrets
        new = endpoints.renew_secret(number, by=by)
        assert place.read(number).secrets == [new, old]
        place.escalate()
        assert sink.received[-1].headers["webhook-signature"].count("v1,") == 2
        newest = endpoints.renew_secret(number, by=by)
        assert place.read(number).secrets == [newest, new]
        endpoints.forget_old_secrets(number, by=by)
        assert place.read(number).secrets == [newest]
        mail = endpoints.create(form("a@b.example", "email"), by=by).number
        with pytest.raises(Refused):
            endpoints.renew_secret(mail, by=by)


def test_a_place_that_is_switched_off_hears_nothing_and_begins_anew_when_switched_on(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        number = endpoints.create(form(sink), by=by).number
        place.escalate()
        endpoints.set_enabled(number, enabled=False, by=by)
        endpoints.set_enabled(number, enabled=False, by=by)
        place.escalate()
        hands.turn(hours=1)
        delivering.sweep()
        assert [row.status for row in place.rows()] == ["cancelled"]
        with pytest.raises(Refused):
            endpoints.send_test(number, by=by)
        with pytest.raises(Refused):
            redelivery.retry(place.rows()[0].id, by=by)
        endpoints.set_enabled(number, enabled=True, by=by)
        view = endpoints.opened(number)
        assert view is not None
        assert (view.state, view.failures) == ("ok", 0)
        place.escalate()
        assert len(sink.received) == 2
        assert audited() == ["endpoint.created", "endpoint.disabled", "endpoint.enabled"]


@SQLITE
def test_a_test_goes_out_at_once_even_to_a_place_that_rests(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = place.endpoint(sink, failures=20, paused_until=hands.now + timedelta(minutes=9))
        view = endpoints.opened(number)
        assert view is not None
        assert view.state == "resting"
        test = endpoints.send_test(number, by=admin(place))
        delivery = deliveries.opened(test)
        assert delivery is not None
        assert (delivery.state, delivery.words) == (
            "sent",
            "This is a test: alerts from the desk arrive here",
        )
        assert b'"type":"alert.test"' in sink.received[0].body


def dead(place: Desk, count: int) -> list[int]:
    """Alerts that died long ago."""
    for _ in range(count):
        place.escalate()
    with writing() as session:
        session.execute(sa.update(Outbox).values(status="dead", attempts=10))
        session.commit()
    return [row.id for row in place.rows()]


def test_retrying_all_the_dead_twice_sends_each_once(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(*[500] * 3, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        place.endpoint(sink)
        dead(place, 3)
        hands.turn(days=1)
        assert redelivery.retry_dead(since=hands.now, by=by) == 0
        since = hands.now - timedelta(days=2)
        assert redelivery.retry_dead(since=since, by=by) == 3
        assert redelivery.retry_dead(since=since, by=by) == 0
        assert [len(place.attempts(row.id)) for row in place.rows()] == [2, 2, 2]
        assert {row.status for row in place.rows()} == {"sent"}
        assert audited() == ["delivery.all_dead_retried"] * 3


@SQLITE
def test_a_retried_delivery_has_all_its_tries_before_it_and_keeps_its_history(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(500) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        place.endpoint(sink)
        [number] = dead(place, 1)
        redelivery.retry(number, by=by)
        delivery = deliveries.opened(number)
        assert delivery is not None
        assert (delivery.state, delivery.may_retry, delivery.may_cancel) == ("retrying", True, True)
        assert [each.number for each in delivery.attempts] == [1, 2]
        assert [each.error for each in delivery.attempts] == ["it answered 500"] * 2


@SQLITE
def test_retry_now_wakes_a_place_that_rests_and_does_not_wait(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = place.endpoint(sink, failures=19)
        place.escalate()
        assert place.read(number).paused_until is not None
        [row] = place.rows()
        redelivery.retry(row.id, by=admin(place))
        assert [row.status for row in place.rows()] == ["sent"]
        with pytest.raises(Refused, match="It is sent"):
            redelivery.retry(row.id, by=admin(place))


@SQLITE
def test_what_waits_can_be_taken_back_and_what_was_sent_cannot(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(200, 500) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        by = admin(place)
        place.endpoint(sink)
        place.escalate()
        place.escalate()
        sent, waiting = place.rows()
        redelivery.cancel(waiting.id, by=by)
        with pytest.raises(Refused, match="It is sent"):
            redelivery.cancel(sent.id, by=by)
        with pytest.raises(Gone):
            redelivery.cancel(waiting.id + 1, by=by)
        hands.turn(days=3)
        delivering.sweep()
        assert [row.status for row in place.rows()] == ["sent", "cancelled"]
        assert audited() == ["delivery.cancelled"]


def test_the_page_shows_places_counts_and_deliveries_with_their_tries(
    database_url: str, tmp_path: Path
) -> None:
    with (
        mail_sink() as mail,
        web_sink(200, 500, 404) as sink,
        desk(database_url, tmp_path, web=[sink], mail=mail) as place,
    ):
        place.endpoint(sink, name="Hook")
        for _ in range(3):
            place.escalate()
        view = deliveries.look()
        assert (view.can_mail, view.has_links) == (True, True)
        [endpoint] = view.endpoints
        assert (endpoint.name, endpoint.state, endpoint.waiting) == ("Hook", "failing", 2)
        assert endpoint.last_sent_at is not None
        assert (view.counts.sent, view.counts.retrying, view.counts.dead) == (1, 2, 0)
        newest = view.page.rows[0]
        assert (newest.state, newest.to, newest.last_code) == ("retrying", "Hook", 404)
        assert newest.words == "A customer is waiting for a person"
        assert len(newest.conversation) > 10
        assert [row.state for row in deliveries.look("sent").page.rows] == ["sent"]
        assert deliveries.look("nonsense").page.which == "all"
        assert deliveries.look(before=view.page.rows[-1].id).page.rows == ()
        assert deliveries.counts() == view.counts
