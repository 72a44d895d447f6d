"""The admins' blueprint and its guard."""

from __future__ import annotations

import logging

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.services.admin import onlookers
from helpdesk.web import auth, errors, forms

log = logging.getLogger(__name__)

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.before_request
def admins_only() -> ResponseReturnValue | None:
    """Strangers are sent to sign in; whoever is no admin sees one page for every address here."""
    refusal = auth.agents_only()
    if refusal is not None:
        return refusal
    if auth.me().role == "admin":
        return None
    log.warning("agent %s was refused %s", auth.me().agent_id, request.endpoint)
    onlookers.note_refusal(by=auth.actor())
    text = "Settings are changed by admins. Ask one of them, or go back to the desk."
    if forms.is_htmx():
        return errors.answer(403, text=text)
    return render_template("errors/error.html", code=403, title="For admins", text=text), 403
