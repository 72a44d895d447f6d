"""Calling the assistant: whatever it does, a reply that may be stored comes back, or `AiError`."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from flask import current_app

from helpdesk import ai
from helpdesk.config import Settings
from helpdesk.domain.text import BadText, clean, excerpt

log = logging.getLogger(__name__)

LONGEST_REPLY = 4_000  # characters, as for everybody else
LONGEST_TITLE = 200
MOST_SOURCES = 10
MOST_LEFT_BEHIND = 32
"""Calls that never returned. Each is a thread that cannot be ended; more would be a leak."""

_left_behind: set[threading.Thread] = set()
_guard = threading.Lock()


def ask(transcript: ai.Transcript, base: ai.KnowledgeBase) -> ai.Reply:
    """The responder's reply to a transcript.

    :raises AiError: it raised, hung or returned nonsense, whatever kind of it. The words are short.
    """
    settings: Settings = current_app.config["SETTINGS"]
    deadline = settings.timing.ai_deadline
    responder: ai.Responder = current_app.extensions["responder"]
    outcome: list[ai.Reply | BaseException] = []

    def call() -> None:
        try:
            outcome.append(responder.reply(transcript, base, deadline=deadline))
        except BaseException as error:
            outcome.append(error)

    _refuse_if_lost()
    # A thread of its own, so that one that never returns can be left behind.
    thread = threading.Thread(target=call, name="responder", daemon=True)
    thread.start()
    thread.join(deadline)
    if not outcome:
        with _guard:
            _left_behind.add(thread)
        raise ai.AiError(f"no reply within {deadline:g} s")
    if isinstance(outcome[0], BaseException):
        raise ai.AiError(in_words(outcome[0]))
    return _usable(outcome[0])


def in_words(error: BaseException) -> str:
    """An error as a line for the log and the agent: short, printable, whatever it carries."""
    try:
        raw = str(error)[:1_000]
    except Exception:
        raw = ""
    words = excerpt("".join(sign if sign.isprintable() else " " for sign in raw), 300)
    if isinstance(error, ai.AiError):
        return words or "no reason given"
    return f"{type(error).__name__}: {words}"[:300]


def _refuse_if_lost() -> None:
    with _guard:
        _left_behind.difference_update([t for t in _left_behind if not t.is_alive()])
        if len(_left_behind) >= MOST_LEFT_BEHIND:
            raise ai.AiError(f"{len(_left_behind)} earlier calls have not come back")


def _usable(given: object) -> ai.Reply:
    """A reply as it is stored: what comes from a model or a stranger's code is never trusted."""
    try:
        reply = ai.checked(given)
        if reply.refused:
            return reply
        return replace(
            reply,
            text=clean(reply.text, most=LONGEST_REPLY, what="reply"),
            sources=tuple(_source(source) for source in reply.sources[:MOST_SOURCES]),
        )
    except BadText as error:
        raise ai.AiError(str(error)) from None
    except ai.AiError:
        raise
    except Exception as error:
        raise ai.AiError(f"the reply cannot be used: {in_words(error)}") from None


def _source(given: object) -> ai.Source:
    if not isinstance(given, ai.Source) or not isinstance(given.article_id, int | str):
        raise ai.AiError("the reply names something that is no source")
    title = excerpt(clean(given.title, most=10 * LONGEST_TITLE, what="title"), LONGEST_TITLE)
    return replace(given, title=title, version=int(given.version))
