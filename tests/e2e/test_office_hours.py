"""An office day: an admin changes what customers read and when people are there; a customer who
comes too late leaves a message, is answered the next morning, and comes back by the e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from helpdesk import clock
from tests.e2e.people import BEN, Agent, Customer, forgive
from tests.support.browser import Windows, accessibility_faults
from tests.support.kept import wait_until
from tests.support.moved_clock import MovedClock
from tests.support.product import Product
from tests.support.sinks import MailSink, mail_sink

pytestmark = pytest.mark.browser

WORDS = "Please tell me whether my transfer has arrived."
ANSWER = "It arrived this morning, Maya."


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """The clock of the product and of the test."""
    made = MovedClock(tmp_path / "clock")
    monkeypatch.setattr("helpdesk.clock.now", made.now)
    return made


def test_from_closing_time_to_the_answer_of_the_next_morning(
    another_product: Callable[..., Product], windows: Windows, moved: MovedClock
) -> None:
    with mail_sink() as sink:
        product = another_product(
            **moved.settings, SMTP_URL=sink.url, MAIL_FROM="Northfold <desk@northfold.example>"
        )
        admin = Agent.at_desk(windows, product, at="/desk")
        maya = Customer.on_demo(windows, product, timezone_id="America/New_York")
        maya.say("How's my portfolio doing?")
        expect(maya.log.locator('[data-sender="ai"]')).to_be_visible()

        words_are_changed(admin, product)
        reopened = reopening(admin, product)
        expect(maya.chat.locator("#chat-head")).to_contain_text("people are back")
        address = leave_message(maya)
        forgive(windows, "Code 422")

        moved.move_to(reopened + timedelta(minutes=20))
        answer_it(windows, product, address)
        come_back(windows, link_in(sink, product))


def words_are_changed(admin: Agent, product: Product) -> None:
    """The admin gives the reply outside hours other words."""
    page = admin.page
    page.goto(f"{product.url}/admin/templates/after_hours")
    text = page.get_by_label("Text", exact=True)
    text.fill("We sleep now. You hear from us {{reply_with}}.")
    page.get_by_role("button", name=re.compile("^Save as version")).first.click()
    expect(page.locator("#template-form")).to_contain_text("reply_within")
    text.fill("We sleep now. You hear from us {{reply_within}}.")
    page.get_by_role("button", name=re.compile("^Save as version")).first.click()
    expect(page.locator(".hd-versions")).to_contain_text("We sleep now.")


def reopening(admin: Agent, product: Product) -> datetime:
    """The admin closes the office for today and makes tomorrow a holiday; when it opens again."""
    page = admin.page
    page.goto(f"{product.url}/admin/hours")
    page.get_by_role("link", name=re.compile("Round the clock")).click()
    page.get_by_role("button", name="Close for today").click()
    expect(page.get_by_text("Closed now")).to_be_visible()
    zone = ZoneInfo(page.get_by_label("Time zone").input_value())
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    new = page.locator("[data-date]").last
    new.get_by_label(re.compile(": date$")).fill(tomorrow.isoformat())
    new.get_by_label(re.compile("what it is$")).fill("Founders' Day")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#effect")).to_contain_text("Founders' Day")
    return datetime.combine(tomorrow + timedelta(days=1), time(0), zone)


def leave_message(maya: Customer) -> str:
    """What is wrong stands beside the fields; what is left is promised an answer."""
    maya.say("My app crashes every time I open it")
    expect(maya.log).to_contain_text("We sleep now. You hear from us by ")
    expect(maya.log).to_contain_text("your time.")
    card = maya.chat.locator("#leave")
    card.get_by_label("E-mail").fill("maya@mail")
    card.get_by_label("Message").fill(WORDS)
    maya.press("Send message")
    expect(card).to_contain_text("This does not look like an e-mail address.")
    expect(card.get_by_label("Message")).to_have_value(WORDS)
    card.get_by_label("E-mail").fill("maya@mail.example")
    maya.press("Send message")
    expect(card).to_have_count(0)
    expect(maya.flow).to_contain_text("here and to maya@mail.example")
    address = maya.address
    maya.page.close()
    return address


def answer_it(windows: Windows, product: Product, address: str) -> None:
    """Ben comes in, finds the message below the queue, and answers it."""
    ben = Agent.at_desk(windows, product, BEN)
    ben.row(address).click()
    expect(ben.page.locator("#composer-bar")).to_contain_text("maya@mail.example")
    ben.reply(ANSWER)


def link_in(sink: MailSink, product: Product) -> str:
    """The way back, out of the e-mail that arrived."""
    wait_until(lambda: bool(sink.received), 15)
    [letter] = sink.received
    assert letter["To"] == "maya@mail.example"
    assert letter["Subject"] == "Ben from Northfold has answered you"
    text = letter.get_content()
    assert ANSWER in text
    [link] = re.findall(r"http://\S+/chat/return/\S+", text)
    assert link.startswith(product.url)
    return str(link)


def come_back(windows: Windows, link: str) -> None:
    """Maya opens the link on her phone, reads, and writes back."""
    page = windows.open(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your conversation with Northfold")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Open the conversation").click()
    phone = Customer(page, page)
    expect(phone.log).to_contain_text(WORDS)
    expect(phone.log).to_contain_text(ANSWER)
    phone.say("Thank you!")
