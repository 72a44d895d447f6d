"""What runs in the background: the jobs by name, and what is done again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from helpdesk.config import Settings
from helpdesk.services import assistant, delivering, timers

log = logging.getLogger(__name__)

JOBS: Mapping[str, Callable[..., None]] = {
    "answer": assistant.answer,
    "deliver": delivering.deliver,
}

ELSEWHERE = "deliver"
"""The job that `helpdesk worker` does, where there is a Redis to tell it."""

SWEEPS: tuple[Callable[[], None], ...] = (assistant.sweep, timers.sweep, delivering.sweep)
"""Each looks at the database for what a lost hint or a killed process left undone."""


WORKERS_SWEEP: Callable[[], None] = delivering.sweep
"""What a worker looks for; the web processes look for the rest."""


def workers(settings: Settings) -> Mapping[str, int]:
    """How many threads each job has: a receiver that hangs must not keep customers waiting."""
    return {"answer": settings.ai_workers, "deliver": settings.delivery_workers}


def sweep() -> None:
    """One round of everything periodic; one that fails holds up no other."""
    for look in SWEEPS:
        try:
            look()
        except Exception:
            log.exception("%s failed; the next round tries again", look.__module__)
