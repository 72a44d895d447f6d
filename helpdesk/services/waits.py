"""How long a wait usually is: said as a range and only when there is something to go by.

A wrong number is worse than none (lifecycle.md, position and ETA): there must be twenty served
waits of the last fortnight and somebody there to take the next one.
"""

from __future__ import annotations

import math
import threading
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk import clock
from helpdesk.extensions import db
from helpdesk.models import Agent, Conversation, Escalation
from helpdesk.services.people import PRESENT_FOR

LOOKED_BACK = timedelta(days=14)
LEAST_WAITS = 20
MOST_WAITS = 1_000
KEPT_S = 30.0  # pages of waiting customers ask every second; it does not change that fast

_lock = threading.Lock()
_known: dict[tuple[str, int], tuple[datetime, str]] = {}


def usual_range(session: Session, inbox_id: int) -> str:
    """ "1 to 3 minutes": between the median and the 90th percentile; empty where unknown."""
    now, key = clock.now(), (str(db.engine.url), inbox_id)
    with _lock:
        known = _known.get(key)
    if known is not None and abs((now - known[0]).total_seconds()) < KEPT_S:
        return known[1]
    words = _words(_served(session, inbox_id, now)) if _somebody_is_there(session, now) else ""
    with _lock:
        _known[key] = (now, words)
    return words


def _served(session: Session, inbox_id: int, now: datetime) -> list[float]:
    """The latest waits that ended with a person, in seconds, the shortest first."""
    rows = session.execute(
        sa.select(Escalation.created_at, Escalation.ended_at)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(
            Escalation.outcome == "claimed",
            Escalation.action == "transfer",
            Escalation.created_at > now - LOOKED_BACK,
            Escalation.ended_at.is_not(None),
            Conversation.inbox_id == inbox_id,
        )
        .order_by(Escalation.id.desc())
        .limit(MOST_WAITS)
    )
    return sorted((ended - began).total_seconds() for began, ended in rows if ended)


def _words(waits: list[float]) -> str:
    if len(waits) < LEAST_WAITS:
        return ""
    usual = max(1, math.ceil(waits[len(waits) // 2] / 60))
    long = max(1, math.ceil(waits[int(len(waits) * 0.9)] / 60))
    if long <= usual:
        return "1 minute" if usual == 1 else f"{usual} minutes"
    return f"{usual} to {long} minutes"


def _somebody_is_there(session: Session, now: datetime) -> bool:
    there = session.scalar(
        sa.select(Agent.id)
        .where(
            Agent.disabled_at.is_(None),
            Agent.presence == "available",
            Agent.last_seen_at > now - PRESENT_FOR,
        )
        .limit(1)
    )
    return there is not None
