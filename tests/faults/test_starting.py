"""A start that cannot be: exit status 1 and one line on stderr that says why, never a traceback."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import cli
from tests.support.databases import SECRET
from tests.support.processes import run, serving
from tests.support.servers import PostgresServer, ValkeyServer, _free_port

pytestmark = pytest.mark.faults


def refusal(folder: Path, *options: str, command: str = "serve", **settings: str) -> str:
    """What a command that cannot start says."""
    ended = run(command, *options, "--data-dir", folder, settings=settings)
    assert ended.returncode == 1, (ended.returncode, ended.stderr)
    assert ended.stdout == ""
    assert ended.stderr.startswith("helpdesk: "), ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.removeprefix("helpdesk: ").strip()


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_port_in_use(tmp_path: Path, taken_port: str) -> None:
    said = refusal(tmp_path, "--port", taken_port)
    assert said == f"port {taken_port} on 127.0.0.1 is in use or not allowed; try --port 8001"


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    assert refusal(tmp_path / "var") == f"the data folder {tmp_path / 'var'} is not writable: " + (
        "File exists"
    )
    assert "Not a directory" in refusal(tmp_path / "var" / "deeper")


def test_a_data_folder_nobody_may_write_to(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        folder = Path("/proc/helpdesk")  # root may write anywhere but here
    else:
        folder = tmp_path / "closed"
        folder.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert f"the data folder {folder} is not writable" in refusal(folder)


def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "helpdesk.db").write_bytes(b"this is no database at all" * 100)
    assert refusal(tmp_path) == "the sqlite database cannot be reached."


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_that_does_not_answer(tmp_path: Path, command: str) -> None:
    url = f"postgresql://desk:hidden@127.0.0.1:{_free_port()}/desk"
    said = refusal(tmp_path, command=command, DATABASE_URL=url, SECRET_KEY=SECRET)
    assert "hidden" not in said
    if command == "serve":
        assert said == "the postgresql database cannot be reached."


@pytest.mark.postgres
def test_a_database_that_was_not_migrated(tmp_path: Path, postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        said = refusal(tmp_path, DATABASE_URL=url, SECRET_KEY=SECRET)
        assert said.startswith("the database is at migration none, this version needs 0")
        assert said.endswith("Run: python3 -m helpdesk migrate")
        migrated = run(
            "migrate", "--data-dir", tmp_path, settings={"DATABASE_URL": url, "SECRET_KEY": SECRET}
        )
        assert (migrated.returncode, migrated.stderr) == (0, "")
        with serving(tmp_path, url) as desk:
            assert desk.running


def test_a_redis_that_does_not_answer(tmp_path: Path) -> None:
    said = refusal(tmp_path, REDIS_URL=f"redis://:hidden@127.0.0.1:{_free_port()}/0")
    assert said == "the Redis of REDIS_URL cannot be reached; unset REDIS_URL to run without"


@pytest.mark.redis
def test_a_redis_that_answers_is_fine(tmp_path: Path, valkey: ValkeyServer) -> None:
    with serving(tmp_path, "", REDIS_URL=valkey.url) as desk:
        assert desk.running


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"DATABASE_URL": "postgresql://127.0.0.1/desk"}, "SECRET_KEY must be set"),
        ({"AI_SOURCE": "gpt"}, "AI_SOURCE must be builtin or package.module:function"),
        ({"AI_SOURCE": "no.such.module:reply"}, "cannot be imported"),
    ],
    ids=["weak key", "no key for a shared database", "no source", "no module"],
)
def test_a_setting_that_cannot_be_used(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    assert words in refusal(tmp_path, "--port", str(_free_port()), **settings)


@pytest.mark.parametrize(
    ("options", "settings", "words"),
    [
        ("--port 0", {}, "--port must be from 1 to 65535, not 0"),
        ("--port 65536", {}, "--port must be from 1 to 65535, not 65536"),
        ("--host 192.0.2.1", {}, "port 8000 on 192.0.2.1 is in use or not allowed"),
        ("", {"SECRET_KEY": "x" * 64}, "SECRET_KEY is too weak"),
        ("", {"DATABASE_URL": "mysql://127.0.0.1/desk"}, "DATABASE_URL must begin with"),
        ("", {"DATABASE_URL": "postgresql://127.0.0.1:x/d"}, "DATABASE_URL must name a host"),
        ("", {"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL must look like"),
        ("", {"REDIS_URL": "redis://127.0.0.1:x"}, "REDIS_URL must look like"),
        ("", {"PUBLIC_URL": "desk.example.com"}, "PUBLIC_URL must look like"),
        ("", {"HELPDESK_THREADS": "none"}, "HELPDESK_THREADS must be a whole number"),
        ("", {"SECONDS_SWEEP": "0"}, "SECONDS_SWEEP must be at least"),
    ],
    ids=str,
)
def test_what_else_is_refused_before_anything_is_started(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
    settings: dict[str, str],
    words: str,
) -> None:
    """The same without a process for each: Python prints what `sys.exit` is given."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HELPDESK_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as left:
        cli.main(["serve", *options.split(), "--data-dir", str(tmp_path)])
    assert isinstance(left.value.code, str)
    assert left.value.code.startswith(f"helpdesk: {words}")
    assert "\n" not in left.value.code


def test_what_starts_in_an_empty_folder_needs_nothing(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with serving(tmp_path / "new", "", SECRET_KEY="") as desk:
        assert desk.running
        assert "sign in as the first admin, once:  http://127.0.0.1:" in desk.log.read_text()
        assert desk.stop() == 0
    files = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"helpdesk.db", "secret_key"} <= files
