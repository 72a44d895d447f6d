"""The commands, once everything they need is installed."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.ai import AiError
from helpdesk.app import create_app, work
from helpdesk.config import ConfigError, Settings

EXAMPLE = "python3 -m helpdesk"
MOST_PROCESSES = 64


class CannotStart(Exception):
    """Why not, in one line."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; what goes wrong is one line on stderr and exit status 1."""
    logging.basicConfig(
        level=os.environ.get("LOG_LEVEL", "WARNING").upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (AiError, CannotStart, ConfigError) as error:
        sys.exit(f"helpdesk: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=EXAMPLE, description="A self-hosted support desk.")
    commands = parser.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", help="set up what is missing, then serve (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on")
    serve.add_argument("--no-demo", action="store_true", help="start empty, without demo content")
    serve.add_argument("--processes", type=int, default=1, help="with PostgreSQL: how many to run")
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="deliver alerts, beside servers that share a Redis")
    worker.set_defaults(run=_worker)

    migrate = commands.add_parser("migrate", help="bring the database to this version's tables")
    migrate.set_defaults(run=_migrate)

    user = commands.add_parser("user", help="add somebody to the team, or let them in")
    user.add_argument("action", choices=("add", "link"))
    user.add_argument("email")
    user.add_argument("--name", default="", help="for add: the name that customers see")
    user.add_argument("--role", choices=("agent", "supervisor", "admin"), default="agent")
    user.set_defaults(run=_user)

    audit = commands.add_parser("audit", help="look at the audit log's chain of hashes")
    audit.add_argument("action", choices=("verify",))
    audit.set_defaults(run=_audit)

    doctor = commands.add_parser("doctor", help="look at what the desk needs, and say what to do")
    doctor.set_defaults(run=_doctor)

    for command in (serve, worker, migrate, user, audit, doctor):
        command.add_argument("--data-dir", type=Path, help="folder of the database (default: var)")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    environment = dict(os.environ)
    if options.data_dir:
        environment["HELPDESK_DATA_DIR"] = str(options.data_dir)
    _check_folder(Path(environment.get("HELPDESK_DATA_DIR") or Settings.data_dir))
    settings = Settings.from_env(environment)
    if getattr(options, "no_demo", False):
        settings = replace(settings, demo=False)
    return settings


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"the data folder {folder} is not writable: {error.strerror}") from None


def _serve(options: argparse.Namespace) -> None:
    from helpdesk import server

    settings = _settings(options)
    if not settings.public_url and options.host in ("127.0.0.1", "localhost", "::1"):
        # Only people at this machine can follow its links; they work for them.
        settings = replace(settings, public_url=_base(options.host, options.port))
    if not 1 <= options.port <= 65_535:
        raise CannotStart(f"--port must be from 1 to 65535, not {options.port}")
    if not 1 <= options.processes <= MOST_PROCESSES:
        raise CannotStart(f"--processes must be from 1 to {MOST_PROCESSES}")
    if options.processes > 1 and settings.is_sqlite:
        raise CannotStart("several processes need a PostgreSQL: set DATABASE_URL")
    if not server.is_free(options.host, options.port):
        raise CannotStart(
            f"port {options.port} on {options.host} is in use or not allowed; try --port 8001"
        )
    app = create_app(settings)
    with app.app_context():
        _check_redis(settings)
        _prepare_database(app, settings)
        _fill(settings)
        _say_where(settings, options.host, options.port)
    server.serve(app, options.host, options.port, processes=options.processes)


def _worker(options: argparse.Namespace) -> None:
    settings = _settings(options)
    if not settings.redis_url:
        raise CannotStart("the worker needs REDIS_URL; without it the server delivers by itself")
    _check_redis_url(settings)
    app = create_app(settings)
    with app.app_context():
        _prepare_database(app, settings)
    print("Helpdesk delivers alerts; stop with Ctrl+C", flush=True)
    work(app)


def _prepare_database(app: Flask, settings: Settings) -> None:
    """One file of ours is migrated at once; a shared database only when its operator says so."""
    from helpdesk.services import schema

    problem = "; ".join(schema.problems())
    if problem and settings.is_sqlite and "cannot be reached" not in problem:
        _upgrade(app)
        problem = "; ".join(schema.problems())
    if problem:
        cure = "" if "cannot be reached" in problem else f" Run: {EXAMPLE} migrate"
        raise CannotStart(f"{problem}.{cure}")


def _upgrade(app: Flask) -> None:
    # Alembic takes a tenth of a second to import; most starts need none of it.
    from flask_migrate import Migrate, upgrade

    from helpdesk.extensions import db
    from helpdesk.services import schema

    Migrate(app, db, directory=str(schema.MIGRATIONS))
    try:
        upgrade()
    except SQLAlchemyError as error:
        raise CannotStart(f"the migration failed: {str(error).splitlines()[0]}") from None


def _check_redis_url(settings: Settings) -> None:
    if urlsplit(settings.redis_url).scheme not in ("redis", "rediss", "unix"):
        raise CannotStart("REDIS_URL must begin with redis://, rediss:// or unix://")


def _check_redis(settings: Settings) -> None:
    if not settings.redis_url:
        return
    _check_redis_url(settings)
    parts = urlsplit(settings.redis_url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(3)
                probe.connect(parts.path)
        else:
            address = (parts.hostname or "localhost", parts.port or 6379)
            socket.create_connection(address, timeout=3).close()
    except OSError:
        raise CannotStart(
            "the Redis of REDIS_URL cannot be reached; unset REDIS_URL to run without"
        ) from None


def _fill(settings: Settings) -> None:
    from helpdesk.services import installing

    installing.prepare(demo=settings.demo)


def _say_where(settings: Settings, host: str, port: int) -> None:
    from helpdesk.services import links

    base = settings.public_url or _base(host, port)
    lines = [f"Helpdesk runs on {base}", f"  desk   {base}/desk"]
    if settings.demo:
        lines.append(f"  demo   {base}/demo    a page with the chat widget on it")
    wanted, email = links.first_admin()
    if wanted:
        token = links.make_link(email=email)
        lines.append(f"  sign in as the first admin, once:  {base}/welcome/{token}")
    lines.append("  stop with Ctrl+C")
    print("\n".join(lines), flush=True)


def _base(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _migrate(options: argparse.Namespace) -> None:
    app = create_app(_settings(options))
    with app.app_context():
        _upgrade(app)
        from helpdesk.services import schema

        print(f"the database is at {schema.revision()}")


def _user(options: argparse.Namespace) -> None:
    from helpdesk.services import links, people

    settings = _settings(options)
    app = create_app(settings)
    with app.app_context():
        _prepare_database(app, settings)
        email = options.email.strip().lower()
        if options.action == "add":
            if not options.name.strip():
                raise CannotStart("user add needs --name, the name that customers see")
            try:
                people.add_agent(options.name.strip(), email, options.role)
            except people.EmailTaken:
                raise CannotStart(f"{email} is on the team already") from None
        try:
            token = links.make_link(email=email)
        except LookupError as error:
            raise CannotStart(str(error)) from None
    base = settings.public_url or "http://127.0.0.1:8000"
    print(f"let them open this once:  {base}/welcome/{token}")


def _doctor(options: argparse.Namespace) -> None:
    from helpdesk.services import doctor

    app = create_app(_settings(options))
    wrong = 0
    with app.app_context():
        for found in doctor.examine():
            print(f"{found.verdict:5}  {found.what:12} {found.words}", flush=True)
            if found.cure:
                print(f"       {'':12} → {found.cure}", flush=True)
            wrong += found.verdict == "wrong"
    if wrong:
        raise CannotStart(f"{wrong} of these must be put right")


def _audit(options: argparse.Namespace) -> None:
    from helpdesk.services.admin import audit

    settings = _settings(options)
    app = create_app(settings)
    with app.app_context():
        _prepare_database(app, settings)
        found = audit.verify()
    if not found.is_whole:
        raise CannotStart(
            f"the audit log is broken at entry {found.broken_at}: it was altered, or one before it"
            " was taken out"
        )
    print(f"the audit log is whole: {found.entries} entries, the last hash is {found.head or '-'}")


if __name__ == "__main__":
    main()
