"""The life of a conversation: every status, every legal move, and who may speak when."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Who is in charge of a conversation (`Conversation.support_status`)."""

    AI = "ai"
    WAITING = "waiting"
    ACTIVE = "active"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Sender(StrEnum):
    """Who wrote a message (`Message.sender_type`)."""

    USER = "user"
    AI = "ai"
    AGENT = "agent"
    SYSTEM = "system"


class Priority(StrEnum):
    """How soon a person is needed. Ordered: compare by `rank`, 0 is low and 3 is urgent."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {Priority.LOW: 0, Priority.MEDIUM: 1, Priority.HIGH: 2, Priority.URGENT: 3}

MOVES: dict[Status, frozenset[Status]] = {
    Status.AI: frozenset({Status.WAITING, Status.ACTIVE, Status.RESOLVED, Status.CLOSED}),
    Status.WAITING: frozenset({Status.ACTIVE, Status.AI, Status.RESOLVED, Status.CLOSED}),
    Status.ACTIVE: frozenset(
        {Status.WAITING, Status.ACTIVE, Status.AI, Status.RESOLVED, Status.CLOSED}
    ),
    Status.RESOLVED: frozenset({Status.AI, Status.WAITING, Status.ACTIVE, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
"""Every legal move; active to active is a transfer between agents."""

PEOPLE_IN_CHARGE = frozenset({Status.WAITING, Status.ACTIVE})
"""The statuses in which a person owes the customer an answer and the assistant is silent."""


class MoveRefused(Exception):
    """The conversation stays where it is; nothing was written."""


class IllegalMove(MoveRefused):
    """There is no such move, whoever asks."""

    def __init__(self, source: Status, target: Status) -> None:
        super().__init__(f"a conversation cannot go from {source} to {target}")


class Overtaken(MoveRefused):
    """Somebody else moved it first, or wrote in between."""


def check_move(source: Status, target: Status) -> None:
    """Refuse a move that the table does not know.

    :raises IllegalMove: there is no such move.
    """
    if target not in MOVES[source]:
        raise IllegalMove(source, target)
