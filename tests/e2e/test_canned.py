"""Canned responses in the desk's composer, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Agent, Customer
from tests.support.browser import Windows, accessibility_faults
from tests.support.product import Product

pytestmark = pytest.mark.browser


def test_a_slash_opens_the_canned_responses_and_one_is_sent(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_chat_page(windows, product)
    maya.say("I want to talk to a real person")
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    page = sarah.page
    field, options = page.locator("#reply-body"), page.get_by_role("option")
    chosen = page.locator('[role="option"][aria-selected="true"]')

    field.press("/")
    expect(options).not_to_have_count(0)
    everything = options.count()
    assert everything > 3
    expect(page.get_by_role("status").filter(has_text="canned responses.")).to_be_visible()
    assert not accessibility_faults(page)
    first = chosen.get_attribute("id")
    assert first
    expect(field).to_have_attribute("aria-activedescendant", first)
    field.press("ArrowDown")
    expect(chosen).not_to_have_id(first)
    field.press("ArrowUp")
    expect(chosen).to_have_id(first)

    field.press_sequentially("hello")
    expect(chosen).to_contain_text("/hello")
    assert options.count() < everything
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("/hello")

    # By the button, and a gap where nobody knows the name: what is typed next fills it.
    field.fill("")
    page.get_by_role("button", name="Canned responses").click()
    field.press_sequentially("hello")
    field.press("Enter")
    expect(field).to_have_value(re.compile(r"^Hi \{\{customer_name\}\}, this is Sarah from"))
    field.press("Control+Enter")
    expect(page.get_by_text("Not sent: the customer would read {{customer_name}}.")).to_be_visible()
    page.keyboard.type("Maya")
    field.press("Control+Enter")
    expect(maya.log).to_contain_text("Hi Maya, this is Sarah from")
    expect(field).to_have_value("")
    assert "{{" not in maya.log.inner_text()
