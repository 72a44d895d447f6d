"""The chat as customers live with it: reloads, bad networks, tabs, small screens, no mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from helpdesk.services import replies, routing
from helpdesk.services.desk import conversation_id
from tests.e2e.looks import too_wide
from tests.e2e.people import MONEY, SARAH, Agent, Customer
from tests.support.browser import PHONE, Windows
from tests.support.product import Product, agent_id

pytestmark = pytest.mark.browser

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 12
ARABIC = "مرحبا، لقد أودعت المال ولكنه لا يظهر في حسابي"


def test_who_wrote_is_known_after_a_reload_and_to_nobody_else(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_demo(windows, product)
    maya.say("How do I add money?")
    expect(maya.log.locator('[data-sender="ai"]')).to_be_visible()
    everything = maya.rows.all_inner_texts()
    maya.page.reload()
    maya.open()
    assert maya.rows.all_inner_texts() == everything

    stranger = Customer.on_demo(windows, product)
    assert stranger.rows.count() == 0
    answer = stranger.page.request.get(f"{product.url}/w/c/{maya.address}/since?after=0")
    assert answer.status == 404


def test_a_reload_keeps_the_words_that_were_not_sent_yet(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_demo(windows, product)
    maya.field.fill("I was about to say")
    maya.page.reload()
    maya.open()
    expect(maya.field).to_have_value("I was about to say")


def test_words_that_could_not_leave_survive_a_reload_and_arrive_once(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_demo(windows, product)
    maya.page.context.route("**/messages", lambda route: route.abort())
    maya.write("How do I add money?")
    expect(maya.chat.locator("#pending")).to_contain_text("Waiting for connection")
    maya.page.context.unroute("**/messages")
    maya.page.reload()
    maya.open()
    expect(maya.rows.first).to_contain_text("How do I add money?")
    expect(maya.log.locator('[data-sender="ai"]')).to_be_visible()
    expect(maya.chat.locator("#pending")).to_be_empty()
    assert maya.said("user") == ["How do I add money?"]


def test_an_answer_that_is_lost_makes_no_second_message(windows: Windows, product: Product) -> None:
    maya = Customer.on_demo(windows, product)
    lost: list[str] = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.post_data or "")
        route.abort()

    maya.page.context.route("**/messages", lose, times=2)
    maya.write("How do I add money?")
    expect(maya.log.locator('[data-sender="ai"]')).to_be_visible()
    expect(maya.chat.locator("#pending article")).to_have_count(0)
    assert len(lost) == 2
    assert lost[0] == lost[1], "it is the same message, with the same id"
    maya.page.reload()
    maya.open()
    assert maya.said("user") == ["How do I add money?"]


def test_without_a_network_messages_wait_and_are_sent_once(
    windows: Windows, product: Product
) -> None:
    maya = Customer.on_demo(windows, product)
    maya.say("I want to talk to a real person")
    maya.page.context.set_offline(True)
    expect(maya.chat.locator("#banner")).to_contain_text("You are offline.")
    maya.write("one")
    maya.write("two")
    pending = maya.chat.locator("#pending article")
    expect(pending).to_contain_text(["one", "two"])
    expect(pending.first).to_contain_text("Waiting for connection")
    expect(maya.field).to_be_enabled()

    maya.page.context.set_offline(False)
    expect(pending).to_have_count(0)
    expect(maya.chat.locator("#banner p")).to_be_hidden()
    assert maya.said("user") == ["I want to talk to a real person", "one", "two"]
    maya.page.reload()
    maya.open()
    assert maya.said("user") == ["I want to talk to a real person", "one", "two"]


def test_messages_in_a_burst_keep_their_order(windows: Windows, product: Product) -> None:
    maya = Customer.on_demo(windows, product)
    words = [f"number {n}" for n in range(1, 9)]
    for text in words:
        maya.write(text)
    expect(maya.log.locator('[data-sender="user"]')).to_have_count(len(words))
    assert maya.said("user") == words


def test_a_restart_of_the_server_loses_nothing_of_an_open_chat(
    another_product: Callable[..., Product], windows: Windows
) -> None:
    product = another_product()
    maya = Customer.on_demo(windows, product)
    maya.say(MONEY)
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    product.kill()
    maya.write("Are you still there?")
    with product.app():
        sarah, number = agent_id(SARAH), conversation_id(maya.address)
        assert number is not None
        routing.claim(number, agent_id=sarah, greet=False)
        replies.reply(
            number, agent_id=sarah, body="I am.", mid="4f9c2f2e-0000-4000-8000-000000000001"
        )
    product.start()
    expect(maya.log).to_contain_text("I am.", timeout=20_000)
    expect(maya.flow).to_have_attribute("data-status", "active")
    expect(maya.log.locator('[data-sender="user"]')).to_have_count(2)
    assert maya.said("user") == [MONEY, "Are you still there?"]
    maya.say("Good.")
    windows.complaints.clear()  # browsers log every socket that found no server


def test_two_tabs_are_one_chat(windows: Windows, product: Product) -> None:
    first = Customer.on_demo(windows, product)
    first.say(MONEY)
    second = Customer.beside_widget(windows.tab(first.page.context, f"{product.url}/demo"))
    second.open()
    second.say("written in the second tab")
    expect(first.log).to_contain_text("written in the second tab")
    first.say("and in the first")
    expect(second.log).to_contain_text("and in the first")
    assert first.rows.all_inner_texts() == second.rows.all_inner_texts()
    first.press("Ask assistant")
    expect(second.flow).to_have_attribute("data-status", "ai")


def test_a_closed_chat_says_what_is_unread(windows: Windows, product: Product) -> None:
    maya = Customer.on_demo(windows, product)
    maya.say(MONEY)
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    expect(maya.flow).to_have_attribute("data-status", "active")
    maya.field.press("Escape")
    expect(maya.launcher).to_be_focused()
    expect(maya.launcher).to_have_accessible_name("Open chat")

    sarah.reply("Which bank was it?")
    expect(maya.launcher).to_have_accessible_name("Open chat, 1 unread message")
    preview = maya.page.get_by_role("status").filter(has_text="Which bank was it?")
    expect(preview).to_contain_text("Sarah")
    preview.get_by_role("button", name="Dismiss this message").click()
    expect(preview).to_be_hidden()
    sarah.reply("Take your time.")
    expect(maya.launcher).to_have_accessible_name("Open chat, 2 unread messages")
    maya.page.get_by_role("button", name="Take your time.").click()
    expect(maya.log).to_be_visible()
    expect(maya.log).to_contain_text("Take your time.")
    maya.field.press("Escape")
    expect(maya.launcher).to_have_accessible_name("Open chat")


def test_on_a_phone_the_chat_fills_the_screen(windows: Windows, product: Product) -> None:
    maya = Customer.beside_widget(
        windows.open(f"{product.url}/demo", size=PHONE, has_touch=True, is_mobile=True)
    )
    maya.launcher.tap()
    frame = maya.page.locator("iframe[title=Chat]")
    expect(maya.chat.get_by_role("heading", level=1)).to_have_text("Northfold")
    assert frame.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert maya.chat.locator("#body").evaluate("field => getComputedStyle(field).fontSize") >= "16"
    maya.field.fill("How do I add money?")
    maya.chat.get_by_role("button", name="Send").tap()
    expect(maya.log.locator('[data-sender="ai"]')).to_be_visible()
    maya.chat.get_by_role("button", name="Close the chat").tap()
    expect(maya.launcher).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_long_words_and_other_scripts_stay_inside(
    windows: Windows, product: Product, width: int
) -> None:
    maya = Customer.on_demo(windows, product, size={"width": width, "height": 800})
    for text in (
        LONG_WORD,
        ARABIC,
        "<b>not bold</b> https://example.com/" + "a" * 300,
        "漢字" * 60,
    ):
        maya.say(text)
    expect(maya.flow.locator(".hd-typing")).to_be_hidden()
    assert [line for frame in maya.page.frames for line in too_wide(frame)] == []
    direction = "row => getComputedStyle(row).direction"
    assert maya.rows.nth(1).locator(".hd-body").evaluate(direction) in ("rtl", "ltr")
    assert maya.log.locator("b", has_text="not bold").count() == 0

    sarah = Agent.at_desk(
        windows, product, at=f"/desk/c/{maya.address}", size={"width": width, "height": 800}
    )
    expect(sarah.log).to_contain_text(ARABIC)
    assert too_wide(sarah.page.main_frame) == []


def test_everything_works_by_keyboard(windows: Windows, product: Product) -> None:
    page = windows.open(f"{product.url}/demo")
    maya = Customer.beside_widget(page)
    keys = page.keyboard
    expect(maya.launcher).to_be_visible()
    for _ in range(20):
        keys.press("Tab")
        if maya.launcher.evaluate("button => button.matches(':focus')"):
            break
    keys.press("Enter")
    expect(maya.field).to_be_focused()
    keys.type("I want to talk to a real person")
    keys.press("Enter")
    expect(maya.flow).to_contain_text("Talk to a person")
    keys.press("Shift+Tab")
    expect(maya.chat.get_by_role("button", name="Keep going")).to_be_focused()
    keys.press("Shift+Tab")
    expect(maya.chat.get_by_role("button", name="Talk to a person")).to_be_focused()
    keys.press("Enter")
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    expect(maya.field).to_be_focused()

    keys.press("Escape")
    expect(maya.launcher).to_be_focused()
    keys.press("Space")
    expect(maya.field).to_be_focused()
