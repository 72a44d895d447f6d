"""What templates can use besides their context: text, times, files."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup, escape

from helpdesk.background import is_degraded
from helpdesk.config import ROOT
from helpdesk.realtime.views import MarkView

# A link ends before closing punctuation; only these three schemes are ever linked.
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`]{1,500}[^\s<>\"'`.,;:!?)\]}]", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Add filters and globals, and refuse templates that use a name nobody gave them."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(linkify)
    app.add_template_filter(marked)
    app.add_template_filter(iso)
    app.add_template_filter(clock)
    app.add_template_global(asset)
    app.add_template_global(fresh_id)
    app.add_template_global(is_degraded)


def linkify(text: str) -> Markup:
    """Escaped text in which addresses can be followed; nothing else is ever interpreted."""
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(
            Markup(
                '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
            ).format(found.group())
        )
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup().join(parts)


def marked(text: str, marks: tuple[MarkView, ...]) -> Markup:
    """Text with the words a handoff stands on marked and numbered."""
    parts: list[Markup] = []
    end = 0
    for mark in marks:
        parts.append(linkify(text[end : mark.start]))
        parts.append(
            Markup(
                '<mark class="hd-evidence" data-finding="{n}">{words}'
                '<span class="hd-evidence-n" aria-hidden="true">{n}</span>'
                '<span class="hd-sr"> evidence {n}</span></mark>'
            ).format(n=mark.number, words=text[mark.start : mark.end])
        )
        end = mark.end
    parts.append(linkify(text[end:]))
    return Markup().join(parts)


def iso(moment: datetime) -> str:
    """A moment for <time datetime>."""
    return moment.isoformat(timespec="seconds")


def clock(moment: datetime) -> str:
    """Hours and minutes in UTC, until a script shows the reader's own."""
    return moment.strftime("%H:%M")


def fresh_id() -> str:
    """An id for a message that a form will send: sent twice, it is one message."""
    return str(uuid.uuid4())


def asset(name: str) -> str:
    """The address of a file of ours; it changes with the content, so it may be kept for long."""
    path = ROOT / "static" / name
    return url_for("static", filename=name, v=_digest(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
