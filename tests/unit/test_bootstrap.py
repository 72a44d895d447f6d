"""The first command: what it installs, when it does nothing, and what it says when it fails."""

from __future__ import annotations

import ast
import fcntl
import json
import os
import runpy
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from helpdesk import bootstrap
from helpdesk.bootstrap import ROOT, Checkout, SetUpError

INPUTS = (*bootstrap.LOCKS.values(), "package.json", "package-lock.json", "static/icons.txt")
DRAWING = """<svg
  xmlns="http://www.w3.org/2000/svg"
  stroke-width="2"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M12 9v4" />
  <path d="M4 4l2 2" />
</svg>"""


class Steps:
    """Stands in for pip and npm: notes what would have been installed."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.broken = ""

    def packages(self, checkout: Checkout, level: str) -> None:
        self._step(f"packages {level}")

    def pages(self, checkout: Checkout, level: str) -> None:
        self._step(f"pages {level}")
        checkout.vendor.mkdir(parents=True, exist_ok=True)
        for name in (*bootstrap.PAGES, bootstrap.SPRITE):
            (checkout.vendor / name).write_text("")

    def environment(self, venv: Path, python: Path) -> bool:
        if python.exists():
            return False
        python.parent.mkdir(parents=True, exist_ok=True)
        python.symlink_to(sys.executable)
        return True

    def _step(self, name: str) -> None:
        self.done.append(name)
        if name == self.broken:
            raise SetUpError(f"{name} broke")

    def since(self) -> list[str]:
        """The steps since the last look, in a fixed order: they run side by side."""
        done, self.done = sorted(self.done), []
        return done


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """The source as it was cloned: nothing installed."""
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return Checkout(tmp_path)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """pip, npm and venv, replaced."""
    noted = Steps()
    monkeypatch.setattr(Checkout, "_install_packages", lambda c, level: noted.packages(c, level))
    monkeypatch.setattr(Checkout, "_build_pages", lambda c, level: noted.pages(c, level))
    monkeypatch.setattr(bootstrap, "make_environment", noted.environment)
    return noted


def test_the_first_run_installs_and_the_second_starts_nothing(
    checkout: Checkout, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.prepare("run")
    assert steps.since() == ["packages run", "pages run"]
    monkeypatch.setattr(subprocess, "Popen", None)
    checkout.prepare("run")
    assert steps.since() == []


def test_a_level_contains_the_levels_before_it(checkout: Checkout, steps: Steps) -> None:
    checkout.prepare("dev")
    assert steps.since() == ["packages dev", "pages dev"]
    checkout.prepare("test")
    checkout.prepare("run")
    assert steps.since() == []


def test_the_tests_add_their_extras_to_what_is_there(checkout: Checkout, steps: Steps) -> None:
    checkout.prepare("run")
    steps.since()
    checkout.prepare("test")
    assert steps.since() == ["packages test", "pages test"]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.lock", ["packages run"]),
        ("package-lock.json", ["pages run"]),
        ("static/icons.txt", ["pages run"]),
        ("requirements-dev.lock", []),
    ],
)
def test_only_what_changed_is_done_again(
    checkout: Checkout, steps: Steps, changed: str, again: list[str]
) -> None:
    checkout.prepare("run")
    steps.since()
    with (checkout.root / changed).open("a") as lock:
        lock.write("\n")
    checkout.prepare("run")
    assert steps.since() == again


def test_another_python_version_starts_over(
    checkout: Checkout, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.prepare("run")
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    assert checkout.missing("run") == ["packages", "pages"]


def test_a_deleted_browser_file_is_made_again(checkout: Checkout, steps: Steps) -> None:
    checkout.prepare("run")
    steps.since()
    (checkout.vendor / "htmx.js").unlink()
    checkout.prepare("run")
    assert steps.since() == ["pages run"]


def test_a_deleted_environment_is_made_again(checkout: Checkout, steps: Steps) -> None:
    checkout.prepare("run")
    steps.since()
    checkout.python.unlink()
    checkout.prepare("run")
    assert steps.since() == ["packages run", "pages run"]


def test_a_broken_stamp_is_no_stamp(checkout: Checkout, steps: Steps) -> None:
    checkout.prepare("run")
    for content in ("", "[1]", '{"run.packages"'):
        checkout.stamp.write_text(content)
        assert checkout.missing("run") == ["packages", "pages"]


def test_what_succeeded_is_kept_when_the_other_part_fails(checkout: Checkout, steps: Steps) -> None:
    steps.broken = "pages run"
    with pytest.raises(SetUpError, match="pages run broke"):
        checkout.prepare("run")
    assert list(json.loads(checkout.stamp.read_text())) == ["run.packages"]
    steps.since()
    steps.broken = ""
    checkout.prepare("run")
    assert steps.since() == ["pages run"]


def test_of_two_first_runs_one_waits_and_then_has_nothing_to_do(
    checkout: Checkout, steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Checkout(checkout.root)
    with (checkout.root / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        runs = [threading.Thread(target=each.prepare, args=["run"]) for each in (checkout, other)]
        for run in runs:
            run.start()
        while capsys.readouterr().out.count("waiting") < 1:
            assert steps.done == []
    for run in runs:
        run.join()
    assert steps.since() == ["packages run", "pages run"]


def test_a_folder_that_cannot_be_written_to_is_named(checkout: Checkout) -> None:
    (checkout.root / ".setup.lock").mkdir()  # even root cannot open a folder for writing
    with pytest.raises(SetUpError, match=f"{checkout.root} is not writable"):
        checkout.prepare("run")


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("", "serve", []),
        ("--port 9000 --no-demo", "serve", ["--port", "9000", "--no-demo"]),
        ("worker --burst", "worker", ["--burst"]),
        ("test -k hub -x", "test", ["-k", "hub", "-x"]),
        ("--help", "--help", []),
    ],
)
def test_what_a_command_line_means(line: str, command: str, rest: list[str]) -> None:
    assert bootstrap.understand(line.split()) == (command, rest)


def test_every_other_command_is_handed_over_to_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(Checkout, "prepare", lambda *_: None)
    monkeypatch.setattr(bootstrap, "ensure_browser", lambda **_: None)
    monkeypatch.setattr(os, "execv", lambda path, words: became.append(words))
    monkeypatch.chdir("/")
    bootstrap.main(["--port", "0"])
    bootstrap.main(["test", "-n", "0"])
    python = str(ROOT / ".venv/bin/python")
    assert became[0] == [python, "-m", "helpdesk.cli", "serve", "--port", "0"]
    assert became[-2][:3] == [python, "-m", "pytest"]
    assert became[-2][-2:] == ["-n", "0"]
    assert Path.cwd() == ROOT


def test_an_old_python_is_told_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    version = namedtuple("version", "major minor micro")
    monkeypatch.setattr(sys, "version_info", version(3, 8, 18))
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ROOT / "helpdesk/__main__.py"), run_name="__main__")
    assert str(stopped.value.code).startswith("helpdesk: Python 3.11 or newer is needed; this is 3")


@pytest.mark.parametrize("name", ["__init__", "__main__", "bootstrap"])
def test_an_old_python_can_read_the_first_command(name: str) -> None:
    source = (ROOT / "helpdesk" / f"{name}.py").read_text()
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.parametrize("name", ["__init__", "__main__", "bootstrap"])
def test_the_first_command_imports_the_standard_library_only(name: str) -> None:
    tree = ast.parse((ROOT / "helpdesk" / f"{name}.py").read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    rooms = {str(module).partition(".")[0] for module in imported}
    assert rooms - sys.stdlib_module_names <= {"helpdesk"}
    assert {module for module in imported if str(module).startswith("helpdesk")} <= {
        "helpdesk.bootstrap"
    }


def test_a_failed_step_says_what_the_tool_said() -> None:
    noisy = "import sys; print('one'); print('ERROR: bad hash'); print('two'); sys.exit(3)"
    with pytest.raises(SetUpError, match=r"^pip failed: ERROR: bad hash$"):
        bootstrap.run("pip", [sys.executable, "-c", noisy])


def test_a_missing_network_is_called_that() -> None:
    said = "print('npm error code EAI_AGAIN'); raise SystemExit(1)"
    with pytest.raises(SetUpError, match=r"^npm reached no package index: set-up needs"):
        bootstrap.run("npm", [sys.executable, "-c", said])


def test_an_incomplete_python_names_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(
        "#!/bin/sh\necho 'The virtual environment: ensurepip is not available'\nexit 1"
    )
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(SetUpError, match="apt-get install python3-venv"):
        bootstrap.make_environment(tmp_path / ".venv", tmp_path / ".venv/bin/python")
    assert not (tmp_path / ".venv").exists()


def test_a_sound_environment_is_kept_and_a_broken_one_made_again(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    python = venv / "bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/nowhere/python3")
    (venv / "leftover").write_text("")
    assert bootstrap.make_environment(venv, python)
    assert not (venv / "leftover").exists()
    assert not bootstrap.make_environment(venv, python)


def fake_node(folder: Path, version: str) -> str:
    """A search path on which only this Node.js is found."""
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho {version}")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(("version", "usable"), [("v20.11.0", 1), ("v16.20.2", 0), ("oops", 0)])
def test_an_old_node_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, usable: bool
) -> None:
    monkeypatch.delenv("HELPDESK_WHEEL_NODE", raising=False)
    monkeypatch.setenv("PATH", fake_node(tmp_path, version))
    assert bool(bootstrap.find_npm()) == usable
    monkeypatch.setenv("HELPDESK_WHEEL_NODE", "1")
    assert bootstrap.find_npm() == []
    monkeypatch.setenv("PATH", "/nowhere")
    assert bootstrap.find_npm() == []


def test_the_sprite_has_one_bare_symbol_for_each_name(tmp_path: Path) -> None:
    outline = tmp_path / "icons" / "outline"
    outline.mkdir(parents=True)
    (outline / "check.svg").write_text(DRAWING)
    assert bootstrap.sprite(["check"], tmp_path).splitlines()[1:-1] == [
        '<symbol id="check" viewBox="0 0 24 24"><path d="M12 9v4" /><path d="M4 4l2 2" /></symbol>'
    ]
    with pytest.raises(SetUpError, match="unknown icon: chekc"):
        bootstrap.sprite(["chekc"], tmp_path)


def test_icon_names_are_read_without_comments_and_only_once(tmp_path: Path) -> None:
    listing = tmp_path / "icons.txt"
    listing.write_text("# all\nuser\n\ncheck  # done\nuser\n")
    assert bootstrap.icon_names(listing) == ["check", "user"]


def test_browser_files_are_never_seen_half_written(tmp_path: Path) -> None:
    bootstrap.put(tmp_path / "a.js", b"1", mode=0o755)
    bootstrap.put(tmp_path / "a.js", b"22")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.js", b"22")]


def test_a_missing_browser_is_told_and_in_ci_fatal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("HELPDESK_CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.ensure_browser(strict=False)
    [line] = capsys.readouterr().out.splitlines()
    assert "browser tests are left out" in line
    with pytest.raises(SetUpError, match="CI leaves no test out"):
        bootstrap.ensure_browser(strict=True)
    monkeypatch.setenv("HELPDESK_CHROMIUM", "/opt/chromium")
    bootstrap.ensure_browser(strict=True)


@pytest.mark.parametrize("name", [*bootstrap.LOCKS.values(), bootstrap.NODE_LOCK])
def test_locks_name_no_place_and_every_hash(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    packages = [line for line in lines if not line.startswith("    --hash=sha256:")]
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_each_larger_lock_contains_the_smaller_one() -> None:
    run, test, dev = ((ROOT / name).read_text().splitlines() for name in bootstrap.LOCKS.values())
    assert set(run) <= set(test) <= set(dev)
