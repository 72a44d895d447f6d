"""Canned responses at the desk: what "/" offers in a conversation."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from helpdesk.services import desk
from helpdesk.services.admin import canned_responses
from helpdesk.web import auth

bp = Blueprint("canned", __name__, url_prefix="/desk")

bp.before_request(auth.agents_only)


@bp.get("/c/<address>/canned-responses")
def responses(address: str) -> str:
    """Every canned response as this agent would send it here."""
    number = desk.conversation_id(address)
    if number is None:
        abort(404)
    filled = canned_responses.for_conversation(number, auth.me().agent_id)
    return render_template("fragments/desk/canned.html", responses=filled)
