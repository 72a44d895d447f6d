"""The three flows that the product was asked for, customer and agent in two windows at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.people import HANDOFF, MONEY, Agent, Customer, watch_reloads
from tests.support.browser import Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser


def test_the_assistant_answers_and_a_thank_you_ends_it(windows: Windows, product: Product) -> None:
    maya = Customer.on_demo(windows, product)
    maya.say("How's my portfolio doing?")
    answer = maya.log.locator('[data-sender="ai"]')
    expect(answer).to_contain_text("portfolio")
    expect(answer.locator(".hd-source")).to_contain_text("From the help centre")
    expect(answer).to_contain_text("AI")

    maya.say("Thanks!")
    expect(maya.flow).to_have_attribute("data-status", "resolved")
    expect(maya.log).to_contain_text("Glad that helped")
    assert len(maya.said("ai")) == 1, "a thank-you is not a question"

    expect(maya.flow).to_contain_text("How did we do?")
    maya.rate(4)
    expect(maya.flow).to_contain_text("You gave 4 of 5")

    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    expect(sarah.head).to_contain_text("Resolved")
    expect(sarah.side.locator("#side-rating")).to_contain_text("4 of 5")
    expect(sarah.log.locator(".hd-sure")).to_contain_text(re.compile(r"\d+% sure"))
    expect(sarah.side).not_to_contain_text("Why a person was needed")
    assert sarah.log.locator('[data-kind="joined"]').count() == 0


def test_money_that_is_missing_brings_sarah(windows: Windows, product: Product) -> None:
    sarah = Agent.at_desk(windows, product)
    same_page = watch_reloads(sarah.page)
    waiting = sarah.waiting
    maya = Customer.on_demo(windows, product)

    maya.say(MONEY)
    expect(maya.log).to_contain_text(HANDOFF)
    expect(maya.log).to_contain_text("your payment")
    expect(maya.flow).to_contain_text("Connecting you to a person")
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    assert maya.said("ai") == [], "the assistant leaves it to a person"

    row = sarah.row(maya.address)
    expect(row).to_contain_text(MONEY)
    expect(row.locator(".hd-chip").filter(has_text="Urgent")).to_be_visible()
    expect(row.locator(".hd-chip").filter(has_text="Money")).to_be_visible()
    expect(sarah.page.locator("[data-waiting-number]")).to_have_text(str(waiting + 1))
    expect(sarah.page).to_have_title(re.compile(rf"^\({waiting + 1}\) "))
    assert same_page()

    row.get_by_role("link").click()
    expect(sarah.side).to_contain_text("Why a person was needed")
    expect(sarah.log.locator("mark")).to_contain_text(["deposited", "money", "not showing"])
    sarah.wait_until_live()
    same_chat = watch_reloads(maya.page)
    sarah.claim()

    expect(maya.log).to_contain_text("🙋 Sarah (Support Agent) has joined the chat")
    expect(maya.log.locator('[data-sender="agent"]')).to_contain_text("I've reviewed your")
    expect(maya.flow).to_have_attribute("data-status", "active")
    expect(maya.chat.get_by_role("heading", level=1)).to_have_text("Sarah")

    sarah.reply("Which bank did it come from?")
    expect(maya.log).to_contain_text("Which bank did it come from?")
    maya.say("From Harbour Bank, on Friday.")
    expect(sarah.log).to_contain_text("From Harbour Bank, on Friday.")
    sarah.reply("Found it. It is on your balance now.")
    expect(maya.log).to_contain_text("Found it. It is on your balance now.")

    sarah.resolve()
    expect(maya.flow).to_contain_text("How did Sarah do?")
    expect(maya.log).to_contain_text("Sarah marked this as solved")
    assert maya.flow.locator("input:checked").count() == 0, "nothing is chosen beforehand"
    maya.rate(5, "Nothing, that was quick.")
    expect(maya.flow).to_contain_text("You gave 5 of 5")
    expect(sarah.side.locator("#side-rating")).to_contain_text("5 of 5")
    expect(sarah.side.locator("#side-rating")).to_contain_text("Nothing, that was quick.")
    assert same_chat()


def test_whoever_asks_for_a_person_presses_one_button(windows: Windows, product: Product) -> None:
    maya = Customer.on_demo(windows, product)
    maya.say("I want to talk to a real person")
    offer = maya.chat.get_by_role("group", name="Would you like to talk to a person?")
    expect(offer.get_by_role("button", name="Talk to a person")).to_be_visible()
    expect(maya.flow).to_have_attribute("data-status", "ai")
    assert maya.said("ai") == [], "asked for a person, the assistant does not talk on"

    offer.get_by_role("button", name="Talk to a person").click()
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    expect(maya.flow).to_contain_text(re.compile(r"You are next|ahead of you"))
    expect(maya.chat.locator("#chat-head")).to_contain_text("your place is kept")

    sarah = Agent.at_desk(windows, product)
    expect(sarah.row(maya.address)).to_contain_text("Asked for a person")
    sarah.open(maya.address)
    sarah.claim()
    expect(maya.flow).to_have_attribute("data-status", "active")
    expect(maya.log).to_contain_text("🙋 Sarah (Support Agent) has joined the chat")
    expect(sarah.head).to_contain_text("Yours")
