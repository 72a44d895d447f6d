"""A customer and an agent at their browsers, over the test client."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.make import Make, Person

VISITOR, SESSION = "__Host-hd_v", "__Host-hd_s"
SCRIPT = {"HX-Request": "true"}


def new_id() -> str:
    """A message id as a page makes one."""
    return str(uuid.uuid4())


@dataclass
class Customer:
    """One browser with the chat open."""

    client: FlaskClient
    key: str
    conversation: str = ""

    @classmethod
    def at(cls, app: Flask, key: str) -> Customer:
        """Somebody new, who has the chat page open."""
        customer = cls(app.test_client(), key)
        assert customer.page().status_code == 200
        return customer

    @property
    def cookie(self) -> str:
        """What this browser is known by."""
        kept = self.client.get_cookie(VISITOR)
        return kept.value if kept else ""

    def page(self) -> TestResponse:
        """The chat page."""
        return self.client.get(f"/chat/{self.key}")

    def post(self, what: str, form: Any = None, **options: Any) -> TestResponse:
        """Post a form of the chat, as a script would; then or as the first thing they do."""
        at = f"/w/c/{self.conversation}" if self.conversation else f"/chat/{self.key}"
        answer = self.client.post(f"{at}/{what}", data=form, headers=SCRIPT, **options)
        if found := re.search(r'data-conversation="([^"]+)"', answer.text):
            self.conversation = found[1]
        return answer

    def send(self, body: str, *, mid: str = "", **more: str) -> TestResponse:
        """Write something."""
        return self.post("messages", {"client_msg_id": mid or new_id(), "body": body, **more})

    def hand_over(self) -> TestResponse:
        """ "Talk to a person"."""
        return self.post("handoff", {"source": "button"})

    def end(self) -> TestResponse:
        """End the chat."""
        return self.post("end")

    def since(self, after: str = "0") -> TestResponse:
        """What was said since a number."""
        return self.client.get(f"/w/c/{self.conversation}/since?after={after}", headers=SCRIPT)


@dataclass
class Desk:
    """One agent's browser, signed in."""

    client: FlaskClient

    @classmethod
    def of(cls, app: Flask, make: Make, person: Person) -> Desk:
        """An agent who has just signed in."""
        return cls.with_cookie(app, make.cookie(person))

    @classmethod
    def with_cookie(cls, app: Flask, cookie: str) -> Desk:
        """Whoever has this cookie."""
        client = app.test_client()
        client.set_cookie(SESSION, cookie)
        return cls(client)

    @property
    def cookie(self) -> str:
        """What this browser is signed in by."""
        kept = self.client.get_cookie(SESSION)
        return kept.value if kept else ""

    def post(
        self, address: str, form: dict[str, str] | None = None, *, script: bool = True
    ) -> TestResponse:
        """Post a form of the desk, as a script or as a plain form."""
        return self.client.post(address, data=form or {}, headers=SCRIPT if script else {})

    def write(self, conversation: str, body: str, *, to: str = "messages") -> TestResponse:
        """A reply, or a note."""
        form = {"client_msg_id": new_id(), "body": body}
        return self.post(f"/desk/c/{conversation}/{to}", form)


class Shown(HTMLParser):
    """What a reader sees in the bodies of messages, and the elements inside them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if self._depth:
            self.elements.append((tag, attributes))
            self._depth += 1
        elif "hd-body" in (attributes.get("class") or "").split():
            self._depth = 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[-1] += data
