"""An assistant that thinks for a while: `AI_SOURCE=tests.support.slow_ai:reply`."""

from __future__ import annotations

import os
import time

from helpdesk.ai import Reply


def reply(transcript: object, knowledge: object, *, deadline: float, on_text: object) -> Reply:
    """The same answer for everybody, after the `SLOW_AI_SECONDS` of the server's environment."""
    time.sleep(float(os.environ.get("SLOW_AI_SECONDS", "2")))
    return Reply(text="Tap Money, then Add money.", confidence=0.9)
