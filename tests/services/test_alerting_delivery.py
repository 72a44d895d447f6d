"""The outbox is emptied whatever receivers do: the right state each, nothing stuck or lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from standardwebhooks import Webhook

from helpdesk import background
from helpdesk.alerts.verdicts import DELAYS
from helpdesk.extensions import writing
from helpdesk.models import Endpoint, Outbox
from helpdesk.outbound import Door
from helpdesk.services import alerting, delivering
from helpdesk.services.unit_of_work import unit_of_work
from tests.support.alerting import Desk, Hands, desk, hands
from tests.support.sinks import mail_sink, refusing_port, web_sink

__all__ = ["hands"]

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = {"hours": 30}  # past every delay


def only(place: Desk) -> Outbox:
    [row] = place.rows()
    return row


@pytest.mark.parametrize(
    ("answers", "state", "code", "error"),
    [
        ([200], "sent", 200, ""),
        ([204], "sent", 204, ""),
        (["gigabyte"], "sent", 200, ""),
        (["drip_body"], "sent", 200, ""),
        ([500], "pending", 500, "it answered 500"),
        ([503], "pending", 503, "it answered 503"),
        ([429], "pending", 429, "it answered 429"),
        ([408], "pending", 408, "it answered 408"),
        ([404], "pending", 404, "it answered 404"),
        ([302], "pending", 302, "it answered 302: redirects are not followed"),
        ([410], "dead", 410, "it answered 410"),
        (["hang"], "pending", None, "no answer within 0.5 s"),
        (["drip"], "pending", None, "no answer within 0.5 s"),
        (["drop"], "pending", None, "the connection broke (RemoteDisconnected)"),
        (["garbage"], "pending", None, "the connection broke (BadStatusLine)"),
    ],
)
@SQLITE
def test_every_kind_of_answer_leads_to_its_state(
    answers: list[int | str],
    state: str,
    code: int | None,
    error: str,
    database_url: str,
    tmp_path: Path,
) -> None:
    with (
        web_sink(*answers) as sink,
        desk(database_url, tmp_path, web=[sink], seconds=0.5) as place,
    ):
        place.endpoint(sink)
        place.escalate()
        row = only(place)
        assert (row.status, row.last_code, row.last_error) == (state, code, error)
        assert (row.lease_token, row.lease_until) == ("", None)
        assert (row.sent_at is not None) == (state == "sent")
        [attempt] = place.attempts(row.id)
        assert (attempt.number, attempt.answer_code, attempt.error) == (1, code, error)
        assert attempt.ended_at is not None


def test_a_dead_receiver_is_tried_ten_times_over_three_days_and_then_given_up(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with (
        refusing_port() as port,
        desk(database_url, tmp_path, allow=[("127.0.0.1", port)]) as place,
    ):
        place.endpoint(f"http://127.0.0.1:{port}/")
        place.escalate()
        for tried, delay in enumerate(DELAYS[1:], 1):
            row = only(place)
            assert (row.status, row.attempts) == ("pending", tried)
            wait = (row.next_attempt_at - hands.now).total_seconds()
            assert delay * 0.8 <= wait <= delay * 1.2
            hands.now = row.next_attempt_at
            delivering.sweep()  # a hint may still be on its way: the sweeper gives it a moment
            assert only(place).attempts == tried
            hands.turn(seconds=1)
            delivering.sweep()
        row = only(place)
        assert (row.status, row.attempts, len(place.attempts(row.id))) == ("dead", 10, 10)
        hands.turn(**LATER)
        delivering.sweep()
        assert only(place).attempts == 10


@SQLITE
def test_other_refusals_are_tried_three_times(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(404) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink)
        place.escalate()
        for _ in range(5):
            hands.turn(**LATER)
            delivering.sweep()
        assert (only(place).status, len(sink.received)) == ("dead", 3)


@SQLITE
def test_every_try_has_the_same_id_and_body_and_a_fresh_signature(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(500, 500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = place.endpoint(sink)
        place.escalate()
        for _ in range(2):
            hands.turn(seconds=400)
            delivering.sweep()
        assert only(place).status == "sent"
        heads = [one.headers for one in sink.received]
        assert len({head["webhook-id"] for head in heads}) == 1
        assert len({one.body for one in sink.received}) == 1
        stamps = [int(head["webhook-timestamp"]) for head in heads]
        assert stamps == sorted(set(stamps))
        [secret] = place.read(number).secrets
        own = {name: value for name, value in heads[0].items() if name.startswith("webhook")}
        signed = Webhook(secret).verify(sink.received[0].body, own)
        assert signed["data"]["priority"] == "urgent"


@SQLITE
def test_retry_after_puts_the_next_try_off(database_url: str, tmp_path: Path, hands: Hands) -> None:
    with (
        web_sink(429, headers={"Retry-After": "120"}) as sink,
        desk(database_url, tmp_path, web=[sink]) as place,
    ):
        place.endpoint(sink)
        place.escalate()
        assert only(place).next_attempt_at - hands.now == timedelta(seconds=120)


def test_one_row_delivered_by_eight_at_once_is_sent_once(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        web_sink(200, pause=0.2) as sink,
        desk(database_url, tmp_path, web=[sink]) as place,
    ):
        place.endpoint(sink)
        monkeypatch.setattr(background, "enqueue", lambda *_args, **_ids: None)
        place.escalate()
        number = only(place).id
        gate = threading.Barrier(8)

        def run() -> None:
            with place.app.app_context():
                gate.wait()
                delivering.deliver(number)

        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(sink.received), only(place).status) == (1, "sent")
        assert len(place.attempts(number)) == 1


def test_what_a_killed_process_was_sending_is_sent_again_with_the_same_id(
    database_url: str, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink)
        with monkeypatch.context() as dying:
            dying.setattr(delivering, "_settle", lambda *_given: None)
            place.escalate()  # sent, and then the process was gone
        assert (only(place).status, len(sink.received)) == ("leased", 1)
        delivering.sweep()
        hands.turn(seconds=59)
        delivering.sweep()
        assert len(sink.received) == 1  # somebody may still be at it
        hands.turn(seconds=2)
        delivering.sweep()
        row = only(place)
        assert (row.status, row.attempts, len(sink.received)) == ("sent", 2, 2)
        assert len({one.headers["webhook-id"] for one in sink.received}) == 1
        first, second = place.attempts(row.id)
        assert ("interrupted" in first.error, second.error) == (True, "")
        assert first.ended_at is not None


def test_whoever_lost_the_lease_settles_nothing(
    database_url: str, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_sink(500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink)
        send = Door.post

        def slow(self: Door, *given: object) -> object:
            answer = send(self, *given)  # type: ignore[arg-type]
            if answer.code == 500:
                hands.turn(seconds=61)
                delivering.sweep()  # another process, while this one still thinks
            return answer

        monkeypatch.setattr(Door, "post", slow)
        place.escalate()
        row = only(place)
        assert (row.status, row.last_code, row.attempts) == ("sent", 200, 2)


@SQLITE
def test_a_late_answer_does_not_settle_what_another_process_is_sending_now(
    database_url: str, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink)
        send = Door.post

        def slow(self: Door, *given: object) -> object:
            answer = send(self, *given)  # type: ignore[arg-type]
            hands.turn(seconds=61)
            assert delivering._lease(only(place).id) is not None  # the other one begins
            return answer

        with monkeypatch.context() as slowly:
            slowly.setattr(Door, "post", slow)
            place.escalate()
        row = only(place)
        assert (row.status, row.attempts, row.lease_until) == (
            "leased",
            2,
            hands.now + timedelta(seconds=60),
        )
        hands.turn(seconds=62)
        delivering.sweep()
        assert only(place).status == "sent"


@SQLITE
def test_a_row_that_ends_every_process_is_given_up(
    database_url: str, tmp_path: Path, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink)
        with monkeypatch.context() as dying:
            dying.setattr(delivering, "_settle", lambda *_given: None)
            place.escalate()
            for _ in range(9):
                hands.turn(minutes=2)
                delivering.sweep()
        hands.turn(minutes=2)
        delivering.sweep()
        assert (only(place).status, len(sink.received)) == ("dead", 10)


def test_after_twenty_straight_failures_an_endpoint_rests_and_one_try_wakes_it(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(*[500] * 20, 500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = place.endpoint(sink)
        for _ in range(25):
            place.escalate()
        assert len(sink.received) == 20
        endpoint = place.read(number)
        assert endpoint.failures == 20
        assert endpoint.paused_until == hands.now + timedelta(minutes=15)
        hands.turn(minutes=14)
        delivering.sweep()
        assert len(sink.received) == 20
        hands.turn(minutes=2)
        delivering.sweep()
        assert len(sink.received) == 21  # one failed again: the rest keeps resting
        hands.turn(minutes=16)
        delivering.sweep()
        assert {row.status for row in place.rows()} == {"sent"}
        endpoint = place.read(number)
        assert (endpoint.failures, endpoint.failing_since, endpoint.paused_until) == (0, None, None)


@SQLITE
def test_a_failing_endpoint_is_tried_by_one_at_a_time_and_holds_nobody_else_up(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with (
        web_sink(500) as bad,
        web_sink(200) as good,
        desk(database_url, tmp_path, web=[bad, good]) as place,
    ):
        failing = place.endpoint(bad)
        place.escalate()
        place.escalate()
        first, second = place.rows()
        with writing() as session:
            session.execute(
                sa.update(Outbox)
                .where(Outbox.id == first.id)
                .values(status="leased", lease_until=hands.now + timedelta(minutes=1))
            )
            session.commit()
        place.endpoint(good)
        hands.turn(seconds=30)
        delivering.sweep()
        assert [row.attempts for row in place.rows(id=second.id)] == [1]
        place.escalate()
        assert (len(bad.received), len(good.received)) == (2, 1)
        hands.turn(minutes=2)
        delivering.sweep()
        assert len(bad.received) > 2
        assert place.read(failing).failures > 2


def test_gone_for_good_or_failing_for_five_days_switches_off_and_tells_the_admins(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with (
        mail_sink() as mail,
        web_sink(410) as gone,
        web_sink(500) as failing,
        desk(database_url, tmp_path, web=[gone, failing], mail=mail) as place,
    ):
        place.make.agent("Ada Admin", role="admin")
        place.make.agent("Sarah Kim")
        first = place.endpoint(gone, name="Old hook")
        place.escalate()
        assert place.read(first).disabled_reason == "it answered 410: gone for good"
        second = place.endpoint(failing, name="Broken hook")
        place.escalate()
        for _ in range(6):
            hands.turn(days=1)
            delivering.sweep()
            place.escalate()
        assert "it failed for 5 days" in place.read(second).disabled_reason
        assert {row.status for row in place.rows(endpoint_id=second)} == {"dead"}
        assert [message["To"] for message in mail.received] == ["ada@team.example"] * 2
        assert "Old hook" in mail.received[0]["Subject"]
        assert "Broken hook" in mail.received[1]["Subject"]
        place.escalate()
        assert len(gone.received) == 1


@SQLITE
def test_an_endpoint_switched_off_meanwhile_hears_nothing(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(500, 200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        number = place.endpoint(sink)
        place.escalate()
        with writing() as session:
            session.get_one(Endpoint, number).disabled_at = hands.now
            session.commit()
        hands.turn(**LATER)
        delivering.sweep()
        assert (only(place).status, len(sink.received)) == ("dead", 1)


@SQLITE
def test_a_name_that_leads_inside_by_now_is_not_sent_to(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path) as place:
        place.endpoint(sink)  # the operator does not vouch for this address (any more)
        place.escalate()
        for _ in range(4):
            hands.turn(**LATER)
            delivering.sweep()
        row = only(place)
        assert (row.status, len(place.attempts(row.id)), sink.received) == ("dead", 3, [])
        assert "refused: only https:// is allowed" in row.last_error


@pytest.mark.parametrize(
    ("channel", "shown"),
    [("slack", "Urgent: A customer is waiting"), ("discord", "Urgent: A customer is waiting")],
)
@SQLITE
def test_chat_channels_get_their_own_form(
    channel: str, shown: str, database_url: str, tmp_path: Path
) -> None:
    with web_sink(200) as sink, desk(database_url, tmp_path, web=[sink]) as place:
        place.endpoint(sink, channel=channel)
        place.escalate()
        [one] = sink.received
        assert shown in one.body.decode().replace("\\\\", "")
        assert "webhook-signature" not in one.headers


def test_an_email_arrives_with_its_id(database_url: str, tmp_path: Path) -> None:
    with mail_sink() as sink, desk(database_url, tmp_path, mail=sink) as place:
        place.endpoint("team@northfold.example", channel="email")
        place.escalate()
        [message], row = sink.received, only(place)
        assert row.status == "sent"
        assert message["Message-ID"] == f"<{delivering.message_id(row)}@northfold.example>"
        assert "/desk/c/" in message.get_content()


@pytest.mark.parametrize(
    ("trouble", "state", "code"),
    [
        ({"rcpt": "550 no such user"}, "dead", 550),
        ({"data": "554 no"}, "dead", 554),
        ({"rcpt": "451 later"}, "pending", 451),
        ({"data": "452 full"}, "pending", 452),
        ({"hang": 1}, "pending", None),
        ({"drop": 1}, "pending", None),
    ],
)
@SQLITE
def test_every_trouble_of_a_mail_server_leads_to_its_state(
    trouble: dict[str, str | int],
    state: str,
    code: int | None,
    database_url: str,
    tmp_path: Path,
    hands: Hands,
) -> None:
    with (
        mail_sink(**trouble) as sink,
        desk(database_url, tmp_path, mail=sink, seconds=0.5) as place,
    ):
        place.endpoint("team@northfold.example", channel="email")
        place.escalate()
        row = only(place)
        assert (row.status, row.last_code, row.lease_until) == (state, code, None)
        sink.rcpt = sink.data = "250 OK"
        hands.turn(**LATER)
        delivering.sweep()
        assert only(place).status == ("dead" if state == "dead" else "sent")
        # What it took before it hung up came twice, with one id: the mail program shows it once.
        assert len({message["Message-ID"] for message in sink.received}) <= 1


@SQLITE
def test_without_a_mail_server_mail_waits_for_one(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with desk(database_url, tmp_path) as place:
        place.endpoint("team@northfold.example", channel="email")
        place.escalate()
        row = only(place)
        assert (row.status, "SMTP_URL" in row.last_error) == ("pending", True)


@SQLITE
def test_a_letter_of_the_desks_own_goes_to_one_person_once(
    database_url: str, tmp_path: Path
) -> None:
    with mail_sink() as sink, desk(database_url, tmp_path, mail=sink):
        for _ in range(2):
            with unit_of_work() as work:
                alerting.write_letter(
                    work,
                    kind="reply",
                    to="maya@example.com",
                    subject="Your message to Northfold",
                    text="Hello Maya, it is there now.",
                    once="message:7",
                )
        [message], [recipients] = sink.received, sink.recipients
        assert (message["Subject"], recipients) == (
            "Your message to Northfold",
            ["maya@example.com"],
        )


class Elsewhere:
    """Somebody else delivers; what is done here all the same is noted."""

    def __init__(self) -> None:
        self.here: list[int] = []

    def enqueue(self, *_given: object) -> None:
        """It is theirs."""

    def enqueue_here(self, _name: str, ids: dict[str, int]) -> None:
        self.here.append(ids["outbox_id"])

    def is_elsewhere(self, _name: str) -> bool:
        return True


@SQLITE
def test_where_workers_deliver_the_server_takes_up_only_what_they_forgot_for_a_minute(
    database_url: str, tmp_path: Path, hands: Hands
) -> None:
    with desk(database_url, tmp_path) as place:
        others = place.app.extensions["background"] = Elsewhere()
        place.endpoint("team@northfold.example", channel="email")
        place.escalate()
        hands.turn(seconds=59)
        delivering.sweep()
        assert others.here == []
        hands.turn(seconds=2)
        delivering.sweep()
        assert others.here == [only(place).id]
