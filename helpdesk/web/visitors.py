"""Who a customer's request comes from: the cookie, the contact behind it, and their clock.

A request acts for the contact its own cookie names and for nobody else: another's conversation is
answered like one that does not exist.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Response, abort, current_app, make_response, request
from itsdangerous import BadSignature, Signer

from helpdesk.config import Settings
from helpdesk.domain import hours
from helpdesk.services import chat
from helpdesk.services.chat import Site
from helpdesk.web import limits
from helpdesk.web.security import cookie_name, may_be_framed_by, set_cookie

COOKIE = "hd_v"
ZONE_COOKIE = "hd_tz"
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who a request comes from. ``token`` is what their cookie holds; ``contact_id`` is ``None``
    until they have written something. ``zone`` is their clock's time zone, empty if not known."""

    token: str
    contact_id: int | None
    is_new: bool
    zone: str = ""


def site_of(key: str) -> Site:
    """The inbox an address names; 404 for one that is unknown or switched off."""
    site = chat.site_by_key(key)
    if site is None:
        abort(404)
    may_be_framed_by(site.allowed_origins)
    return site


def visitor_of(site: Site) -> Visitor:
    """Who the cookie names; only cookies that we signed count, anything else is a new visitor."""
    token = _token()
    if not token:
        token, contact_id = secrets.token_urlsafe(32), None
        return Visitor(token=token, contact_id=contact_id, is_new=True, zone=_zone())
    contact_id = chat.contact_by_token(token, site.id)
    return Visitor(token=token, contact_id=contact_id, is_new=False, zone=_zone())


def own(address: str) -> tuple[Site, Visitor, int]:
    """The site, the visitor and their conversation; 404 for anybody else's."""
    token = _token()
    contact_id = chat.contact_by_token(token) if token else None
    conversation_id = chat.conversation_of(contact_id, address) if contact_id else None
    if contact_id is None or conversation_id is None:
        abort(404)
    site = chat.site_of(contact_id)
    may_be_framed_by(site.allowed_origins)
    visitor = Visitor(token=token, contact_id=contact_id, is_new=False, zone=_zone())
    return site, visitor, conversation_id


def contact_of(site: Site, visitor: Visitor) -> int:
    """The visitor's contact, made now if this is the first thing they do."""
    if visitor.contact_id is not None:
        return visitor.contact_id
    contact_id = chat.make_contact(
        visitor.token,
        site.id,
        locale=request.accept_languages.best or "",
        time_zone=visitor.zone,
        user_agent=request.headers.get("User-Agent", ""),
    )
    if contact_id is None:
        abort(404)
    return contact_id


def limit_new_conversations(visitor: Visitor) -> None:
    """Answer 429 to an address that begins one conversation after the other."""
    if visitor.contact_id and chat.open_conversation_of(visitor.contact_id):
        return
    settings: Settings = current_app.config["SETTINGS"]
    limits.hit_once(
        "conversation",
        limits.address(),
        visitor.token,
        most=settings.limits.conversations_per_hour_per_address,
        seconds=3600,
    )


def remembered(html: str, visitor: Visitor, status: int = 200) -> Response:
    """An answer after which the browser is known again."""
    response = make_response(html, status)
    if visitor.is_new:
        remember(response, visitor.token)
    if visitor.zone and request.cookies.get(cookie_name(ZONE_COOKIE)) != visitor.zone:
        set_cookie(response, ZONE_COOKIE, visitor.zone, seconds=COOKIE_SECONDS, framed=True)
    return response


def remember(response: Response, token: str) -> None:
    """Give a browser the key that ``token`` is."""
    value = _signer().sign(token).decode()
    set_cookie(response, COOKIE, value, seconds=COOKIE_SECONDS, framed=True)


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="visitor")


def _token() -> str:
    try:
        return _signer().unsign(request.cookies.get(cookie_name(COOKIE), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def _zone() -> str:
    """The zone that the page around the chat names, or named before; a foreign word is none."""
    named = request.args.get("tz") or request.cookies.get(cookie_name(ZONE_COOKIE), "")
    return named if hours.is_zone(named) else ""
