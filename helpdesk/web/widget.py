"""The customer's side: the chat document, what its forms do, and its socket."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import (
    Blueprint,
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

from helpdesk import realtime
from helpdesk.config import ROOT, Settings
from helpdesk.domain.lifecycle import MoveRefused
from helpdesk.domain.text import BadText, clean
from helpdesk.extensions import sock
from helpdesk.realtime import SafeServer
from helpdesk.realtime.views import ChatView
from helpdesk.services import chat, customer, intake, left_messages, return_links
from helpdesk.services.chat import Site
from helpdesk.services.customer import NotAsked
from helpdesk.services.intake import Stored
from helpdesk.web import forms, live
from helpdesk.web.visitors import (
    Visitor,
    contact_of,
    limit_new_conversations,
    own,
    remember,
    remembered,
    site_of,
    visitor_of,
)

bp = Blueprint("widget", __name__)

LOADER_SECONDS = 300
SOURCES = ("button", "menu", "offer")
COMMENT_MOST = 2_000
SENT_BEFORE = "This message was sent before with other words. Send it once more."


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
    site = site_of(key)
    visitor = visitor_of(site)
    html = _page(site, visitor)
    return remembered(html, visitor)


@bp.post("/chat/<key>/messages")
def first_message(key: str) -> ResponseReturnValue:
    """A message of somebody who may have no conversation yet."""
    site = site_of(key)
    return _receive(site, visitor_of(site))


@bp.post("/chat/<key>/handoff")
def ask_at_once(key: str) -> ResponseReturnValue:
    """ "Talk to a person" before anything was said."""
    site = site_of(key)
    return _ask_for_person(site, visitor_of(site))


@bp.post("/w/c/<address>/messages")
def send(address: str) -> ResponseReturnValue:
    """A message in a conversation."""
    site, visitor, _ = own(address)
    return _receive(site, visitor)


@bp.post("/chat/<key>/left-messages")
def leave_first_message(key: str) -> ResponseReturnValue:
    """A message for the team from somebody who may have no conversation yet."""
    site = site_of(key)
    return _leave(site, visitor_of(site))


@bp.post("/w/c/<address>/left-messages")
def leave_message(address: str) -> ResponseReturnValue:
    """A message for the team, to be answered by e-mail too."""
    site, visitor, _ = own(address)
    return _leave(site, visitor)


@bp.post("/w/c/<address>/handoff")
def ask_for_person(address: str) -> ResponseReturnValue:
    """The button, the menu, or an accepted offer."""
    site, visitor, _ = own(address)
    return _ask_for_person(site, visitor)


@bp.post("/w/c/<address>/offer/decline")
def decline_offer(address: str) -> ResponseReturnValue:
    """ "Keep going" with the assistant."""
    site, _, conversation_id = own(address)
    forms.take()
    customer.decline_offer(conversation_id)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/assistant")
def back_to_assistant(address: str) -> ResponseReturnValue:
    """Stop waiting and go on with the assistant."""
    site, _, conversation_id = own(address)
    forms.take()
    try:
        customer.back_to_assistant(conversation_id)
    except MoveRefused:
        return _state(site, conversation_id, status=409)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/end")
def end(address: str) -> ResponseReturnValue:
    """End the chat."""
    site, _, conversation_id = own(address)
    forms.take()
    try:
        customer.end(conversation_id)
    except MoveRefused:
        return _state(site, conversation_id, status=409)
    return _state(site, conversation_id)


@bp.post("/w/c/<address>/rating")
def rate(address: str) -> ResponseReturnValue:
    """Rate what was solved, or skip it."""
    site, visitor, conversation_id = own(address)
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


@bp.get("/chat/return/<link>")
def ask_to_return(link: str) -> ResponseReturnValue:
    """Where the link in an e-mail leads. Opening it changes nothing: mail scanners open it too."""
    try:
        place = return_links.place_behind(link)
    except return_links.LinkInvalid:
        return render_template("widget/return.html", place=None), 404
    return render_template("widget/return.html", place=place)


@bp.post("/chat/return/<link>")
def return_by_link(link: str) -> ResponseReturnValue:
    """Let this browser into the conversation that the link names."""
    forms.take()
    try:
        place = return_links.place_behind(link)
    except return_links.LinkInvalid:
        return render_template("widget/return.html", place=None), 404
    response = make_response(redirect(url_for("widget.page", key=place.key), 303))
    visitor = visitor_of(site_of(place.key))
    if visitor.contact_id != place.contact_id:
        remember(response, return_links.let_in(place.contact_id))
    return response


@bp.get("/w/c/<address>/since")
def since(address: str) -> ResponseReturnValue:
    """The rows past a number and the state: gap repair, polling, and pages without scripts."""
    site, _, conversation_id = own(address)
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
    site, visitor, conversation_id = own(request.args.get("c", ""))
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


def _receive(site: Site, visitor: Visitor) -> ResponseReturnValue:
    fields = forms.take("client_msg_id", "body")
    mid = forms.message_id(fields["client_msg_id"])
    try:
        body = forms.message(fields["body"])
    except BadText as error:
        return _problem(site, visitor, str(error), 422, draft=fields["body"])
    limit_new_conversations(visitor)
    try:
        stored = intake.receive(contact_of(site, visitor), body=body, mid=mid)
    except intake.IdReused:
        return _problem(site, visitor, SENT_BEFORE, 409, draft=fields["body"])
    return _sent(site, visitor, stored)


def _sent(site: Site, visitor: Visitor, stored: Stored) -> ResponseReturnValue:
    if not forms.is_htmx():
        return _remembered_redirect(site, visitor)
    seen = chat.snapshot(site, stored.conversation_id, stored.seq - 1)
    [row] = live.rows_for_customer(seen.rows[:1])
    return remembered(row + _fragment(seen.state), visitor)


def _leave(site: Site, visitor: Visitor) -> ResponseReturnValue:
    fields = forms.take("client_msg_id", "email", "body")
    mid = forms.message_id(fields["client_msg_id"])
    try:
        email = forms.email(fields["email"])
        body = forms.message(fields["body"])
    except BadText as error:
        return _not_left(site, visitor, fields, str(error), 422)
    limit_new_conversations(visitor)
    contact_id = contact_of(site, visitor)
    try:
        stored = left_messages.leave_message(
            contact_id, email=email, body=body, mid=mid, time_zone=visitor.zone
        )
    except intake.IdReused:
        return _not_left(site, visitor, fields, SENT_BEFORE, 409)
    if not forms.is_htmx():
        return _remembered_redirect(site, visitor)
    seen = chat.snapshot(site, stored.conversation_id, stored.seq - 1)
    return remembered("".join(live.rows_for_customer(seen.rows)) + _fragment(seen.state), visitor)


def _not_left(
    site: Site, visitor: Visitor, fields: dict[str, str], text: str, status: int
) -> ResponseReturnValue:
    if forms.is_htmx():
        return render_template("fragments/widget/not_left.html", text=text), status
    return remembered(_page(site, visitor, not_left=fields | {"problem": text}), visitor, status)


def _remembered_redirect(site: Site, visitor: Visitor) -> ResponseReturnValue:
    response = remembered("", visitor, 303)
    response.headers["Location"] = url_for("widget.page", key=site.key)
    return response


def _ask_for_person(site: Site, visitor: Visitor) -> ResponseReturnValue:
    fields = forms.take("source")
    source = fields["source"] if fields["source"] in SOURCES else "button"
    limit_new_conversations(visitor)
    contact_id = contact_of(site, visitor)
    customer.ask_for_person(contact_id, source=source)
    conversation_id = chat.open_conversation_of(contact_id)
    if not forms.is_htmx():
        return _remembered_redirect(site, visitor)
    return remembered(_fragment(chat.state(site, conversation_id)), visitor)


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
    return remembered(_page(site, visitor, error=text, draft=draft), visitor, status)


def _page(
    site: Site,
    visitor: Visitor,
    *,
    error: str = "",
    draft: str = "",
    not_left: dict[str, str] | None = None,
) -> str:
    number = chat.open_conversation_of(visitor.contact_id) if visitor.contact_id else None
    seen = chat.snapshot(site, number, after=None, zone=visitor.zone)
    state = seen.state
    if not_left and state.leave:
        leave = replace(
            state.leave,
            email=not_left["email"],
            draft=not_left["body"],
            problem=not_left["problem"],
        )
        state = replace(state, leave=leave)
    elif not_left:  # the office has opened meanwhile: the words go on in the composer
        error, draft = not_left["problem"], not_left["body"]
    return render_template(
        "widget/chat.html",
        chat=state,
        messages=seen.rows,
        stream_epoch=seen.epoch,
        form_id=str(uuid.uuid4()),
        draft=draft,
        error=error,
        zone=visitor.zone,
    )
