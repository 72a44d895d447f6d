"""Settings: what the environment may say, and the one clear line for everything it may not."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.config import ROOT, ConfigError, Limits, Settings, Timing

STRONG = "0123456789abcdef" * 4


def settings(folder: Path, **given: str) -> Settings:
    return Settings.from_env({"HELPDESK_DATA_DIR": str(folder), **given})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path / 'helpdesk.db'}"
    assert (made.is_sqlite, made.redis_url, made.demo, made.ai_source) == (
        True,
        "",
        True,
        "builtin",
    )
    assert (made.limits, made.timing) == (Limits(), Timing())


def test_everything_can_be_set(tmp_path: Path) -> None:
    made = settings(
        tmp_path,
        DATABASE_URL="postgresql://desk:p%40ss@db.example:5433/desk",
        REDIS_URL="redis://cache:6379/1",
        SECRET_KEY=STRONG,
        PUBLIC_URL="https://desk.example.com/",
        TRUSTED_HOSTS="desk.example.com, www.example.com,",
        PROXY_HOPS="2",
        HELPDESK_DEMO="no",
        AI_SOURCE="company.bot:reply",
        AI_WORKERS="8",
        HELPDESK_THREADS="32",
        LIMIT_MESSAGE_CHARACTERS="500",
        SECONDS_AI_SETTLE="0",
        SECONDS_SWEEP="0.25",
    )
    assert made.database_url == "postgresql+psycopg://desk:p%40ss@db.example:5433/desk"
    assert not made.is_sqlite
    assert made.public_url == "https://desk.example.com"
    assert made.trusted_hosts == ("desk.example.com", "www.example.com")
    assert (made.proxy_hops, made.demo, made.ai_workers, made.threads) == (2, False, 8, 32)
    assert (made.limits.message_characters, made.timing.ai_settle) == (500, 0.0)
    assert made.timing.sweep == 0.25


@pytest.mark.parametrize(
    "url",
    [
        "postgres://desk@/desk?host=/var/run/postgresql",
        "postgresql://desk:a#b/c:d@db:5432/desk",
        "postgresql://desk@[::1]:5432/desk",
        "postgresql+psycopg://desk@db/desk",
        "sqlite:////srv/helpdesk.db",
    ],
)
def test_every_way_to_write_a_database_is_taken(tmp_path: Path, url: str) -> None:
    assert settings(tmp_path, DATABASE_URL=url, SECRET_KEY=STRONG).database_url.endswith(
        url.partition("://")[2]
    )


BAD = [
    ("DATABASE_URL", "mysql://root@db/desk"),
    ("DATABASE_URL", "helpdesk.db"),
    ("DATABASE_URL", "postgresql://desk:secret@db:port/desk"),
    ("DATABASE_URL", "postgresql://desk:secret@[::1/desk"),
    ("REDIS_URL", "cache:6379"),
    ("REDIS_URL", "http://cache:6379"),
    ("REDIS_URL", "redis://cache:port"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 64),
    ("PUBLIC_URL", "desk.example.com"),
    ("PUBLIC_URL", "ftp://desk.example.com"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://desk.example.com/help"),
    ("PUBLIC_URL", "https://desk.example.com?x=1"),
    ("PUBLIC_URL", "https://me:secret@desk.example.com"),
    ("PUBLIC_URL", "https://desk.example.com:port"),
    ("PUBLIC_URL", "http://[::1"),
    ("PROXY_HOPS", "-1"),
    ("PROXY_HOPS", "6"),
    ("PROXY_HOPS", "two"),
    ("PROXY_HOPS", "²"),
    ("PROXY_HOPS", "9" * 5_000),
    ("HELPDESK_DEMO", "perhaps"),
    ("AI_WORKERS", "0"),
    ("HELPDESK_THREADS", "7"),
    ("LIMIT_MESSAGE_CHARACTERS", "many"),
    ("LIMIT_MESSAGE_CHARACTERS", "1.5"),
    ("LIMIT_MESSAGE_CHARACTERS", "-1"),
    ("LIMIT_MESSAGE_CHARACTERS", "9" * 5_000),
    ("SECONDS_SWEEP", "soon"),
    ("SECONDS_SWEEP", "0"),
    ("SECONDS_SWEEP", "nan"),
    ("SECONDS_SWEEP", "inf"),
    ("SECONDS_HEARTBEAT", "-20"),
    ("SECONDS_AI_ATTEMPTS", "0"),
    ("SECONDS_AI_LEASE", "20"),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda text: text[:30])
def test_a_bad_setting_is_one_clear_line_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, **{name: value})
    line = str(refused.value)
    assert line.startswith(name)
    assert "\n" not in line
    assert len(line) <= 160
    assert "secret@" not in line, "a password in the log"


def test_a_shared_database_needs_a_key_that_all_processes_know(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY must be set when DATABASE_URL is"):
        settings(tmp_path, DATABASE_URL="postgresql://db/desk")
    assert not list(tmp_path.iterdir())


def test_settings_never_show_the_key() -> None:
    assert STRONG not in repr(Settings(secret_key=STRONG))


# The key of a data folder


def test_a_data_folder_gets_a_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    first = settings(folder).secret_key
    assert len(first) >= 32
    assert settings(folder).secret_key == first
    assert settings(tmp_path / "other").secret_key != first
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_given_key_wins(tmp_path: Path) -> None:
    assert settings(tmp_path, SECRET_KEY=STRONG).secret_key == STRONG
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("left_behind", ["", "short", "\n" * 40])
def test_an_empty_key_is_refused_because_anybody_could_sign_with_it(
    tmp_path: Path, left_behind: str
) -> None:
    (tmp_path / "secret_key").write_text(left_behind)
    with pytest.raises(ConfigError, match="secret_key holds no usable key; delete it"):
        settings(tmp_path)


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    # Not forks of this process: it has threads. Each prints the key it would sign with.
    script = "from helpdesk.config import Settings; print(Settings.from_env().secret_key)"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"HELPDESK_DATA_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    keys = {child.communicate(timeout=30)[0].strip() for child in children}
    assert len(keys) == 1
    assert len(keys.pop()) >= 32


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="is not writable: Not a directory"):
        settings(tmp_path / "file" / "var")
