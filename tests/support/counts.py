"""After the last test, says what the run really touched: `passed on SQLite 210, PostgreSQL 205, …`.

A suite that silently loses its PostgreSQL or its browser looks green; this line makes it visible.
"""

from __future__ import annotations

from collections import Counter

import pytest

FIXTURES = {
    "postgres_server": "PostgreSQL",
    "sqlite_template": "SQLite",
    "valkey": "Valkey",
    "windows": "Chromium",
    "browser": "Chromium",
}
PARAMETERS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
PROPERTY = "touched"


def touched(item: pytest.Item) -> set[str]:
    """The real things that a test stands on, from its fixtures and its parameters."""
    fixtures = getattr(item, "fixturenames", [])
    parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
    found = {FIXTURES[name] for name in fixtures if name in FIXTURES}
    return found | {name for value, name in PARAMETERS.items() if value in parameters}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note it in the report, which xdist carries to the controller."""
    item.user_properties.append((PROPERTY, sorted(touched(item))))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line below pytest's own."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, things in report.user_properties:
            counted.update(things if name == PROPERTY else ())
    skipped = len(terminalreporter.stats.get("skipped", []))
    about = ", ".join(f"{thing} {number}" for thing, number in sorted(counted.items()))
    terminalreporter.write_line(f"passed on {about or 'no server'}; skipped {skipped}")
