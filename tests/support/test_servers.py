"""The servers that the other tests stand on keep their own promises."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.support.kept import wait_until
from tests.support.servers import PostgresServer, ValkeyServer

ROOT = Path(__file__).resolve().parents[2]


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    """What PostgreSQL answers."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_template_is_filled_once_and_every_database_is_a_copy(
    postgres_server: PostgresServer,
) -> None:
    filled: list[str] = []

    def fill(url: str) -> None:
        filled.append(url)
        run(url, "CREATE TABLE pet AS SELECT 'cat' AS kind")

    name = postgres_server.template("pets", fill)
    assert postgres_server.template("pets", fill) == name
    with postgres_server.database(name) as one, postgres_server.database(name) as other:
        run(one, "DELETE FROM pet")
        assert (run(one, "SELECT * FROM pet"), run(other, "SELECT * FROM pet")) == ([], [("cat",)])
    assert len(filled) == 1
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        run(one, "SELECT 1")


def test_a_killed_postgres_comes_back_with_every_committed_row() -> None:
    server = PostgresServer.private()
    with server.database() as url:
        run(url, "CREATE TABLE pet AS SELECT 'cat' AS kind")
        server.kept.kill()
        with pytest.raises(psycopg.OperationalError):
            run(url, "SELECT 1")
        server.start()
        assert run(url, "SELECT * FROM pet") == [("cat",)]
    server.kept.stop()


def test_valkey_dies_freezes_and_comes_back_at_the_same_address(valkey: ValkeyServer) -> None:
    with redis.Redis.from_url(valkey.url, socket_timeout=0.3, retry=None) as client:
        client.set("cat", "Tom")
        with valkey.frozen(), pytest.raises(redis.TimeoutError):
            client.get("cat")
        assert client.get("cat") == b"Tom"
        valkey.kill()
        with pytest.raises(redis.ConnectionError):
            client.get("cat")
        valkey.restart()
        assert client.get("cat") is None


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter: as root we start PostgreSQL as somebody else."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_servers_end_with_the_run_even_if_it_is_killed(open_folder: Path) -> None:
    script = """
        import sys, time
        from tests.support.servers import PostgresServer, ValkeyServer
        print(PostgresServer.shared().url.query["host"], ValkeyServer().kept.folder, flush=True)
        time.sleep(60)
    """
    # Without a worker's name in its environment the child is a run of its own.
    env = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        env=env | {"TEST_DATABASE_URL": "", "TMPDIR": str(open_folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    folders = [Path(word) for word in child.stdout.readline().split()]
    pids = [int((folder / "server.pid").read_text()) for folder in folders]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    wait_until(lambda: not any(open_folder.glob("helpdesk-*")))
