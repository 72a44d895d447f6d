"""E-mail: one message, one recipient, one connection."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import BinaryIO

from helpdesk.config import MailServer
from helpdesk.outbound.wire import MOST_READ, Deadline, Unreachable, roots, why_not


class MailRefused(Exception):
    """The mail server answered, and did not take this mail."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def hand_over(
    server: MailServer,
    wire: socket.socket,
    deadline: Deadline,
    message: EmailMessage,
    *,
    sender: str,
    to: str,
) -> None:
    """Give a mail to the server at the other end.

    :raises MailRefused: it does not take this mail from this sender to this recipient.
    :raises Unreachable: it could not be talked to, or not safely, or not in time.
    """
    try:
        with _signed_in(server, wire, deadline.seconds / 2) as smtp:
            _send(smtp, message, sender, to)
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()  # it has the mail: how it says goodbye changes nothing
    except (OSError, smtplib.SMTPException) as error:
        raise deadline.missed() if deadline.is_over else _why_not(error) from None


def greet(server: MailServer, wire: socket.socket, deadline: Deadline) -> None:
    """Sign in at the server at the other end, and leave.

    :raises Unreachable: it could not be talked to, or does not let us in.
    """
    try:
        with _signed_in(server, wire, deadline.seconds / 2) as smtp:
            smtp.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise deadline.missed() if deadline.is_over else _why_not(error) from None


@contextmanager
def _signed_in(server: MailServer, wire: socket.socket, seconds: float) -> Generator[smtplib.SMTP]:
    smtp = _Smtp(server, wire, seconds)
    try:
        if server.security == "starttls":
            smtp.starttls(context=roots())
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
        yield smtp
    finally:
        smtp.close()


def _send(smtp: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> None:
    """Only what the server says about this very mail is about this mail."""
    try:
        smtp.send_message(message, sender, [to])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise MailRefused(code, _said(words)) from None
    except smtplib.SMTPResponseException as error:
        raise MailRefused(error.smtp_code, _said(error.smtp_error)) from None


class _Smtp(smtplib.SMTP):
    """An SMTP client on a connection that was made, and checked, before."""

    def __init__(self, server: MailServer, wire: socket.socket, seconds: float) -> None:
        self._server, self._wire = server, wire
        # The name given saves a reverse look-up, which may take as long as it likes.
        own = socket.gethostname()
        own = own if "." in own else "localhost"
        super().__init__(server.host, server.port, local_hostname=own, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._wire.settimeout(timeout)
        if self._server.security == "tls":
            return roots().wrap_socket(self._wire, server_hostname=host)
        return self._wire

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Capped(self.sock.makefile("rb"))
        return super().getreply()


class _Capped:
    """A file that ends with an error when a peer has said more than anybody needs to."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MOST_READ

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("it says too much")
        return line

    def close(self) -> None:
        self._file.close()


def _why_not(error: Exception) -> Unreachable:
    if isinstance(error, smtplib.SMTPResponseException):
        return Unreachable(f"the mail server says {error.smtp_code} {_said(error.smtp_error)}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unreachable("the mail server offers no STARTTLS, or no way to sign in")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Unreachable("the mail server hung up")
    return why_not(error)


def _said(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
