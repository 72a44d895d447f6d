"""Alerts survive what processes and Redis do: real servers, real kills, real receivers.

Delivery is at least once: a repeat carries the id of the first, so that a receiver knows it again.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from standardwebhooks import Webhook, WebhookVerificationError

from helpdesk.background.redis_queue import QUEUE, Hints
from tests.support.alerting import URGENT, Desk, desk
from tests.support.kept import wait_until
from tests.support.nursery import nursery
from tests.support.processes import serving
from tests.support.servers import ValkeyServer
from tests.support.sinks import WebSink, mail_sink, web_sink
from tests.support.workers import (
    Browser,
    Reborn,
    RebornServer,
    RebornWorker,
    WorkerProcess,
    living,
    working,
)

pytestmark = [pytest.mark.faults]

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALERTS, KILLS, PAUSE = 100, 8, 0.02
ONLY_HINTS = {"SECONDS_SWEEP": "600"}
"""With a sweeper that sleeps, what arrives arrives by RQ."""


def settings(valkey: ValkeyServer | None, *sinks: WebSink, **more: str) -> dict[str, str]:
    allowed = ",".join(f"127.0.0.1:{sink.port}" for sink in sinks)
    found = {
        "OUTBOUND_ALLOW": allowed,
        "PUBLIC_URL": "https://desk.example.com",
        "SECONDS_DELIVERY_LEASE": "2",
        "SECONDS_SWEEP": "0.5",
        "LIMIT_CONVERSATIONS_PER_HOUR_PER_ADDRESS": "10000",
        "LOG_LEVEL": "WARNING",
    }
    if valkey is not None:
        found["REDIS_URL"] = valkey.url
    return found | more


def jobs_done(valkey: ValkeyServer) -> int:
    """How many jobs the workers of this Redis say they have done."""
    with redis.Redis.from_url(valkey.url) as client:
        names = [name for name in client.keys("rq:worker:*") if name.count(b":") == 2]
        return sum(int(client.hget(name, "successful_job_count") or 0) for name in names)


class OnlyHints:
    """Leaves hints in Redis, at once, and delivers nothing."""

    is_degraded = False

    def __init__(self, valkey: ValkeyServer) -> None:
        self.hints = Hints(valkey.url, "deliver", unseen=60)

    def enqueue(self, name: str, delay: float, ids: dict[str, int]) -> None:
        if name == "deliver":
            self.hints.leave(**ids)


@contextmanager
def desk_and_worker(
    database_url: str, folder: Path, valkey: ValkeyServer, sink: WebSink, **more: str
) -> Iterator[tuple[Desk, WorkerProcess]]:
    """A desk whose alerts only a worker delivers."""
    with desk(database_url, folder, web=[sink]) as place:
        place.endpoint(sink)
        place.app.extensions["background"] = OnlyHints(valkey)
        with working(folder, database_url, **settings(valkey, sink, **more)) as worker:
            yield place, worker


def all_sent(place: Desk) -> Callable[[], bool]:
    return lambda: {row.status for row in place.rows()} == {"sent"}


MODES = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.redis]), "sqlite"],
    indirect=True,
)
"""At scale: PostgreSQL, Redis, two servers and a worker. Embedded: one server and a file."""


@contextmanager
def installation(
    request: pytest.FixtureRequest, database_url: str, folder: Path, *sinks: WebSink, **more: str
) -> Iterator[tuple[list[RebornServer], Reborn, ValkeyServer | None]]:
    """A running helpdesk in one of the modes, and the process of it that delivers."""
    is_scaled = database_url.startswith("postgres")
    valkey: ValkeyServer | None = request.getfixturevalue("valkey") if is_scaled else None
    given = settings(valkey, *sinks, **more)
    with nursery() as parent:
        made = (parent, folder, database_url, given)
        if valkey is None:
            server = RebornServer(*made)
            with living(server):
                yield [server], server, None
            return
        servers, worker = [RebornServer(*made), RebornServer(*made)], RebornWorker(*made)
        with living(worker, *servers):
            yield servers, worker, valkey


@MODES
def test_an_escalation_reaches_mail_and_signed_webhook(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> None:
    with (
        mail_sink() as mail,
        web_sink(200) as hook,
        desk(database_url, tmp_path, web=[hook], mail=mail) as place,
    ):
        number = place.endpoint(hook)
        place.endpoint("team@northfold.example", channel="email")
        more = {"SMTP_URL": mail.url, "MAIL_FROM": "desk@northfold.example", **ONLY_HINTS}
        running = installation(request, database_url, tmp_path, hook, **more)
        with running as (servers, _, valkey):
            for server in servers:
                Browser(server.port, place.make.key).say(URGENT)
            told = len(servers)
            wait_until(lambda: len(place.rows()) == 2 * told and all_sent(place)())
            assert len(mail.received) == len(hook.received) == told
            for message in mail.received:
                assert message["Subject"].startswith("Urgent: A customer is waiting for a person")
                assert message["To"] == "team@northfold.example"
            [secret] = place.read(number).secrets
            for one in hook.received:
                signed = {k: v for k, v in one.headers.items() if k.startswith("webhook-")}
                said = Webhook(secret).verify(one.body, signed)
                assert said["data"]["link"].startswith("https://desk.example.com/desk/c/")
                assert "deposited" not in json.dumps(said)
                with pytest.raises(WebhookVerificationError):
                    Webhook(secret).verify(one.body + b" ", signed)
            if valkey is not None:
                wait_until(lambda: jobs_done(valkey) == 2 * told)


@MODES
def test_100_alerts_survive_8_kills_and_3_flushes(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(seed := random.randrange(10**6))  # noqa: S311 - only shuffles
    by_rq = 0
    with web_sink(200, pause=0.05) as hook, desk(database_url, tmp_path, web=[hook]) as place:
        place.endpoint(hook)
        with installation(request, database_url, tmp_path, hook) as (servers, victim, valkey):
            ports = [server.port for server in servers]
            with customers(ports, place.make.key) as waiting:
                for kill in range(KILLS):
                    time.sleep(chance.uniform(0.2, 0.9))
                    victim.kill()
                    if valkey is not None and kill % 3 == 0:
                        by_rq += jobs_done(valkey)
                        valkey.flush()
                    victim.start()
                waiting.join(30)
            wait_until(lambda: len(place.rows()) == ALERTS and all_sent(place)(), 30)
            by_rq += jobs_done(valkey) if valkey is not None else 0
        check_nothing_lost(place, hook, seed, by_rq)
        # Most of the rest were due while there was no worker.
        assert valkey is None or by_rq > ALERTS / 10


@contextmanager
def customers(ports: Sequence[int], key: str) -> Iterator[threading.Thread]:
    """100 urgent cases, each from a customer who does not give up, one after the other."""

    def write() -> None:
        for number in range(ALERTS):
            Browser(ports[number % len(ports)], key).say(URGENT, seconds=60)
            time.sleep(PAUSE)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def check_nothing_lost(place: Desk, hook: WebSink, seed: int, by_rq: int) -> None:
    """Every alert arrived; those that came again came with the same id and the same words."""
    came = Counter(one.headers["webhook-id"] for one in hook.received)
    words = {(one.headers["webhook-id"], one.body) for one in hook.received}
    repeats = sum(came.values()) - len(came)
    told = f"seed {seed}: {len(came)} alerts, {repeats} repeats, {by_rq} by RQ"
    assert len(came) == len(words) == ALERTS, told
    assert repeats <= KILLS * 5, told  # at most what one process had under way, each time
    assert {row.lease_until for row in place.rows()} == {None}
    assert all(place.attempts(row.id)[-1].error == "" for row in place.rows())


@SQLITE
@pytest.mark.redis
def test_redis_may_die_and_come_back_and_the_worker_goes_on(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    with (
        web_sink(200) as hook,
        desk_and_worker(database_url, tmp_path, valkey, hook) as (place, worker),
    ):
        place.escalate()
        wait_until(all_sent(place))
        valkey.kill()
        place.escalate()
        place.escalate()
        wait_until(all_sent(place))
        assert place.app.extensions["background"].hints.is_away
        valkey.start()
        place.app.extensions["background"] = OnlyHints(valkey)

        def by_rq_again() -> bool:
            place.escalate()
            time.sleep(0.3)
            return jobs_done(valkey) > 0

        wait_until(by_rq_again, 15)
        wait_until(all_sent(place))
        said = worker.log.read_text()
        assert said.count("Redis is away") == said.count("Redis is back") == 1
        assert worker.stop() == 0


@SQLITE
@pytest.mark.redis
def test_a_frozen_redis_holds_up_neither_requests_nor_alerts(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    with web_sink(200) as hook, desk(database_url, tmp_path, web=[hook]) as place:
        place.endpoint(hook)
        given = settings(valkey, hook, SECONDS_WORKER_UNSEEN="3")
        with serving(tmp_path, database_url, **given) as web, valkey.frozen():
            began = time.monotonic()
            Browser(web.port, place.make.key).say(URGENT)
            assert time.monotonic() - began < 3
            wait_until(all_sent(place), 15)


@SQLITE
@pytest.mark.redis
def test_without_any_worker_the_server_delivers_by_itself(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    with web_sink(200) as hook, desk(database_url, tmp_path, web=[hook]) as place:
        place.endpoint(hook)
        with serving(tmp_path, database_url, **settings(valkey, hook)) as web:
            Browser(web.port, place.make.key).say(URGENT)
            wait_until(all_sent(place))


@SQLITE
@pytest.mark.redis
def test_a_worker_that_is_asked_to_stop_finishes_what_it_sends(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    with (
        web_sink(200, pause=1.0) as hook,
        desk_and_worker(database_url, tmp_path, valkey, hook, **ONLY_HINTS) as (place, worker),
    ):
        place.escalate()
        wait_until(lambda: len(hook.received) == 1)
        assert worker.stop() == 0
        assert ([row.status for row in place.rows()], len(hook.received)) == (["sent"], 1)


@SQLITE
@pytest.mark.redis
def test_jobs_that_we_never_put_there_are_not_run_and_the_worker_lives(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    marker = tmp_path / "owned"
    with (
        web_sink(200) as hook,
        desk_and_worker(database_url, tmp_path, valkey, hook, **ONLY_HINTS) as (place, worker),
        redis.Redis.from_url(valkey.url) as client,
    ):
        intrude(client, marker, hook)
        place.escalate()
        wait_until(all_sent(place), 20)
        assert worker.running
        assert not marker.exists()
        assert [one.path for one in hook.received] == ["/hook"]
        said = worker.log.read_text()
        assert "none of ours" in said
        assert "evil" not in said  # what `print` would have said of its job


class Payload:
    """What runs a command when it is unpickled."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (self._command,)


