"""In the desk: a number in the title, a notification of the browser, a sound, as somebody waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import Agent, Customer
from tests.support.browser import Windows
from tests.support.kept import wait_until
from tests.support.product import Product

pytestmark = pytest.mark.browser

RECORDER = """
window.shown = [];
window.tones = 0;
window.away = false;
class Shown extends EventTarget {
  static permission = "default";
  static async requestPermission() { Shown.permission = "granted"; return "granted"; }
  constructor(title, options) { super(); window.shown.push([title, options.body]); }
  close() {}
}
window.Notification = Shown;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  window.tones += 1;
  return start.apply(this, at);
};
Object.defineProperty(document, "hidden", { get: () => window.away });
"""
"""What the system does with a notification and with a tone, and whether the tab is in front."""


def shown(page: Page) -> list[list[str]]:
    """The notifications so far."""
    found: list[list[str]] = page.evaluate("window.shown")
    return found


def test_an_agent_who_looks_elsewhere_is_told_that_somebody_waits(
    windows: Windows, product: Product
) -> None:
    sarah = Agent.at_desk(windows, product)
    sarah.page.add_init_script(RECORDER)
    sarah.page.reload()
    sarah.wait_until_live()
    before = sarah.waiting

    sarah.page.get_by_label("Notifications").click()
    trial = sarah.page.get_by_role("button", name="Try it")
    expect(trial).to_be_hidden()
    sarah.press("Allow notifications")
    expect(sarah.page.get_by_text("Your browser tells you")).to_be_visible()
    trial.click()
    assert shown(sarah.page) == [["This is a test", "You hear of customers like this."]]
    assert sarah.page.evaluate("window.tones") == 2

    sarah.page.evaluate("window.away = true")
    maya = Customer.on_chat_page(windows, product)
    maya.say("I deposited money but it is not showing, and I am furious!")
    expect(sarah.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    wait_until(lambda: len(shown(sarah.page)) == 2)
    title, body = shown(sarah.page)[1]
    assert title.endswith("is waiting")
    assert "Urgent" in body
    assert "deposited" not in body, "words of the customer stay in the page"
    wait_until(lambda: sarah.page.evaluate("window.tones") >= 4)

    sarah.page.get_by_role("switch", name="Play a sound").uncheck()
    tones = sarah.page.evaluate("window.tones")
    omar = Customer.on_chat_page(windows, product)
    omar.say("I deposited money but it is not showing, and I am furious!")
    wait_until(lambda: len(shown(sarah.page)) == 3)
    assert sarah.page.evaluate("window.tones") == tones
