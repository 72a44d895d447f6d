"""The application and its rows, for tests: a pytest plugin."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.app import create_app
from tests.support import databases
from tests.support.make import Make, Person

NOBODY = frozenset({("127.0.0.1", 9)})
"""A place that alerts may be sent to, and where nobody listens."""


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database, its context pushed."""
    settings = databases.settings_for(database_url, tmp_path)
    made = create_app(replace(settings, outbound_allow=NOBODY))
    made.test_client_class = SameOriginClient
    with made.app_context():
        yield made
    databases.dispose(made)


@pytest.fixture
def make(app: Flask) -> Make:
    """Makes rows."""
    maker = Make()
    maker.begin()
    return maker


@pytest.fixture
def sarah(make: Make) -> Person:
    """An agent."""
    return make.agent("Sarah Kim")


@pytest.fixture
def omar(make: Make) -> Person:
    """Another agent."""
    return make.agent("Omar Haddad")


class SameOriginClient(FlaskClient):
    """A browser on our own pages: it says so with every request, unless told otherwise."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        self.environ_base["REMOTE_ADDR"] = "127.0.0.1"

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Every request has its own `flask.g`, as in a server, though a test has a context too."""
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def browser_client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()
