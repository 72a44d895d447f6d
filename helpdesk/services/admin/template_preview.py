"""An example conversation around one template, as its customer would see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpdesk import clock
from helpdesk.domain import wording
from helpdesk.extensions import reading
from helpdesk.models import Inbox
from helpdesk.realtime.views import ChatView, MessageView
from helpdesk.services import chat
from helpdesk.services.admin.message_templates import examples, problems

AGENT, CUSTOMER, ASSISTANT, SYSTEM = "agent", "user", "ai", "system"

MONEY = "I deposited money but it’s not showing!"
QUESTION = "How long does a deposit take?"
ANSWER = "A bank transfer usually shows within one working day."
SOLVED = "It is booked now: $500.00, as of 14:05."


@dataclass(frozen=True, kw_only=True)
class Play:
    """What surrounds a template: who said what before, who says it, and the chat's state then.

    ``kind`` is the row's own; ``after`` comes once it was said.
    """

    before: tuple[tuple[str, str], ...] = ((CUSTOMER, QUESTION), (ASSISTANT, ANSWER))
    sender: str = SYSTEM
    kind: str = "line"
    status: str = "ai"
    state: Mapping[str, object] | None = None


_HANDED = ((CUSTOMER, MONEY),)
_WITH_SARAH = ((CUSTOMER, MONEY), (AGENT, SOLVED))

PLAYS: dict[str, Play] = {
    "greeting": Play(before=(), sender=ASSISTANT, kind="text", status="new"),
    "handoff": Play(before=_HANDED, kind="handoff", status="waiting", state={"position": 2}),
    "ai_error": Play(before=_HANDED, kind="handoff", status="waiting", state={"position": 2}),
    "agent_joined": Play(before=_HANDED, kind="joined", status="active"),
    "agent_greeting": Play(before=_HANDED, sender=AGENT, kind="greeting", status="active"),
    "offer": Play(kind="offer", state={"offer_open": True}),
    "low_confidence": Play(kind="offer", state={"offer_open": True}),
    "still_waiting": Play(before=_HANDED, status="waiting", state={"position": 1}),
    "agent_left": Play(before=_HANDED, status="waiting", state={"position": 1}),
    "agent_lost": Play(before=_HANDED, status="waiting", state={"position": 1}),
    "returned_to_ai": Play(before=_WITH_SARAH, kind="returned"),
    "resolved_by_agent": Play(before=_WITH_SARAH, status="resolved", state={"rating": "open"}),
    "resolved_by_ai": Play(status="resolved", state={"rating": "open"}),
    "customer_ended": Play(status="resolved"),
    "after_hours": Play(before=_HANDED),
}
"""By key; a template that is not here is a line after a question and its answer."""

_OFFICE_OPEN = {"is_away": False, "back": "", "leave": None}
"""The example is the same by day and by night."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The example conversation, or why nothing can be shown."""

    chat: ChatView
    rows: tuple[MessageView, ...]
    problems: tuple[str, ...]


def preview(key: str, body: str, *, nameless: bool = False) -> Preview:
    """A text as the example customer would read it; ``nameless``: one who gave no name."""
    play, wrong = PLAYS.get(key, Play()), tuple(problems(body))
    values = examples() | ({"customer_name": ""} if nameless else {})
    said = list(play.before)
    kinds = ["text"] * len(said)
    if not wrong:
        said.append((play.sender, wording.fill(body.strip(), values)))
        kinds.append(play.kind)
    now = clock.now()
    rows = [
        _row(number, sender, text, kind, now - timedelta(minutes=len(said) - number))
        for number, ((sender, text), kind) in enumerate(zip(said, kinds, strict=True), 1)
    ]
    return Preview(chat=_chat(play), rows=tuple(rows), problems=wrong)


def _chat(play: Play) -> ChatView:
    with reading() as session:
        inbox = session.scalar(
            sa.select(Inbox).order_by(Inbox.disabled_at.is_not(None), Inbox.id).limit(1)
        )
        assert inbox is not None  # the first start makes one, and inboxes are never deleted
        empty = chat.view(session, inbox, None)
    sarah = any(sender == AGENT for sender, _ in play.before) or play.status == "active"
    with_agent = {"agent_name": "Sarah", "agent_initials": "SK"} if sarah else {}
    state = {"status": play.status, **_OFFICE_OPEN, **with_agent, **(play.state or {})}
    return replace(empty, **state)  # type: ignore[arg-type]


def _row(number: int, sender: str, text: str, kind: str, at: datetime) -> MessageView:
    return MessageView(
        stream="pub",
        seq=number,
        after_seq=0,
        mid=f"preview-{number}",
        sender_type=sender,
        kind=kind,
        name="Sarah" if sender == AGENT else "",
        initials="SK" if sender == AGENT else "",
        body=text,
        at=at,
    )
