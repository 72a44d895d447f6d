"""The Alerts page in a browser: a test whose end is watched, and a Redis that goes away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import Inspection
from tests.e2e.people import watch_reloads
from tests.support.alerting import desk
from tests.support.browser import Windows
from tests.support.kept import wait_until
from tests.support.processes import serving
from tests.support.servers import ValkeyServer
from tests.support.sinks import WebSink, refusing_port, web_sink

pytestmark = [
    pytest.mark.browser,
    pytest.mark.redis,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_an_admin_sees_how_alerts_end_and_that_redis_is_away(
    windows: Windows, database_url: str, tmp_path: Path, valkey: ValkeyServer
) -> None:
    seen = Inspection()
    with (
        web_sink(200, pause=0.7) as slow,
        web_sink(410) as gone,
        refusing_port() as closed,
        desk(database_url, tmp_path) as place,
    ):
        place.endpoint(slow, name="מוקד תמיכה, with a name that does not end so soon")
        place.endpoint(gone, name="Gone")
        place.endpoint(f"http://127.0.0.1:{closed}/{'x' * 200}", name="Nobody there")
        with serving(
            tmp_path,
            database_url,
            REDIS_URL=valkey.url,
            OUTBOUND_ALLOW=",".join((_host(slow), _host(gone), f"127.0.0.1:{closed}")),
            SECONDS_SWEEP="0.3",
        ) as server:
            page = windows.open(f"{server.url}/sign-in")
            boss = place.make.agent("Ada Admin", role="admin")
            _sign_in(page, place.make.cookie(boss))
            at = f"{server.url}/admin/alerts"

            page.goto(f"{at}/endpoints/1")
            page.get_by_role("button", name="Send test").click()
            card = page.locator("#delivery")
            expect(card.get_by_role("status")).to_have_text(re.compile("Waiting|Sending"))
            same_page = watch_reloads(page)
            expect(card.get_by_role("status")).to_have_text("Delivered")
            expect(card).to_contain_text("Accepted: the receiver answered 200.")
            assert same_page()

            for number in (2, 3):
                page.goto(f"{at}/endpoints/{number}")
                page.get_by_role("button", name="Send test").click()
                expect(card.get_by_role("status")).to_have_text(re.compile("Failed|Trying again"))
            page.goto(f"{at}/endpoints/1")
            page.get_by_role("button", name="New secret").click()
            expect(page.locator("#secret")).to_have_value(re.compile("^whsec_"))
            seen.look(page, "secret")
            page.goto(f"{at}/endpoints/new")
            page.get_by_role("textbox", name="Name").fill("Pager")
            page.get_by_role("textbox", name="Address").fill("http://127.0.0.1/")
            page.get_by_role("button", name="Add").first.click()
            expect(page.locator("#address-error")).to_contain_text("This cannot be used")
            seen.look(page, "refused")

            valkey.kill()
            wait_until(lambda: _degraded(page, server.url))
            page.goto(at)
            expect(page.get_by_text("Degraded: Redis does not answer.", exact=True)).to_be_visible()
            seen.look(page, "degraded")
            page.goto(f"{server.url}/desk")
            expect(page.locator(".hd-topbar")).to_contain_text("Degraded")
    assert not seen.faults, "\n".join(seen.faults)


def _degraded(page: Page, url: str) -> bool:
    answer = page.request.get(f"{url}/readyz")
    return answer.ok and answer.json()["degraded"] == ["Redis does not answer"]


def _host(sink: WebSink) -> str:
    return f"127.0.0.1:{sink.port}"


def _sign_in(page: Page, cookie: str) -> None:
    page.context.add_cookies(
        [
            {
                "name": "__Host-hd_s",
                "value": cookie,
                "domain": "127.0.0.1",
                "path": "/",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )
