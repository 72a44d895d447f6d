"""One conversation of the past, written down as the rows that the desk's verbs would have left.

Told moment by moment, oldest first. Nothing is stored here; `history` puts all tales into the
database at once, which playing them with the verbs would take ten times as long to do.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from helpdesk.domain.escalation import LABELS, Action, Evidence, Finding, Policy, Signals
from helpdesk.domain.events import ConversationCreated, Event, MessageCreated
from helpdesk.domain.lifecycle import Priority, Sender, Status, check_move
from helpdesk.domain.text import excerpt
from helpdesk.services.unit_of_work import fingerprint

Row = dict[str, Any]
MOOD_OF_NEWEST = 0.6


@dataclass(frozen=True, kw_only=True)
class Book:
    """What all tales share. ``words`` fills a template, ``source`` is what a message keeps of an
    article, ``signals`` are those of a text."""

    random: Random
    policy: Policy
    words: Callable[..., str]
    source: Callable[[str], Row]
    signals: Callable[[str], Signals]


@dataclass
class Tale:
    """A conversation so far. A row has the place of its episode, and of the escalation it tells
    of, in the lists here; their numbers are known, and put in by `placed`, once they are stored."""

    book: Book
    begun_at: datetime
    inbox_id: int
    conversation: Row = field(default_factory=dict)
    episodes: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    signals: list[Row] = field(default_factory=list)
    ratings: list[Row] = field(default_factory=list)
    status: Status = Status.AI
    epoch: int = 0
    id: int = 0
    contact_id: int = 0
    episode_ids: list[int] = field(default_factory=list)
    escalation_ids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = {
            "created_at": self.begun_at,
            "last_message_at": self.begun_at,
            "priority": Priority.MEDIUM,
            "assigned_agent_id": None,
            "sentiment_score": 0.0,
            "ai_handoff_reason": "",
            "last_seq": 0,
            "last_customer_seq": 0,
            "customer_turns": 0,
            "checked_in_seq": 0,
            "preview": "",
        } | dict.fromkeys(
            (
                "ai_handoff_at",
                "last_customer_at",
                "last_agent_at",
                "claimed_at",
                "first_agent_reply_at",
                "resolved_at",
            )
        )
        self.begin_episode(self.begun_at)
        self.record(self.begun_at, ConversationCreated(actor="customer"))

    @property
    def episode(self) -> Row:
        """The present one."""
        return self.episodes[-1]

    def placed(self, row: Row) -> Row:
        """A row as its table takes it."""
        placed = row | {"conversation_id": self.id, "episode_id": self.episode_ids[row["episode"]]}
        del placed["episode"]
        if placed.get("sender_type") is Sender.USER:
            placed["sender_key"] = f"v:{self.contact_id}"
        if (place := placed.pop("escalation", None)) is not None:
            placed["payload"] = row["payload"] | {"escalation_id": self.escalation_ids[place]}
        return placed

    def begin_episode(self, at: datetime) -> None:
        """Open the next stretch."""
        self.episodes.append(
            {
                "number": len(self.episodes) + 1,
                "first_seq": self.conversation["last_seq"] + 1,
                "opened_at": at,
                "first_escalated_at": None,
                "escalation_count": 0,
                "resolved_at": None,
                "resolved_by": "",
                "resolution_kind": None,
                "resolution_voided_at": None,
            }
        )
        self.conversation |= {"customer_turns": 0, "first_agent_reply_at": None}

    def record(self, at: datetime, event: Event, escalation: int | None = None) -> None:
        """A fact that changes nothing about who is in charge."""
        self._keep(at, event, "", "", escalation)

    def move(
        self,
        at: datetime,
        to: Status,
        event: Event,
        *,
        agent_id: int | None = None,
        escalation: int | None = None,
    ) -> None:
        """A change of who is in charge; only moves that the lifecycle knows."""
        check_move(self.status, to)
        before, self.status = self.status, to
        self.epoch += 1
        if to not in (Status.RESOLVED, Status.CLOSED):
            self.conversation["assigned_agent_id"] = agent_id
        if to is Status.ACTIVE:
            self.conversation["claimed_at"] = at
        self._keep(at, event, before, to, escalation)

    def customer(self, at: datetime, text: str) -> int:
        """The customer writes; returns the number of the message."""
        seq = self._say(at, Sender.USER, text)
        signals = self.book.signals(text)
        conversation = self.conversation
        mood = conversation["sentiment_score"] * (1 - MOOD_OF_NEWEST)
        first = not conversation["last_customer_seq"]
        conversation |= {
            "last_customer_seq": seq,
            "last_customer_at": at,
            "customer_turns": conversation["customer_turns"] + 1,
            "preview": excerpt(text),
            "sentiment_score": signals.sentiment
            if first
            else mood + MOOD_OF_NEWEST * signals.sentiment,
        }
        self.signals.append(
            {
                "episode": len(self.episodes) - 1,
                "seq": seq,
                "turn": conversation["customer_turns"],
                "policy_version": self.book.policy.version,
                "sentiment": signals.sentiment,
                "scores": dict(signals.scores),
                "action": "none",
                "codes": [],
                "created_at": at,
            }
        )
        self.record(at, MessageCreated(actor="customer", seq=seq, sender_type=Sender.USER))
        return seq

    def assistant(self, at: datetime, text: str, article: str, confidence: float) -> None:
        """The assistant answers from an article."""
        source = self.book.source(article)
        seq = self._say(at, Sender.AI, text, ai_confidence=confidence, sources=[source])
        self.record(at, MessageCreated(actor="ai", seq=seq, sender_type=Sender.AI))

    def agent(self, at: datetime, agent_id: int, text: str) -> None:
        """An agent answers."""
        seq = self._say(at, Sender.AGENT, text, agent_id=agent_id)
        self.conversation["last_agent_at"] = at
        self.conversation["first_agent_reply_at"] = self.conversation["first_agent_reply_at"] or at
        actor = f"agent:{agent_id}"
        self.record(at, MessageCreated(actor=actor, seq=seq, sender_type=Sender.AGENT))

    def greeting(self, at: datetime, agent_id: int, **values: str) -> None:
        """What is said in the agent's name at joining; no reply of theirs."""
        text = self.book.words("agent_greeting", **values)
        self._say(at, Sender.AGENT, text, kind="greeting", agent_id=agent_id)

    def system(self, at: datetime, kind: str, template: str, **values: str) -> int:
        """The desk itself says something; returns the number of the row."""
        return self._say(at, Sender.SYSTEM, self.book.words(template, **values), kind=kind)

    def escalation(
        self, at: datetime, action: str, code: str, evidence: str, outcome: str, *, by: str
    ) -> tuple[int, Priority]:
        """Why a person was offered or needed; returns its place and its priority."""
        rule = self.book.policy.rules[code]
        if by == "system":  # by what the customer wrote, not by an answer or a button
            self.signals[-1] |= {"action": action, "codes": [code]}
        finding = Finding(
            code=code,
            action=Action(action),
            priority=rule.priority,
            value=min(1.0, rule.threshold * 1.2),
            threshold=rule.threshold,
            evidence=self._evidence(evidence),
            note="",
        )
        self.escalations.append(
            {
                "episode": len(self.episodes) - 1,
                "policy_version": self.book.policy.version,
                "seq": self.conversation["last_customer_seq"],
                "action": action,
                "codes": [code],
                "primary_code": code,
                "priority": rule.priority,
                "evidence": [asdict(finding)],
                "near_misses": [],
                "outcome": outcome,
                "created_at": at,
                "ended_at": None,
            }
        )
        if action == "transfer":
            self.conversation |= {
                "priority": rule.priority,
                "ai_handoff_at": at,
                "ai_handoff_reason": LABELS[code],
            }
        return len(self.escalations) - 1, rule.priority

    def _evidence(self, words: str) -> tuple[Evidence, ...]:
        for message in reversed(self.messages):
            start = message["body"].find(words) if words else -1
            if message["sender_type"] is Sender.USER and start >= 0:
                end = start + len(words)
                return (Evidence(seq=message["seq"], start=start, end=end, text=words),)
        return ()

    def _keep(
        self, at: datetime, event: Event, before: str, to: str, escalation: int | None
    ) -> None:
        self.events.append(
            {
                "episode": len(self.episodes) - 1,
                "escalation": escalation,
                "name": event.name,
                "actor": event.actor,
                "from_status": before,
                "to_status": to,
                "control_epoch": self.epoch,
                "payload": event.payload(),
                "created_at": at,
            }
        )

    def _say(self, at: datetime, sender: Sender, text: str, **more: Any) -> int:
        seq: int = self.conversation["last_seq"] + 1
        self.conversation |= {"last_seq": seq, "last_message_at": at}
        row: Row = {
            "episode": len(self.episodes) - 1,
            "stream": "pub",
            "seq": seq,
            "kind": "text",
            "sender_type": sender,
            "sender_key": "ai" if sender is Sender.AI else "system",
            "agent_id": None,
            "client_msg_id": str(uuid.UUID(int=self.book.random.getrandbits(128), version=4)),
            "body": text,
            "body_sha256": fingerprint(text),
            "ai_confidence": None,
            "sources": [],
            "created_at": at,
        }
        if sender is Sender.AGENT:
            row["sender_key"] = f"a:{more['agent_id']}"
        self.messages.append(row | more)
        return seq
