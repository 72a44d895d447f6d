"""What the tests of the verbs share: a clock to turn, an assistant to steer, the invariants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from helpdesk import clock
from tests.services import crowd, invariants
from tests.services.talk import Steered


class Clock:
    """The product's clock, which a test may turn forward; otherwise it runs as ever."""

    def __init__(self) -> None:
        self._real = clock.now
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The present moment, as the product sees it."""
        return self._real() + self._ahead

    def forward(self, **time: float) -> None:
        """Let time pass: `forward(minutes=61)`."""
        self._ahead += timedelta(**time)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turn the clock."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def worker(app: Flask) -> crowd.Later:
    """The background, at rest until the test lets it work."""
    return crowd.later(app)


@pytest.fixture
def assistant_says(app: Flask) -> Steered:
    """The assistant, saying what the test wants."""
    app.extensions["responder"] = steered = Steered()
    return steered


@pytest.fixture
def rules_may_break() -> None:
    """Asked for by a control, which shows what happens without a guard."""


@pytest.fixture(autouse=True)
def _invariants_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did to the database, everything that always holds must hold at its end."""
    looks = "app" in request.fixturenames and "rules_may_break" not in request.fixturenames
    if looks:
        request.getfixturevalue("app")  # made before us, so it is there after the test
    yield
    if looks:
        assert invariants.violations() == []
