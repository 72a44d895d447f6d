"""Who the tests of the pages are about."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.make import Make, Person
from tests.web.people import Customer, Desk


@pytest.fixture
def maya(app: Flask, make: Make) -> Customer:
    """A customer who has the chat open and has not written yet."""
    make.article("Adding money", "Tap Money and then Add money.", "How do I add money?")
    return Customer.at(app, make.key)


@pytest.fixture
def stranger(app: Flask, make: Make) -> Customer:
    """Another customer: the one who must never see anything."""
    return Customer.at(app, make.key)


@pytest.fixture
def desk(app: Flask, make: Make, sarah: Person) -> Desk:
    """Sarah's browser."""
    return Desk.of(app, make, sarah)


@pytest.fixture
def other_desk(app: Flask, make: Make, omar: Person) -> Desk:
    """Omar's browser."""
    return Desk.of(app, make, omar)
