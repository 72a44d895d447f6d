"""The doorbell: tells waiting threads that a topic has something new. It carries no content.

A listener clears its ear before it looks at the database and waits after, so that a ring between
the look and the wait is never missed (delivery.md §1.5).
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager


class Doorbell:
    """Who listens to which topic in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ears: dict[str, set[threading.Event]] = {}

    @contextmanager
    def listen(self, topics: Iterable[str]) -> Generator[threading.Event]:
        """An event that is set whenever one of the topics rings."""
        ear = threading.Event()
        topics = tuple(dict.fromkeys(topics))  # named twice is listened to once
        with self._lock:
            for topic in topics:
                self._ears.setdefault(topic, set()).add(ear)
        try:
            yield ear
        finally:
            with self._lock:
                for topic in topics:
                    self._ears[topic].discard(ear)
                    if not self._ears[topic]:
                        del self._ears[topic]

    def ring(self, *topics: str) -> None:
        """Wake everybody who listens to one of the topics."""
        with self._lock:
            ears = [ear for topic in topics for ear in self._ears.get(topic, ())]
        for ear in ears:
            ear.set()

    def ring_all(self) -> None:
        """Wake everybody, whatever they listen to."""
        with self._lock:
            ears = [ear for listening in self._ears.values() for ear in listening]
        for ear in ears:
            ear.set()
