"""What the pages left in the database."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk.extensions import reading
from helpdesk.models import Message

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests in which the database does not matter: run them on one only."""


def count(table: type[Any]) -> int:
    """How many rows a table has."""
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def written() -> list[Message]:
    """What customers wrote, in order."""
    with reading() as session:
        rows = sa.select(Message).where(Message.sender_type == "user").order_by(Message.id)
        return list(session.scalars(rows))
