"""Inboxes: who the chat speaks for, how it looks, where it may be shown, and its snippet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from helpdesk.domain.color import BadColor, Ink, clean_color, ink_on
from helpdesk.services.admin import inboxes
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from helpdesk.services.admin.inboxes import InboxRow
from helpdesk.web import auth, forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "inboxes"
FIELDS = ("name", "company", "color", "starters", "allowed_origins", "hours")
DEFAULT_COLOR = "#0B6B66"


@bp.get("/inboxes")
def all_inboxes() -> ResponseReturnValue:
    """The list."""
    return pages.page("admin/inboxes.html", SECTION, inboxes=inboxes.listed())


@bp.get("/inboxes/new")
def new_inbox() -> ResponseReturnValue:
    """An empty form."""
    return _page(None)


@bp.post("/inboxes")
def create_inbox() -> ResponseReturnValue:
    """Add one."""
    fields = forms.take(*FIELDS)
    try:
        number = inboxes.create(fields, by=auth.actor())
    except Refused as error:
        return _page(None, fields=fields, errors=error.problems, status=422)
    return pages.done("admin.inbox", "created", number=number)


@bp.get("/inboxes/<number>")
def inbox(number: str) -> ResponseReturnValue:
    """One to edit, with the line that puts it on a page."""
    return _page(_inbox(number))


@bp.post("/inboxes/<number>")
def change_inbox(number: str) -> ResponseReturnValue:
    """Save an edit."""
    seen = _inbox(number)
    fields = forms.take(*FIELDS, "version", "edit")
    if fields["edit"]:
        return _page(seen, fields=fields)
    try:
        inboxes.change(seen.id, fields, version=forms.number(fields["version"]), by=auth.actor())
    except Refused as error:
        return _page(seen, fields=fields, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        back = url_for("admin.inbox", number=number)
        return pages.conflict(error, SECTION, title=seen.name, back=back)
    except Gone:
        abort(404)
    return pages.done("admin.inbox", "saved", number=number)


@bp.post("/inboxes/<number>/state")
def set_inbox_state(number: str) -> ResponseReturnValue:
    """Switch one on or off."""
    seen = _inbox(number)
    wanted = forms.take("state")["state"]
    if wanted not in ("on", "off"):
        abort(400)
    inboxes.set_enabled(seen.id, enabled=wanted == "on", by=auth.actor())
    notice = "enabled" if wanted == "on" else "disabled"
    return pages.done("admin.inbox", notice, number=number)


def _inbox(number: str) -> InboxRow:
    found = inboxes.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _page(
    seen: InboxRow | None,
    *,
    fields: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    values = _values(seen) | {
        name: text.replace("\r\n", "\n") for name, text in (fields or {}).items()
    }
    return pages.page(
        "admin/inbox.html",
        SECTION,
        status=status,
        inbox=seen,
        values=values,
        version=values.get("version") or (seen.version if seen else 0),
        errors=errors or {},
        calendars=inboxes.calendars(),
        ink=_ink(values["color"]),
        base=pages.base_url(),
    )


def _values(seen: InboxRow | None) -> dict[str, str]:
    if seen is None:
        return dict.fromkeys(FIELDS, "") | {"color": DEFAULT_COLOR}
    return {
        "name": seen.name,
        "company": seen.company,
        "color": seen.color,
        "starters": "\n".join(seen.starters),
        "allowed_origins": "\n".join(seen.allowed_origins),
        "hours": str(seen.hours_id or ""),
    }


def _ink(color: str) -> Ink | None:
    """How words on the colour can be read, where it is one."""
    try:
        return ink_on(clean_color(color))
    except BadColor:
        return None
