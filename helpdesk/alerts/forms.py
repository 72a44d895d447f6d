"""One alert in the four forms it is sent in. Every word that a stranger chose is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from helpdesk.alerts.facts import HEADLINES, TELLABLE
from helpdesk.domain.escalation import LABELS
from helpdesk.domain.masking import mask
from helpdesk.domain.text import excerpt

LONGEST_BODY = 20 * 1024  # bytes; Standard Webhooks advises receivers to refuse more
LONGEST_TEXT = 200
LONGEST_DISCORD = 2_000
NO_EMBEDS = 4
LONGEST_MAILBOX = 254
_ZERO_WIDTH = "\u200b"
_PLAIN = re.compile(r"[^\s\x00-\x1f\x7f-\U0010ffff\",;:<>()\[\]\\]+")


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What is told. ``data`` are ids and words of our own; ``text`` is the customer's, and empty
    unless an admin ticked that this endpoint gets it."""

    id: str
    event: str
    at: str
    data: Mapping[str, Any] = field(default_factory=dict)
    company: str = ""
    link: str = ""
    text: str = ""

    @property
    def headline(self) -> str:
        """What happened, in a sentence of ours."""
        words = HEADLINES.get(self.event, self.event)
        fact = TELLABLE.get(self.event)
        priority = str(self.data.get("priority", "")) if fact and fact.ranked else ""
        return f"{priority.capitalize()}: {words}" if priority else words

    @property
    def reasons(self) -> str:
        """Why, in words for people."""
        return ", ".join(LABELS.get(code, code) for code in self.data.get("reasons", ()))

    @property
    def excerpt(self) -> str:
        """The customer's words as far as they may travel."""
        return excerpt(mask(self.text), LONGEST_TEXT)


def webhook(alert: Alert) -> bytes:
    """The body of a generic webhook: the same bytes at every try."""
    data = dict(alert.data)
    if alert.link:
        data["link"] = alert.link
    if alert.text:
        data["text"] = alert.excerpt
    body = {"type": alert.event, "timestamp": alert.at, "data": data}
    sent = json.dumps(body, separators=(",", ":")).encode()
    assert len(sent) <= LONGEST_BODY, "an alert is made of ids and short words"
    return sent


def slack(alert: Alert) -> bytes:
    """A message for an incoming webhook of Slack, or of one of those that imitate it."""
    lines = [f"*{_slack(alert.headline)}*"]
    lines += [_slack(line) for line in _details(alert)]
    if alert.link:
        lines.append(f"<{_slack(alert.link)}|Open the conversation>")
    told = {"text": "\n".join(lines), "link_names": False, "unfurl_links": False}
    return json.dumps(told | {"unfurl_media": False}).encode()


def discord(alert: Alert) -> bytes:
    """A message for a webhook of Discord; nobody is pinged whatever it says."""
    lines = [f"**{_discord(alert.headline)}**"]
    lines += [_discord(line) for line in _details(alert)]
    if alert.link:
        lines.append(f"<{alert.link}>")
    content = "\n".join(lines)[:LONGEST_DISCORD]
    told = {"content": content, "allowed_mentions": {"parse": []}, "flags": NO_EMBEDS}
    return json.dumps(told).encode()


def email(alert: Alert, *, sender: str, to: str, now: datetime) -> EmailMessage:
    """An alert as a mail to one person."""
    lines = [alert.headline + ".", *_details(alert)]
    if alert.link:
        lines += ["", alert.link]
    subject = f"{alert.headline} ({alert.company})" if alert.company else alert.headline
    return letter(alert.id, subject, "\n".join(lines), sender=sender, to=to, now=now)


def letter(
    message_id: str, subject: str, text: str, *, sender: str, to: str, now: datetime
) -> EmailMessage:
    """A mail for one recipient, the same at every try but for its date.

    :raises ValueError: a header would break out of its line.
    """
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = sender
    message["To"] = Address(addr_spec=one_mailbox(to))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # Neither out-of-office notes nor other machines answer what a machine wrote.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    return message


def one_mailbox(raw: str) -> str:
    """Exactly one address, in the spelling that mail servers take.

    :raises ValueError: it is none, more than one, or not plain ASCII before the @.
    """
    local, _, domain = raw.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii').lower()}"
        parsed = Address(addr_spec=address).addr_spec
    except (MessageError, IndexError, ValueError):
        parsed = address = ""
    sound = local and "." in domain and parsed == address and _PLAIN.fullmatch(address)
    if not sound or len(address) > LONGEST_MAILBOX:
        raise ValueError("this is not an e-mail address")
    return address


def _details(alert: Alert) -> list[str]:
    lines = []
    if alert.reasons:
        lines.append(f"Why: {alert.reasons}")
    if "score" in alert.data:
        lines.append(f"Rating: {alert.data['score']} of 5")
    if alert.company:
        lines.append(f"Desk: {alert.company}")
    if alert.text:
        lines.append(f"They wrote: “{alert.excerpt}”")
    return lines


def _slack(text: str) -> str:
    """Slack reads & < > only as these three; escaped, no <!channel> and no link can be made."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _discord(text: str) -> str:
    """Markdown taken literally, and an @ that names nobody."""
    escaped = re.sub(r"([\\*_~`|>#\[\]()<:-])", r"\\\1", text)
    return escaped.replace("@", f"@{_ZERO_WIDTH}")
