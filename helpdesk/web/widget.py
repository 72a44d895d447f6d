"""The customer's side: the chat document, what its forms do, and its socket.

A request acts for the contact its own cookie names and for nobody else: another's conversation is
answered like one that does not exist.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, Signer

from helpdesk import realtime
from helpdesk.config import ROOT, Settings
from helpdesk.domain.lifecycle import MoveRefused
from helpdesk.domain.text import BadText, clean
from helpdesk.extensions import sock
from helpdesk.realtime import SafeServer
from helpdesk.realtime.views import ChatView
from helpdesk.services import chat, customer, intake
from helpdesk.services.chat import Site
from helpdesk.services.customer import NotAsked
from helpdesk.services.intake import Stored
from helpdesk.web import forms, limits, live
from helpdesk.web.security import cookie_name, may_be_framed_by, set_cookie

bp = Blueprint("widget", __name__)

COOKIE = "hd_v"
COOKIE_SECONDS = 365 * 24 * 3600
LOADER_SECONDS = 300
SOURCES = ("button", "menu", "offer")
COMMENT_MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who a request comes from. ``token`` is what their cookie holds; ``contact_id`` is ``None``
    until they have written something."""

    token: str
    contact_id: int | None
    is_new: bool


@bp.get("/widget/v1/loader.js")
def loader() -> ResponseReturnValue:
    """The script that other sites embed."""
    response = send_from_directory(
        ROOT / "static", "loader.js", mimetype="text/javascript", max_age=LOADER_SECONDS
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/chat/<key>")
def page(key: str) -> ResponseReturnValue:
    """The chat document: in the frame, on a page of its own, and without scripts."""
    site = _site(key)
    visitor = _visitor(site)
    html = _page(site, visitor)
    return _remembered(html, visitor)


@bp.post("/chat/<key>/messages")
def first_message(key: str) -> ResponseReturnValue:
    """A message of somebody who may have no conversation yet."""
    site = _site(key)
    return _receive(site, _visitor(site))


@bp.post("/chat/<key>/handoff")
def ask_at_once(key: str) -> ResponseReturnValue:
    """ "Talk to a person" before anything was said."""
    site = _site(key)
    return _ask_for_person(site, _visitor(site))


@bp.post("/w/c/<address>/messages")
def send(address: str) -> ResponseReturnValue:
    """A message in a conversation."""
    site, visitor, _ = _own(address)
    return _receive(site, visitor)


@bp.post("/w/c/<address>/handoff")
def ask_for_person(address: str) -> ResponseReturnValue:
    """The button, the menu, or an accepted offer."""
    site, visitor, _ = _own(address)
    return _ask_for_person(site, visitor)


@bp.post("/w/c/<address>/offer/decline")
def decline_offer(address: str) -> ResponseReturnValue:
    """ "Keep going" with the assistant."""
    site, _, conversation_id = _own(address)
    forms.take()
    customer.decline_offer(conversation_id)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/assistant")
def back_to_assistant(address: str) -> ResponseReturnValue:
    """Stop waiting and go on with the assistant."""
    site, _, conversation_id = _own(address)
    forms.take()
    try:
        customer.back_to_assistant(conversation_id)
    except MoveRefused:
        return _state(site, conversation_id, status=409)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/end")
def end(address: str) -> ResponseReturnValue:
    """End the chat."""
    site, _, conversation_id = _own(address)
    forms.take()
    try:
        customer.end(conversation_id)
    except MoveRefused:
        return _state(site, conversation_id, status=409)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/rating")
def rate(address: str) -> ResponseReturnValue:
    """Rate what was solved, or skip it."""
    site, visitor, conversation_id = _own(address)
    fields = forms.take("score", "comment", "skip")
    score = None
    if not fields["skip"]:
        if fields["score"] not in ("1", "2", "3", "4", "5"):
            return _problem(site, visitor, "Choose a face from 1 to 5 first.", 422)
        score = int(fields["score"])
    try:
        comment = fields["comment"].strip() and clean(fields["comment"], most=COMMENT_MOST)
    except BadText as error:
        return _problem(site, visitor, str(error), 422)
    try:
        customer.rate(conversation_id, score=score, comment=comment)
    except NotAsked:
        return _state(site, conversation_id, status=409)
    return _state(site, conversation_id)


@bp.get("/w/c/<address>/since")
def since(address: str) -> ResponseReturnValue:
    """The rows past a number and the state: gap repair, polling, and pages without scripts."""
    site, _, conversation_id = _own(address)
    after = forms.query_number("after")
    seen = chat.snapshot(site, conversation_id, after)
    epoch = forms.query_number("e", default=seen.epoch)
    if live.is_lost(after, seen.state.last_seq) or epoch != seen.epoch:
        return live.RESET
    return "".join(live.rows_for_customer(seen.rows)) + _fragment(seen.state)


@sock.route("/w/live", bp=bp)  # type: ignore[untyped-decorator]
def socket(ws: SafeServer) -> None:
    """The chat's live page; everything that may be refused was refused before the handshake."""
    settings: Settings = current_app.config["SETTINGS"]
    feed: live.ContactFeed = g.feed
    realtime.adopt(ws, feed, owner=f"v:{feed.contact_id}", most=settings.limits.sockets_per_contact)


@bp.before_request
def prepare_socket() -> None:
    """Refuse a handshake by a plain HTTP answer, while there still is HTTP."""
    if request.endpoint != "widget.socket":
        return
    site, visitor, conversation_id = _own(request.args.get("c", ""))
    assert visitor.contact_id is not None
    live.refuse_handshake(f"v:{visitor.contact_id}")
    g.feed = live.ContactFeed(
        contact_id=visitor.contact_id,
        token=visitor.token,
        site=site,
        conversation_id=conversation_id,
        after=forms.query_number("after"),
        epoch=forms.query_number("e"),
    )


def _site(key: str) -> Site:
    site = chat.site_by_key(key)
    if site is None:
        abort(404)
    may_be_framed_by(site.allowed_origins)
    return site


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="visitor")


