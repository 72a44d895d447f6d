"""For whoever watches the process: alive, and ready to be sent customers."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from helpdesk import background, realtime
from helpdesk.extensions import sock
from helpdesk.realtime import SafeServer
from helpdesk.services import schema
from helpdesk.web import limits, live

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; nothing is looked at."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@sock.route("/healthz/socket", bp=bp)  # type: ignore[untyped-decorator]
def socket(ws: SafeServer) -> None:
    """Opens, says "ok", and closes: `helpdesk doctor` asks it through the proxy."""
    ws.send("ok")


@bp.before_request
def prepare_socket() -> None:
    """Refuse a handshake like that of any other live page."""
    if request.endpoint == "health.socket":
        live.refuse_handshake(f"a:{limits.address()}")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether customers may be sent here, with what is wrong where they may not.

    ``degraded`` names what everything works without, only slower.
    """
    problems = schema.problems()
    if realtime.is_draining():
        problems.append("stopping")
    degraded = ["Redis does not answer"] if background.is_degraded() else []
    answer = jsonify(ready=not problems, problems=problems, degraded=degraded)
    return answer, 503 if problems else 200
