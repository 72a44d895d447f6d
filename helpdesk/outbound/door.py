"""The rules of what may be sent to, and HTTP by these rules."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import quote, urlsplit

from helpdesk.config import MailServer, Settings
from helpdesk.domain.addresses import is_public, plain_host
from helpdesk.outbound import mail
from helpdesk.outbound.wire import (
    MOST_READ,
    Deadline,
    Refused,
    Unreachable,
    connect,
    resolve,
    roots,
    why_not,
)

PORTS = frozenset({443, 8443})


@dataclass(frozen=True, kw_only=True)
class Target:
    """A destination as written: nothing is known of its addresses yet."""

    scheme: str
    host: str
    port: int
    path: str = "/"

    @property
    def host_header(self) -> str:
        """The name as the peer expects to be called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}.get(self.scheme)
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said. ``body`` holds at most its first 64 KB."""

    code: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Door:
    """The rules of one installation. ``allow`` names hosts that its operator vouches for."""

    allow: frozenset[tuple[str, int]] = frozenset()
    seconds: float = 10.0

    @classmethod
    def of(cls, settings: Settings) -> Door:
        """The rules as the environment sets them; the mail server is one the operator named."""
        server = settings.mail_server
        mail = {(server.host.lower(), server.port)} if server else set()
        return cls(allow=settings.outbound_allow | mail, seconds=settings.timing.outbound)

    def check(self, url: str) -> None:
        """Look at an address before it is saved, its name's addresses included.

        :raises Refused: it may never be sent to, or nobody answers to that name.
        """
        try:
            self._addresses(self._target(url), Deadline(self.seconds))
        except Unreachable as error:
            raise Refused(str(error)) from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body and wait for the answer, whatever its code; redirects are answers too.

        :raises Refused: the rules forbid it, as they stand and as the name resolves now.
        :raises Unreachable: there was no answer.
        """
        return self._ask("POST", url, body, headers)

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Ask for something, with the same errors."""
        return self._ask("GET", url, None, headers)

    def reach(self, url: str) -> None:
        """Connect and shake hands, and send nothing.

        :raises Refused: the rules forbid it.
        :raises Unreachable: nobody is there, or not who the certificate ought to name.
        """
        with self._wire(url) as (target, wire, deadline):
            _secured(target, wire, deadline).close()

    def greet(self, server: MailServer) -> None:
        """Sign in at the mail server and leave again.

        :raises Refused: the rules forbid the server.
        :raises Unreachable: it could not be talked to, or does not let us in.
        """
        deadline = Deadline(2 * self.seconds)
        target = Target(scheme="smtp", host=server.host.lower(), port=server.port)
        addresses = self._addresses(target, deadline)
        with connect(addresses, target.port, deadline) as wire, deadline.over(wire):
            mail.greet(server, wire, deadline)

    def mail(self, server: MailServer, message: EmailMessage, *, sender: str, to: str) -> None:
        """Give one mail for one recipient to the mail server.

        :raises Refused: the rules forbid the server.
        :raises MailRefused: the server does not take this mail from this sender to this recipient.
        :raises Unreachable: the server could not be talked to, or not safely, or not in time.
        """
        deadline = Deadline(2 * self.seconds)  # one mail is several questions and answers
        target = Target(scheme="smtp", host=server.host.lower(), port=server.port)
        addresses = self._addresses(target, deadline)
        with connect(addresses, target.port, deadline) as wire, deadline.over(wire):
            mail.hand_over(server, wire, deadline, message, sender=sender, to=to)

    def _ask(self, verb: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        with self._wire(url) as (target, wire, deadline):
            return _exchange(verb, target, wire, deadline, body, headers)

    @contextmanager
    def _wire(self, url: str) -> Generator[tuple[Target, socket.socket, Deadline]]:
        deadline = Deadline(self.seconds)
        target = self._target(url)
        addresses = self._addresses(target, deadline)
        with connect(addresses, target.port, deadline) as wire, deadline.over(wire):
            try:
                yield target, wire, deadline
            except (OSError, http.client.HTTPException) as error:
                raise deadline.missed() if deadline.is_over else why_not(error) from None

    def _target(self, url: str) -> Target:
        if not url.isprintable() or any(c in url for c in ' \\"<>'):
            raise Refused("an address has no spaces, quotes or backslashes")
        try:
            parts = urlsplit(url)
            host, port = plain_host(parts.hostname or ""), parts.port
        except ValueError:
            raise Refused("this is not a web address") from None
        if parts.scheme not in ("https", "http"):
            raise Refused("an address begins with https://")
        if "@" in parts.netloc:
            raise Refused("an address must not contain a user name or password")
        port = (443 if parts.scheme == "https" else 80) if port is None else port
        if (host, port) not in self.allow:
            if parts.scheme != "https":
                raise Refused("only https:// is allowed")
            if port not in PORTS:
                raise Refused("only the ports 443 and 8443 are allowed")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
        return Target(
            scheme=parts.scheme, host=host, port=port, path=f"{path}?{query}" if query else path
        )

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        """Where a name leads now, each place looked at.

        :raises Refused: one of them is not on the public internet.
        """
        addresses = resolve(target.host, target.port, deadline)
        if (target.host, target.port) not in self.allow:
            for address in addresses:
                if not is_public(address):
                    raise Refused("this name leads to an address that is not on the internet")
        return addresses


def _secured(target: Target, wire: socket.socket, deadline: Deadline) -> socket.socket:
    wire.settimeout(deadline.left())
    if target.scheme == "https":
        return roots().wrap_socket(wire, server_hostname=target.host)
    return wire


def _exchange(
    verb: str,
    target: Target,
    wire: socket.socket,
    deadline: Deadline,
    body: bytes | None,
    headers: Mapping[str, str],
) -> Answer:
    with _secured(target, wire, deadline) as wire:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = wire
        given = {"Host": target.host_header, "User-Agent": "Helpdesk", "Connection": "close"}
        connection.request(verb, target.path, body, given | dict(headers))
        with connection.getresponse() as response:
            return Answer(code=response.status, headers=_lower(response), body=_beginning(response))


def _lower(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """What can be had of a body. Its code is known already, so that a bad body spoils nothing."""
    try:
        return response.read(MOST_READ)
    except (OSError, http.client.HTTPException):
        return b""
