"""From the setting to the assistant: the built-in one, or a company's own Python function."""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable

from helpdesk.ai.builtin import BuiltIn
from helpdesk.ai.contract import (
    AiError,
    AiTimeout,
    Knowledge,
    Reply,
    Responder,
    Transcript,
    checked,
)

log = logging.getLogger(__name__)


def load(source: str) -> Responder:
    """The assistant that a setting names: ``builtin`` or ``package.module:function``.

    :raises AiError: there is no such source; the words name what is missing.
    """
    if source == "builtin":
        return BuiltIn()
    module_name, colon, path = source.partition(":")
    if not (module_name and colon and path):
        raise AiError(f"AI_SOURCE must be builtin or package.module:function, not {source!r}")
    try:
        found: object = importlib.import_module(module_name)
    except ImportError as error:
        raise AiError(f"AI_SOURCE {source!r} cannot be imported: {error}") from error
    for name in path.split("."):
        found = getattr(found, name, None)
    if not callable(found):
        raise AiError(f"AI_SOURCE {source!r}: {module_name} has no function {path}")
    return CallableSource(found, source)


class CallableSource:
    """A company's own function with the arguments of ``Responder.reply``, kept to the contract."""

    def __init__(self, function: Callable[..., object], name: str) -> None:
        self._function = function
        self._name = name

    def reply(
        self,
        transcript: Transcript,
        knowledge: Knowledge,
        *,
        deadline: float,
        on_text: Callable[[str], None] | None = None,
    ) -> Reply:
        """Call the function.

        A thread cannot be stopped from outside: a function that overruns its time is waited for,
        and then its reply is thrown away.

        :raises AiError: it failed, gave something else than a ``Reply``, or was late.
        """
        ends = time.monotonic() + deadline
        try:
            reply = self._function(transcript, knowledge, deadline=deadline, on_text=on_text)
        except AiError:
            raise
        except Exception as error:
            # Whatever a stranger's code raises must become the one error that the desk expects.
            log.exception("the assistant %s failed", self._name)
            raise AiError(f"{self._name} failed: {type(error).__name__}: {error}") from error
        if time.monotonic() > ends:
            raise AiTimeout(f"{self._name} took longer than {deadline:g} seconds")
        return checked(reply)
