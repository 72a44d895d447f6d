"""The widget on somebody else's page, under the strictest policy that the README allows them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from helpdesk.extensions import writing
from helpdesk.models import Inbox
from helpdesk.services.demo import INBOX_KEY
from tests.e2e.people import MONEY, Agent, Customer, forgive
from tests.support.browser import Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser

SHOP, STRANGER = "shop.localhost", "stranger.localhost"
"""Browsers find such names on this machine, and take them for sites of their own."""


class Sites(ThreadingHTTPServer):
    """Websites that have the snippet of the README on every page."""

    product: Product

    def url(self, name: str) -> str:
        """The origin of one of them."""
        return f"http://{name}:{self.server_port}"


class Page(BaseHTTPRequestHandler):
    """Whatever is asked for."""

    server: Sites

    def do_GET(self) -> None:
        desk = self.server.product.url
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy", f"default-src 'none'; script-src {desk}; frame-src {desk}"
        )
        self.end_headers()
        self.wfile.write(
            b"<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>"
            + f'<script async src="{desk}/widget/v1/loader.js" data-inbox="{INBOX_KEY}">'.encode()
            + b"</script>"
        )

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def sites(another_product: Callable[..., Product]) -> Iterator[Sites]:
    """Two websites. The desk lists one of them as allowed."""
    serving = Sites(("127.0.0.1", 0), Page)
    serving.product = another_product()
    with serving.product.app(), writing() as session:
        session.execute(sa.update(Inbox).values(allowed_origins=[serving.url(SHOP)]))
        session.commit()
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


def test_a_listed_site_shows_the_chat(sites: Sites, windows: Windows) -> None:
    product = sites.product
    maya = Customer.beside_widget(windows.open(sites.url(SHOP)))
    maya.open()
    maya.say(MONEY)
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    expect(maya.log).to_contain_text("🙋 Sarah (Support Agent) has joined the chat")

    maya.page.reload()
    maya.open()
    expect(maya.log).to_contain_text(MONEY)
    maya.field.press("Escape")
    expect(maya.launcher).to_be_focused()
    sarah.reply("Which bank?")
    expect(maya.launcher).to_have_accessible_name("Open chat, 1 unread message")

    # The shop's page cannot read the chat, and the desk's own page does not know its visitor.
    assert maya.page.evaluate("document.querySelector('[data-helpdesk]').shadowRoot"
                              ".querySelector('iframe').contentDocument") is None  # fmt: skip
    own = Customer.beside_widget(windows.tab(maya.page.context, f"{product.url}/demo"))
    own.open()
    assert own.rows.count() == 0


def test_another_site_does_not(sites: Sites, windows: Windows) -> None:
    mallory = Customer.beside_widget(windows.open(sites.url(STRANGER)))
    mallory.launcher.click()
    link = mallory.page.get_by_role("link", name="Open it in a new tab")
    expect(link).to_be_visible(timeout=15_000)
    assert mallory.page.locator("iframe").content_frame.locator("#body").count() == 0
    forgive(windows, "frame-ancestors")
