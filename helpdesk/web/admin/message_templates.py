"""Message templates: the list at the left, the editor, what customers would read."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.services.admin import message_templates, template_preview
from helpdesk.services.admin.changes import EditedMeanwhile, Refused
from helpdesk.services.admin.message_templates import TemplateView
from helpdesk.web import auth, forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "templates"


@bp.get("", strict_slashes=False)
def home() -> ResponseReturnValue:
    """The first section."""
    return redirect(url_for("admin.templates"))


@bp.get("/templates")
def templates() -> ResponseReturnValue:
    """The list; on a wide screen the first template beside it."""
    first = message_templates.listed()[0]
    return _page(_template(first.key), is_list=True)


@bp.get("/templates/<key>")
def template(key: str) -> ResponseReturnValue:
    """One template to edit."""
    return _page(_template(key))


@bp.post("/templates/<key>/preview")
def preview_template(key: str) -> ResponseReturnValue:
    """What customers would read; for a script only that, else the page with what was typed."""
    seen = _template(key)
    fields = forms.take("body", "version", "nameless")
    nameless = bool(fields["nameless"])
    if forms.is_htmx():
        return render_template(
            "fragments/admin/template_preview.html",
            template=seen,
            preview=template_preview.preview(key, fields["body"], nameless=nameless),
        )
    return _page(seen, fields=fields)


@bp.post("/templates/<key>/versions")
def save_template(key: str) -> ResponseReturnValue:
    """Put a text in force."""
    seen = _template(key)
    fields = forms.take("body", "version", "nameless", "edit")
    if fields["edit"]:
        return _page(seen, fields=fields)
    try:
        message_templates.save(
            key, fields["body"], version=forms.number(fields["version"]), by=auth.actor()
        )
    except Refused as error:
        return _page(seen, fields=fields, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        return _conflict(error, seen)
    return pages.done("admin.template", "saved", key=key)


@bp.post("/templates/<key>/versions/<number>/restoration")
def restore_template(key: str, number: str) -> ResponseReturnValue:
    """Put an old version in force again."""
    seen = _template(key)
    fields = forms.take("version")
    version = forms.number(fields["version"])
    try:
        message_templates.restore(key, pages.number_of(number), version=version, by=auth.actor())
    except Refused as error:
        return _page(seen, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        return _conflict(error, seen, editable=False)
    return pages.done("admin.template", "restored", key=key)


@bp.post("/templates/<key>/default")
def reset_template(key: str) -> ResponseReturnValue:
    """Go back to the product's own text."""
    seen = _template(key)
    fields = forms.take("version")
    try:
        message_templates.restore_default(
            key, version=forms.number(fields["version"]), by=auth.actor()
        )
    except EditedMeanwhile as error:
        return _conflict(error, seen, editable=False)
    return pages.done("admin.template", "restored", key=key)


def _template(key: str) -> TemplateView:
    found = message_templates.opened(key)
    if found is None:
        abort(404)
    return found


def _conflict(
    error: EditedMeanwhile, seen: TemplateView, *, editable: bool = True
) -> ResponseReturnValue:
    back = url_for("admin.template", key=seen.key)
    return pages.conflict(error, SECTION, title=seen.title, back=back, editable=editable)


def _page(
    seen: TemplateView,
    *,
    fields: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    is_list: bool = False,
) -> ResponseReturnValue:
    typed = fields or {}
    body = typed.get("body", seen.body).replace("\r\n", "\n")
    nameless = bool(typed.get("nameless"))
    return pages.page(
        "admin/templates.html",
        SECTION,
        status=status,
        templates=message_templates.listed(),
        template=seen,
        body=body,
        version=forms.number(typed.get("version") or str(seen.version)),
        nameless=nameless,
        errors=errors or {},
        preview=template_preview.preview(seen.key, body, nameless=nameless),
        placeholders=message_templates.placeholders(),
        is_list=is_list,
    )
