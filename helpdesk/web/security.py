"""What holds for every request: where it may come from, what answers carry, our cookies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadHost, SecurityError

from helpdesk.config import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
HSTS_SECONDS = 365 * 24 * 3600
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
    " magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)

# Browsers read a backslash as a slash, drop tabs and line ends, and "//" begins another host.
_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")


def init_app(app: Flask, settings: Settings) -> None:
    """Install the request guard and the headers."""
    if settings.proxy_hops:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.proxy_hops
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    app.before_request(refuse_nonsense)
    app.before_request(refuse_strange_requests)
    app.after_request(add_headers)


def refuse_nonsense() -> ResponseReturnValue | None:
    """Answer 400 to addresses that cannot be ours.

    Without a host of ours no address of a page can be written, so this answer has no template.
    A NUL is in no address of ours either, and PostgreSQL refuses to be asked for one.
    """
    has_host = host() and not isinstance(request.routing_exception, BadHost)
    if has_host and "\0" not in request.path and b"%00" not in request.query_string:
        return None
    response = make_response("This address makes no sense.\n", 400)
    response.mimetype = "text/plain"
    return response


def host() -> str:
    """The host this request was sent to; empty if it is malformed or not one of TRUSTED_HOSTS."""
    try:
        return request.host
    except SecurityError:
        return ""


def refuse_strange_requests() -> None:
    """Let an unsafe request pass only from our own pages, and a socket only from our origin.

    There is no token in forms: browsers say themselves where a request comes from
    (`Sec-Fetch-Site`, and `Origin` where that is missing).
    """
    if request.environ.get("HTTP_UPGRADE", "").lower() == "websocket":
        if request.headers.get("Origin") not in own_origins():
            abort(403)
        return
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            abort(403)
    elif request.headers.get("Origin") not in own_origins():
        abort(403)


def own_origins() -> set[str]:
    """The origins that are this desk: as it was asked for, and as the operator named it."""
    settings: Settings = current_app.config["SETTINGS"]
    origins = {f"{request.scheme}://{request.host}"}
    if settings.public_url:
        origins.add(settings.public_url)
    return origins


def add_headers(response: Response) -> Response:
    """The headers of security.md §4.2; only chat pages may be framed, by their inbox's sites."""
    headers = response.headers
    headers["Content-Security-Policy"] = _content_policy(g.get("frame_ancestors", "'none'"))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    if "frame_ancestors" not in g:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def _content_policy(ancestors: str) -> str:
    socket = f" {'wss' if request.is_secure else 'ws'}://{host()}" if host() else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" font-src 'self'; connect-src 'self'{socket}; media-src 'self';"
        " frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none';"
        f" frame-ancestors {ancestors}"
    )


def may_be_framed_by(origins: tuple[str, ...]) -> None:
    """Allow this answer inside pages of ours and of the listed origins."""
    g.frame_ancestors = " ".join(["'self'", *origins])


def is_trustworthy() -> bool:
    """Whether browsers keep Secure cookies here: over https, and on the machine itself.

    Elsewhere on plain http they drop them, which would be a sign-in loop (security.md §4.2).
    """
    name = urlsplit(f"//{host()}").hostname or ""
    return request.is_secure or name in LOCAL_NAMES or name == "::1"


def cookie_name(name: str) -> str:
    """A cookie's name; with ``__Host-`` no other host can set or overwrite it."""
    return f"__Host-{name}" if is_trustworthy() else name


def set_cookie(
    response: Response, name: str, value: str, *, seconds: int | None, framed: bool = False
) -> None:
    """Set one of our cookies. ``framed``: it must come back inside other sites' pages, kept apart
    for each of them (CHIPS, security.md §4.4)."""
    secure = is_trustworthy()
    apart = framed and secure
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        httponly=True,
        secure=secure,
        samesite="None" if apart else "Lax",
        partitioned=apart,
    )


def drop_cookie(response: Response, name: str) -> None:
    """Have the browser forget one of our cookies."""
    secure = is_trustworthy()
    response.delete_cookie(cookie_name(name), httponly=True, secure=secure, samesite="Lax")


def own_path(target: str) -> str:
    """A path on this desk to go to after signing in; anything else is the desk itself."""
    return target if _OWN_PATH.fullmatch(target) else "/desk"


def page_before() -> str:
    """The page of ours that a form was sent from, as far as the browser says."""
    try:
        return own_path(urlsplit(request.referrer or "").path)
    except ValueError:
        return "/desk"
