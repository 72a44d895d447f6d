"""Every page in every state: axe finds nothing serious in light or dark, a phone is wide enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk.services import routing
from tests.e2e.looks import Inspection, small_targets
from tests.e2e.people import BEN, MONEY, Agent, Customer
from tests.support.browser import PHONE, Windows
from tests.support.product import Product, agent_id

pytestmark = pytest.mark.browser

WIDGET = {"width": 400, "height": 680}


def test_the_chat_in_all_its_states(windows: Windows, product: Product) -> None:
    seen = Inspection()
    maya = Customer.on_chat_page(windows, product, size=WIDGET)
    seen.look(maya.page, "new")
    maya.say("How's my portfolio doing?")
    expect(maya.log.locator(".hd-source")).to_be_visible()
    seen.look(maya.page, "answered")
    maya.chat.get_by_label("Menu").click()
    seen.look(maya.page, "menu")
    maya.say("I want to talk to a real person")
    expect(maya.flow.get_by_role("group")).to_be_visible()
    seen.look(maya.page, "offer")
    maya.flow.get_by_role("button", name="Talk to a person").click()
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    seen.look(maya.page, "waiting")

    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    sarah.reply("Hello, see https://northfold.example/help")
    expect(maya.log).to_contain_text("see https://northfold.example/help")
    seen.look(maya.page, "active")
    maya.page.context.route("**/messages", lambda route: route.fulfill(status=422, body=""))
    maya.write("This one fails")
    expect(maya.chat.locator("#pending")).to_contain_text("Not sent")
    seen.look(maya.page, "failed")
    maya.press("Delete")
    maya.page.context.unroute("**/messages")
    maya.page.context.set_offline(True)
    maya.write("This one waits")
    expect(maya.chat.locator("#banner")).to_contain_text("You are offline.")
    seen.look(maya.page, "offline")
    maya.page.context.set_offline(False)
    expect(maya.chat.locator("#pending article")).to_have_count(0)

    expect(sarah.log).to_contain_text("This one waits")
    sarah.resolve()
    expect(maya.flow).to_contain_text("How did Sarah do?")
    seen.look(maya.page, "resolved")
    maya.rate(5)
    expect(maya.flow).to_contain_text("You gave 5 of 5")
    seen.look(maya.page, "rated")
    assert not seen.faults, "\n".join(seen.faults)


def test_the_demo_page_with_the_widget(windows: Windows, product: Product) -> None:
    seen = Inspection()
    maya = Customer.beside_widget(windows.open(f"{product.url}/demo"))
    expect(maya.launcher).to_be_visible()
    seen.look(maya.page, "closed")
    maya.open()
    seen.look(maya.page, "open")
    maya.say(MONEY)
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    maya.field.press("Escape")
    sarah.claim()
    expect(maya.launcher).to_have_accessible_name("Open chat, 1 unread message")
    seen.look(maya.page, "unread")
    assert not seen.faults, "\n".join(seen.faults)


def test_the_desk_in_all_its_states(windows: Windows, product: Product) -> None:
    seen = Inspection()
    maya = Customer.on_chat_page(windows, product)
    maya.say(MONEY)
    sarah = Agent.at_desk(windows, product)
    page = sarah.page
    expect(sarah.row(maya.address)).to_be_visible()
    for view in ("queue", "mine", "assistant", "all"):
        page.goto(f"{product.url}/desk?view={view}")
        seen.look(page, f"list {view}")
    sarah.open(maya.address)
    seen.look(page, "waiting")
    sarah.claim()
    sarah.reply("Hello")
    sarah.note("Finance knows. See https://northfold.example/ops")
    seen.look(page, "note")
    page.get_by_label("More ways to resolve").click()
    seen.look(page, "resolve menu")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    seen.look(page, "keys")
    page.keyboard.press("Escape")
    page.context.route("**/notes", lambda route: route.fulfill(status=422, body=""))
    page.get_by_role("textbox", name="Internal note").fill("not stored")
    sarah.press("Save note", "#composer")
    expect(page.locator("#pending")).to_contain_text("Not sent")
    seen.look(page, "failed")
    sarah.press("Delete", "#pending")
    sarah.resolve()
    seen.look(page, "resolved")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{page.url.split('#')[0]}#side")
    expect(sarah.side).to_be_visible()
    seen.look(page, "side panel on a phone")
    assert not seen.faults, "\n".join(seen.faults)


def test_the_other_pages(another_product: Callable[..., Product], windows: Windows) -> None:
    seen = Inspection()
    product = another_product(empty=True)
    page = windows.open(product.url)
    seen.look(page, "home")
    page.goto(f"{product.url}/nothing-here")
    seen.look(page, "error")
    page.goto(f"{product.url}/desk")
    seen.look(page, "sign-in")
    page.get_by_label("E-mail").fill("ada@team.example")
    page.get_by_label("Password", exact=True).fill("not hers")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen.look(page, "sign-in refused")
    link = re.search(r"http\S+/welcome/\S+", product.log.read_text())
    assert link
    page.goto(link[0])
    seen.look(page, "welcome")
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("E-mail").fill("ada@team.example")
    page.get_by_label("Password", exact=True).fill("passwordpassword")
    page.get_by_role("button", name="Save and open the desk").click()
    expect(page.locator("[aria-invalid]")).to_be_visible()
    seen.look(page, "welcome refused")
    page.get_by_label("Password", exact=True).fill("a sentence to remember")
    page.get_by_role("button", name="Save and open the desk").click()
    expect(page.get_by_role("heading", name="Nobody has written yet")).to_be_visible()
    seen.look(page, "first run")
    page.goto(link[0])
    seen.look(page, "spent link")
    assert not seen.faults, "\n".join(seen.faults)


def test_a_desk_with_nothing_to_do(
    another_product: Callable[..., Product], windows: Windows
) -> None:
    product = another_product()
    sarah = Agent.at_desk(windows, product)
    seen = Inspection()
    seen.look(sarah.page, "somebody waits")
    with product.app():
        while routing.claim_next(agent_id=agent_id(BEN)):
            pass
    expect(sarah.page.get_by_role("heading", name="All caught up")).to_be_visible()
    seen.look(sarah.page, "all caught up")
    assert not seen.faults, "\n".join(seen.faults)


def test_a_finger_hits_everything(windows: Windows, product: Product) -> None:
    touch: dict[str, Any] = {"size": PHONE, "has_touch": True, "is_mobile": True}
    seen = Inspection()

    def look(page: Page, state: str) -> None:
        seen.faults += [f"{state}: {target}" for target in small_targets(page.main_frame)]

    maya = Customer.on_chat_page(windows, product, **touch)
    look(maya.page, "new")
    maya.chat.get_by_label("Menu").tap()
    look(maya.page, "menu")
    maya.field.fill("I want to talk to a real person")
    maya.chat.get_by_role("button", name="Send", exact=True).tap()
    expect(maya.flow.get_by_role("group")).to_be_visible()
    look(maya.page, "offer")
    maya.flow.get_by_role("button", name="Talk to a person").tap()
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    look(maya.page, "waiting")

    sarah = Agent.at_desk(windows, product, **touch)
    look(sarah.page, "list")
    sarah.open(maya.address)
    look(sarah.page, "conversation")
    sarah.claim()
    sarah.page.get_by_label("More ways to resolve").tap()
    look(sarah.page, "resolve menu")
    sarah.page.locator("[data-resolve]").tap()
    expect(maya.flow).to_contain_text("How did Sarah do?")
    look(maya.page, "rating")
    look(sarah.page, "resolved")
    assert not seen.faults, "\n".join(seen.faults)
