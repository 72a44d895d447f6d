"""Which web sites may show the chat: exact origins, as browsers compare them."""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>\[[^\]]*\]|[^/?#:]*)(?P<rest>.*)"
)
_PORT = re.compile(r":([0-9]{1,5})")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_DEFAULT_PORTS = {"https": 443, "http": 80}


class BadOrigin(ValueError):
    """This is not the origin of a site. The message is a sentence for whoever wrote it."""


def clean_origin(raw: str) -> str:
    """An origin as browsers write it: scheme, host and a port that is not the usual one.

    The result goes into a security header, so nothing but those three parts ever passes.

    :raises BadOrigin: it is more or less than one exact origin.
    """
    text = raw.strip()
    if text == "null" or "*" in text:
        raise BadOrigin(f"“{_short(text)}” would allow sites of others. Name each site exactly.")
    match = _PARTS.fullmatch(text)
    if match is None or match["scheme"].lower() not in _DEFAULT_PORTS:
        raise BadOrigin(f"“{_short(text)}” must begin with https:// (or http://).")
    scheme, rest = match["scheme"].lower(), match["rest"]
    host = _host(match["host"], text)
    port = _port(rest, text)
    if port == _DEFAULT_PORTS[scheme]:
        port = 0
    return f"{scheme}://{host}{f':{port}' if port else ''}"


def _host(host: str, text: str) -> str:
    if "@" in host:
        raise BadOrigin(f"“{_short(text)}” must not contain a name or a password.")
    if host.startswith("["):
        if _IPV6.fullmatch(host.lower()):
            return host.lower()
        raise BadOrigin(f"“{_short(text)}” has no valid host.")
    try:
        ascii_host = host.lower().rstrip(".").encode("idna").decode("ascii") if host else ""
    except UnicodeError:
        ascii_host = ""
    labels = ascii_host.split(".")
    if not ascii_host or len(ascii_host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise BadOrigin(f"“{_short(text)}” has no valid host.")
    return ascii_host


def _port(rest: str, text: str) -> int:
    if rest in ("", "/"):
        return 0
    match = _PORT.match(rest)
    after = rest[match.end() :] if match else rest
    if after not in ("", "/") and after[:1] in "/?#":
        raise BadOrigin(f"“{_short(text)}” names a page. Leave out what follows the host.")
    if match is None or after not in ("", "/") or not 0 < int(match[1]) < 65_536:
        raise BadOrigin(f"“{_short(text)}” has no valid port.")
    return int(match[1])


def _short(text: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in text)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
