"""The front page, and the demo company's page with the widget on it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.config import Settings
from helpdesk.services import chat, links
from helpdesk.services.demo import BUSINESS_KEY, INBOX_KEY

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Where to go: the desk, and the demo where there is one."""
    settings: Settings = current_app.config["SETTINGS"]
    first, _ = links.first_admin()
    has_demo = settings.demo and chat.site_by_key(INBOX_KEY) is not None
    return render_template("home.html", demo=has_demo, first_run=first)


@bp.get("/demo")
def demo() -> ResponseReturnValue:
    """A page of the demo company."""
    site = chat.site_by_key(INBOX_KEY)
    if site is None:
        abort(404)
    other = chat.site_by_key(BUSINESS_KEY)
    is_closed = other is not None and chat.state(other, None).is_away
    return render_template(
        "demo.html",
        inbox=chat.state(site, None).inbox,
        closed=BUSINESS_KEY if is_closed else "",
    )


@bp.get("/favicon.ico")
def icon() -> ResponseReturnValue:
    """Browsers ask for it whatever the page says."""
    return redirect(url_for("static", filename="logo.svg"))
