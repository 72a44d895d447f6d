"""What the admin pages share: their frame, their notices, the choice between two edits."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.config import Settings
from helpdesk.services import desk, people
from helpdesk.services.admin.changes import EditedMeanwhile
from helpdesk.web import auth, forms

NOTICES: dict[str, str] = {
    "saved": "Saved. It holds from now on.",
    "same": "Nothing was different, so nothing was changed.",
    "created": "Added.",
    "deleted": "Deleted.",
    "restored": "Restored. It holds from now on.",
    "closed": "Closed for today. Customers are told so from now on.",
    "opened": "Open again, as the week says.",
    "enabled": "Switched on.",
    "disabled": "Switched off.",
    "signed-out": "Signed out everywhere.",
    "role": "The role is changed.",
    "confirmed": "Confirmed.",
    "tested": "A test is on its way. This page shows how it ends.",
    "retried": "It is tried again. This page shows how it ends.",
    "cancelled": "Cancelled. It is not sent any more.",
    "rotated": "Only the newest secret signs from now on.",
}
"""What an address may ask to be told after a redirect (``?done=saved``)."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A place in the admin's menu."""

    key: str
    title: str
    icon: str
    href: str


SECTIONS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    (
        "Assistant",
        (
            Section(
                key="policy", title="Escalation policy", icon="arrow-fork", href="/admin/policy"
            ),
        ),
    ),
    (
        "Words and hours",
        (
            Section(
                key="templates",
                title="Message templates",
                icon="message-2-code",
                href="/admin/templates",
            ),
            Section(
                key="canned", title="Canned responses", icon="slash", href="/admin/canned-responses"
            ),
            Section(key="hours", title="Business hours", icon="clock", href="/admin/hours"),
        ),
    ),
    (
        "Desk",
        (
            Section(key="team", title="Team", icon="users", href="/admin/team"),
            Section(
                key="inboxes", title="Inboxes and widget", icon="app-window", href="/admin/inboxes"
            ),
            Section(key="alerts", title="Alerts and webhooks", icon="bell", href="/admin/alerts"),
            Section(key="audit", title="Audit log", icon="history", href="/admin/audit"),
        ),
    ),
)


CONFIRMATION = "confirm_password"
"""The field of a form that confirms who sends it; never shown again, wherever the form goes."""
NOT_KEPT = ("version", "edit", CONFIRMATION)


def section_of(path: str) -> Section | None:
    """The place that an address belongs to."""
    for _, places in SECTIONS:
        for place in places:
            if path == place.href or path.startswith(f"{place.href}/"):
                return place
    return None


def page(
    name: str, section: str, /, *, status: int = 200, **context: object
) -> ResponseReturnValue:
    """A page inside the admin's frame."""
    me = auth.me()
    html = render_template(
        name,
        me=me.view,
        team=people.team(),
        board=desk.look_at_board("queue", me.agent_id),
        sections=SECTIONS,
        section=section,
        done=NOTICES.get(request.args.get("done", ""), ""),
        **context,
    )
    return html, status


def done(endpoint: str, notice: str, **values: object) -> ResponseReturnValue:
    """Back to a page, which says that it is done."""
    return redirect(url_for(endpoint, done=notice, **values), 303)  # type: ignore[arg-type]


def conflict(
    error: EditedMeanwhile,
    section: str,
    *,
    title: str,
    back: str,
    editable: bool = True,
) -> ResponseReturnValue:
    """Both edits side by side; the form of one's own goes along, so that nothing is lost.

    ``editable``: the form may also be shown again, by the field ``edit``.
    """
    kept = (each for each in request.form.items(multi=True) if each[0] not in NOT_KEPT)
    return page(
        "admin/conflict.html",
        section,
        status=409,
        title=title,
        back=back,
        action=request.path,
        fields=list(kept),
        version=error.version,
        by=error.by,
        at=error.at,
        differences=error.differences,
        editable=editable,
    )


def number_of(raw: str) -> int:
    """The number in an address; 404 for anything else."""
    if not raw.isascii() or not raw.isdigit() or len(raw) > 10 or int(raw) > forms.LARGEST_NUMBER:
        abort(404)
    return int(raw)


def base_url() -> str:
    """The desk's address as others reach it; the operator's word counts more than the browser's."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url or request.host_url.rstrip("/")
