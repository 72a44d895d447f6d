"""What an installation needs, looked at from inside: each finding with its cure in a line."""

from __future__ import annotations

import base64
import resource
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from helpdesk import ai, background, clock
from helpdesk.config import ROOT, Settings
from helpdesk.domain.lifecycle import Sender
from helpdesk.extensions import db, reading
from helpdesk.models import Endpoint
from helpdesk.outbound import Door, Refused, Unreachable
from helpdesk.services import asking, knowledge, schema

LEAST_FILES = 4_096
LEAST_DISK = 1024**3  # bytes
MOST_SKEW = 5.0  # seconds that two clocks may differ; signatures and leases allow for minutes
SOCKET = "/healthz/socket"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. ``verdict``: ok, note (worth knowing), or wrong."""

    what: str
    verdict: str
    words: str
    cure: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after the other; each is told as soon as it is known.

    Nothing is changed and nobody is written to. What a check needs of earlier ones is skipped.
    """
    settings: Settings = current_app.config["SETTINGS"]
    yield _database(settings)
    for look in (_migrations, _clock, _webhooks):
        yield from _safely(look, settings)
    for look in (_redis, _mail, _assistant, _address, _socket, _files, _disk):
        yield from _safely(look, settings)


Look = Callable[[Settings], Iterator[Finding]]


def _safely(look: Look, settings: Settings) -> Iterator[Finding]:
    try:
        yield from look(settings)
    except sa.exc.SQLAlchemyError:
        what = look.__name__.strip("_")
        yield _note(what, "not looked at: it needs the database")


def _ok(what: str, words: str) -> Finding:
    return Finding(what=what, verdict="ok", words=words)


def _note(what: str, words: str, cure: str = "") -> Finding:
    return Finding(what=what, verdict="note", words=words, cure=cure)


def _wrong(what: str, words: str, cure: str) -> Finding:
    return Finding(what=what, verdict="wrong", words=words, cure=cure)


def _database(settings: Settings) -> Finding:
    began = time.perf_counter()
    asked = "sqlite_version()" if settings.is_sqlite else "current_setting('server_version')"
    try:
        with reading() as session:
            version = session.scalar(sa.select(sa.text(asked)))
    except sa.exc.SQLAlchemyError as error:
        line = str(getattr(error, "orig", error)).splitlines()[0]
        cure = "start the database, or correct host, name, user and password in DATABASE_URL"
        return _wrong("database", f"cannot be reached: {line}", cure)
    took = (time.perf_counter() - began) * 1_000
    name = "SQLite" if settings.is_sqlite else "PostgreSQL"
    return _ok("database", f"{name} {version} answers in {took:.0f} ms")


def _migrations(_settings: Settings) -> Iterator[Finding]:
    problems = schema.problems()
    cure = "python3 -m helpdesk migrate"
    yield (
        _wrong("migrations", problems[0], cure)
        if problems
        else _ok("migrations", f"at {schema.head()}")
    )


def _clock(settings: Settings) -> Iterator[Finding]:
    newest = max(path.stat().st_mtime for path in (ROOT / "helpdesk").glob("*.py"))
    now = clock.now()
    cure = "let the machine keep its time by NTP (timedatectl set-ntp true)"
    if now.timestamp() < newest - 86_400:
        yield _wrong("clock", f"{now:%Y-%m-%d %H:%M} UTC is before this program was made", cure)
        return
    if settings.is_sqlite:
        yield _ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")
        return
    with reading() as session:
        theirs: datetime = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    skew = abs((theirs.astimezone(UTC) - clock.now()).total_seconds())
    words = f"{now:%Y-%m-%d %H:%M} UTC, {skew:.1f} s from the database's"
    yield _ok("clock", words) if skew < MOST_SKEW else _wrong("clock", words, cure)


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        needed = "" if settings.is_sqlite else "; alerts are delivered by the web processes"
        yield _ok("redis", f"not used{needed}")
        return
    if not (said := background.ask_redis(settings)).answers:
        cure = "start Redis, correct REDIS_URL, or unset it; nothing is lost meanwhile"
        yield _wrong("redis", said.words, cure)
        return
    yield _ok("redis", said.words)
    if said.worker_seen:
        yield _ok("worker", "seen within the last minute")
    else:
        cure = "start python3 -m helpdesk worker; until then the web processes deliver alerts"
        yield _note("worker", "none has been seen lately", cure)


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail_server is None:
        cure = "set SMTP_URL and MAIL_FROM to send alerts and answers by e-mail"
        yield _note("mail", "no mail server is set up", cure)
        return
    where = f"{settings.mail_server.host}:{settings.mail_server.port}"
    try:
        Door.of(settings).greet(settings.mail_server)
    except (Refused, Unreachable) as error:
        cure = "correct host, port, user and password in SMTP_URL (smtps:// for port 465)"
        yield _wrong("mail", f"{where}: {error}", cure)
        return
    yield _ok("mail", f"{where} lets us in; mails come from {settings.mail_from}")


