"""Reading what was sent: only the fields a form has, each checked, in words people understand."""

from __future__ import annotations

import logging
import re

from flask import abort, current_app, request

from helpdesk.alerts import one_mailbox
from helpdesk.config import Settings
from helpdesk.domain.text import BadText, clean, clean_line

log = logging.getLogger(__name__)

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
LARGEST_NUMBER = 2**31 - 1
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def take(*names: str) -> dict[str, str]:
    """The named fields of the request's form, empty where missing; others are ignored and logged.

    NUL, which PostgreSQL cannot store, is dropped. Answers 411 or 415 for anything but a form, and
    413 for one that is larger or has more fields than any of ours.
    """
    settings: Settings = current_app.config["SETTINGS"]
    _check(most=settings.limits.form_parts)
    if strange := set(request.form) - set(names):
        shown = [name[:40] for name in sorted(strange)[:10]]  # a stranger wrote these
        log.warning("ignored fields %s of %s", shown, request.endpoint)
    return {name: request.form.get(name, "").replace("\0", "") for name in names}


def take_all(*, most: int) -> dict[str, list[str]]:
    """Every field of a form whose fields are not known beforehand, each with all its values.

    Answers like `take`; ``most`` is how many values the form may have.
    """
    _check(most=most)
    return request.form.to_dict(flat=False)


def _check(*, most: int) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    if "Transfer-Encoding" in request.headers:
        abort(411)  # no browser sends a form without saying how long it is
    if request.content_length and request.mimetype not in FORM_TYPES:
        abort(415)
    # None of our forms is larger; and werkzeug takes a plain form apart without counting its parts.
    request.max_content_length = settings.limits.form_memory_bytes
    if sum(1 for _ in request.form.items(multi=True)) > most:
        abort(413)


def message(body: str) -> str:
    """The words of a message.

    :raises BadText: there is nothing to read in it, or it is too long.
    """
    settings: Settings = current_app.config["SETTINGS"]
    return clean(body, most=settings.limits.message_characters)


def message_id(raw: str) -> str:
    """A message's id as the page made it; answers 400 for anything but a UUID."""
    if not _UUID.fullmatch(raw):
        abort(400)
    return raw.lower()


def number(raw: str | None, *, default: int = 0) -> int:
    """A count of a page (`after`, `epoch`); answers 400 for anything but a plain whole number."""
    if raw is None or raw == "":
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 10 or int(raw) > LARGEST_NUMBER:
        abort(400)
    return int(raw)


def query_number(name: str, *, default: int = 0) -> int:
    """A count in the address; given twice it is refused like any other nonsense."""
    given = request.args.getlist(name)
    if len(given) > 1:
        abort(400)
    return number(given[0] if given else None, default=default)


def email(raw: str) -> str:
    """One e-mail address.

    :raises BadText: it is none, or more than one.
    """
    try:
        return one_mailbox(clean_line(raw, most=254)).lower()
    except ValueError:
        raise BadText("This does not look like an e-mail address.") from None


def is_htmx() -> bool:
    """Whether a script asks and wants fragments; otherwise it is a plain form and gets a page."""
    return request.headers.get("HX-Request") == "true"
