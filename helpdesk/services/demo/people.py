"""The three people who answer Northfold's customers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemoAgent:
    """An agent. ``key`` names them in the conversations; they sign in by link, not password."""

    key: str
    name: str
    email: str
    role: str


AGENTS = (
    DemoAgent(key="sarah", name="Sarah Kim", email="sarah@northfold.example", role="admin"),
    DemoAgent(key="ben", name="Ben Mora", email="ben@northfold.example", role="agent"),
    DemoAgent(key="priya", name="Priya Nair", email="priya@northfold.example", role="agent"),
)
