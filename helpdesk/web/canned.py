"""Canned responses at the desk: what "/" offers in a conversation."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from helpdesk.services import desk, people
from helpdesk.services.admin import canned_responses
from helpdesk.web import auth, forms

bp = Blueprint("canned", __name__, url_prefix="/desk")

bp.before_request(auth.agents_only)


@bp.get("/c/<address>/canned-responses")
def responses(address: str) -> str:
    """Every canned response as this agent would send it here; without a script, to copy."""
    number = desk.conversation_id(address)
    if number is None:
        abort(404)
    me = auth.me()
    filled = canned_responses.for_conversation(number, me.agent_id)
    if forms.is_htmx():
        return render_template("fragments/desk/canned.html", responses=filled)
    return render_template(
        "desk/canned.html",
        me=me.view,
        team=people.team(),
        waiting_count=desk.look_at_board("queue", me.agent_id).waiting_count,
        conversation=address,
        responses=filled,
    )
