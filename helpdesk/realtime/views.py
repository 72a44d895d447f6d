"""What a fragment may know: frozen views, one per template, without viewer, request or session.

Templates receive these and nothing else, so a fragment renders the same in a page, in an HTTP
answer and in a socket frame, and a contact's fragment cannot carry what only the desk may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """A knowledge article that an assistant's answer stands on."""

    title: str
    version: int


@dataclass(frozen=True, kw_only=True)
class MarkView:
    """Evidence inside a message: characters ``start`` to ``end`` belong to finding ``number``."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One row of a transcript.

    ``stream`` is ``pub`` or ``desk``; ``seq`` counts within it. ``after_seq`` is set on desk rows:
    the public row they follow. ``marks``, ``confidence`` and ``confidence_limit`` are filled for
    the desk only, ``confidence`` as 0..1.
    """

    stream: str
    seq: int
    after_seq: int
    mid: str
    sender_type: str
    kind: str
    name: str
    initials: str
    body: str
    at: datetime
    agent_id: int | None = None
    requires_followup: bool = False
    confidence: float | None = None
    confidence_limit: float | None = None
    sources: tuple[SourceView, ...] = ()
    marks: tuple[MarkView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InboxView:
    """One widget installation as customers see it."""

    key: str
    company: str
    color: str
    greeting: str
    starters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LeaveView:
    """A message may be left for the team, or was (``left``) and is answered to ``email``.

    ``reply`` says by when ("by Tuesday at 11:00, your time"), empty where nobody knows. ``asks``
    is whether somebody needs it now, so that the card stands open. ``draft`` and ``problem`` are
    what could not be left, and why.
    """

    reply: str
    asks: bool
    left: bool
    email: str
    draft: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ChatView:
    """The state of a chat for its customer; everything but the transcript.

    ``conversation`` is the public id, empty before the first message. ``status`` is ``new`` or a
    support status. ``position`` is 1 for "you are next". ``rating`` is ``none`` (not asked),
    ``open`` (asked), or ``given``. ``wait_range`` says how long the wait usually is ("1 to 3
    minutes") or nothing. ``is_away`` is set while the office is closed,
    ``back`` says until when.
    """

    inbox: InboxView
    conversation: str
    status: str
    agent_name: str
    agent_initials: str
    position: int | None
    ai_working: bool
    offer_open: bool
    rating: str
    rating_score: int | None
    last_seq: int
    wait_range: str = ""
    is_away: bool = False
    back: str = ""
    leave: LeaveView | None = None


@dataclass(frozen=True, kw_only=True)
class QueueRowView:
    """One conversation in the desk's list.

    ``since`` is the moment the clock counts from and ``due_at`` the moment it is late (``None``:
    no clock). ``reasons`` are words for people ("Account security"), at most two are shown.
    """

    conversation: str
    number: int
    name: str
    excerpt: str
    status: str
    priority: str
    reasons: tuple[str, ...]
    since: datetime | None
    due_at: datetime | None
    unread: int
    agent_id: int | None
    agent_name: str
    requires_followup: bool


@dataclass(frozen=True, kw_only=True)
class BoardView:
    """The list at the left of the desk. ``view`` is queue, mine, assistant or all.

    ``mine`` holds the agent's own conversations in which the customer waits for a reply, shown as
    "Your turn" above the queue, ``left`` the messages that were left for the team, shown below it.
    ``more`` says that rows were cut off (50 at most are listed).
    """

    view: str
    mine: tuple[QueueRowView, ...]
    rows: tuple[QueueRowView, ...]
    left: tuple[QueueRowView, ...] = ()
    more: bool
    waiting_count: int
    mine_count: int
    assistant_count: int
    over_target: int
    next_due_at: datetime | None
    free_agents: int


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One rule that fired (``number`` > 0, the same number marks its words) or nearly did (0).

    ``value`` and ``limit`` are words ("0.91", "limit 0.60"); ``meter`` and ``tick`` are 0..1.
    """

    number: int
    code: str
    label: str
    detail: str
    value: str
    limit: str
    meter: float
    tick: float


@dataclass(frozen=True, kw_only=True)
class WhyView:
    """Why a person was needed."""

    summary: str
    action: str
    priority: str
    at: datetime
    policy_version: int
    findings: tuple[FindingView, ...]
    near_misses: tuple[FindingView, ...]


@dataclass(frozen=True, kw_only=True)
class HeldBackView:
    """An answer the assistant had ready after a person took over; never shown to the customer."""

    text: str
    confidence: float | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PastChatView:
    """An earlier conversation or episode of the same contact."""

    conversation: str
    number: int
    at: datetime
    outcome: str
    rating: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationView:
    """A conversation as the desk sees it; everything but the transcript.

    ``review`` is the label of the latest handoff: "", needed, ai_could_have or wrong_team.
    ``answers_go_to`` is the address that a reply is e-mailed to as well, or nothing.
    ``epoch`` and ``last_seq`` go back with every form, so that a stale form is refused.
    """

    conversation: str
    number: int
    name: str
    initials: str
    email: str
    verified: bool
    locale: str
    time_zone: str
    page_url: str
    inbox: str
    status: str
    priority: str
    agent_id: int | None
    agent_name: str
    sentiment: float
    opened_at: datetime
    first_at: datetime
    waiting_since: datetime | None
    reply_due_at: datetime | None
    requires_human: bool
    offer_open: bool
    ai_working: bool
    epoch: int
    last_seq: int
    last_note_seq: int
    greeting: str
    rating: int | None
    rating_comment: str
    review: str
    answers_go_to: str
    why: WhyView | None
    held_back: HeldBackView | None
    past: tuple[PastChatView, ...]


@dataclass(frozen=True, kw_only=True)
class AgentView:
    """A member of the team. ``presence`` is available, busy or away."""

    id: int
    name: str
    initials: str
    role: str
    presence: str
