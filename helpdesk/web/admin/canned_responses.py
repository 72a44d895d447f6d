"""Canned responses: the list with its search, the form, the question before deleting."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.services.admin import canned_responses, message_templates
from helpdesk.services.admin.canned_responses import CannedView
from helpdesk.services.admin.changes import EditedMeanwhile, Gone, Refused
from helpdesk.web import auth, forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "canned"
FIELDS = ("shortcut", "title", "body")
QUERY_MOST = 200


@bp.get("/canned-responses")
def canned() -> ResponseReturnValue:
    """The list, or what of it has the words that were searched for."""
    return _page(None, is_list=True)


@bp.get("/canned-responses/new")
def new_canned() -> ResponseReturnValue:
    """An empty form."""
    return _page(None)


@bp.post("/canned-responses")
def create_canned() -> ResponseReturnValue:
    """Add one."""
    fields = forms.take(*FIELDS)
    try:
        number = canned_responses.create(fields, by=auth.actor())
    except Refused as error:
        return _page(None, fields=fields, errors=error.problems, status=422)
    return pages.done("admin.one_canned", "created", number=number)


@bp.get("/canned-responses/<number>")
def one_canned(number: str) -> ResponseReturnValue:
    """One to edit."""
    return _page(_canned(number))


@bp.post("/canned-responses/<number>")
def change_canned(number: str) -> ResponseReturnValue:
    """Save an edit. One that was deleted meanwhile may be added again: its words are kept."""
    fields = forms.take(*FIELDS, "version", "edit")
    seen = canned_responses.opened(pages.number_of(number))
    if fields["edit"]:
        return _page(seen, fields=fields)
    try:
        canned_responses.change(
            pages.number_of(number),
            fields,
            version=forms.number(fields["version"]),
            by=auth.actor(),
        )
    except Refused as error:
        return _page(seen, fields=fields, errors=error.problems, status=422)
    except Gone:
        gone = {"form": "Somebody deleted this meanwhile. Save it to add it again."}
        return _page(None, fields=fields, errors=gone, status=409)
    except EditedMeanwhile as error:
        back = url_for("admin.one_canned", number=number)
        return pages.conflict(error, SECTION, title=f"/{fields['shortcut']}", back=back)
    return pages.done("admin.one_canned", "saved", number=number)


@bp.get("/canned-responses/<number>/removal")
def ask_remove_canned(number: str) -> ResponseReturnValue:
    """Ask before deleting."""
    return _ask(_canned(number))


@bp.post("/canned-responses/<number>/removal")
def remove_canned(number: str) -> ResponseReturnValue:
    """Delete one."""
    fields = forms.take("version")
    try:
        canned_responses.remove(
            pages.number_of(number), version=forms.number(fields["version"]), by=auth.actor()
        )
    except EditedMeanwhile as error:
        text = f"{error.by or 'Somebody'} changed this just now. Look at it before you delete it."
        return _ask(_canned(number), problem=text, status=409)
    return redirect(url_for("admin.canned", done="deleted"), 303)


def _canned(number: str) -> CannedView:
    found = canned_responses.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _ask(seen: CannedView, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return pages.page(
        "admin/removal.html",
        SECTION,
        status=status,
        title=f"Delete “/{seen.shortcut}”?",
        text="Agents no longer find it under “/”. What was sent before stays as it is.",
        shown=seen.body,
        action=url_for("admin.remove_canned", number=seen.id),
        back=url_for("admin.one_canned", number=seen.id),
        version=seen.version,
        problem=problem,
    )


def _page(
    seen: CannedView | None,
    *,
    fields: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    is_list: bool = False,
) -> ResponseReturnValue:
    query = request.args.get("q", "")[:QUERY_MOST]
    saved = {name: getattr(seen, name) for name in FIELDS} if seen else {}
    values = {**saved, **(fields or {})}
    return pages.page(
        "admin/canned.html",
        SECTION,
        status=status,
        rows=canned_responses.listed(query),
        query=query,
        canned=seen,
        values={name: values.get(name, "").replace("\r\n", "\n") for name in FIELDS},
        version=values.get("version") or (seen.version if seen else 0),
        errors=errors or {},
        placeholders=message_templates.placeholders(),
        is_list=is_list,
    )
