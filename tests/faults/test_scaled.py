"""Several processes behind one port: `--processes`, with PostgreSQL and Redis."""

from __future__ import annotations

import http.client
import os
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from tests.support.alerting import desk
from tests.support.kept import wait_until
from tests.support.processes import DeskProcess, run, serving
from tests.support.servers import ValkeyServer
from tests.support.workers import Browser

pytestmark = [pytest.mark.faults]

POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def sign_in(server: DeskProcess, email: str) -> int:
    """Try a wrong password; the answer's code."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    try:
        connection.request(
            "POST", "/sign-in", urlencode({"email": email, "password": "x"}), headers
        )
        return connection.getresponse().status
    finally:
        connection.close()


def workers_of(server: DeskProcess) -> set[int]:
    """The processes that answer requests."""
    return {child.pid for child in psutil.Process(server.pid).children()}


@POSTGRES
@pytest.mark.redis
def test_two_processes_serve_one_desk_and_one_that_dies_is_replaced(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    with desk(database_url, tmp_path) as place:
        key = place.make.key
    settings = {"REDIS_URL": valkey.url, "DATABASE_URL": database_url}
    server = DeskProcess(tmp_path, settings, "--no-demo", "--processes", "2")
    try:
        server.start()
        wait_until(lambda: len(workers_of(server)) == 2)
        browser = Browser(server.port, key)
        browser.say("How do I add money?")
        victim = workers_of(server).pop()
        os.kill(victim, signal.SIGKILL)
        began = time.monotonic()
        wait_until(lambda: len(workers_of(server)) == 2 and victim not in workers_of(server))
        assert time.monotonic() - began < 10
        browser.say("And how long does it take?")
        assert server.stop(15) == 0
    finally:
        server.kill()


@POSTGRES
@pytest.mark.redis
def test_limits_are_counted_over_all_processes_and_without_redis_in_each(
    database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    given = {"REDIS_URL": valkey.url, "LIMIT_SIGN_INS_PER_QUARTER_HOUR_PER_ADDRESS": "3"}
    with (
        serving(tmp_path, database_url, **given) as one,
        serving(tmp_path, database_url, **given) as other,
    ):
        codes = [sign_in(server, f"{n}@b.example") for n, server in enumerate((one, other) * 2)]
        assert codes == [422, 422, 422, 429]
        valkey.kill()
        assert sign_in(one, "other@b.example") == 422
        assert sign_in(one, "another@b.example") == 422


def test_several_processes_need_a_database_that_takes_them(tmp_path: Path) -> None:
    ended = run("serve", "--processes", "2", "--data-dir", tmp_path, settings={})
    assert ended.returncode == 1
    assert "several processes need a PostgreSQL" in ended.stderr
