"""A migrated database for every test: a copy of one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.app import create_app
from helpdesk.config import Settings
from helpdesk.extensions import db
from helpdesk.services import schema
from tests.support.servers import PostgresServer

SECRET = "tests-only-0123456789abcdefghijklmnop"
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
BOTH = ("sqlite", POSTGRES)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test: jobs run at once, in the caller's thread."""
    return Settings(data_dir=folder, database_url=url, secret_key=SECRET, testing=True, demo=False)


def migrate(url: str) -> None:
    """Bring a database to the newest migration, and let go of it."""
    from flask_migrate import Migrate, upgrade

    app = create_app(settings_for(url, Path()))
    Migrate(app, db, directory=str(schema.MIGRATIONS))
    with app.app_context():
        upgrade()
    dispose(app)


def dispose(app: Flask) -> None:
    """Close an app's connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path = tmp_path_factory.mktemp("template") / "helpdesk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'helpdesk.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(server.template("migrated", migrate)) as url:
        yield url
