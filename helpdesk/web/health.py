"""For whoever watches the process: alive, and ready to be sent customers."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from helpdesk import realtime
from helpdesk.services import schema

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; nothing is looked at."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether customers may be sent here, with what is wrong where they may not."""
    problems = schema.problems()
    if realtime.is_draining():
        problems.append("stopping")
    return jsonify(ready=not problems, problems=problems), 503 if problems else 200
