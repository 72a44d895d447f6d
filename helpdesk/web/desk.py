"""The agents' side: the queue, a conversation, and what an agent does with it."""

from __future__ import annotations

import uuid

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from helpdesk import realtime
from helpdesk.config import Settings
from helpdesk.domain.lifecycle import MoveRefused
from helpdesk.domain.text import BadText
from helpdesk.extensions import sock
from helpdesk.realtime import SafeServer
from helpdesk.services import desk, intake, people, replies, routing
from helpdesk.services.admin import onlookers
from helpdesk.services.routing import NotYours, SeenBehind
from helpdesk.web import auth, forms, live
from helpdesk.web.security import page_before

bp = Blueprint("desk", __name__, url_prefix="/desk")

VIEWS = ("queue", "mine", "assistant", "all")
VERDICTS = ("needed", "ai_could_have", "wrong_team")
PRESENCES = ("available", "away")

bp.before_request(auth.agents_only)


@bp.get("", strict_slashes=False)
def board() -> ResponseReturnValue:
    """The list, with nothing open."""
    return _page(None)


@bp.get("/c/<address>")
def conversation(address: str) -> ResponseReturnValue:
    """The list, with a conversation open."""
    number = _number(address)
    onlookers.note(number, by=auth.actor())
    return _page(number)


@bp.post("/claims")
def claim_next() -> ResponseReturnValue:
    """Take whoever is next."""
    forms.take()
    address = routing.claim_next(agent_id=auth.me().agent_id)
    if address is None:
        return _refused(None, "Nobody is waiting any more.")
    return _go(url_for("desk.conversation", address=address))


@bp.post("/c/<address>/assignment")
def claim(address: str) -> ResponseReturnValue:
    """Take this one: from the queue, or from the assistant."""
    number = _number(address)
    forms.take("epoch")
    try:
        routing.claim(number, agent_id=auth.me().agent_id)
    except MoveRefused as error:
        return _refused(number, _words(error))
    return _done(address, number)


@bp.post("/c/<address>/release")
def release(address: str) -> ResponseReturnValue:
    """Put it back into the queue."""
    number = _number(address)
    epoch = _epoch(forms.take("epoch"))
    try:
        routing.release(number, agent_id=auth.me().agent_id, epoch=epoch)
    except MoveRefused as error:
        return _refused(number, _words(error))
    return _done(address, number)


@bp.post("/c/<address>/assistant")
def return_to_assistant(address: str) -> ResponseReturnValue:
    """Let the assistant go on."""
    number = _number(address)
    epoch = _epoch(forms.take("epoch"))
    try:
        routing.return_to_assistant(number, agent_id=auth.me().agent_id, epoch=epoch)
    except MoveRefused as error:
        return _refused(number, _words(error))
    return _done(address, number)


@bp.post("/c/<address>/resolution")
def resolve(address: str) -> ResponseReturnValue:
    """Mark it as solved."""
    number = _number(address)
    fields = forms.take("seen_seq", "epoch", "ai_should_have")
    try:
        routing.resolve(
            number,
            agent_id=auth.me().agent_id,
            seen_seq=forms.number(fields["seen_seq"]),
            ai_should_have=bool(fields["ai_should_have"]),
            epoch=_epoch(fields),
        )
    except MoveRefused as error:
        return _refused(number, _words(error))
    return _done(address, number)


@bp.post("/c/<address>/review")
def review(address: str) -> ResponseReturnValue:
    """Say whether a person was needed."""
    number = _number(address)
    verdict = forms.take("verdict")["verdict"]
    if verdict not in VERDICTS:
        abort(400)
    routing.review(number, agent_id=auth.me().agent_id, verdict=verdict)
    return _done(address, number)


@bp.post("/c/<address>/messages")
def reply(address: str) -> ResponseReturnValue:
    """Answer the customer."""
    return _write(address, "pub")


@bp.post("/c/<address>/notes")
def note(address: str) -> ResponseReturnValue:
    """Write something for the team."""
    return _write(address, "desk")


@bp.post("/presence")
def presence() -> ResponseReturnValue:
    """Available or away."""
    wanted = forms.take("presence")["presence"]
    if wanted not in PRESENCES:
        abort(400)
    people.set_presence(auth.me().agent_id, wanted)
    realtime.publish("queue")
    return _go(page_before())


@bp.get("/c/<address>/since")
def since(address: str) -> ResponseReturnValue:
    """The rows past two numbers and the state: gap repair and polling."""
    number = _number(address)
    onlookers.note(number, by=auth.actor())
    after, after_note = forms.query_number("after"), forms.query_number("after_note")
    agent_id = auth.me().agent_id
    seen = desk.open_conversation(number, agent_id, after=after, after_note=after_note)
    if live.is_lost(after, seen.conversation.last_seq):
        return live.RESET
    parts = live.rows_for_desk(seen.rows) + live.state_of_conversation(seen.conversation)
    shown = desk.look_at_board(_view(), agent_id)
    parts.append(render_template("fragments/desk/board.html", board=shown, oob=True))
    return "".join(parts)


