"""The README tells the truth about what can be checked: settings, options, files."""

from __future__ import annotations

import re

from helpdesk.config import ROOT

README = (ROOT / "README.md").read_text()


def test_every_setting_is_in_the_readme() -> None:
    names = re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', (ROOT / "helpdesk/config.py").read_text())
    assert len(names) > 8
    assert [name for name in names if f"`{name}`" not in README] == []


def test_every_option_and_command_is_in_the_readme() -> None:
    cli = (ROOT / "helpdesk/cli.py").read_text()
    options = re.findall(r'add_argument\("(--[a-z-]+)"', cli)
    commands = set(re.findall(r'commands\.add_parser\("([a-z]+)"', cli)) - {"serve"}
    assert [option for option in options if option not in README] == []
    assert [name for name in commands if f"python3 -m helpdesk {name}" not in README] == []


def test_what_the_readme_shows_is_there_and_light() -> None:
    shown = re.findall(r"\]\((docs/[^)]+)\)", README)
    assert sorted(f"docs/{path.name}" for path in (ROOT / "docs").iterdir()) == sorted(shown)
    assert [name for name in shown if (ROOT / name).stat().st_size > 200_000] == []
    named = re.findall(r"`((?:helpdesk|tools|static|tests)/[\w./]+\.\w+)`", README)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    limits, times = (
        re.findall(rf"`{prefix}_([A-Z_]+)=", README) for prefix in ("LIMIT", "SECONDS")
    )
    config = (ROOT / "helpdesk/config.py").read_text()
    assert limits
    assert times
    assert [name for name in limits + times if f"{name.lower()}:" not in config] == []
