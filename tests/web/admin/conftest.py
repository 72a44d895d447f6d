"""Browsers of admins and agents, without scripts: every form has to work for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.make import Make, Person

COOKIE = "__Host-hd_s"


@pytest.fixture
def database_url(sqlite_template: object, request: pytest.FixtureRequest) -> str:
    """Pages are the same on every database; the services' tests run on both."""
    import shutil
    from pathlib import Path

    folder: Path = request.getfixturevalue("tmp_path")
    return f"sqlite:///{shutil.copy(str(sqlite_template), folder / 'helpdesk.db')}"


@dataclass
class Page:
    """An answer, read like a person reads it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """The words, without the marks between them."""
        without = re.sub(r"<(script|style|template)\b.*?</\1>", " ", self.html, flags=re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", without)).split())

    def value(self, name: str) -> str:
        """What a field holds."""
        match = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', self.html)
        if match:
            found = re.search(r'\bvalue="([^"]*)"', match.group())
            return unescape(found.group(1)) if found else ""
        area = re.search(
            rf'<textarea[^>]*\bname="{re.escape(name)}"[^>]*>(.*?)</textarea>', self.html, re.S
        )
        assert area, f"there is no field {name}"
        return unescape(area.group(1)).removeprefix("\n")

    def error_of(self, name: str) -> str:
        """The sentence that a field points to."""
        tag = rf'<(?:input|textarea|select)[^>]*\bname="{re.escape(name)}"[^>]*>'
        field = re.search(tag, self.html)
        assert field, f"there is no field {name}"
        assert 'aria-invalid="true"' in field.group(), f"{name} is not marked as wrong"
        told = re.search(r'aria-describedby="([^"]+)"', field.group())
        assert told, f"{name} points to nothing"
        words = re.search(
            rf'id="{re.escape(told.group(1).split()[0])}"[^>]*>(.*?)</p>', self.html, re.S
        )
        assert words, f"nothing has the id that {name} points to"
        return unescape(re.sub(r"<[^>]+>", " ", words.group(1))).strip()

    def check(self) -> None:
        """What must hold for every page: a title, unique ids, forms that go somewhere."""
        reader = _Reader()
        reader.feed(self.html)
        assert reader.title.strip(), "the page has no title"
        twice = {name for name in reader.ids if reader.ids.count(name) > 1}
        assert not twice, f"ids that are there twice: {twice}"
        assert all(reader.forms), "a form without an address"
        assert reader.headings == 1, "not exactly one h1"
        missing = {name for name in reader.pointed if name not in reader.ids}
        assert not missing, f"points to what is not there: {missing}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.forms: list[str] = []
        self.headings = 0
        self.title = ""
        self._in_title = False
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._templates += tag == "template"
        if self._templates:
            return
        self._in_title = tag == "title"
        self.headings += tag == "h1"
        if given.get("id"):
            self.ids.append(given["id"] or "")
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.pointed += (given.get(name) or "").split()
        if tag == "form":
            self.forms.append(given.get("action") or "")

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


@dataclass
class Visitor:
    """Somebody in front of a browser that runs no scripts."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> Page:
        """Open a page."""
        return Page(self.client.get(path, **options))

    def post(self, path: str, **fields: Any) -> Page:
        """Send a form, and follow where it leads."""
        return Page(self.client.post(path, data=fields, follow_redirects=True))

    def script(self, path: str, **fields: object) -> Page:
        """Send a form as htmx does."""
        return Page(self.client.post(path, data=fields, headers={"HX-Request": "true"}))


def browser_of(app: Flask, make: Make, person: Person) -> Visitor:
    """A signed-in browser."""
    client = app.test_client()
    client.set_cookie(COOKIE, make.cookie(person), domain="localhost")
    return Visitor(client)


@pytest.fixture
def boss(make: Make) -> Person:
    """An admin."""
    return make.agent("Ada Admin", role="admin")


@pytest.fixture
def admin(app: Flask, make: Make, boss: Person) -> Visitor:
    """The admin's browser."""
    return browser_of(app, make, boss)


@pytest.fixture
def another_admin(app: Flask, make: Make) -> Visitor:
    """Another admin's browser."""
    return browser_of(app, make, make.agent("Cleo Chief", role="admin"))
