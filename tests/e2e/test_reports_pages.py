"""The reports as supervisors use them: figures that lead to conversations, files, other zones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import Inspection
from tests.e2e.people import Agent
from tests.support.browser import Windows
from tests.support.product import Product

pytestmark = pytest.mark.browser


def test_the_pages_can_be_read_by_everybody_on_every_screen(
    windows: Windows, product: Product
) -> None:
    page = Agent.at_desk(windows, product).page
    seen = Inspection()
    for address in (
        "/reports?days=14",
        "/reports/by/day?days=14",
        "/reports/by/agent",
        "/reports/conversations?show=handoffs&days=14",
        "/reports?from=2020-01-01&to=2020-01-02",  # empty
        "/reports?from=2020-01-02&to=2020-01-01",  # refused, with its menu open
    ):
        page.goto(f"{product.url}{address}")
        for summary in page.get_by_text("Show as table").all():
            summary.click()
        seen.look(page, address)
    assert not seen.faults, "\n".join(seen.faults)


def test_a_figure_leads_to_its_conversations_and_back_into_one(
    windows: Windows, product: Product, tmp_path: Path
) -> None:
    page = Agent.at_desk(windows, product).page
    page.get_by_role("link", name="Reports").click()
    card = page.get_by_role("article", name="Satisfaction")
    figure = card.get_by_role("link", name=re.compile("rating"))
    count = int(figure.get_attribute("data-count") or 0)
    assert count > 10
    figure.click()
    expect(page.locator("[data-total]")).to_have_text(f"{count} ratings")
    expect(page.locator("[data-case]")).to_have_count(min(count, 50))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = tmp_path / "ratings.csv"
    download.value.save_as(file)
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == count + 1
    page.locator("[data-case] a").first.click()
    expect(page.locator("#log")).to_be_visible()


def test_days_are_chosen_by_keyboard_and_begin_at_the_readers_midnight(
    windows: Windows, product: Product
) -> None:
    sarah = Agent.at_desk(windows, product, timezone_id="Asia/Tokyo")
    page = sarah.page
    page.goto(f"{product.url}/reports")
    expect(page.get_by_text("Days and times in Asia/Tokyo.")).to_be_visible()
    page.locator("summary", has_text="All inboxes").press("Enter")
    page.get_by_role("link", name="Northfold business").press("Enter")
    expect(page.locator("summary", has_text="Northfold business")).to_be_visible()
    page.locator("summary", has_text=re.compile("to .* 20")).press("Enter")
    page.get_by_label("First day").fill("2020-02-02")
    page.get_by_label("Last day").fill("2020-02-01")
    page.get_by_role("button", name="Show these days").press("Enter")
    expect(page.get_by_text("The first day is after the last one.")).to_be_visible()
    page.get_by_label("First day").fill("2020-02-01")
    page.get_by_role("button", name="Show these days").press("Enter")
    expect(page.get_by_role("heading", name="Nothing happened in these days")).to_be_visible()
    expect(page.locator("summary", has_text="Northfold business")).to_be_visible()