def _webhooks(settings: Settings) -> Iterator[Finding]:
    door = Door.of(settings)
    with reading() as session:
        endpoints = session.scalars(
            sa.select(Endpoint).where(Endpoint.disabled_at.is_(None)).order_by(Endpoint.id)
        ).all()
    told = [endpoint for endpoint in endpoints if endpoint.channel != "email"]
    if not told:
        yield _ok("webhooks", "none are set up")
    for endpoint in told:
        what = f"webhook {endpoint.name}"
        try:
            door.reach(endpoint.address)
        except (Refused, Unreachable) as error:
            cure = "correct its address under Alerts; internal hosts need OUTBOUND_ALLOW=host:port"
            yield _wrong(what, str(error), cure)
            continue
        if endpoint.paused_until and endpoint.paused_until > clock.now():
            cure = "look at its deliveries under Alerts"
            yield _note(what, f"answers, but rests after {endpoint.failures} failures", cure)
        else:
            yield _ok(what, "can be reached")


def _assistant(settings: Settings) -> Iterator[Finding]:
    line = ai.TranscriptLine(sender=Sender.USER, text="Can you hear me?", at=clock.now(), seq=1)
    began = time.perf_counter()
    try:
        with reading() as session:
            base = knowledge.current(session)
        asking.ask(ai.Transcript(conversation="doctor", lines=(line,)), base)
    except ai.AiError as error:
        cure = "correct AI_SOURCE, or read its own log; meanwhile customers are handed to people"
        yield _wrong("assistant", f"{settings.ai_source}: {error}", cure)
        return
    took = time.perf_counter() - began
    yield _ok("assistant", f"{settings.ai_source} answers in {took:.1f} s")


def _address(settings: Settings) -> Iterator[Finding]:
    if not settings.public_url:
        cure = "set PUBLIC_URL=https://desk.example.com, for links in e-mails and alerts"
        yield _note("address", "PUBLIC_URL is not set: mails carry no links", cure)
        return
    yield _ok("address", settings.public_url)
    host = urlsplit(settings.public_url).hostname or ""
    if settings.public_url.startswith("http://") and not host.startswith(("127.", "localhost")):
        cure = "put a proxy with TLS before the desk"
        yield _wrong("tls", "plain http: everybody on the way can read along", cure)


def _socket(settings: Settings) -> Iterator[Finding]:
    """Ask for a WebSocket where customers ask for it, through whatever stands between."""
    if not settings.public_url:
        return
    parts = urlsplit(settings.public_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    door = Door(allow=frozenset({(parts.hostname or "", port)}), seconds=settings.timing.outbound)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
        "Origin": settings.public_url,
    }
    try:
        code = door.get(settings.public_url + SOCKET, headers).code
    except (Refused, Unreachable) as error:
        cure = "start the desk, and have the proxy pass PUBLIC_URL on to it"
        yield _wrong("socket", f"{settings.public_url}: {error}", cure)
        return
    if code == 101:
        yield _ok("socket", "opens through PUBLIC_URL")
        return
    cure = "have the proxy pass on Upgrade, Connection and Host; pages ask every 3 s meanwhile"
    yield _wrong("socket", f"does not open: the answer was {code}", cure)


def _files(settings: Settings) -> Iterator[Finding]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    enough = most == resource.RLIM_INFINITY or most >= max(LEAST_FILES, 4 * settings.threads)
    words = "no limit" if most == resource.RLIM_INFINITY else f"{most} may be open at once"
    cure = "raise the limit: LimitNOFILE=65536 in the unit file, or ulimit -n"
    yield _ok("files", words) if enough else _wrong("files", words, cure)


def _disk(settings: Settings) -> Iterator[Finding]:
    if not settings.is_sqlite:
        return
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / 1024**3:.1f} GiB free for {db.engine.url.database}"
    cure = "make room: a full disk refuses customers' messages"
    yield _ok("disk", words) if free > LEAST_DISK else _wrong("disk", words, cure)
