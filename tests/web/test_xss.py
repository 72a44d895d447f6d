"""Hostile words in a real browser are read, and nothing else happens (T2, A10 to A12, C72)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Dialog, Page, Request, expect

from helpdesk.extensions import writing
from helpdesk.models import Contact, Conversation
from helpdesk.services.demo import INBOX_KEY
from tests.e2e.people import Agent, Customer
from tests.support.browser import Windows
from tests.support.product import Product
from tests.web.people import SESSION, new_id
from tests.web.test_widget_words import HTMX, TEMPLATES, XSS
from tests.web.wire import Browser

pytestmark = pytest.mark.browser

TYPED = (*XSS[:5], *HTMX)
SENT = (*XSS[5:], *TEMPLATES)
WORDS = (*TYPED, *SENT)
NAME = "<img src=x onerror=alert(1)><b hx-get=/evil hx-trigger=load>"
EXPECTED = re.compile(
    r"/chat/[\w-]+(/handoff|/messages)?|/w/c/[\w-]{22}/(messages|since)|/w/live"
    r"|/desk|/desk/c/[\w-]{22}(/(messages|notes|since|assignment))?|/desk/live"
    r"|/static/[\w./-]+|/favicon.ico"
)
STRANGE = """() => [...document.querySelectorAll('.hd-body *, bdi *, .hd-queue-words *')]
    .filter(it => !it.closest('svg') && !['A', 'MARK', 'SPAN'].includes(it.tagName)
        || [...it.attributes].some(a => /^(on|hx-|data-hx-|style|src)/.test(a.name)))
    .map(it => it.outerHTML)"""


@dataclass
class Watched:
    """What a page did besides showing words."""

    page: Page
    host: str
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.on("popup", lambda popup: self.dialogs.append(f"a window: {popup.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.netloc != self.host or not EXPECTED.fullmatch(parts.path):
            self.requests.append(request.url)

    def check(self, words: list[str]) -> None:
        """All these words stand on the page as they were written, and nothing came of them."""
        expect(self.page.locator("#log")).to_contain_text(words[-1])
        shown = self.page.locator("#log .hd-body").all_inner_texts()
        assert [text for text in words if text not in shown] == []
        assert self.page.evaluate(STRANGE) == []
        assert (self.dialogs, self.requests) == ([], [])


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """A running helpdesk with the demo company."""
    running = Product()
    yield running
    running.remove()


def test_hostile_words_of_both_sides_are_only_read(windows: Windows, product: Product) -> None:
    host = urlsplit(product.url).netloc
    maya = Customer.on_chat_page(windows, product)
    chat = Watched(maya.page, host)
    maya.ask_for_person()
    with product.app(), writing() as session:
        conversation = session.scalars(
            sa.select(Conversation).where(Conversation.public_id == maya.address)
        ).one()
        contact = session.get_one(Contact, conversation.contact_id)
        contact.name, contact.email, contact.page_url = NAME, NAME, "javascript:alert(1)"
        contact.time_zone = contact.locale = '"><script>alert(1)</script>'[:35]
        session.commit()
    sarah = Agent.at_desk(windows, product)
    desk = Watched(sarah.page, host)
    sarah.open(maya.address)
    sarah.claim()
    for text in TYPED:  # so that the row which stands in until the answer is seen too
        maya.say(text)
    cookies = {it["name"]: it["value"] for it in maya.page.context.cookies()}
    browser = Browser(product.port, cookies)
    for text in SENT:
        form = {"client_msg_id": new_id(), "body": text}
        assert browser.post(f"/w/c/{maya.address}/messages", form).status == 200
    agent = Browser(product.port, {SESSION: product.cookie("sarah@northfold.example")})
    for to in ("messages", "notes"):
        for text in WORDS:
            form = {"client_msg_id": new_id(), "body": f"{to}: {text}"}
            assert agent.post(f"/desk/c/{maya.address}/{to}", form).status == 200
    said = [*WORDS, *(f"messages: {text}" for text in WORDS)]
    noted = [f"notes: {text}" for text in WORDS]
    chat.check(said)  # as they came through the sockets
    desk.check([*said, *noted])
    assert "notes: " not in maya.page.content()
    assert NAME in sarah.side.inner_text()
    for watched, words in ((chat, said), (desk, [*said, *noted])):
        watched.page.reload()
        watched.check(words)  # and as a page has them from the beginning
    sarah.page.goto(f"{product.url}/desk?view=mine")
    sarah.wait_until_live()
    expect(sarah.row(maya.address)).to_contain_text(NAME)
    desk.page.wait_for_timeout(300)  # whatever was to begin on load has begun
    assert (desk.dialogs, desk.requests, desk.page.evaluate(STRANGE)) == ([], [], [])


def test_hostile_words_are_only_read_without_scripts(windows: Windows, product: Product) -> None:
    maya = Customer.on_chat_page(windows, product, java_script_enabled=False)
    watched = Watched(maya.page, urlsplit(product.url).netloc)
    for text in XSS[:4]:
        maya.field.fill(text)
        maya.page.get_by_role("button", name="Send").click()
    expect(maya.log).to_contain_text(XSS[3])
    shown = maya.page.locator("#log .hd-body").all_inner_texts()
    assert [text for text in XSS[:4] if text not in shown] == []
    assert (watched.dialogs, watched.requests) == ([], [])
    assert maya.page.url == f"{product.url}/chat/{INBOX_KEY}"
