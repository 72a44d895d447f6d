"""What people see when something cannot be done: words, and never a stack trace."""

from __future__ import annotations

import logging

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from helpdesk.services.intake import Busy, TooFast
from helpdesk.services.signing_in import SlowDown
from helpdesk.web import forms
from helpdesk.web.limits import TooMany

log = logging.getLogger(__name__)

WORDS = {
    400: ("This request makes no sense", "Something in it is not what it should be."),
    401: ("Sign in first", "You are signed out. Your text is kept in this browser."),
    403: ("Not from here", "This was not sent from one of our pages, or it is not yours to do."),
    404: ("Nothing here", "The page does not exist, or it is not yours to see."),
    405: ("Not like this", "This address does something else."),
    409: ("Somebody was first", "It changed in the meantime. Nothing was done."),
    413: ("Too large", "This is more than we take at once."),
    415: ("Not a form", "Only forms are taken here."),
    429: ("A little slower", "That was a lot at once. It works again in a moment."),
    500: ("Something broke", "It is our fault and it is in the log. What was sent before is safe."),
    503: ("Busy", "It could not be done just now. Nothing is lost; try again in a moment."),
}
BUSY_SECONDS = 1


def init_app(app: Flask) -> None:
    """Answer every refusal in our own words."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(TooFast, too_many)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(SlowDown, slow_down)
    app.register_error_handler(Busy, busy)
    app.register_error_handler(OperationalError, database_busy)
    app.register_error_handler(Exception, unexpected)


def answer(code: int, *, retry_after: int | None = None, text: str = "") -> ResponseReturnValue:
    """An error as a page, or as a fragment where a script asked."""
    title, words = WORDS.get(code, WORDS[400 if code < 500 else 500])
    words = text or words
    if forms.is_htmx():
        html = render_template("fragments/error.html", text=words)
    else:
        html = render_template("errors/error.html", code=code, title=title, text=words)
    response = make_response(html, code)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def http_error(error: HTTPException) -> ResponseReturnValue:
    """A refusal of ours or of Flask's."""
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if code < 500:
        log.warning("refused with %s: %s %s", code, request.method, request.endpoint)
    response = make_response(answer(code, retry_after=BUSY_SECONDS if code == 503 else None))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def too_many(error: TooFast | TooMany) -> ResponseReturnValue:
    """Over a rate limit."""
    return answer(429, retry_after=error.retry_after)


def slow_down(error: SlowDown) -> ResponseReturnValue:
    """Over the limit of wrong passwords."""
    text = f"Too many tries. It works again in {error.seconds} seconds."
    return answer(429, retry_after=error.seconds, text=text)


def busy(_error: Busy) -> ResponseReturnValue:
    """Others kept writing; the same request may be sent again."""
    return answer(503, retry_after=BUSY_SECONDS)


def database_busy(error: OperationalError) -> ResponseReturnValue:
    """The database is locked, full or away."""
    log.error("database: %s", error.orig)
    return answer(503, retry_after=BUSY_SECONDS)


def unexpected(error: Exception) -> ResponseReturnValue:
    """A bug: in the log with its trace, on the screen without."""
    log.error("unexpected error in %s", request.endpoint, exc_info=error)
    return answer(500)
