"""Makes the pictures of the README from the running product.

    .venv/bin/python -m tools.screenshots

Customer, agent, assistant and server are real; only the clock decides what times they show. Needs
the test set-up (`python3 -m helpdesk setup --test`) and Chromium.
"""

from __future__ import annotations

import base64
import struct
import uuid
import zlib
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from helpdesk.config import ROOT
from helpdesk.extensions import reading
from helpdesk.models import Contact, Conversation
from helpdesk.services import replies, routing
from helpdesk.services.demo import BUSINESS_KEY
from tests.e2e.people import BEN, HANDOFF, MONEY, Agent, Customer
from tests.support.browser import PHONE, Chromium, Windows, chromium_path
from tests.support.kept import stop_all
from tests.support.product import Product, agent_id

DOCS = ROOT / "docs"
PAGE = ViewportSize(width=1280, height=800)
WIDGET = ViewportSize(width=400, height=680)
MOST_BYTES = 200_000
SHARP = 2
"""Pixels of a picture for each of the page, where that keeps it small enough."""


# The 256 colours that are used most, and for every pixel the nearest of them.
REDUCE = """async source => {
  const bytes = Uint8Array.from(atob(source), letter => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const uses = new Map();
  for (const color of pixels) uses.set(color, (uses.get(color) ?? 0) + 1);
  const parts = color => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
  const most = [...uses].sort((a, b) => b[1] - a[1]).slice(0, 256);
  const palette = most.map(([color]) => parts(color));
  const nearest = new Map();
  for (const color of uses.keys()) {
    const [r, g, b] = parts(color);
    const far = palette.map(([x, y, z]) => (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2);
    nearest.set(color, far.indexOf(Math.min(...far)));
  }
  let found = '';
  for (const color of pixels) found += String.fromCharCode(nearest.get(color));
  return [width, height, palette.flat(), btoa(found)];
}"""


class Camera:
    """Takes the pictures, of 256 colours each: a README is loaded over slow lines too."""

    def __init__(self, folder: Path, darkroom: Page) -> None:
        self._folder = folder
        self._darkroom = darkroom
        folder.mkdir(exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """One picture of what the window shows.

        :raises SystemExit: it is larger than a README should carry.
        """
        page.evaluate("() => document.fonts.ready")
        page.mouse.move(0, 0)
        picture = self._develop(page.screenshot(animations="disabled", caret="hide"))
        print(f"{name}.png: {len(picture) // 1000} kB")
        if len(picture) > MOST_BYTES:
            raise SystemExit(f"{name}.png is larger than {MOST_BYTES} bytes")
        (self._folder / f"{name}.png").write_bytes(picture)

    def _develop(self, full: bytes) -> bytes:
        width, height, palette, packed = self._darkroom.evaluate(
            REDUCE, base64.b64encode(full).decode()
        )
        pixels = base64.b64decode(packed)
        rows = (pixels[row * width : (row + 1) * width] for row in range(height))
        chunks = {
            b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
            b"PLTE": bytes(palette),
            b"IDAT": zlib.compress(b"".join(b"\0" + row for row in rows), 9),
            b"IEND": b"",
        }
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks.items()
        )


def main() -> None:
    """Start the product, use it, take the pictures, stop it."""
    with sync_playwright() as playwright:
        browser = Chromium(playwright, chromium_path())
        camera = Camera(DOCS, browser.browser().new_page())
        product = Product()
        try:
            demo(Windows(browser), product, camera)
            chat(Windows(browser), product, camera)
            desk(browser, product, camera)
            rooms(Windows(browser), product, camera)
            closed(Windows(browser), product, camera)
            doors(Windows(browser), product, camera)
        finally:
            browser.close()
            product.remove()
            stop_all()


def demo(windows: Windows, product: Product, camera: Camera) -> None:
    """The widget on the demo company's page, with an answer and its source."""
    maya = Customer.on_demo(windows, product, size=PAGE)
    maya.say("How's my portfolio doing?")
    expect(maya.log.locator(".hd-source")).to_be_visible()
    camera.take(maya.page, "widget")
    windows.close()


