"""A desk that may send to local sinks, a clock that tests turn, and short ways to set alerts up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from helpdesk import alerts, clock
from helpdesk.app import create_app
from helpdesk.config import MailServer, Timing
from helpdesk.extensions import reading, writing
from helpdesk.models import Endpoint, Outbox, OutboxAttempt
from tests.support import databases
from tests.support.make import Make
from tests.support.sinks import MailSink, WebSink

URGENT = "I deposited money yesterday but it is not showing up in my account!"
PUBLIC_URL = "https://desk.example.com"


@dataclass
class Hands:
    """A clock that stands still until it is turned."""

    now: datetime = field(default_factory=clock.now)

    def turn(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock of the whole application, in the test's hands."""
    made = Hands()
    monkeypatch.setattr("helpdesk.clock.now", lambda: made.now)
    return made


@dataclass
class Desk:
    """An application, its rows, and its alerts."""

    app: Flask
    make: Make

    def endpoint(
        self,
        sink: WebSink | str,
        *,
        channel: str = "webhook",
        events: Sequence[str] = tuple(alerts.TELLABLE),
        least: str = "low",
        **more: Any,
    ) -> int:
        """A place that alerts go to, as an admin might have set it up."""
        with writing() as session:
            row = Endpoint(
                channel=channel,
                name=more.pop("name", "Team"),
                address=sink if isinstance(sink, str) else sink.url,
                secrets=[alerts.new_secret()] if channel == "webhook" else [],
                events=list(events),
                least_priority=least,
                **more,
            )
            session.add(row)
            session.flush()
            number = row.id
            session.commit()
        return number

    def read(self, number: int) -> Endpoint:
        """An endpoint as it is now."""
        with reading() as session:
            return session.get_one(Endpoint, number)

    def rows(self, **wanted: Any) -> list[Outbox]:
        """The outbox, in order."""
        with reading() as session:
            return list(session.scalars(sa.select(Outbox).filter_by(**wanted).order_by(Outbox.id)))

    def attempts(self, outbox_id: int) -> list[OutboxAttempt]:
        """The tries of one row."""
        with reading() as session:
            return list(
                session.scalars(
                    sa.select(OutboxAttempt)
                    .where(OutboxAttempt.outbox_id == outbox_id)
                    .order_by(OutboxAttempt.number)
                )
            )

    def escalate(self) -> int:
        """An urgent case comes in; its conversation."""
        return self.make.write(self.make.customer(), URGENT).conversation_id


@contextmanager
def desk(
    database_url: str,
    folder: Path,
    *,
    web: Sequence[WebSink] = (),
    allow: Sequence[tuple[str, int]] = (),
    mail: MailSink | None = None,
    seconds: float = 5.0,
    **settings: Any,
) -> Iterator[Desk]:
    """A desk whose operator allows these sinks; its context is pushed."""
    server = MailServer(host="127.0.0.1", port=mail.port, security="none") if mail else None
    made = create_app(
        replace(
            databases.settings_for(database_url, folder),
            mail_server=server,
            mail_from="Northfold Desk <desk@northfold.example>",
            outbound_allow=frozenset((*(sink.place for sink in web), *allow)),
            public_url=PUBLIC_URL,
            timing=Timing(outbound=seconds),
            **settings,
        )
    )
    try:
        with made.app_context():
            make = Make()
            make.begin()
            yield Desk(app=made, make=make)
    finally:
        databases.dispose(made)
