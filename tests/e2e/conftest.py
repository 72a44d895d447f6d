"""The running product for the end-to-end tests, and the people who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.support.product import Product

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """One running helpdesk with the demo company, for all tests of this worker.

    What one test leaves in the queue is there for the next: count differences, not totals.
    """
    running = Product()
    yield running
    running.remove()


@pytest.fixture
def another_product() -> Iterator[Callable[..., Product]]:
    """Start one more, for a test that kills it, fills it or wants it empty."""
    started: list[Product] = []

    def start(*, empty: bool = False, **settings: str) -> Product:
        started.append(Product(empty=empty, **settings))
        return started[-1]

    yield start
    for running in started:
        running.remove()
