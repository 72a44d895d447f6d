"""The password once more, before a session that is not fresh changes a setting."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import signing_in
from helpdesk.services.signing_in import SignInRefused, SlowDown
from helpdesk.web import auth, limits
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

FRESH_S = 3_600
FIELD = pages.CONFIRMATION
TEAM = "Changes of the team need your password again."
SETTINGS = "Changes need your password again. What you typed is kept."
ONLY_LOOK = frozenset({"admin.preview_template", "admin.preview_hours", "admin.verify_audit"})
"""Forms that change nothing."""


@bp.before_request
def changes_need_a_fresh_session() -> ResponseReturnValue | None:
    """A cookie alone changes no setting once an hour has passed since the password was given."""
    if request.method != "POST" or request.endpoint in ONLY_LOOK or request.form.get("edit"):
        return None
    place = pages.section_of(request.path)
    if place is None or place.key == "alerts":
        return None  # alerts ask by themselves, for what they let out
    why = TEAM if place.key == "team" else SETTINGS
    return ask(place.key, back=place.href, why=why)


def ask(section: str, *, back: str = "/admin/team", why: str = TEAM) -> ResponseReturnValue | None:
    """A page that asks for the password and then sends the same form again; ``None``: go on.

    Somebody without a password has nothing to confirm: they came by a one-time link.
    """
    me = auth.me()
    age = (clock.now() - me.confirmed_at).total_seconds()
    if age <= FRESH_S or not me.has_password or g.get("confirmed"):
        return None
    password = request.form.get(FIELD, "")
    if not password:
        return _page(section, "", 403, back, why)
    limits.hit("confirm", f"a:{me.agent_id}", most=30, seconds=15 * 60)
    try:
        signing_in.confirm(me, password, address=limits.address())
    except SignInRefused:
        return _page(section, "This is not your password.", 422, back, why)
    except SlowDown as error:
        text = f"Too many tries. It works again in {error.seconds} seconds."
        return _page(section, text, 429, back, why)
    g.confirmed = True
    return None


def _page(section: str, error: str, status: int, back: str, why: str) -> ResponseReturnValue:
    return pages.page(
        "admin/confirm.html",
        section,
        status=status,
        action=request.path,
        fields=[pair for pair in request.form.items(multi=True) if pair[0] != FIELD],
        error=error,
        back=back,
        why=why,
    )
