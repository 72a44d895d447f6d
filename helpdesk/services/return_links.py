"""The link in an e-mail that brings a customer back to their conversation.

Whoever holds the link may read the conversation, as whoever holds the mail can. It names the
contact, is signed, and ends after a month.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.extensions import reading, writing
from helpdesk.models import Contact, ContactKey, Inbox
from helpdesk.services.signing_in import digest

LIFETIME_S = 30 * 24 * 3_600


class LinkInvalid(Exception):
    """The link is not ours, too old, or its contact is gone."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a link leads to: whose chat, under which key, and with which company."""

    contact_id: int
    key: str
    company: str


def address(contact: Contact) -> str:
    """The whole link for an e-mail; empty where the desk does not know its own address."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.public_url:
        return ""
    return f"{settings.public_url}/chat/return/{_signer().dumps(contact.public_id)}"


def place_behind(link: str) -> Place:
    """Whose conversation a link opens; nothing is changed by looking.

    :raises LinkInvalid: it opens none.
    """
    try:
        public_id = _signer().loads(link, max_age=LIFETIME_S)
    except BadSignature:
        raise LinkInvalid from None
    with reading() as session:
        found = session.execute(
            sa.select(Contact.id, Inbox.key, Inbox.company)
            .join(Inbox, Inbox.id == Contact.inbox_id)
            .where(
                Contact.public_id == str(public_id),
                Contact.blocked_at.is_(None),
                Contact.erased_at.is_(None),
                Inbox.disabled_at.is_(None),
            )
        ).first()
    if found is None:
        raise LinkInvalid
    contact_id, key, company = found
    return Place(contact_id=contact_id, key=key, company=company)


def let_in(contact_id: int) -> str:
    """Give a further browser its key to a contact; returns the cookie's token."""
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.add(
            ContactKey(contact_id=contact_id, token_hash=digest(token), created_at=clock.now())
        )
        session.commit()
    return token


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="return")
