"""What runs in the background: the jobs by name, and what is done again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from helpdesk.services import assistant, timers

JOBS: Mapping[str, Callable[..., None]] = {"answer": assistant.answer}

SWEEPS: tuple[Callable[[], None], ...] = (assistant.sweep, timers.sweep)
"""Each looks at the database for what a lost hint or a killed process left undone."""


def sweep() -> None:
    """One round of everything periodic."""
    for look in SWEEPS:
        look()
