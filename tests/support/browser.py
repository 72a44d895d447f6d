"""Real Chromium for the tests: `windows.open()` is one person in front of one screen.

A pytest plugin. Every window is a browser profile of its own, so that one test has a customer and
two agents. What a page complains about (an exception, a blocked script) fails the test that opened
it; a failed test leaves its screens in `tests/artifacts`.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from helpdesk.bootstrap import AXE, BROWSERS, ROOT

ARTIFACTS = ROOT / "tests" / "artifacts"
FLAGS = [
    "--no-sandbox",  # tests often run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
CLOSING = 30.0
"""Seconds that closing a test's windows may take, on a machine with other work."""
log = logging.getLogger(__name__)
_reports = pytest.StashKey[dict[str, pytest.TestReport]]()


def chromium_path() -> str:
    """The Chromium that set-up found or installed; empty if there is none."""
    named = os.environ.get("HELPDESK_CHROMIUM", "")
    return named or next(filter(None, map(shutil.which, BROWSERS)), "")


class Chromium:
    """The Chromium of one worker; started again if it had to be ended."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self._playwright = playwright
        self._path = path
        self._browser: Browser | None = None
        self._pid = 0

    def browser(self) -> Browser:
        """The browser, running."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(executable_path=self._path, args=FLAGS)
            session = self._browser.new_browser_cdp_session()
            processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
            self._pid = next(it["id"] for it in processes if it["type"] == "browser")
            session.detach()
        return self._browser

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """End the browser if what is done with it takes longer.

        Closing a window has no timeout of its own, and a Chromium that never answers would hold
        up every test behind it; the next test gets a new one.
        """
        watch = threading.Timer(seconds, os.kill, (self._pid, signal.SIGKILL))
        watch.start()
        try:
            yield
        except PlaywrightError as error:
            if watch.is_alive():
                raise
            log.warning("Chromium was ended after %s s of silence: %s", seconds, error)
        finally:
            watch.cancel()

    def close(self) -> None:
        """End it."""
        if self._browser is not None:
            with self.patience(CLOSING):
                self._browser.close()


class Windows:
    """The windows of one test."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._pages: list[Page] = []
        self.complaints: list[str] = []
        """What pages said went wrong. A test that expects some clears them: `.clear()`."""

    def open(
        self,
        url: str = "",
        *,
        size: ViewportSize = DESK,
        scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Page:
        """A window of a new person, without cookies, at `url`.

        `options` are Playwright's own for a browser context, such as `java_script_enabled=False`.
        """
        context = self._chromium.browser().new_context(
            viewport=size,
            color_scheme=scheme,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        return self.tab(context, url)

    def tab(self, context: BrowserContext, url: str = "") -> Page:
        """Another tab of a person who is here already: same cookies, same storage."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._listen)
        self._pages.append(page)
        if url:
            page.goto(url)
        return page

    def picture(self, name: str) -> None:
        """Keep what every window shows now."""
        ARTIFACTS.mkdir(exist_ok=True)
        for number, page in enumerate(self._pages):
            if not page.is_closed():
                page.screenshot(path=ARTIFACTS / f"{name}-{number}.png")

    def close(self) -> None:
        """Close every window."""
        with self._chromium.patience(CLOSING):
            for context in {page.context for page in self._pages}:
                context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        # An answer of 4xx and a server that is gone are logged as errors too; whether that was
        # right is the test's to say. (htmx adds nothing but "[object Event]" to the latter.)
        expected = ("Failed to load resource", "net::ERR_CONNECTION", "[object Event]")
        if message.type == "error" and not any(words in message.text for words in expected):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


OF_THE_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
"""The rules of axe that another theme or width can break; all others judge what stays the same."""


def accessibility_faults(
    page: Page, *, at_least: str = "serious", rules: Sequence[str] = ()
) -> list[str]:
    """What axe finds on the page as it is now, one line for each element that has the fault.

    By these rules alone, where a page was judged by all of them in another theme already.
    """
    levels = ["minor", "moderate", "serious", "critical"]
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((ROOT / ".venv" / AXE).read_text())
    found = page.evaluate(
        "options => axe.run(options).then(it => it.violations)",
        {"resultTypes": ["violations"], "preload": False}
        | ({"runOnly": list(rules)} if rules else {}),
    )
    return [
        f"{fault['id']} ({fault['impact']}): {' '.join(map(str, node['target']))}"
        for fault in found
        if levels.index(fault["impact"]) >= levels.index(at_least)
        for node in fault["nodes"]
    ]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One Chromium for all tests of this worker."""
    path = chromium_path()
    if not path and os.environ.get("CI", "") in ("", "0", "false"):
        pytest.skip("no Chromium on this machine")
    assert path, "no Chromium: in a CI run no test is left out"
    with sync_playwright() as playwright:
        started = Chromium(playwright, path)
        yield started
        started.close()


@pytest.fixture
def windows(chromium: Chromium, request: pytest.FixtureRequest) -> Iterator[Windows]:
    """The windows of this test; it fails if a page in one of them complained."""
    opened = Windows(chromium)
    yield opened
    report = request.node.stash.get(_reports, {}).get("call")
    if opened.complaints or (report and report.failed):
        opened.picture(re.sub(r"\W+", "-", request.node.name))
    opened.close()
    assert not opened.complaints, "\n".join(opened.complaints)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let `windows` know whether its test failed."""
    report = yield
    item.stash.setdefault(_reports, {})[report.when] = report
    return report
