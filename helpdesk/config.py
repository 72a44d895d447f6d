"""Settings: everything the environment may change, frozen, read once, wrong values refused."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LEAST_SECRET = 32  # characters; 128 bits written in hexadecimal


class ConfigError(Exception):
    """A setting cannot be used. The message says which and why, in one line."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Sizes and rates of security.md §4.3. Counts are per contact unless the name says more."""

    message_characters: int = 4_000
    messages_per_minute: int = 20
    messages_per_hour: int = 200
    conversations_per_hour_per_address: int = 5
    sockets_per_contact: int = 3
    sockets_per_agent: int = 10
    sockets_per_address: int = 200
    handshakes_per_minute: int = 30
    frame_bytes: int = 16 * 1024
    frames_per_minute: int = 60
    body_bytes: int = 1024 * 1024
    form_memory_bytes: int = 64 * 1024
    form_parts: int = 50
    sign_ins_per_quarter_hour_per_address: int = 30
    request_seconds: int = 10


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How long things may take, in seconds. Tests shorten them; nothing else does."""

    ai_deadline: float = 20.0
    ai_attempts: int = 2
    ai_lease: float = 30.0
    ai_settle: float = 0.6
    sweep: float = 2.0
    safety_look: float = 1.0
    heartbeat: float = 20.0
    reauthorise: float = 20.0
    first_reply_target: float = 120.0
    wait_most: float = 600.0
    agent_grace: float = 75.0
    first_reply_most: float = 180.0
    reply_most: float = 900.0
    check_in_after: float = 1_800.0
    assume_after: float = 86_400.0
    close_after: float = 259_200.0
    reopen_window: float = 3_600.0
    new_episode_after: float = 3_600.0
    session_idle: float = 8 * 3_600.0
    session_absolute: float = 12 * 3_600.0
    link_lifetime: float = 7 * 24 * 3_600.0
    outbound: float = 10.0
    delivery_lease: float = 60.0
    worker_unseen: float = 60.0


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where e-mail goes out. ``security``: ``tls`` from the first byte, ``starttls``, ``none``."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation. The defaults run on one machine with no service beside it."""

    data_dir: Path = ROOT / "var"
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    demo: bool = True
    testing: bool = False
    ai_source: str = "builtin"
    ai_workers: int = 4
    threads: int = 64
    mail_server: MailServer | None = None
    mail_from: str = ""
    outbound_allow: frozenset[tuple[str, int]] = frozenset()
    delivery_workers: int = 4
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """Where the SQLite file lies."""
        return self.data_dir / "helpdesk.db"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment.

        :raises ConfigError: a value is malformed, or a secret is too weak for where it is used.
        """
        data_dir = Path(env.get("HELPDESK_DATA_DIR") or cls.data_dir).absolute()
        database_url = _database_url(env.get("DATABASE_URL", ""), data_dir)
        mail_server = _mail_server(env.get("SMTP_URL", ""))
        timing = _numbers(env, Timing, "SECONDS_")
        if timing.ai_lease <= timing.ai_deadline:
            # The work would be given to somebody else while it is still done, for ever.
            raise ConfigError("SECONDS_AI_LEASE must be more than SECONDS_AI_DEADLINE")
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            redis_url=_redis_url(env.get("REDIS_URL", "")),
            secret_key=_secret_key(env, data_dir, local=database_url.startswith("sqlite")),
            public_url=_public_url(env.get("PUBLIC_URL", "")),
            trusted_hosts=_words(env.get("TRUSTED_HOSTS", "")),
            proxy_hops=_whole(env, "PROXY_HOPS", 0, 0, 5),
            demo=_yes_or_no(env, "HELPDESK_DEMO", default=True),
            ai_source=env.get("AI_SOURCE") or cls.ai_source,
            ai_workers=_whole(env, "AI_WORKERS", cls.ai_workers, 1, 64),
            threads=_whole(env, "HELPDESK_THREADS", cls.threads, 8, 1_000),
            mail_server=mail_server,
            mail_from=_mail_from(env.get("MAIL_FROM", ""), needed=mail_server is not None),
            outbound_allow=frozenset(map(_host_and_port, _words(env.get("OUTBOUND_ALLOW", "")))),
            delivery_workers=_whole(env, "DELIVERY_WORKERS", cls.delivery_workers, 1, 64),
            limits=_numbers(env, Limits, "LIMIT_"),
            timing=timing,
        )


Group = TypeVar("Group", Limits, Timing)


def _numbers(env: Mapping[str, str], group: type[Group], prefix: str) -> Group:
    """Every field of a group may be set as PREFIX_FIELD, in the field's own unit."""
    given: dict[str, Any] = {}
    for known in fields(group):
        name = prefix + known.name.upper()
        if raw := env.get(name):
            kind, what = (float, "number") if known.type == "float" else (int, "whole number")
            try:
                given[known.name] = kind(raw)
            except ValueError:
                raise ConfigError(f"{name} must be a {what}, not {raw[:40]!r}") from None
            # Only the pause before an answer may be nothing; a loop without one would never rest.
            may_be_none = group is Limits or known.name == "ai_settle"
            least = 0 if may_be_none else 1 if kind is int else 0.01
            if not least <= given[known.name] < 1e9:
                raise ConfigError(f"{name} must be at least {least:g} and below 1e9, not {raw!r}")
    return group(**given)


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    raw = env.get(name, "")
    if not raw:
        return default
    digits = raw.isascii() and raw.isdigit() and len(raw) < 10
    if not digits or not least <= int(raw) <= most:
        raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {raw[:40]!r}")
    return int(raw)


