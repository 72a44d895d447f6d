"""The admin pages in a real browser: how they stand, and what an admin's day is like."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import Inspection
from tests.e2e.people import BEN, Agent, Customer, forgive, sign_in
from tests.support.browser import PHONE, Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser

PAGES = (
    "policy",
    "templates/handoff",
    "canned-responses?q=zzz",
    "canned-responses/1",
    "canned-responses/1/removal",
    "hours",
    "hours/2",
    "inboxes/1",
    "team",
    "team/2",
    "audit",
)


def admin_at(windows: Windows, product: Product, path: str) -> Page:
    """An admin's window on one of the pages."""
    return Agent.at_desk(windows, product, at=f"/admin/{path}").page


def test_every_page_can_be_read_by_everybody(windows: Windows, product: Product) -> None:
    page = admin_at(windows, product, "policy")
    seen = Inspection()
    for path in PAGES:
        page.goto(f"{product.url}/admin/{path}")
        seen.look(page, path)
    page.goto(f"{product.url}/admin/policy")
    page.get_by_label("Low confidence, limit").fill("1,5")
    page.get_by_role("button", name="Save as version").first.click()
    expect(page.get_by_label("Low confidence, limit")).to_be_focused()
    seen.look(page, "a limit that is none")
    page.goto(f"{product.url}/admin/hours/2")
    page.get_by_label("Time zone").fill("Mars")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Time zone")).to_have_accessible_description(
        re.compile("^Mars is not a time zone.")
    )
    seen.look(page, "a zone that is none")
    forgive(windows, "Applying inline style")  # axe measures colours in the preview's own tree
    assert not seen.faults, "\n".join(seen.faults)


def test_a_new_sentence_is_seen_while_it_is_written_and_said_once_it_is_saved(
    windows: Windows, product: Product
) -> None:
    ada = admin_at(windows, product, "templates/offer")
    scene = ada.locator("#preview [data-scene]")
    ada.get_by_label("Text", exact=True).fill("Shall a {{persn}} look at this?")
    expect(scene).to_contain_text("This text cannot be said as it is.")
    expect(ada.locator(".hd-mark-wrong")).to_have_text("{{persn}}")
    words = "Shall one of {{business_name}} look at this?"
    ada.get_by_label("Text", exact=True).fill(words)
    expect(scene).to_contain_text("Shall one of Northfold look at this?")

    # Somebody else saves first: both texts are there, and one's own is not lost.
    cleo = admin_at(windows, product, "templates/offer")
    cleo.get_by_label("Text", exact=True).fill("Would you rather talk to a person?")
    cleo.get_by_role("button", name="Save as version").click()
    expect(cleo.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    ada.get_by_role("button", name="Save as version").click()
    expect(ada.get_by_role("heading", name="Two edits of")).to_be_visible()
    for text in (words, "Would you rather talk to a person?"):
        expect(ada.locator(".hd-versus")).to_contain_text(text)
    ada.get_by_role("button", name="Save yours over it").click()
    expect(ada.get_by_role("status").filter(has_text="Saved.")).to_be_visible()

    maya = Customer.on_chat_page(windows, product)
    maya.say("I want to talk to a real person")
    expect(maya.log).to_contain_text("Shall one of Northfold look at this?")
    ada.get_by_role("button", name="Restore the default").click()
    expect(ada.get_by_label("Text", exact=True)).to_have_value(
        "Would you like to talk to a person about this?"
    )


def test_who_is_disabled_is_out_and_the_customer_waits_again(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_chat_page(windows, product)
    maya.say("Hello")
    maya.ask_for_person()
    ben = Agent.at_desk(windows, product, BEN, at=f"/desk/c/{maya.address}")
    ben.claim()
    ada = admin_at(windows, product, "team")
    ada.get_by_role("link", name="Ben Mora").click()
    ada.get_by_role("button", name="Disable Ben").click()
    expect(ada.get_by_role("status").filter(has_text="back in the queue")).to_be_visible()
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    ben.page.reload()
    expect(ben.page.get_by_label("E-mail")).to_be_visible()
    forgive(windows, "WebSocket")
    ada.get_by_role("button", name="Enable Ben").click()
    expect(ada.get_by_role("status").filter(has_text="may sign in again")).to_be_visible()


def test_on_a_phone_the_way_leads_to_the_settings_and_back(
    windows: Windows, product: Product
) -> None:
    page = windows.open(size=PHONE)
    sign_in(page, product, "sarah@northfold.example")
    page.goto(f"{product.url}/desk")
    places = page.get_by_role("navigation", name="Places")
    places.get_by_role("link", name="Admin").click()
    page.locator("summary", has_text="Message templates").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Team").click()
    expect(page.get_by_role("heading", name="Team")).to_be_visible()
    places.get_by_role("link", name="Desk").click()
    expect(page.locator("#board")).to_be_visible()
