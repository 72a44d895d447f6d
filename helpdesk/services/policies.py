"""The escalation policy in force."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Policy
from helpdesk.models import PolicyVersion


def current(session: Session) -> Policy:
    """The newest saved policy, else the product's own (version 0)."""
    saved = session.scalar(sa.select(PolicyVersion).order_by(PolicyVersion.version.desc()).limit(1))
    if saved is None:
        return Policy.default()
    return Policy.from_json({**saved.rules, "version": saved.version})
