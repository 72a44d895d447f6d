"""Who gets a live page; a refusal is a plain HTTP answer before anything is upgraded (B36–B40)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from tests.realtime.conftest import House, Visitor
from tests.realtime.line import Line
from tests.web.people import VISITOR


def test_a_page_of_ours_is_answered_and_never_compressed(maya: Visitor) -> None:
    key = base64.b64encode(b"0123456789abcdef").decode()
    with maya.line(Sec_WebSocket_Key=key) as line:
        assert line.status == 101
        asked = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        expected = base64.b64encode(hashlib.sha1(asked).digest()).decode()  # noqa: S324
        assert line.headers["sec-websocket-accept"] == expected
        assert "sec-websocket-extensions" not in line.headers  # B42: no deflate, no bombs
        assert 'data-seq="1"' in line.text()


def test_b36_a_page_of_another_origin_is_refused(house: House, maya: Visitor) -> None:
    port = house.server.port
    agent = house.agent()
    for origin in (
        "https://evil.example",
        "null",
        f"http://127.0.0.1:{port}.evil.example",
        f"http://evil.example/http://127.0.0.1:{port}",
        f"https://127.0.0.1:{port}",
        f"ws://127.0.0.1:{port}",
        f"http://127.0.0.1:{port + 1}",
        f"http://localhost:{port}",
        "http://127.0.0.1",
        f"http://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port} http://evil.example",
        "https://shop.example",  # the chat inside it is a page of ours
        None,
    ):
        for address, browser in (
            (f"/w/live?c={maya.conversation}&after=0&e=1", maya.browser),
            ("/desk/live", agent),
        ):
            with Line(port, address, browser.cookies, origin=origin) as line:
                assert line.status == 403, (address, origin)
                assert "upgrade" not in line.headers
                assert "sec-websocket-accept" not in line.headers


def test_b38_another_customers_conversation_is_not_there(house: House, maya: Visitor) -> None:
    stranger = house.visitor()
    port = house.server.port
    address = f"/w/live?c={maya.conversation}&after=0&e=1"
    mine = maya.browser.cookies[VISITOR]
    forged = {VISITOR: ("B" if mine[0] == "A" else "A") + mine[1:]}
    for cookies in (stranger.browser.cookies, {}, forged, house.agent().cookies):
        with Line(port, address, cookies) as line:
            assert line.status == 404
    for wrong in ("", "1", "A" * 22, "%00", maya.conversation + "x"):
        with Line(port, f"/w/live?c={wrong}&after=0&e=1", maya.browser.cookies) as line:
            assert line.status in (400, 404), wrong


def test_b39_the_desk_is_for_agents(house: House, maya: Visitor) -> None:
    gone = house.agent("Omar Haddad")
    kept = dict(gone.cookies)
    gone.post("/sign-out")
    port = house.server.port
    for cookies in ({}, maya.browser.cookies, kept):
        for address in ("/desk/live", f"/desk/live?c={maya.conversation}"):
            with Line(port, address, cookies) as line:
                assert line.status == 403
    with house.desk_line(house.agent(), "c=" + "A" * 22) as line:
        assert line.status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"without": ("Upgrade", "Connection")},
        {"without": ("Upgrade",)},
        {"without": ("Connection",)},
        {"without": ("Sec-WebSocket-Key",)},
        {"without": ("Sec-WebSocket-Version",)},
        {"Sec_WebSocket_Version": "8"},
        {"Sec_WebSocket_Key": "short"},
        {"Sec_WebSocket_Key": "é" * 24},
        {"Upgrade": "h2c"},
        {"method": "POST"},
    ],
    ids=str,
)
def test_b40_what_is_no_handshake_is_refused(
    house: House, maya: Visitor, wrong: dict[str, Any]
) -> None:
    """A plain GET of the address, and handshakes that are not quite one."""
    for line in (maya.line(**wrong), house.desk_line(house.agent(), **wrong)):
        with line:
            assert line.status in (400, 403, 405, 411), line.status


@pytest.mark.parametrize("name", ["after", "e"])
def test_numbers_that_are_none_are_refused(maya: Visitor, name: str) -> None:
    for value in ("-1", "abc", "9" * 19, "1e3", "%00", "' OR 1=1--".replace(" ", "%20")):
        address = f"/w/live?c={maya.conversation}&{name}={value}"
        with Line(maya.browser.port, address, maya.browser.cookies) as line:
            assert line.status == 400, value


def test_long_headers_of_a_browser_are_no_hindrance(maya: Visitor) -> None:
    with maya.line(X_One="a" * 8_000, X_Two="b" * 8_000, X_Three="\x01é" * 2_000) as line:
        assert line.status in (101, 400)
    with maya.line(X_One="a" * 8_000, X_Two="b" * 8_000, User_Agent="c" * 8_000) as line:
        assert line.status == 101
        assert 'data-seq="1"' in line.text()


def test_the_31st_handshake_of_a_minute_waits(house: House) -> None:
    visitor = house.visitor()
    for _ in range(30):
        with visitor.line() as line:
            assert line.status == 101
    with visitor.line() as line:
        assert line.status == 429
        assert 1 <= int(line.headers["retry-after"]) <= 61
    with house.visitor().line() as line:
        assert line.status == 101