@sock.route("/live", bp=bp)  # type: ignore[untyped-decorator]
def socket(ws: SafeServer) -> None:
    """The desk's live page; everything that may be refused was refused before the handshake."""
    settings: Settings = current_app.config["SETTINGS"]
    feed: live.DeskFeed = g.feed
    realtime.adopt(ws, feed, owner=f"a:{feed.agent_id}", most=settings.limits.sockets_per_agent)


@bp.before_request
def prepare_socket() -> None:
    """Refuse a handshake by a plain HTTP answer, while there still is HTTP."""
    if request.endpoint != "desk.socket":
        return
    agent_id = auth.me().agent_id
    live.refuse_handshake(f"a:{agent_id}")
    address = request.args.get("c", "")
    number = _number(address) if address else None
    if number is not None:
        onlookers.note(number, by=auth.actor())
    g.feed = live.DeskFeed(
        agent_id=agent_id,
        token=auth.token(),
        view=_view(),
        conversation_id=number,
        after=forms.query_number("after"),
        after_note=forms.query_number("after_note"),
    )


def _number(address: str) -> int:
    number = desk.conversation_id(address)
    if number is None:
        abort(404)
    return number


def _epoch(fields: dict[str, str]) -> int | None:
    """What the form knew of who has the conversation; a form without it is not checked for age."""
    return forms.number(fields["epoch"]) if fields["epoch"] else None


def _view() -> str:
    asked = request.args.get("view", "queue")
    return asked if asked in VIEWS else "queue"


def _page(
    number: int | None, *, error: str = "", draft: str = "", status: int = 200
) -> ResponseReturnValue:
    me = auth.me()
    opened = desk.open_conversation(number, me.agent_id) if number else None
    html = render_template(
        "desk/page.html",
        board=desk.look_at_board(_view(), me.agent_id),
        conversation=opened.conversation if opened else None,
        messages=opened.rows if opened else [],
        team=people.team(),
        me=me.view,
        form_id=str(uuid.uuid4()),
        draft=draft,
        error=error,
        inboxes_empty=desk.is_new(),
    )
    return html, status


def _write(address: str, stream: str) -> ResponseReturnValue:
    number = _number(address)
    fields = forms.take("client_msg_id", "body", "epoch", "seen_seq")
    mid = forms.message_id(fields["client_msg_id"])
    agent_id = auth.me().agent_id
    try:
        body = forms.message(fields["body"])
        write = replies.reply if stream == "pub" else replies.note
        seq = write(number, agent_id=agent_id, body=body, mid=mid).seq
    except BadText as error:
        return _refused(number, str(error), status=422, draft=fields["body"])
    except intake.IdReused:
        text = "This was sent before with other words. Send it once more."
        return _refused(number, text, draft=fields["body"])
    except MoveRefused as error:
        return _refused(number, _words(error), draft=fields["body"])
    if not forms.is_htmx():
        return redirect(url_for("desk.conversation", address=address), 303)
    [row] = live.rows_for_desk([desk.one_row(number, stream, seq)])
    opened = desk.open_conversation(number, agent_id, after=seq)
    return row + "".join(live.state_of_conversation(opened.conversation))


def _done(address: str, number: int) -> ResponseReturnValue:
    """The page again, or the parts of it that an action changes."""
    if not forms.is_htmx():
        return redirect(url_for("desk.conversation", address=address, view=_view()), 303)
    return _parts(number)


def _parts(number: int) -> str:
    agent_id = auth.me().agent_id
    opened = desk.open_conversation(number, agent_id, after=0)
    shown = desk.look_at_board(_view(), agent_id)
    return "".join(live.state_of_conversation(opened.conversation)) + render_template(
        "fragments/desk/board.html", board=shown, oob=True
    )


def _go(target: str) -> ResponseReturnValue:
    if not forms.is_htmx():
        return redirect(target, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = target
    return response


def _refused(
    number: int | None, text: str, *, status: int = 409, draft: str = ""
) -> ResponseReturnValue:
    """Why it was not done, with the state as it is now; the words are kept."""
    if not forms.is_htmx():
        return _page(number, error=text, draft=draft, status=status)
    html = render_template("fragments/error.html", text=text)
    return html + (_parts(number) if number else ""), status


def _words(error: MoveRefused) -> str:
    match error:
        case NotYours():
            return f"{error.holder} has this conversation. Your text is kept."
        case SeenBehind():
            return "The customer has just written. Read that first."
        case _:
            return f"{str(error)[:1].upper()}{str(error)[1:]}."
