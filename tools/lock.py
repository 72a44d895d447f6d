"""Write the lock files again: `python3 tools/lock.py [--upgrade]`.

pyproject.toml and package.json say what we want; the locks say exactly what is installed, with
hashes and without a word about where it came from. One file serves every Python we support.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.9"
LOCKS = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-test.lock": ["pyproject.toml", "--group", "test"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev"],
    "requirements-node.lock": ["--group", "node"],
}
COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)
NPM = (
    *("npm", "install", "--package-lock-only", "--ignore-scripts"),
    *("--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--loglevel=error"),
)


def main() -> None:
    """Resolve again; without --upgrade what is locked stays as long as it still fits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest that fits")
    upgrade = parser.parse_args().upgrade
    with tempfile.TemporaryDirectory() as scratch:
        lock_python(Path(scratch), upgrade=upgrade)
        lock_pages(Path(scratch), upgrade=upgrade)


def lock_python(scratch: Path, *, upgrade: bool) -> None:
    """Resolve Python's packages; the larger sets keep to what the smaller ones chose."""
    venv.create(scratch / "uv", with_pip=True)
    tools = scratch / "uv" / "bin"
    subprocess.run([tools / "pip", "install", "-q", UV], check=True)
    constraints: list[str] = []
    for lock, sources in LOCKS.items():
        how = ["--upgrade"] if upgrade else []
        wanted = [*COMPILE, *how, *constraints, *sources, "-o", lock]
        subprocess.run([tools / "uv", *wanted], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        constraints += ["--constraint", lock] if lock != "requirements-node.lock" else []
        print(lock, (ROOT / lock).read_text().count("=="), "packages")


def lock_pages(scratch: Path, *, upgrade: bool) -> None:
    """Resolve the browser packages. Run where no `node_modules` can mislead npm."""
    names = ["package.json"] if upgrade else ["package.json", "package-lock.json"]
    for name in names:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, scratch)
    subprocess.run(NPM, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    lock = (scratch / "package-lock.json").read_text()
    if '"resolved"' in lock:
        sys.exit("npm wrote addresses into package-lock.json; nothing was changed")
    (ROOT / "package-lock.json").write_text(lock)
    print("package-lock.json", lock.count('"integrity"'), "packages")


if __name__ == "__main__":
    main()
