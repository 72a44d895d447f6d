"""The product as its users find it: a real server with the demo company in it, and a quick way in
for its agents."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from helpdesk import clock
from helpdesk.app import create_app
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent
from helpdesk.services import installing, signing_in
from tests.support.databases import dispose, migrate, settings_for
from tests.support.kept import new_folder, one_at_a_time, run_folder
from tests.support.processes import DeskProcess

UNHURRIED = {
    "LIMIT_CONVERSATIONS_PER_HOUR_PER_ADDRESS": "100000",
    "LIMIT_HANDSHAKES_PER_MINUTE": "100000",
    "LIMIT_MESSAGES_PER_MINUTE": "100000",
    "LIMIT_MESSAGES_PER_HOUR": "100000",
}
"""All tests come from one address; the limits have tests of their own."""
QUICK = {
    "SECONDS_AI_SETTLE": "0.2",
    "SECONDS_REAUTHORISE": "1",
    "SECONDS_SAFETY_LOOK": "0.2",
    "SECONDS_SWEEP": "0.5",
}


class Product(DeskProcess):
    """A running helpdesk on SQLite, filled like after a first start or `empty`."""

    def __init__(self, *, empty: bool = False, **settings: str) -> None:
        self.data = new_folder("product")
        shutil.copy(_database(demo=not empty), self.data / "helpdesk.db")
        options = ["--no-demo"] if empty else ["--host", "127.0.0.1"]
        super().__init__(self.data, UNHURRIED | QUICK | settings, *options)
        self.start()

    def remove(self) -> None:
        """Stop it and forget its data."""
        self.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The application on the same database, in this process: to look, and to prepare.

        What is written here the server sees at its next safety look, a moment later.
        """
        app = create_app(settings_for(f"sqlite:///{self.data / 'helpdesk.db'}", self.data))
        with app.app_context():
            yield app
        dispose(app)

    def cookie(self, email: str) -> str:
        """A signed-in browser's cookie for one of the team, without the slow password."""
        with self.app():
            number = agent_id(email)
            with writing() as session:
                token = signing_in.open_session(session, number, clock.now(), "127.0.0.1", "test")
                session.commit()
        return token


def agent_id(email: str) -> int:
    """Which agent that is, inside an application."""
    with reading() as session:
        number = session.scalar(sa.select(Agent.id).where(Agent.email == email))
    assert number is not None, f"{email} is not on the team"
    return number


def _database(*, demo: bool) -> Path:
    """A database as it is after the first start, made once for all workers of the run."""
    name = "first-start-demo" if demo else "first-start"
    path = run_folder() / f"{name}.db"
    with one_at_a_time(name):
        if not path.exists():
            draft = new_folder(name) / "helpdesk.db"
            migrate(f"sqlite:///{draft}")
            app = create_app(settings_for(f"sqlite:///{draft}", draft.parent))
            with app.app_context():
                installing.prepare(demo=demo)
            dispose(app)
            os.replace(draft, path)
    return path
