"""Allowed sites: exact origins and nothing that a browser would read otherwise (D85)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.origins import BadOrigin, clean_origin


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.example.com", "https://www.example.com"),
        (" HTTPS://WWW.Example.COM/ ", "https://www.example.com"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(typed: str, kept: str) -> None:
    assert clean_origin(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        "null",
        "https://*",
        "https://*.com",
        "https://*.shop.example",
        "https://shop.example/path",
        "https://shop.example?x",
        "https://shop.example#x",
        "https://user@shop.example",
        "https://shop.example:0",
        "https://shop.example:99999",
        "https://shop.example:x",
        "https://",
        "https:///path",
        "shop.example",
        "//shop.example",
        "ftp://shop.example",
        "javascript://shop.example",
        "data:text/html,x",
        "https://shop.example; script-src *",
        "https://shop.example https://evil.example",
        "https://shop.example,https://evil.example",
        "https://shop_a.example",
        "https://-shop.example",
        "https://shop..example",
        "https://[::1]; x",
        "https://" + "a" * 300 + ".example",
        "https://shop.example\r\nX: y",
    ],
)
def test_anything_else_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadOrigin) as refusal:
        clean_origin(typed)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@given(st.text())
def test_nothing_but_an_origin_ever_reaches_the_header(typed: str) -> None:
    try:
        kept = clean_origin(f"https://{typed}")
    except BadOrigin:
        return
    assert re.fullmatch(r"https://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?", kept)
