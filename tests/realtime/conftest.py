"""One real server for all tests of live pages, and people who have pages open."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk.app import create_app
from helpdesk.extensions import reading
from helpdesk.models import Contact, Conversation
from helpdesk.services import intake
from helpdesk.services.signing_in import digest
from tests.realtime.line import Line
from tests.support import databases
from tests.support.make import Make, Person
from tests.support.processes import DeskProcess, serving
from tests.web.people import SESSION, VISITOR
from tests.web.wire import Browser

QUICK = {
    "SECONDS_REAUTHORISE": "0.3",
    "LIMIT_CONVERSATIONS_PER_HOUR_PER_ADDRESS": "100000",
    "LIMIT_HANDSHAKES_PER_MINUTE": "30",
}


@dataclass
class Visitor:
    """A customer with a conversation, whose page has shown everything so far."""

    browser: Browser
    contact_id: int
    number: int
    conversation: str

    def line(self, after: int = 0, **options: Any) -> Line:
        """The socket of a page that has shown rows up to ``after``."""
        address = f"/w/live?c={self.conversation}&after={after}&e=1"
        return Line(self.browser.port, address, self.browser.cookies, **options)

    def write(self, body: str) -> int:
        """Write by HTTP, as the page does; the status."""
        form = {"client_msg_id": str(uuid.uuid4()), "body": body}
        return self.browser.post(f"/w/c/{self.conversation}/messages", form).status

    def write_elsewhere(self, body: str) -> None:
        """Written in another process: the server's doorbell does not ring."""
        intake.receive(self.contact_id, body=body, mid=str(uuid.uuid4()))


@dataclass
class House:
    """The server, and rows on its database."""

    app: Flask
    server: DeskProcess
    make: Make

    def visitor(self) -> Visitor:
        """A new customer, who has written one message that an agent will answer."""
        browser = Browser(self.server.port)
        browser.get(f"/chat/{self.make.key}")
        token = browser.cookies[VISITOR].rpartition(".")[0]
        browser.post(f"/chat/{self.make.key}/handoff", {"source": "button"})
        with reading() as session:
            contact_id, number, conversation = session.execute(
                sa.select(Contact.id, Conversation.id, Conversation.public_id)
                .join(Conversation, Conversation.contact_id == Contact.id)
                .where(Contact.token_hash == digest(token))
            ).one()
        return Visitor(browser, contact_id, number, conversation)

    def agent(self, name: str = "Sarah Kim") -> Browser:
        """A signed-in agent's browser."""
        return Browser(self.server.port, {SESSION: self.make.cookie(self.person(name))})

    def person(self, name: str = "Sarah Kim") -> Person:
        """Somebody on the team."""
        return self.make.agent(name)

    def desk_line(self, browser: Browser, query: str = "view=queue", **options: Any) -> Line:
        """The socket of an agent's page."""
        return Line(browser.port, f"/desk/live?{query}", browser.cookies, **options)


@pytest.fixture(scope="session")
def _running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("live")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'helpdesk.db')}"
    app = create_app(databases.settings_for(url, folder))
    make = Make()
    with app.app_context():
        make.begin()
    with serving(folder, url, **QUICK) as server:
        yield House(app, server, make)
    databases.dispose(app)


@pytest.fixture
def house(_running: House) -> Iterator[House]:
    """The server; rows of other tests are there, too."""
    with _running.app.app_context():
        yield _running


@pytest.fixture
def maya(house: House) -> Visitor:
    """A customer who waits for a person."""
    return house.visitor()