def intrude(client: redis.Redis, marker: Path, hook: WebSink) -> None:
    """Everything that somebody who can write to Redis might try."""
    command = f"touch {marker}"
    key = f"rq:queue:{QUEUE}"
    evil = pickle.dumps(Payload(command))
    plain = Queue(QUEUE, connection=client, serializer=JSONSerializer)
    plain.enqueue("os.system", command)
    plain.enqueue("subprocess.getoutput", command)
    plain.enqueue("deliver", command)
    plain.enqueue("deliver", 1, 2)
    plain.enqueue("deliver", outbox_id=1)
    plain.enqueue("deliver", True)
    for number, fields in enumerate(
        (
            {"data": evil},
            {"data": b"\x00garbage"},
            {"data": b'["deliver", "os", [1], {}]'},
            {"data": b'["deliver", null, [10000], {}]', "meta": evil, "result": evil},
            {
                "data": b'["deliver", null, [10001], {}]',
                "webhooks": json.dumps([{"url": f"{hook.url}/ssrf", "job_status": "finished"}]),
            },
            {
                "data": b'["deliver", null, [10005], {}]',
                "success_callback_name": "builtins.print",
                "failure_callback_name": "builtins.print",
                "repeats_left": "100",
                "repeat_intervals": "[0]",
            },
            {"data": b'["deliver", null, [10002], {}]', "timeout": "99999999999999"},
            {"data": b'["deliver", null, [10003], {}]', "status": "owned"},
            {"data": b'["deliver", null, [10004], {}]', "created_at": "yesterday"},
            {"nothing": b"here"},
        )
    ):
        job = f"evil-{number}"
        client.hset(f"rq:job:{job}", mapping=fields)  # type: ignore[arg-type]
        client.rpush(key, job)
    client.rpush(key, "missing", b"\xff\xfe")
    Job.create("os.system", [command], connection=client, id="scheduled").save()
    client.zadd(f"rq:wip:{QUEUE}", {"scheduled": 1})
    client.zadd(f"rq:scheduled:{QUEUE}", {"scheduled": 1})
