"""The desk as agents live with it: two hands for one conversation, keys, drafts, a long queue."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, expect

from helpdesk.services import chat, intake
from helpdesk.services.demo import INBOX_KEY
from tests.e2e.people import BEN, MONEY, Agent, Customer, forgive, watch_reloads
from tests.support.browser import Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser


@pytest.fixture
def maya(windows: Windows, product: Product) -> Customer:
    """A customer who waits for a person."""
    customer = Customer.on_chat_page(windows, product)
    customer.say(MONEY)
    expect(customer.flow).to_have_attribute("data-status", "waiting")
    return customer


def test_of_two_who_claim_one_wins_and_the_other_keeps_the_text(
    windows: Windows, product: Product, maya: Customer
) -> None:
    at = f"/desk/c/{maya.address}"
    sarah = Agent.at_desk(windows, product, at=at)
    ben = Agent.at_desk(windows, product, BEN, at=at)
    # Ben's page hears nothing of Sarah's claim, as in the second before it would.
    hold_socket(ben.page)
    ben.page.get_by_label("Reply", exact=True).fill("Hello, Ben here")
    sarah.claim()
    expect(maya.flow).to_have_attribute("data-status", "active")

    ben.press("Claim", "#conversation-head")
    expect(ben.notice).to_contain_text("Sarah Kim has this conversation")
    expect(ben.page.get_by_label("Reply", exact=True)).to_have_value("Hello, Ben here")
    expect(ben.page.locator("#reply-send")).to_be_disabled()
    expect(ben.page.locator("#composer-bar")).to_contain_text("Sarah Kim has this chat")
    assert maya.log.locator('[data-kind="joined"]').count() == 1
    forgive(windows, "409")


def test_of_two_who_send_first_one_wins_and_the_other_keeps_the_text(
    windows: Windows, product: Product, maya: Customer
) -> None:
    at = f"/desk/c/{maya.address}"
    sarah = Agent.at_desk(windows, product, at=at)
    ben = Agent.at_desk(windows, product, BEN, at=at)
    hold_socket(ben.page)
    ben.page.get_by_label("Reply", exact=True).fill("Hello, Ben here")
    sarah.reply("Hello, Sarah here")
    ben.page.locator("#reply-send").click()
    refused = ben.page.locator("#pending article")
    expect(refused).to_contain_text("Not sent. Sarah Kim has this conversation")
    expect(refused).to_contain_text("Hello, Ben here")
    expect(maya.log).to_contain_text("Hello, Sarah here")
    assert [text for text in maya.said("agent") if "Ben" in text] == []


def test_a_note_never_reaches_the_customer(
    windows: Windows, product: Product, maya: Customer
) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    ben = Agent.at_desk(windows, product, BEN, at=f"/desk/c/{maya.address}")
    received: list[str] = []
    maya.page.on("websocket", lambda socket: listen(socket, received))
    maya.page.reload()
    sarah.claim()
    sarah.note("looks like fraud, ask finance")
    expect(ben.log.locator("[data-note]")).to_contain_text("looks like fraud, ask finance")
    sarah.reply("One moment")
    expect(maya.log).to_contain_text("One moment")
    maya.page.reload()
    expect(maya.log).to_contain_text("One moment")
    assert "fraud" not in maya.page.content()
    assert any("One moment" in frame for frame in received)
    assert not any("fraud" in frame for frame in received)


def place_in_queue(maya: Customer) -> str:
    """How many are ahead, as she reads it."""
    found = re.search(r"You are next|\S+ (person is|people are) ahead", maya.flow.inner_text())
    assert found
    return found.group()


def test_whoever_lets_go_is_replaced(windows: Windows, product: Product, maya: Customer) -> None:
    place = place_in_queue(maya)
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    sarah.page.get_by_label("More actions").click()
    sarah.press(re.compile("^Release"), "#conversation-head")
    expect(maya.log).to_contain_text("Sarah had to leave. A colleague takes over")
    expect(maya.flow).to_have_attribute("data-status", "waiting")
    assert place_in_queue(maya) == place, "it is kept"

    ben = Agent.at_desk(windows, product, BEN, at=f"/desk/c/{maya.address}")
    ben.claim()
    expect(maya.log).to_contain_text("🙋 Ben (Support Agent) has joined the chat")
    ben.page.get_by_label("More actions").click()
    ben.press(re.compile("^Return to the assistant"), "#conversation-head")
    expect(maya.log).to_contain_text("You are with the AI assistant again")
    expect(maya.flow).to_have_attribute("data-status", "ai")


def test_the_ai_should_have_handled_this(
    windows: Windows, product: Product, maya: Customer
) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    sarah.page.get_by_label("More ways to resolve").click()
    sarah.page.get_by_label("The AI should have handled this").check()
    sarah.page.locator("[data-resolve]").click()
    expect(sarah.head).to_contain_text("Resolved")
    pressed = sarah.side.locator("#review-ai_could_have")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    sarah.page.reload()
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_who_wrote_meanwhile_is_read_before_resolving(
    windows: Windows, product: Product, maya: Customer
) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.claim()
    hold_socket(sarah.page)
    maya.say("One more thing")
    sarah.press("Resolve", "#resolve-form")
    expect(sarah.notice).to_contain_text("The customer has just written")
    expect(maya.flow).to_have_attribute("data-status", "active")
    forgive(windows, "409")


def test_the_desk_by_keyboard(windows: Windows, product: Product, maya: Customer) -> None:
    sarah = Agent.at_desk(windows, product)
    keys = sarah.page.keyboard
    links = sarah.page.locator("#board .hd-row")
    expect(sarah.row(maya.address)).to_be_visible()
    keys.press("j")
    expect(links.nth(0)).to_be_focused()
    keys.press("j")
    expect(links.nth(1)).to_be_focused()
    keys.press("k")
    expect(links.nth(0)).to_be_focused()
    keys.press("Enter")
    expect(sarah.page).to_have_url(re.compile("/desk/c/"))

    sarah.open(maya.address)
    keys.press("t")
    expect(sarah.page.locator("#conversation")).to_have_attribute("data-mine", "yes")
    keys.press("r")
    keys.type("Hello, jckrn 123 are letters here")
    keys.press("Control+Enter")
    expect(maya.log).to_contain_text("Hello, jckrn 123 are letters here")
    keys.press("Escape")
    keys.press("n")
    keys.type("a note")
    keys.press("Control+Enter")
    expect(sarah.log.locator("[data-note]")).to_contain_text("a note")
    keys.press("Escape")
    for key, verdict in (("1", "needed"), ("2", "ai_could_have"), ("3", "wrong_team")):
        keys.press(key)
        expect(sarah.side.locator('[aria-pressed="true"]')).to_have_attribute("value", verdict)
    keys.press("3")
    expect(sarah.side.locator('[aria-pressed="true"]')).to_have_count(0)

    keys.press("e")
    keys.press("Enter")
    expect(sarah.head).to_contain_text("Resolved")
    waiting = sarah.waiting
    sarah.page.locator("#scroll").focus()
    keys.press("c")
    sarah.page.wait_for_url(re.compile(f"/desk/c/(?!{maya.address})"))
    expect(sarah.page.locator("#conversation")).to_have_attribute("data-mine", "yes")
    assert sarah.waiting == waiting - 1


def test_single_keys_can_be_turned_off(windows: Windows, product: Product, maya: Customer) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.page.keyboard.press("?")
    dialog = sarah.page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("switch").uncheck()
    sarah.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    sarah.page.keyboard.press("t")
    sarah.page.keyboard.press("r")
    expect(sarah.page.get_by_label("Reply", exact=True)).not_to_be_focused()
    expect(sarah.head).to_contain_text("Waiting")


def test_the_desk_without_scripts(windows: Windows, product: Product, maya: Customer) -> None:
    sarah = Agent.at_desk(windows, product, java_script_enabled=False)
    sarah.row(maya.address).get_by_role("link").click()
    expect(sarah.side).to_contain_text("Why a person was needed")
    sarah.press("Claim", "#conversation-head")
    expect(maya.log).to_contain_text("🙋 Sarah (Support Agent) has joined the chat")
    sarah.reply("Hello, which bank?")
    expect(maya.log).to_contain_text("Hello, which bank?")
    sarah.note("only for us")
    expect(sarah.log.locator("[data-note]")).to_contain_text("only for us")
    maya.say("Harbour Bank")
    # The page does not know yet what Maya wrote: the desk wants it read first.
    sarah.press("Resolve", "#resolve-form")
    expect(sarah.notice).to_contain_text("The customer has just written")
    expect(sarah.log).to_contain_text("Harbour Bank")
    sarah.press("Resolve", "#resolve-form")
    expect(sarah.head).to_contain_text("Resolved")
    expect(maya.flow).to_contain_text("How did Sarah do?")
    assert "only for us" not in maya.page.content()


def test_signing_out_in_one_tab_is_said_in_the_other(
    windows: Windows, product: Product, maya: Customer
) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.page.get_by_label("Reply", exact=True).fill("half a sentence")
    other = Agent(windows.tab(sarah.page.context, f"{product.url}/desk"), product)
    other.wait_until_live()
    other.unfold("You")
    other.press("Sign out")
    expect(other.page).to_have_url(re.compile("/sign-in"))
    expect(sarah.page.locator(".hd-topbar [data-live-status]")).to_have_text("Signed out")
    expect(sarah.page.get_by_label("Reply", exact=True)).to_have_value("half a sentence")
    sarah.press("Claim", "#conversation-head")
    expect(sarah.notice).to_contain_text("You are signed out")
    expect(sarah.notice.get_by_role("link", name="Sign in")).to_be_visible()
    forgive(windows, "401")


def test_live_changes_leave_focus_and_words_alone(
    windows: Windows, product: Product, maya: Customer
) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    same_page = watch_reloads(sarah.page)
    box = sarah.page.get_by_label("Reply", exact=True)
    box.fill("I am writing")
    box.evaluate("box => box.setSelectionRange(4, 4)")
    for text in ("first", "second", "third"):
        maya.say(text)
    expect(sarah.log).to_contain_text("third")
    another = Customer.on_chat_page(windows, product)
    another.say(MONEY)
    expect(sarah.row(another.address)).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("I am writing")
    assert box.evaluate("box => box.selectionStart") == 4

    sarah.unfold("You are: .*")
    maya.say("fourth")
    expect(sarah.log).to_contain_text("fourth")
    expect(sarah.page.locator("#presence-form")).to_be_visible()
    sarah.page.keyboard.press("Escape")
    sarah.row(maya.address).get_by_role("link").focus()
    maya.say("fifth")
    expect(sarah.log).to_contain_text("fifth")
    expect(sarah.row(maya.address).get_by_role("link")).to_be_focused()
    assert same_page()


def test_a_draft_waits_for_its_writer(windows: Windows, product: Product, maya: Customer) -> None:
    sarah = Agent.at_desk(windows, product, at=f"/desk/c/{maya.address}")
    sarah.page.get_by_label("Reply", exact=True).fill("to be continued")
    expect(sarah.page.locator("#draft-state")).to_contain_text("Draft kept")
    sarah.page.goto(f"{product.url}/desk?view=all")
    sarah.open(maya.address)
    expect(sarah.page.get_by_label("Reply", exact=True)).to_have_value("to be continued")


def test_the_team_sees_who_is_away(windows: Windows, product: Product) -> None:
    sarah = Agent.at_desk(windows, product)
    ben = Agent.at_desk(windows, product, BEN)
    expect(ben.page.locator("#team")).to_contain_text("Sarah Kim, available")
    sarah.unfold("You are: .*")
    sarah.press(re.compile("^Away"))
    expect(ben.page.locator("#team")).to_contain_text("Sarah Kim, away")
    sarah.unfold("You are: .*")
    sarah.press(re.compile("^Available"))
    expect(ben.page.locator("#team")).to_contain_text("Sarah Kim, available")


def test_a_queue_of_200_stays_usable(
    another_product: Callable[..., Product], windows: Windows
) -> None:
    product = another_product()
    with product.app():
        site = chat.site_by_key(INBOX_KEY)
        assert site is not None
        for number in range(200):
            contact = chat.make_contact(uuid.uuid4().hex, site.id, locale="en", user_agent="")
            assert contact is not None
            intake.receive(contact, body=f"{MONEY} Case {number}", mid=str(uuid.uuid4()))
    sarah = Agent.at_desk(windows, product)
    expect(sarah.page.locator("[data-waiting-number]")).to_have_text("99+")
    expect(sarah.page).to_have_title(re.compile(r"^\(99\+\) "))
    rows = sarah.page.locator("#rows .hd-row-item")
    expect(rows).to_have_count(50)
    expect(sarah.page.locator(".hd-board-more")).to_contain_text("The first 50 are listed")
    expect(rows.nth(49)).not_to_be_in_viewport()
    rows.nth(49).scroll_into_view_if_needed()
    expect(rows.nth(49)).to_be_in_viewport()
    assert sarah.page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    first = rows.nth(0).get_attribute("id")
    sarah.press(re.compile("^Claim next"), "#claim-next")
    sarah.page.wait_for_url(re.compile("/desk/c/"))
    assert first == f"row-{sarah.page.url.split('/')[-1].split('?')[0]}"
    sarah.wait_until_live()
    expect(sarah.page.locator("#conversation")).to_have_attribute("data-mine", "yes")
    expect(sarah.page.locator(f"#rows > #{first}")).to_have_count(0)
    expect(rows).to_have_count(50)


def test_signing_in_with_a_password(
    another_product: Callable[..., Product], windows: Windows
) -> None:
    product = another_product(empty=True)
    page = windows.open(product.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your helpdesk is running")
    link = re.search(r"http\S+/welcome/\S+", product.log.read_text())
    assert link, "the first admin's link is printed at the start"
    page.goto(link[0])
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("E-mail").fill("ada@team.example")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Password", exact=True).fill("a sentence to remember")
    page.get_by_role("button", name="Save and open the desk").click()
    expect(page.get_by_role("heading", name="Nobody has written yet")).to_be_visible()

    page.locator("summary").filter(has_text=re.compile("You$")).click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    page.goto(f"{product.url}/desk?view=all")
    page.get_by_label("E-mail").fill("ada@team.example")
    page.get_by_label("Password", exact=True).fill("a wrong sentence")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("E-mail or password is not right.")
    expect(page.get_by_label("E-mail")).to_have_value("ada@team.example")
    page.get_by_label("Password", exact=True).fill("a sentence to remember")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{product.url}/desk?view=all")


def listen(socket: WebSocket, received: list[str]) -> None:
    """Keep what comes over a socket."""
    socket.on("framereceived", lambda frame: received.append(str(frame)))


def hold_socket(page: Page) -> None:
    """From now on the page hears nothing more by itself; what it sends arrives."""
    page.evaluate("""() => document.addEventListener('htmx:wsBeforeMessage',
        event => { event.preventDefault(); event.stopImmediatePropagation(); }, true)""")
