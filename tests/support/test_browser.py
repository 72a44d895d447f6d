"""The browser fixture sees what a person would see, and what goes wrong on a page."""

from __future__ import annotations

import pytest

from tests.support.browser import PHONE, Windows, accessibility_faults

pytestmark = pytest.mark.browser


def test_two_people_share_no_cookies_and_one_person_has_two_tabs(windows: Windows) -> None:
    sarah, omar = windows.open(), windows.open(size=PHONE, scheme="dark")
    sarah.context.add_cookies([{"name": "who", "value": "sarah", "url": "http://127.0.0.1"}])
    assert omar.context.cookies() == []
    assert windows.tab(sarah.context).context.cookies()[0].get("value") == "sarah"
    assert omar.evaluate("matchMedia('(prefers-color-scheme: dark)').matches && innerWidth") == 390


def test_what_a_page_complains_about_is_kept(windows: Windows) -> None:
    page = windows.open()
    page.set_content("<script>console.error('blocked'); throw new Error('broken')</script>")
    assert [said.split(": ", 1)[1] for said in windows.complaints] == ["blocked", "broken"]
    windows.complaints.clear()


def test_axe_names_the_element_that_nobody_can_read(windows: Windows) -> None:
    page = windows.open()
    page.set_content(
        "<html lang=en><title>t</title><main><h1>Hi</h1>"
        "<p id=pale style='color:#ddd;background:#fff'>words</p></main>"
    )
    assert accessibility_faults(page) == ["color-contrast (serious): #pale"]
