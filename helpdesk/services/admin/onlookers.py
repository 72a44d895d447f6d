"""Who looked into conversations that are not theirs: noted once an hour, not at every look."""

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

Seen = dict[tuple[int | None, int], float]
"""Reader and conversation to the moment (in seconds) at which that was noted."""


def note(conversation_id: int, *, by: Actor) -> None:
    """Remember that an agent reads a conversation, unless it is their own.

    Each process remembers for an hour what it has noted, so that an open page costs nothing.
    """
    seen = cast(Seen, current_app.extensions.setdefault("audit_onlookers", {}))
    key, now = (by.agent_id, conversation_id), clock.now().timestamp()
    if now - seen.get(key, 0.0) < AGAIN_AFTER_S:
        return
    with reading() as session:
        holder = session.scalar(
            sa.select(Conversation.assigned_agent_id).where(Conversation.id == conversation_id)
        )
    if holder == by.agent_id:
        return
    if len(seen) >= REMEMBERED:
        seen.clear()
    seen[key] = now
    audit.record_alone(by, "conversation.read", f"conversation:{conversation_id}")
