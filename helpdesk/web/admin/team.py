"""The team: who is in it, inviting, roles, shutting out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from helpdesk.domain.text import BadText
from helpdesk.services.admin import team
from helpdesk.services.admin.changes import EditedMeanwhile, Refused
from helpdesk.services.admin.team import Member, NewLink
from helpdesk.web import auth, forms
from helpdesk.web.admin import confirming, pages
from helpdesk.web.admin.blueprint import bp

SECTION = "team"
INVITATION = ("name", "email", "role")


@bp.get("/team")
def all_members() -> ResponseReturnValue:
    """Everybody, and the form to invite one more."""
    return _list()


@bp.post("/team")
def invite_member() -> ResponseReturnValue:
    """Invite somebody; the answer is the only place where their link is ever shown."""
    fields = forms.take(*INVITATION, confirming.FIELD)
    problems, email = {}, ""
    try:
        email = forms.email(fields["email"])
    except BadText as error:
        problems["email"] = str(error)
    try:
        made = team.invite(
            fields["name"], email, fields["role"], by=auth.actor(), problems=problems
        )
    except Refused as error:
        return _list(fields=fields, errors=error.problems, status=422)
    return _list(link=made)


@bp.get("/team/<number>")
def member(number: str) -> ResponseReturnValue:
    """One member of the team."""
    return _one(_member(number))


@bp.post("/team/<number>/role")
def change_role(number: str) -> ResponseReturnValue:
    """Give somebody another role."""
    seen = _member(number)
    fields = forms.take("role", "was", "version", confirming.FIELD)
    try:
        team.change_role(seen.id, fields["role"], was=fields["was"], by=auth.actor())
    except Refused as error:
        return _one(seen, errors=error.problems, status=422)
    except EditedMeanwhile as error:
        theirs = error.differences[0].theirs if error.differences else ""
        text = f"{error.by or 'Another admin'} has just made them {theirs.lower()}."
        return _one(_member(number), errors={"role": f"{text} Choose again."}, status=409)
    return pages.done("admin.member", "role", number=number)


@bp.post("/team/<number>/state")
def set_member_state(number: str) -> ResponseReturnValue:
    """Shut somebody out, or let them in again."""
    seen = _member(number)
    wanted = forms.take("state", confirming.FIELD)["state"]
    if wanted not in ("on", "off"):
        abort(400)
    try:
        if wanted == "on":
            made = team.enable(seen.id, by=auth.actor())
            return _one(_member(number), link=made, said=f"{seen.name} may sign in again.")
        requeued = team.disable(seen.id, by=auth.actor())
    except Refused as error:
        return _one(seen, errors=error.problems, status=422)
    return _one(_member(number), said=f"{seen.name} is shut out. {_requeued(requeued)}")


@bp.post("/team/<number>/sessions")
def end_sessions(number: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    seen = _member(number)
    forms.take(confirming.FIELD)
    team.sign_out_everywhere(seen.id, by=auth.actor())
    return pages.done("admin.member", "signed-out", number=number)


@bp.post("/team/<number>/link")
def make_link(number: str) -> ResponseReturnValue:
    """A new one-time link, shown once."""
    seen = _member(number)
    forms.take(confirming.FIELD)
    try:
        made = team.new_link(seen.id, by=auth.actor())
    except Refused as error:
        return _one(seen, errors=error.problems, status=422)
    return _one(_member(number), link=made)


def _member(number: str) -> Member:
    found = team.opened(pages.number_of(number))
    if found is None:
        abort(404)
    return found


def _requeued(count: int) -> str:
    if not count:
        return "They had no open conversation."
    chats = "1 conversation is" if count == 1 else f"{count} conversations are"
    return f"{chats} back in the queue, at the same place."


def _list(
    *,
    fields: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    link: NewLink | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return pages.page(
        "admin/team.html",
        SECTION,
        status=status,
        members=team.listed(),
        values={name: (fields or {}).get(name, "") for name in INVITATION},
        errors=errors or {},
        roles=team.ROLE_WORDS,
        link=link,
        link_url=_url(link),
    )


def _one(
    seen: Member,
    *,
    errors: Mapping[str, str] | None = None,
    link: NewLink | None = None,
    said: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return pages.page(
        "admin/member.html",
        SECTION,
        status=status,
        member=seen,
        errors=errors or {},
        roles=team.ROLE_WORDS,
        link=link,
        link_url=_url(link),
        said=said,
    )


def _url(link: NewLink | None) -> str:
    """The whole address of a link; never from a header alone where the operator named the desk."""
    return f"{pages.base_url()}{url_for('auth.welcome', secret=link.token)}" if link else ""
