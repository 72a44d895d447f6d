"""Column types that every table shares."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from helpdesk import clock
from helpdesk.extensions import UtcDateTime

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime, default=clock.now)]
MaybeMoment = Annotated[datetime | None, mapped_column(UtcDateTime)]
Json = Annotated[Any, mapped_column(sa.JSON)]


def one_of(values: type[StrEnum] | tuple[str, ...], name: str, length: int = 20) -> sa.Enum:
    """A short text that the database itself keeps to the listed values."""
    words = [str(value) for value in values]
    kind: Any = values if isinstance(values, type) else None
    if kind is not None:
        return sa.Enum(
            kind,
            name=name,
            native_enum=False,
            length=length,
            create_constraint=True,
            values_callable=lambda enum: [member.value for member in enum],
        )
    return sa.Enum(*words, name=name, native_enum=False, length=length, create_constraint=True)


def public_id() -> str:
    """128 random bits for an address that must not be guessed (security.md T1)."""
    return secrets.token_urlsafe(16)