def _visitor(site: Site) -> Visitor:
    """Who the cookie names; only cookies that we signed count, anything else is a new visitor."""
    try:
        token = _signer().unsign(request.cookies.get(cookie_name(COOKIE), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return Visitor(token=secrets.token_urlsafe(32), contact_id=None, is_new=True)
    contact_id = chat.contact_by_token(token, site.id)
    return Visitor(token=token, contact_id=contact_id, is_new=False)


def _own(address: str) -> tuple[Site, Visitor, int]:
    """The site, the visitor and their conversation; 404 for anybody else's."""
    try:
        token = _signer().unsign(request.cookies.get(cookie_name(COOKIE), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        abort(404)
    contact_id = chat.contact_by_token(token)
    conversation_id = chat.conversation_of(contact_id, address) if contact_id else None
    if contact_id is None or conversation_id is None:
        abort(404)
    site = chat.site_of(contact_id)
    may_be_framed_by(site.allowed_origins)
    return site, Visitor(token=token, contact_id=contact_id, is_new=False), conversation_id


def _remembered(html: str, visitor: Visitor, status: int = 200) -> ResponseReturnValue:
    response = make_response(html, status)
    if visitor.is_new:
        value = _signer().sign(visitor.token).decode()
        set_cookie(response, COOKIE, value, seconds=COOKIE_SECONDS, framed=True)
    return response


def _contact(site: Site, visitor: Visitor) -> int:
    """The visitor's contact, made now if this is the first thing they do."""
    if visitor.contact_id is not None:
        return visitor.contact_id
    contact_id = chat.make_contact(
        visitor.token,
        site.id,
        locale=request.accept_languages.best or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
    if contact_id is None:
        abort(404)
    return contact_id


def _limit_new_conversations(visitor: Visitor) -> None:
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


def _receive(site: Site, visitor: Visitor) -> ResponseReturnValue:
    fields = forms.take("client_msg_id", "body")
    mid = forms.message_id(fields["client_msg_id"])
    try:
        body = forms.message(fields["body"])
    except BadText as error:
        return _problem(site, visitor, str(error), 422, draft=fields["body"])
    _limit_new_conversations(visitor)
    try:
        stored = intake.receive(_contact(site, visitor), body=body, mid=mid)
    except intake.IdReused:
        text = "This message was sent before with other words. Send it once more."
        return _problem(site, visitor, text, 409, draft=fields["body"])
    return _sent(site, visitor, stored)


def _sent(site: Site, visitor: Visitor, stored: Stored) -> ResponseReturnValue:
    if not forms.is_htmx():
        return _remembered_redirect(site, visitor)
    seen = chat.snapshot(site, stored.conversation_id, stored.seq - 1)
    [row] = live.rows_for_customer(seen.rows[:1])
    return _remembered(row + _fragment(seen.state), visitor)


def _remembered_redirect(site: Site, visitor: Visitor) -> ResponseReturnValue:
    response = make_response(_remembered("", visitor))
    response.status_code = 303
    response.headers["Location"] = url_for("widget.page", key=site.key)
    return response


def _ask_for_person(site: Site, visitor: Visitor) -> ResponseReturnValue:
    fields = forms.take("source")
    source = fields["source"] if fields["source"] in SOURCES else "button"
    _limit_new_conversations(visitor)
    contact_id = _contact(site, visitor)
    customer.ask_for_person(contact_id, source=source)
    conversation_id = chat.open_conversation_of(contact_id)
    if not forms.is_htmx():
        return _remembered_redirect(site, visitor)
    return _remembered(_fragment(chat.state(site, conversation_id)), visitor)


def _state(site: Site, conversation_id: int, status: int = 200) -> ResponseReturnValue:
    if not forms.is_htmx():
        return redirect(url_for("widget.page", key=site.key), 303)
    return _fragment(chat.state(site, conversation_id)), status


def _fragment(state: ChatView) -> str:
    return render_template("fragments/widget/state.html", chat=state, oob=True)


def _problem(
    site: Site, visitor: Visitor, text: str, status: int, *, draft: str = ""
) -> ResponseReturnValue:
    """What is wrong, beside the field; the words are kept."""
    if forms.is_htmx():
        return render_template("fragments/error.html", text=text), status
    return _remembered(_page(site, visitor, error=text, draft=draft), visitor, status)


def _page(site: Site, visitor: Visitor, *, error: str = "", draft: str = "") -> str:
    number = chat.open_conversation_of(visitor.contact_id) if visitor.contact_id else None
    seen = chat.snapshot(site, number, after=None)
    return render_template(
        "widget/chat.html",
        chat=seen.state,
        messages=seen.rows,
        stream_epoch=seen.epoch,
        form_id=str(uuid.uuid4()),
        draft=draft,
        error=error,
    )
