"""Signing in and out, one-time links, and the guard of every desk page."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Request,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from helpdesk.config import Settings
from helpdesk.domain.text import BadText, clean_line
from helpdesk.extensions import login
from helpdesk.services import links, people, signing_in
from helpdesk.services.admin.changes import Actor
from helpdesk.services.links import LinkSpent, Welcome
from helpdesk.services.signing_in import SignedIn, SignInRefused, SlowDown
from helpdesk.web import errors, forms, limits
from helpdesk.web.security import cookie_name, drop_cookie, own_path, set_cookie

bp = Blueprint("auth", __name__)

COOKIE = "hd_s"
QUARTER_HOUR = 15 * 60


class CurrentAgent(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The signed-in agent of this request, as flask-login wants them."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        return str(self.signed_in.agent_id)


def init_app(app: Flask) -> None:
    """Have flask-login read our cookie; sessions live in the database, never in a cookie."""
    login.session_protection = None
    login.request_loader(_load)
    # Whoever sent flask-login's own cookie, which we never set, would be taken for a stranger. No
    # cookie can have this name.
    app.config["REMEMBER_COOKIE_NAME"] = ";"


def _load(asked: Request) -> CurrentAgent | None:
    signed_in = signing_in.who(asked.cookies.get(cookie_name(COOKIE), ""))
    return CurrentAgent(signed_in) if signed_in else None


def me() -> SignedIn:
    """The agent who sent this request; only behind the guard."""
    signed_in: SignedIn = current_user.signed_in
    return signed_in


def actor() -> Actor:
    """The same for the audit log."""
    signed_in = me()
    return Actor(
        agent_id=signed_in.agent_id, session_id=signed_in.session_id, address=limits.address()
    )


def token() -> str:
    """What the cookie of this request holds."""
    return request.cookies.get(cookie_name(COOKIE), "")


def agents_only() -> ResponseReturnValue | None:
    """The guard: strangers are sent to sign in, and scripts of theirs get 401."""
    if current_user.is_authenticated:
        return None
    if request.environ.get("HTTP_UPGRADE", "").lower() == "websocket":
        return errors.answer(403)
    if forms.is_htmx():
        return errors.answer(401)
    if request.method != "GET":
        return errors.answer(401)
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form; whoever is signed in goes straight to the desk."""
    target = own_path(request.args.get("next", "/desk"))
    if current_user.is_authenticated:
        return redirect(target)
    return render_template("auth/sign_in.html", next=target, email="", error="")


@bp.post("/sign-in")
def submit_sign_in() -> ResponseReturnValue:
    """Check the password and begin a new session; the one there was before, if any, is over."""
    fields = forms.take("email", "password", "next")
    settings: Settings = current_app.config["SETTINGS"]
    most = settings.limits.sign_ins_per_quarter_hour_per_address
    limits.hit("sign-in", limits.address(), most=most, seconds=QUARTER_HOUR)
    target = own_path(fields["next"] or "/desk")
    try:
        cookie = signing_in.sign_in(fields["email"], fields["password"], **_client())
    except SignInRefused:
        text = "E-mail or password is not right."
        return _again(fields["email"], target, text, 422)
    except SlowDown as error:
        text = f"Too many tries. It works again in {error.seconds} seconds."
        return _again(fields["email"], target, text, 429, retry_after=error.seconds)
    return _signed_in(cookie, target)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session on the server, and forget the cookie."""
    forms.take()
    if current_user.is_authenticated:
        signing_in.sign_out(me().session_id)
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    drop_cookie(response, COOKIE)
    return response


@bp.get("/welcome/<secret>")
def welcome(secret: str) -> ResponseReturnValue:
    """A one-time link. Looking does not use it up: mail programs look at every link."""
    try:
        asked = links.look_at_link(secret)
    except LinkSpent:
        return render_template("auth/link_spent.html"), 410
    values = {"name": asked.name, "email": asked.email}
    return _welcome(secret, asked, values, {})


@bp.post("/welcome/<secret>")
def submit_welcome(secret: str) -> ResponseReturnValue:
    """Use the link: choose a password and come in."""
    fields = forms.take("name", "email", "password", "look")
    limits.hit("welcome", limits.address(), most=30, seconds=QUARTER_HOUR)
    try:
        asked = links.look_at_link(secret)
        name, email, wrong = _checked(fields, asked)
        if wrong:
            values = {"name": fields["name"], "email": fields["email"]}
            return _welcome(secret, asked, values, wrong, 422)
        password = "" if _only_looks(fields, asked) else fields["password"]
        cookie = links.use_link(secret, name=name, email=email, password=password, **_client())
    except LinkSpent:
        return render_template("auth/link_spent.html"), 410
    except people.EmailTaken:
        wrong = {"email": "Somebody else on the team has this e-mail address."}
        return _welcome(secret, asked, {"name": name, "email": email}, wrong, 422)
    return _signed_in(cookie, "/desk")


def _checked(fields: dict[str, str], asked: Welcome) -> tuple[str, str, dict[str, str]]:
    """The fields as they will be kept, and what is wrong with which."""
    if _only_looks(fields, asked):
        return asked.name, asked.email, {}
    wrong: dict[str, str] = {}
    name = email = ""
    try:
        name = clean_line(fields["name"], most=80)
        if not name:
            wrong["name"] = "Write the name that customers will see."
    except BadText as error:
        wrong["name"] = str(error)
    try:
        email = forms.email(fields["email"])
    except BadText as error:
        wrong["email"] = str(error)
    if problem := signing_in.password_problem(fields["password"], name=name, email=email):
        wrong["password"] = problem
    return name, email, wrong


def _only_looks(fields: dict[str, str], asked: Welcome) -> bool:
    """The demo's "look around first": only for a person the demo made."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.demo and bool(fields["look"]) and asked.agent_id is not None


def _welcome(
    secret: str,
    asked: Welcome,
    values: dict[str, str],
    wrong: dict[str, str],
    status: int = 200,
) -> ResponseReturnValue:
    settings: Settings = current_app.config["SETTINGS"]
    html = render_template(
        "auth/welcome.html",
        token=secret,
        name=asked.name,
        email=asked.email,
        demo=settings.demo and asked.agent_id is not None,
        values=values,
        errors=wrong,
    )
    return html, status


def _again(
    email: str, target: str, text: str, status: int, *, retry_after: int | None = None
) -> ResponseReturnValue:
    html = render_template("auth/sign_in.html", next=target, email=email, error=text)
    response = make_response(html, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _signed_in(cookie: str, target: str) -> ResponseReturnValue:
    if current_user.is_authenticated:
        signing_in.sign_out(me().session_id)
    response = make_response(redirect(target, 303))
    set_cookie(response, COOKIE, cookie, seconds=None)
    return response


def _client() -> dict[str, str]:
    return {"address": limits.address(), "user_agent": request.headers.get("User-Agent", "")}
