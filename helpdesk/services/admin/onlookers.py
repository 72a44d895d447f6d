"""Who looked where it is not theirs: noted once an hour, not at every look."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from flask import current_app

from helpdesk import clock
from helpdesk.extensions import reading
from helpdesk.models import Conversation
from helpdesk.services.admin import audit
from helpdesk.services.admin.changes import Actor

AGAIN_AFTER_S = 3_600
REMEMBERED = 10_000

Key = tuple[int | None, int]
Seen = dict[Key, float]
"""Reader and conversation (0: the admin pages) to the moment, in seconds, when it was noted."""

ADMIN_PAGES = 0


def note(conversation_id: int, *, by: Actor) -> None:
    """Remember that an agent reads a conversation, unless it is their own.

    Each process remembers for an hour what it has noted, so that an open page costs nothing.
    """
    key = (by.agent_id, conversation_id)
    if _noted(key):
        return
    with reading() as session:
        holder = session.scalar(
            sa.select(Conversation.assigned_agent_id).where(Conversation.id == conversation_id)
        )
    if holder == by.agent_id:
        return
    _remember(key)
    audit.record_alone(by, "conversation.read", f"conversation:{conversation_id}")


def note_refusal(*, by: Actor) -> None:
    """Remember that somebody asked for an admin page who is no admin."""
    key = (by.agent_id, ADMIN_PAGES)
    if _noted(key):
        return
    _remember(key)
    audit.record_alone(by, "admin.refused")


def _seen() -> Seen:
    return cast(Seen, current_app.extensions.setdefault("audit_onlookers", {}))


def _noted(key: Key) -> bool:
    return clock.now().timestamp() - _seen().get(key, 0.0) < AGAIN_AFTER_S


def _remember(key: Key) -> None:
    seen = _seen()
    if len(seen) >= REMEMBERED:
        seen.clear()
    seen[key] = clock.now().timestamp()
