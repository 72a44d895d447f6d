"""The first start: what an empty database needs before anybody can write."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from helpdesk.extensions import reading
from helpdesk.models import Inbox, Installation
from helpdesk.services.demo import history, seeding
from helpdesk.services.unit_of_work import UnitOfWork, unit_of_work


def prepare(*, demo: bool) -> None:
    """Fill an empty database, once: with the demo company, or with one inbox and nothing else.

    Of two processes that do it at once, one does it and the other finds it done.
    """
    with reading() as session:
        if session.scalar(sa.select(Installation.id)) is not None:
            return
    try:
        with unit_of_work() as work:
            work.session.add(Installation(id=1, created_at=work.now))
            work.session.flush()
            if demo:
                seeding.seed(work)
                history.add(work)
            else:
                _first_inbox(work)
    except IntegrityError:
        return


def _first_inbox(work: UnitOfWork) -> None:
    work.session.add(
        Inbox(
            key=secrets.token_urlsafe(9),
            name="Website",
            company="Our company",
            starters=[],
            allowed_origins=[],
            created_at=work.now,
        )
    )
