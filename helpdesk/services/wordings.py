"""The sentences the system says, as the admins wrote them or as the product ships them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.domain.message_templates import DEFAULTS
from helpdesk.domain.wording import fill
from helpdesk.models import Contact, Inbox, MessageTemplate


def template(session: Session, key: str) -> str:
    """The text in force for a key: the newest saved one, else the product's own."""
    saved = session.scalar(
        sa.select(MessageTemplate.body)
        .where(MessageTemplate.key == key)
        .order_by(MessageTemplate.version.desc())
        .limit(1)
    )
    # An empty one says that an admin went back to the product's own.
    return saved or DEFAULTS[key].body


def say(
    session: Session, key: str, *, inbox: Inbox, contact: Contact | None = None, **values: str
) -> str:
    """A template with its placeholders filled for one conversation."""
    known = {"business_name": inbox.company, "customer_name": contact.name if contact else ""}
    return fill(template(session, key), known | values)
