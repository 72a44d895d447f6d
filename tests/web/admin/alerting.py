"""A desk with one receiver that answers as told, and its admin without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.alerting import Desk, desk
from tests.support.application import SameOriginClient
from tests.support.make import Person
from tests.support.sinks import WebSink, mail_sink, web_sink
from tests.web.admin.conftest import Visitor, browser_of

LIST = "/admin/alerts"
PLACES = f"{LIST}/endpoints"
HEARS = {"event-handoff.requested": "1", "least_priority": "high"}


class House:
    """A desk, its admin, and one receiver that the operator allows."""

    def __init__(self, place: Desk, sink: WebSink) -> None:
        self.place, self.sink = place, sink
        place.app.test_client_class = SameOriginClient
        self.boss: Person = place.make.agent("Ada Admin", role="admin")
        self.admin: Visitor = browser_of(place.app, place.make, self.boss)

    def form(self, **more: str) -> dict[str, str]:
        return {"channel": "webhook", "name": "On call", "address": self.sink.url, **HEARS} | more

    def another_admin(self) -> Visitor:
        return browser_of(
            self.place.app, self.place.make, self.place.make.agent("Cleo Chief", role="admin")
        )

    def state_of(self, number: int) -> str:
        """The word that a delivery's page begins with."""
        page = self.admin.get(f"{LIST}/deliveries/{number}")
        page.check()
        found = re.search(
            r'role="status"><span class="hd-chip[^>]*>.*?</svg>([^<]+)</span>', page.html
        )
        assert found
        return found.group(1)


Open = Callable[..., House]


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[Open]:
    """Open a desk whose one receiver gives these answers."""
    with ExitStack() as stack:

        def start(
            *answers: int | str, seconds: float = 5.0, mail: Mapping[str, Any] | None = None
        ) -> House:
            sink = stack.enter_context(web_sink(*answers, headers={"Retry-After": "600"}))
            post = stack.enter_context(mail_sink(**mail)) if mail is not None else None
            made = desk(database_url, tmp_path, web=[sink], mail=post, seconds=seconds)
            return House(stack.enter_context(made), sink)

        yield start