def chat(windows: Windows, product: Product, camera: Camera) -> None:
    """The chat alone: waiting for a person, with one, solved."""
    maya = Customer.on_chat_page(windows, product, size=WIDGET, device_scale_factor=SHARP)
    maya.say(MONEY)
    expect(maya.log).to_contain_text(HANDOFF)
    camera.take(maya.page, "widget-waiting")
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    sarah.reply("I can see the transfer. Which bank did it come from?")
    maya.say("Harbour Bank, on Friday.")
    sarah.reply("Thank you, found it. The 500 dollars are on your balance now.")
    expect(maya.log).to_contain_text("on your balance now")
    camera.take(maya.page, "widget-joined")
    maya.say("Oh great, thank you Sarah!")
    expect(sarah.log).to_contain_text("Oh great")
    sarah.resolve()
    expect(maya.flow).to_contain_text("How did Sarah do?")
    camera.take(maya.page, "widget-solved")
    windows.close()


def desk(browser: Chromium, product: Product, camera: Camera) -> None:
    """The desk: a conversation in both themes, on a phone, and nothing left to do."""
    at = f"/desk/c/{address_of(product, 'Ngozi Adeyemi')}"
    windows = Windows(browser)
    sarah = Agent.at_desk(windows, product, at=at)
    sarah.claim()
    with product.app():
        number = number_of("Ngozi Adeyemi")
        note = "Processor ref PX-88213. The bank sent it back, finance can pay it out again today."
        replies.note(number, agent_id=agent_id(BEN), body=note, mid=str(uuid.uuid4()))
    expect(sarah.log).to_contain_text("PX-88213")
    sarah.page.get_by_label("Reply", exact=True).fill("Your bank sent the payment back. I ")
    show(sarah.log.locator("[data-note]"))
    camera.take(sarah.page, "desk")
    sarah.page.emulate_media(color_scheme="dark")
    camera.take(sarah.page, "desk-dark")
    windows.close()

    windows = Windows(browser)
    phone = Agent.at_desk(windows, product, at=at, size=PHONE, device_scale_factor=SHARP)
    camera.take(phone.page, "desk-phone")
    with product.app():
        while routing.claim_next(agent_id=agent_id(BEN)):
            pass
    sarah = Agent.at_desk(windows, product)
    expect(sarah.page.get_by_role("heading", name="All caught up")).to_be_visible()
    camera.take(sarah.page, "desk-empty")
    windows.close()


def rooms(windows: Windows, product: Product, camera: Camera) -> None:
    """What a supervisor reads and an admin sets: reports, words, hours, rules."""
    sarah = Agent.at_desk(windows, product)
    for path, name in (
        ("/reports", "reports"),
        ("/admin/templates/handoff", "admin-templates"),
        ("/admin/hours/2", "admin-hours"),
        ("/admin/policy", "admin-policy"),
    ):
        sarah.page.goto(product.url + path)
        camera.take(sarah.page, name)
    windows.close()


def closed(windows: Windows, product: Product, camera: Camera) -> None:
    """The chat of an inbox whose office is closed."""
    page = windows.open(
        f"{product.url}/chat/{BUSINESS_KEY}?tz=Europe/London",
        size=WIDGET,
        device_scale_factor=SHARP,
        timezone_id="Europe/London",
    )
    maya = Customer(page, page)
    maya.say("Your app crashes every time I open it")
    expect(maya.chat.locator("#leave")).to_have_attribute("open", "")
    maya.chat.get_by_label("E-mail").fill("maya@mail.example")
    camera.take(page, "widget-away")
    windows.close()


def doors(windows: Windows, product: Product, camera: Camera) -> None:
    """Before anybody has signed in: the start page and the sign-in."""
    page = windows.open(product.url)
    camera.take(page, "first-run")
    page.goto(f"{product.url}/sign-in")
    camera.take(page, "sign-in")
    windows.close()


def show(place: Locator) -> None:
    """Scroll so that it is seen."""
    place.last.scroll_into_view_if_needed()


def address_of(product: Product, name: str) -> str:
    """Where a customer of the demo has their conversation at the desk."""
    with product.app(), reading() as session:
        return session.get_one(Conversation, number_of(name)).public_id


def number_of(name: str) -> int:
    """The newest conversation of a customer of the demo, inside an application."""
    with reading() as session:
        number = session.scalar(
            sa.select(Conversation.id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Contact.name == name)
            .order_by(Conversation.id.desc())
        )
    assert number is not None, f"nobody in the demo is called {name}"
    return number


if __name__ == "__main__":
    main()
