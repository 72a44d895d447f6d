"""The people of the tests, each in front of a real window: a customer on the demo company's page,
an agent at the desk. They find things as people do, by what is written on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from helpdesk.services.demo import INBOX_KEY
from tests.support.browser import Windows
from tests.support.product import Product

SARAH, BEN, PRIYA = (f"{name}@northfold.example" for name in ("sarah", "ben", "priya"))
HANDOFF = "Let me connect you with one of our support specialists"
MONEY = "I deposited money but it's not showing!"


class Customer:
    """Somebody with the chat in front of them: in the widget, or as a page of its own."""

    def __init__(self, page: Page, chat: Page | FrameLocator) -> None:
        self.page = page
        self.chat = chat

    @classmethod
    def on_demo(cls, windows: Windows, product: Product, **options: Any) -> Customer:
        """They come to the demo page and open the widget."""
        customer = cls.beside_widget(windows.open(f"{product.url}/demo", **options))
        customer.open()
        return customer

    @classmethod
    def beside_widget(cls, page: Page) -> Customer:
        """Somebody on a page with the widget, which they have not opened yet."""
        return cls(page, page.frame_locator("iframe[title=Chat]"))

    @classmethod
    def on_chat_page(cls, windows: Windows, product: Product, **options: Any) -> Customer:
        """They open the chat as a page of its own, as without scripts or in a pop-out."""
        page = windows.open(f"{product.url}/chat/{INBOX_KEY}", **options)
        return cls(page, page)

    @property
    def launcher(self) -> Locator:
        """The button in the corner; its label says how much is unread."""
        return self.page.get_by_role("button", name=re.compile("^Open chat"))

    def open(self) -> None:
        """Open the widget and wait for the chat in it."""
        self.launcher.click()
        expect(self.field).to_be_focused()

    @property
    def field(self) -> Locator:
        """Where they write."""
        return self.chat.get_by_label("Your message")

    def say(self, text: str) -> None:
        """Write and send; returns when it stands in the log with a number."""
        before = self.rows.count()
        self.write(text)
        expect(self.rows.nth(before)).to_be_visible()

    def write(self, text: str) -> None:
        """Write and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def press(self, name: str) -> None:
        """Press a button."""
        self.chat.get_by_role("button", name=name, exact=True).click()

    def choose(self, name: str) -> None:
        """Press a button of the menu."""
        self.chat.get_by_label("Menu").click()
        self.chat.locator("#menu").get_by_role("button", name=name).click()

    def ask_for_person(self) -> None:
        """Press the button above the composer; returns when they are in the queue."""
        self.chat.locator("#chat-actions").get_by_role("button", name="Talk to a person").click()
        expect(self.flow).to_contain_text("Connecting you to a person")

    def rate(self, score: int, comment: str = "") -> None:
        """Answer the question at the end."""
        self.chat.get_by_role("radio", name=f"{score} of 5").check()
        self.chat.get_by_label("What could be better?").fill(comment)
        self.press("Send rating")

    @property
    def rows(self) -> Locator:
        """Everything said, oldest first."""
        return self.chat.locator("#log > article")

    def said(self, sender: str) -> list[str]:
        """What one side said so far."""
        texts = self.chat.locator(f'#log > [data-sender="{sender}"] .hd-body').all_inner_texts()
        return [text.strip() for text in texts]

    @property
    def log(self) -> Locator:
        """The transcript."""
        return self.chat.get_by_role("log")

    @property
    def flow(self) -> Locator:
        """What happens now: the dots, the offer, the place in the queue, the rating."""
        return self.chat.locator("#chat-flow")

    @property
    def address(self) -> str:
        """The public id of their conversation."""
        return self.flow.get_attribute("data-conversation") or ""


class Agent:
    """Somebody at the desk."""

    def __init__(self, page: Page, product: Product) -> None:
        self.page = page
        self.product = product

    @classmethod
    def at_desk(
        cls,
        windows: Windows,
        product: Product,
        email: str = SARAH,
        *,
        at: str = "/desk",
        **options: Any,
    ) -> Agent:
        """They have signed in already and open a page of the desk; it is live."""
        page = windows.open(**options)
        sign_in(page, product, email)
        page.goto(product.url + at)
        agent = cls(page, product)
        if options.get("java_script_enabled", True):
            agent.wait_until_live()
        return agent

    def wait_until_live(self) -> None:
        """The page hears of changes from now on."""
        expect(self.page.locator(".hd-topbar [data-live-status]")).to_have_text("Live")

    def open(self, address: str) -> None:
        """Open a conversation by its address."""
        self.page.goto(f"{self.product.url}/desk/c/{address}")
        self.wait_until_live()

    def row(self, address: str) -> Locator:
        """A conversation in the list."""
        return self.page.locator(f"#row-{address}")

    def press(self, name: str | re.Pattern[str], within: str = "body") -> None:
        """Press a button."""
        self.page.locator(within).get_by_role("button", name=name).click()

    def claim(self) -> None:
        """Claim the open conversation and wait until it is theirs."""
        self.press(re.compile("^(Claim|Take over)$"), "#conversation-head")
        expect(self.page.locator("#conversation")).to_have_attribute("data-mine", "yes")

    def reply(self, text: str) -> None:
        """Write to the customer; returns when it stands in the transcript."""
        self.page.get_by_role("radio", name=re.compile("^Reply")).check()
        self.page.get_by_label("Reply", exact=True).fill(text)
        self.page.locator("#reply-send").click()
        expect(self.log.locator("[data-seq]", has_text=text)).to_be_visible()

    def note(self, text: str) -> None:
        """Write to the team; returns when it stands in the transcript."""
        self.page.get_by_role("radio", name="Internal note").check()
        self.page.get_by_role("textbox", name="Internal note").fill(text)
        self.press("Save note", "#composer")
        expect(self.log.locator("[data-note]", has_text=text)).to_be_visible()

    def unfold(self, name: str) -> None:
        """Open a menu."""
        self.page.locator("summary").filter(has_text=re.compile(rf"{name}$")).click()

    def resolve(self) -> None:
        """Press Resolve; returns when the page says so."""
        self.press("Resolve", "#resolve-form")
        expect(self.head).to_contain_text("Resolved")

    @property
    def log(self) -> Locator:
        """The transcript."""
        return self.page.get_by_role("log")

    @property
    def head(self) -> Locator:
        """Whose conversation it is, and what may be done with it."""
        return self.page.locator("#conversation-head")

    @property
    def side(self) -> Locator:
        """Why a person was needed, and about the customer."""
        return self.page.locator("#side")

    @property
    def notice(self) -> Locator:
        """Why something was refused."""
        return self.page.locator("#notice")

    @property
    def waiting(self) -> int:
        """How many the red badge counts."""
        badge = self.page.locator("[data-waiting-number]").inner_text()
        return int(badge) if badge.isdigit() else 0


def sign_in(page: Page, product: Product, email: str) -> None:
    """Give a browser the cookie of a signed-in agent."""
    cookie = {
        "name": "__Host-hd_s",
        "value": product.cookie(email),
        "domain": "127.0.0.1",
        "path": "/",
        "secure": True,
        "httpOnly": True,
        "sameSite": "Lax",
    }
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def forgive(windows: Windows, words: str) -> None:
    """Forget what pages complained about in these words: the test wanted it to go wrong."""
    windows.complaints[:] = [said for said in windows.complaints if words not in said]


def watch_reloads(page: Page) -> Callable[[], bool]:
    """Whether the page is still the one that is shown now."""
    page.evaluate("window.stillHere = true")
    return lambda: bool(page.evaluate("window.stillHere === true"))
