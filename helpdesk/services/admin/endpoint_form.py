"""What an endpoint's form says: cleaned, looked at, and compared with what is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

from helpdesk import alerts
from helpdesk.config import Settings
from helpdesk.domain.events import HandoffRequested
from helpdesk.domain.lifecycle import Priority
from helpdesk.domain.text import BadText, clean_line
from helpdesk.models import Endpoint
from helpdesk.models.outbox import CHANNELS
from helpdesk.outbound import Door
from helpdesk.outbound import Refused as OutboundRefused
from helpdesk.services.admin.changes import Refused

NAME_MOST, ADDRESS_MOST = 80, 500
CHANNEL_WORDS = {
    "email": "E-mail",
    "webhook": "Signed webhook",
    "slack": "Slack",
    "discord": "Discord",
}
SECRET_ADDRESSES = ("slack", "discord")
"""Channels for which the address itself is the right to write there."""

EVENT_FIELD = "event-"
"""A form has one checkbox for each fact, named ``event-`` and the fact's name."""

DEFAULTS = {
    f"{EVENT_FIELD}{HandoffRequested.name}": "1",
    "least_priority": Priority.HIGH.value,
}
"""What the form of a new endpoint shows."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a form says, cleaned."""

    channel: str
    name: str
    address: str
    events: tuple[str, ...]
    least_priority: str
    include_text: bool

    @property
    def words(self) -> dict[str, str]:
        """For the audit log and for conflicts; of addresses that are secrets it has a short mark
        instead of the end, so that two can be told apart."""
        address = shown_address(self.channel, self.address)
        if address != self.address:
            address += f" ({hashlib.sha256(self.address.encode()).hexdigest()[:6]})"
        return {
            "Channel": CHANNEL_WORDS[self.channel],
            "Name": self.name,
            "Address": address,
            "Tells of": "\n".join(alerts.TELLABLE[fact].label for fact in self.events),
            "From priority": self.least_priority,
            "Customer's words": "included" if self.include_text else "left out",
        }


def draft_of(form: Mapping[str, str], channel: str) -> Draft:
    """A form for an endpoint of that channel, cleaned.

    :raises Refused: a field cannot be used, or nothing may be sent to the address.
    """
    problems: dict[str, str] = {}
    if channel not in CHANNELS:
        raise Refused({"channel": "Choose where alerts go."})
    name = ""
    try:
        name = clean_line(form.get("name", ""), most=NAME_MOST)
        if not name:
            problems["name"] = "Write a name that your team knows it by."
    except BadText as error:
        problems["name"] = str(error)
    least = form.get("least_priority", "")
    if least not in set(Priority):
        problems["least_priority"] = "Choose a priority."
    events = tuple(fact for fact in alerts.TELLABLE if form.get(f"{EVENT_FIELD}{fact}"))
    if not events:
        problems["events"] = "Choose at least one thing to tell of."
    address = _address(form.get("address", "").strip(), channel, problems)
    if problems:
        raise Refused(problems)
    return Draft(
        channel=channel,
        name=name,
        address=address,
        events=events,
        least_priority=least,
        include_text=bool(form.get("include_text")),
    )


def _address(raw: str, channel: str, problems: dict[str, str]) -> str:
    """Looked at before any transaction: a name server may take its time."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        if len(raw) > ADDRESS_MOST:
            problems["address"] = f"At most {ADDRESS_MOST} characters, please."
        elif channel == "email":
            return alerts.one_mailbox(raw)
        else:
            Door.of(settings).check(raw)
    except (OutboundRefused, ValueError) as error:
        problems["address"] = f"This cannot be used: {error}."
    return raw


def saved(row: Endpoint) -> Draft:
    """What is in force, as a form would say it."""
    return Draft(
        channel=row.channel,
        name=row.name,
        address=row.address,
        events=tuple(fact for fact in alerts.TELLABLE if fact in row.events),
        least_priority=row.least_priority,
        include_text=row.include_text,
    )


def shown_address(channel: str, address: str) -> str:
    """An address as it may be seen over a shoulder."""
    if channel not in SECRET_ADDRESSES:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…"
