"""The rules of the house that a reader of the code relies on (design.md §3)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.config import ROOT

PACKAGE = ROOT / "helpdesk"
SOURCES = sorted(PACKAGE.rglob("*.py"))
FRAGMENTS = sorted((ROOT / "templates" / "fragments").rglob("*.html"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

WAYS_OUT = {"requests", "httpx", "aiohttp", "smtplib", "http.client", "urllib.request"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCES:
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text())


def test_one_place_writes_the_status() -> None:
    writers = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "support_status"
        and isinstance(node.ctx, ast.Store)
    ]
    keywords = [
        f"{name}:{node.value.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "support_status"
    ]
    assert [writer.split(":")[0] for writer in writers] == ["services/unit_of_work.py"]
    assert keywords == []


def test_nothing_leaves_the_building_but_through_outbound() -> None:
    leaks = []
    for name, tree in _trees():
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            leaks += [f"{name} imports {n}" for n in names if n in WAYS_OUT]
    assert [leak for leak in leaks if not leak.startswith("outbound/")] == []


def test_web_never_touches_the_tables() -> None:
    touching = [
        path.name
        for path in (PACKAGE / "web").glob("*.py")
        if re.search(
            r"helpdesk\.models|sqlalchemy\.orm|import reading|import writing", path.read_text()
        )
    ]
    assert touching == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_fragments_know_nothing_of_the_viewer(path: Path) -> None:
    text = path.read_text()
    found = re.findall(r"\b(current_user|session\.|request\.|g\.|get_flashed_messages)", text)
    assert found == []


def test_a_contacts_fragment_never_carries_what_only_the_desk_may_see() -> None:
    for path in (ROOT / "templates" / "fragments" / "widget").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\.(confidence|marks|sentiment|why|priority)\b", text), path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_needs_what_the_policy_forbids(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|hx-on|hx-vals=.js:", text)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), "something from elsewhere"
    assert "|safe" not in text


def test_files_and_functions_stay_small() -> None:
    big = [
        f"{name}: {lines} lines"
        for name, path in ((str(p.relative_to(PACKAGE)), p) for p in SOURCES)
        if (lines := path.read_text().count("\n")) > LONGEST_FILE
    ]
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert big + long == []


def test_the_map_names_every_room() -> None:
    text = (PACKAGE / "README.md").read_text()
    rooms = [path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    files = [path.name for path in PACKAGE.glob("*.py") if path.name != "__init__.py"]
    assert [name for name in rooms + files if name not in text] == []


def test_the_repository_names_no_registry_and_no_machine() -> None:
    for name in ("requirements.lock", "requirements-test.lock", "package-lock.json"):
        text = (ROOT / name).read_text()
        assert not re.search(r"https?://(?!.*\b(license|github)\b)", text) or "resolved" not in text
        assert "--index-url" not in text
