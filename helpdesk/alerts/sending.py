"""Sends one alert to one place and judges the answer. Never raises for anything a peer does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from helpdesk.alerts import forms
from helpdesk.alerts.forms import Alert
from helpdesk.alerts.signing import sign
from helpdesk.alerts.verdicts import SENT, Verdict, of_answer, of_error
from helpdesk.config import MailServer, Settings
from helpdesk.outbound import Door, MailRefused, Refused, Unreachable

JSON = {"Content-Type": "application/json"}

CHAT_FORMS: Mapping[str, Callable[[Alert], bytes]] = {
    "slack": forms.slack,
    "discord": forms.discord,
}


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where an alert goes, and in which form. ``secrets`` sign a webhook."""

    channel: str
    address: str
    secrets: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail of the desk's own, worded already."""

    id: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Sender:
    """How this installation sends: by which rules, through which mail server, under which name."""

    door: Door
    mail_server: MailServer | None
    mail_from: str

    @classmethod
    def of(cls, settings: Settings) -> Sender:
        """As the environment sets it."""
        return cls(
            door=Door.of(settings),
            mail_server=settings.mail_server,
            mail_from=settings.mail_from,
        )

    def alert(self, alert: Alert, to: Destination, now: datetime) -> Verdict:
        """Send an alert once. Its id and its words are the same at every try."""
        if to.channel == "email":
            return self._mail(
                to.address,
                lambda: forms.email(alert, sender=self.mail_from, to=to.address, now=now),
            )
        if to.channel == "webhook":
            return self._webhook(alert, to, now)
        return self._post(to.address, CHAT_FORMS[to.channel](alert), JSON, now)

    def letter(self, letter: Letter, to: str, now: datetime) -> Verdict:
        """Send a mail of the desk's own once."""
        return self._mail(
            to,
            lambda: forms.letter(
                letter.id, letter.subject, letter.text, sender=self.mail_from, to=to, now=now
            ),
        )

    def _webhook(self, alert: Alert, to: Destination, now: datetime) -> Verdict:
        body, timestamp = forms.webhook(alert), int(now.timestamp())
        headers = JSON | {
            "webhook-id": alert.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(to.secrets, alert.id, timestamp, body),
        }
        return self._post(to.address, body, headers, now)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Verdict:
        try:
            return of_answer(self.door.post(url, body, headers), now)
        except (Refused, Unreachable) as error:
            return of_error(error)

    def _mail(self, to: str, write: Callable[[], EmailMessage]) -> Verdict:
        if self.mail_server is None:
            return Verdict(error="no mail server is set up: SMTP_URL is empty")
        try:
            message = write()
        except ValueError as error:
            return Verdict(error=str(error), tries=1)
        sender = parseaddr(self.mail_from)[1]
        try:
            self.door.mail(self.mail_server, message, sender=sender, to=forms.one_mailbox(to))
        except (Refused, Unreachable, MailRefused) as error:
            return of_error(error)
        return SENT
