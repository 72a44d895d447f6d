"""A connection to a checked address, with a deadline that nothing outlasts."""

from __future__ import annotations

import functools
import socket
import ssl
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress

import certifi

MOST_READ = 64 * 1024
MOST_ADDRESSES = 4  # tried in turn until one accepts


class Refused(Exception):
    """Our own rules forbid this destination. The message says why, for whoever entered it."""


class Unreachable(Exception):
    """It did not work this time: no such name, no connection, no valid TLS, no answer in time."""


class Deadline:
    """The moment at which a conversation with a peer ends, however far it is."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain.

        :raises Unreachable: none do.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> Unreachable:
        """What to raise when it was missed."""
        return Unreachable(f"no answer within {self.seconds:g} s")

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._end

    @contextmanager
    def over(self, connected: socket.socket) -> Generator[None]:
        """Shut the connection down at the deadline: whoever reads from it then sees its end."""
        # A twin, because TLS takes the first descriptor over; shutting down ends both.
        twin = connected.dup()

        def cut() -> None:
            with suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.0, self._end - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            twin.close()


def resolve(host: str, port: int, deadline: Deadline) -> Sequence[str]:
    """All addresses of a name, each once. Asked on a thread: the C library knows no deadline.

    :raises Unreachable: it has none, or its name server does not answer in time.
    """
    found: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, name="resolve", daemon=True)
    asking.start()
    asking.join(deadline.left())
    if asking.is_alive():
        raise Unreachable(f"the name {host} could not be looked up in time")
    if failed or not found:
        raise Unreachable(f"the name {host} cannot be found")
    return found


@contextmanager
def connect(addresses: Sequence[str], port: int, deadline: Deadline) -> Generator[socket.socket]:
    """A connection to the first address that accepts one."""
    why: Exception = Unreachable("no address")
    for address in addresses[:MOST_ADDRESSES]:
        try:
            wire = socket.create_connection((address, port), timeout=deadline.left())
        except OSError as error:
            why = error
            continue
        with wire:
            yield wire
        return
    raise deadline.missed() if deadline.is_over else why_not(why)


@functools.cache
def roots() -> ssl.SSLContext:
    """Who is believed: the machine's authorities, and certifi's where the machine has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def why_not(error: Exception) -> Unreachable:
    """A failure in a few words, without anything that the peer could have put in."""
    if isinstance(error, Unreachable):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(f"its certificate is not valid: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return Unreachable("TLS failed")
    if isinstance(error, TimeoutError):
        return Unreachable("no answer in time")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable("the connection was refused")
    return Unreachable(f"the connection broke ({type(error).__name__})")