def _yes_or_no(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    raw = env.get(name, "").lower()
    if raw in ("", "1", "true", "yes", "0", "false", "no"):
        return default if not raw else raw in ("1", "true", "yes")
    raise ConfigError(f"{name} must be yes or no, not {raw!r}")


def _words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def _parts(raw: str) -> SplitResult | None:
    """An address in its parts; ``None`` where it cannot be one."""
    try:
        parts = urlsplit(raw)
        _ = parts.port, parts.hostname  # both are read, and may be refused, only now
    except ValueError:
        return None
    return parts


def _public_url(raw: str) -> str:
    if not raw:
        return ""
    parts = _parts(raw)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or raw.rstrip("/") != f"{parts.scheme}://{parts.netloc}"
        or "@" in parts.netloc
    ):
        raise ConfigError("PUBLIC_URL must look like https://desk.example.com, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _mail_server(raw: str) -> MailServer | None:
    """SMTP_URL: smtps:// is TLS from the first byte, smtp:// asks for it by STARTTLS.

    To this machine itself, and with ``?tls=off``, mail goes out as it is.
    """
    if not raw:
        return None
    example = "SMTP_URL must look like smtp://user:password@mail.example.com:587 or smtps://…:465"
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        raise ConfigError(example) from None
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        raise ConfigError(example)
    if options not in ({}, {"tls": ["off"]}):
        raise ConfigError("SMTP_URL knows one option: ?tls=off")
    return MailServer(
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 587),
        security=_mail_security(parts, off=bool(options)),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _mail_security(parts: SplitResult, *, off: bool) -> str:
    if parts.scheme == "smtps":
        if off:
            raise ConfigError("SMTP_URL: smtps:// is TLS, so ?tls=off contradicts it")
        return "tls"
    local = parts.hostname == "localhost" or (parts.hostname or "").startswith(("127.", "::1"))
    return "none" if off or local else "starttls"


def _mail_from(raw: str, *, needed: bool) -> str:
    if not raw and not needed:
        return ""
    try:
        Address(addr_spec=parseaddr(raw)[1])
        sound = "@" in raw and raw.isprintable()
    except (ValueError, IndexError):
        sound = False
    if not sound:
        raise ConfigError(
            "MAIL_FROM must be one address, like Support <support@example.com>; SMTP_URL needs it"
        )
    return raw


def _host_and_port(raw: str) -> tuple[str, int]:
    """One entry of OUTBOUND_ALLOW."""
    try:
        parts = urlsplit(f"//{raw}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.netloc != raw or "@" in raw:
        raise ConfigError(f"OUTBOUND_ALLOW lists host:port, separated by commas, not {raw!r}")
    return host.lower(), port


def _database_url(raw: str, data_dir: Path) -> str:
    if not raw:
        return f"sqlite:///{data_dir / 'helpdesk.db'}"
    for short in ("postgres://", "postgresql://"):
        if raw.startswith(short):
            raw = "postgresql+psycopg://" + raw.removeprefix(short)
    if not raw.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ConfigError("DATABASE_URL must begin with postgresql:// (or sqlite:///)")
    # Behind the last @, because a password may contain what an address may not.
    host = re.split(r"[/?]", raw.partition("://")[2].rpartition("@")[2])[0]
    if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:]*)(:\d{0,5})?", host):
        raise ConfigError("DATABASE_URL must name a host, or a host:port")  # not quoted: a password
    return raw


def _redis_url(raw: str) -> str:
    parts = _parts(raw)
    if raw and (parts is None or parts.scheme not in ("redis", "rediss", "unix")):
        raise ConfigError("REDIS_URL must look like redis://, rediss:// or unix://")
    return raw


def _secret_key(env: Mapping[str, str], data_dir: Path, *, local: bool) -> str:
    """The given key; else, on one machine with SQLite, one made for this data folder."""
    given = env.get("SECRET_KEY", "")
    if given:
        if len(given) < LEAST_SECRET or len(set(given)) < 8:
            raise ConfigError(
                f"SECRET_KEY is too weak: give at least {LEAST_SECRET} random characters"
                " (python3 -c 'import secrets; print(secrets.token_hex(32))')"
            )
        return given
    if not local:
        raise ConfigError("SECRET_KEY must be set when DATABASE_URL is: every process needs it")
    return _local_secret(data_dir / "secret_key")


def _local_secret(path: Path) -> str:
    """The key of a data folder, made at its first use.

    It appears whole or not at all: of two processes that start at once, both get the same one, and
    a kill in between leaves no empty key behind, which anybody could sign with.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as made:
                made.write(secrets.token_hex(32))
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        key = path.read_text(errors="replace").strip()
    except OSError as error:
        raise ConfigError(
            f"the data folder {path.parent} is not writable: {error.strerror}"
        ) from None
    if len(key) < LEAST_SECRET:
        raise ConfigError(f"{path} holds no usable key; delete it to have a new one made")
    return key
