"""The chat as plain pages and forms, in a browser that runs no scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.people import MONEY, Agent, Customer
from tests.support.browser import Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser


@pytest.fixture
def maya(windows: Windows, product: Product) -> Customer:
    """A customer whose browser runs no scripts."""
    return Customer.on_chat_page(windows, product, java_script_enabled=False)


def test_the_page_leads_to_the_chat(windows: Windows, product: Product) -> None:
    page = windows.open(f"{product.url}/demo", java_script_enabled=False)
    page.get_by_role("link", name="Chat with our support").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Northfold")


def test_question_answer_thanks_rating(maya: Customer) -> None:
    send(maya, "How's my portfolio doing?")
    expect(maya.rows.first).to_contain_text("How's my portfolio doing?")
    check_until(maya, '[data-sender="ai"]')
    send(maya, "Thanks!")
    expect(maya.chat.locator("#chat-head")).to_contain_text("Solved")
    maya.press("Send rating")
    assert "/rating" not in maya.page.url, "the browser asks for a face first"
    maya.rate(3, "Shorter answers")
    expect(maya.flow).to_contain_text("You gave 3 of 5")


def test_a_person_is_asked_for_declined_and_left(maya: Customer) -> None:
    send(maya, "I want to talk to a real person")
    maya.press("Keep going")
    expect(maya.log).to_contain_text("All right, we keep going.")
    maya.chat.locator("#chat-actions").get_by_role("button", name="Talk to a person").click()
    expect(maya.flow).to_contain_text("Connecting you to a person")
    maya.press("Ask assistant")
    expect(maya.log).to_contain_text("You are with the AI assistant again.")
    maya.choose("Talk to a person")
    expect(maya.flow).to_contain_text("Connecting you to a person")
    maya.choose("End chat")
    expect(maya.log).to_contain_text("You ended this chat.")
    maya.press("Skip")
    expect(maya.chat.locator("#rating")).to_have_count(0)


def test_an_agent_joins(maya: Customer, windows: Windows, product: Product) -> None:
    send(maya, MONEY)
    expect(maya.flow).to_contain_text("Connecting you to a person")
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    sarah.reply("Hello there")
    check_until(maya, '[data-sender="agent"]:last-child')
    expect(maya.log).to_contain_text("Hello there")
    send(maya, "Hello Sarah")
    expect(sarah.log).to_contain_text("Hello Sarah")


def test_words_that_are_too_long_come_back(maya: Customer) -> None:
    send(maya, "x" * 4_001)
    expect(maya.chat.get_by_role("alert")).to_contain_text("4,000")
    expect(maya.field).to_have_value("x" * 4_001)


def send(customer: Customer, text: str) -> None:
    """Without scripts Enter makes a new line: press the button."""
    customer.field.fill(text)
    customer.chat.get_by_role("button", name="Send", exact=True).click()


def check_until(customer: Customer, selector: str) -> None:
    """Press "Check for new messages" until something is there."""
    for _ in range(40):
        customer.chat.get_by_role("link", name="Check for new messages").click()
        if customer.log.locator(selector).count():
            return
        customer.page.wait_for_timeout(100)
    raise AssertionError(f"nothing new came: {selector}")
