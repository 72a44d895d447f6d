"""The escalation policy: the table of rules, the limits, the versions."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask.typing import ResponseReturnValue

from helpdesk.services.admin import policy
from helpdesk.services.admin.changes import EditedMeanwhile, Refused
from helpdesk.web import auth, forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "policy"
FIELDS_MOST = 200


@bp.get("/policy")
def show_policy() -> ResponseReturnValue:
    """The policy in force."""
    return _page()


@bp.post("/policy")
def save_policy() -> ResponseReturnValue:
    """Put what the form says in force as a new version."""
    sent = forms.take_all(most=FIELDS_MOST)
    fields = {name: values[0] for name, values in sent.items()}
    if fields.get("edit"):
        return _page(fields)
    try:
        policy.save(fields, version=forms.number(fields.get("version")), by=auth.actor())
    except Refused as error:
        return _page(fields, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        return _conflict(error)
    return pages.done("admin.show_policy", "saved")


@bp.post("/policy/versions/<number>/restoration")
def restore_policy(number: str) -> ResponseReturnValue:
    """Put an old version in force again."""
    version = forms.number(forms.take("version")["version"])
    try:
        policy.restore(pages.number_of(number), version=version, by=auth.actor())
    except Refused as error:
        return _page(errors=error.problems, status=422)
    except EditedMeanwhile as error:
        return _conflict(error, editable=False)
    return pages.done("admin.show_policy", "restored")


def _conflict(error: EditedMeanwhile, *, editable: bool = True) -> ResponseReturnValue:
    back = url_for("admin.show_policy")
    return pages.conflict(error, SECTION, title="Escalation policy", back=back, editable=editable)


def _page(
    fields: Mapping[str, str] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    in_force = policy.opened()
    shown = in_force
    if fields is not None:
        shown = policy.as_typed(fields, forms.number(fields.get("version")))
    return pages.page(
        "admin/policy.html",
        SECTION,
        status=status,
        policy=shown,
        in_force=in_force,
        history=policy.history(),
        errors=errors or {},
    )
