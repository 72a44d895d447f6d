"""What holds for every conversation at every moment (lifecycle.md I1-I11, delivery.md I1-I9).

Everything is read in one snapshot, so that it may be looked at while others write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpdesk.domain.lifecycle import MOVES, PEOPLE_IN_CHARGE, Priority, Status
from helpdesk.extensions import db, reading
from helpdesk.models import AiRun, Conversation, Episode, Escalation, EventRow, Message, Outbox
from helpdesk.services.unit_of_work import HEAD_START

TOLD = {
    "handoff.requested": "handoff",
    "conversation.claimed": "joined",
    "conversation.requeued": "left",
    "conversation.returned_to_ai": "returned",
    "conversation.resolved": "resolved",
}
"""Each change of control that concerns the customer, and the row that tells them."""

Row = sa.Row[Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One conversation with everything of it, at one moment."""

    now: Row
    episode: Row
    messages: list[Row]
    events: list[Row]
    escalations: list[Row]
    runs: list[Row]
    alerts: list[Row]

    @property
    def moves(self) -> list[Row]:
        """The events that changed who is in charge."""
        return [event for event in self.events if event.to_status]

    @property
    def public(self) -> list[Row]:
        """What the customer sees."""
        return [message for message in self.messages if message.stream == "pub"]


def violations(*numbers: int) -> list[str]:
    """What does not hold, in words; of the given conversations, or of all."""
    found = []
    for seen in _look(numbers):
        for rule in RULES:
            found += [f"conversation {seen.now.id}: {rule.__name__}: {what}" for what in rule(seen)]
    return found


def _look(numbers: tuple[int, ...]) -> Iterator[Seen]:
    with reading() as session:
        if db.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        wanted = numbers or tuple(session.scalars(sa.select(Conversation.id)))
        for number in wanted:

            def rows(table: Any, key: str = "conversation_id", of: int = number) -> list[Row]:
                columns = table.__table__
                query = sa.select(columns).where(columns.c[key] == of).order_by(columns.c.id)
                return list(session.execute(query))

            [now] = rows(Conversation, "id")
            yield Seen(
                now=now,
                episode=rows(Episode, "id", now.episode_id)[0],
                messages=rows(Message),
                events=rows(EventRow),
                escalations=rows(Escalation),
                runs=rows(AiRun),
                alerts=rows(Outbox),
            )


def the_assistant_speaks_only_while_in_charge(seen: Seen) -> Iterator[str]:
    """Lifecycle I1, delivery I5."""
    may = True
    for message in seen.public:
        if message.kind in ("joined", "handoff", "left", "resolved"):
            may = False
        elif message.kind == "returned" or message.sender_type == "user":
            # After "resolved" a message may give it back to the assistant; the moves know.
            may = may or message.kind == "returned" or seen_resolved(seen, message.seq)
        elif message.sender_type == "ai" and not may:
            yield f"row {message.seq} of the assistant below a person's"
    answered: Counter[str] = Counter()
    for message in seen.public:
        if found := re.fullmatch(r"ai:(\d+):(\d+)", message.client_msg_id):
            began = [move.to_status for move in seen.moves if move.control_epoch == int(found[2])]
            if began not in (["ai"], []) or (not began and found[2] != "0"):
                yield f"row {message.seq} of the assistant in epoch {found[2]}, which was {began}"
            answered[found[1]] += 1
    yield from (f"{n} answers to row {seq}" for seq, n in answered.items() if n > 1)


def seen_resolved(seen: Seen, seq: int) -> bool:
    """Whether the last word on who is in charge, above a row, was "resolved"."""
    kinds = [m.kind for m in seen.public if m.seq < seq and m.kind in TOLD.values()]
    return bool(kinds) and kinds[-1] == "resolved"


def one_escalation_is_open_at_most(seen: Seen) -> Iterator[str]:
    """Lifecycle I2."""
    open_ones = [escalation for escalation in seen.escalations if escalation.outcome == "open"]
    if len(open_ones) > 1:
        yield f"{len(open_ones)} are open"
    if open_ones and seen.now.support_status != Status.WAITING:
        yield f"one is open while {seen.now.support_status}"


def every_change_is_told_once_in_the_same_commit(seen: Seen) -> Iterator[str]:
    """Lifecycle I3, I4, I11, delivery I4, I9: one event with an actor, one row, one moment."""
    told = Counter((m.kind, m.created_at) for m in seen.public if m.kind in TOLD.values())
    known = Counter((TOLD[move.name], move.created_at) for move in seen.moves if move.name in TOLD)
    if told != known:
        yield f"moves {known} but rows {told}"
    for event in seen.events:
        if not re.fullmatch(r"customer|ai|system|agent:\d+", event.actor):
            yield f"event {event.name} by {event.actor!r}"


def people_are_in_charge_where_the_status_says_so(seen: Seen) -> Iterator[str]:
    """Lifecycle I5, I6, delivery I3."""
    status, now = seen.now.support_status, seen.now
    if status in PEOPLE_IN_CHARGE and not now.requires_human:
        yield "nobody is required"
    if status == Status.ACTIVE and now.assigned_agent_id is None:
        yield "active without an agent"
    if status in (Status.AI, Status.WAITING) and now.assigned_agent_id is not None:
        yield f"{status} with an agent"


def replaying_the_moves_gives_the_status_and_the_epoch(seen: Seen) -> Iterator[str]:
    """Lifecycle I7, I10, delivery I6: no gap, no branch, every move legal."""
    status = Status.AI
    for number, move in enumerate(seen.moves, 1):
        if move.control_epoch != number:
            yield f"move {number} has epoch {move.control_epoch}"
        if move.from_status != status or Status(move.to_status) not in MOVES[status]:
            yield f"move {number} from {move.from_status} to {move.to_status} while {status}"
        status = Status(move.to_status)
    if (status, len(seen.moves)) != (seen.now.support_status, seen.now.control_epoch):
        yield f"replayed {status} {len(seen.moves)}, stored {seen.now.support_status}"


def nobody_loses_their_place(seen: Seen) -> Iterator[str]:
    """Lifecycle I9, and the order of the queue."""
    since: datetime | None = None
    for move in seen.moves:
        match Status(move.to_status):
            case Status.WAITING:
                since = since or move.created_at
            case Status.ACTIVE:
                pass
            case _:
                since = None
    if since != seen.now.waiting_since:
        yield f"waits since {since}, stored {seen.now.waiting_since}"
    if seen.now.support_status == Status.WAITING and since is not None:
        place = since - HEAD_START[Priority(seen.now.priority)]
        if place != seen.now.queue_key:
            yield f"queue_key {seen.now.queue_key} instead of {place}"


def numbers_have_no_holes_and_ids_no_doubles(seen: Seen) -> Iterator[str]:
    """Lifecycle I8, delivery I1, I2."""
    for stream, last in (("pub", seen.now.last_seq), ("desk", seen.now.last_note_seq)):
        numbers = [message.seq for message in seen.messages if message.stream == stream]
        if numbers != list(range(1, last + 1)):
            yield f"{stream} has {numbers}, last {last}"
    ids = Counter((message.sender_key, message.client_msg_id) for message in seen.messages)
    yield from (f"{key} is there {count} times" for key, count in ids.items() if count > 1)


def customers_are_counted_right(seen: Seen) -> Iterator[str]:
    """What the fence and the turn limit stand on."""
    theirs = [message for message in seen.public if message.sender_type == "user"]
    if seen.now.last_customer_seq != (theirs[-1].seq if theirs else 0):
        yield f"last_customer_seq is {seen.now.last_customer_seq}"
    turns = sum(message.episode_id == seen.now.episode_id for message in theirs)
    if seen.now.customer_turns != turns:
        yield f"customer_turns is {seen.now.customer_turns}, not {turns}"


def alerts_go_out_once(seen: Seen) -> Iterator[str]:
    """Delivery I7: none without an escalation, one per stretch and priority; one letter a reply."""
    keys = Counter(alert.dedup_key for alert in seen.alerts)
    handoffs = [alert for alert in seen.alerts if alert.kind == "handoff.requested"]
    asked = sum(event.name in ("handoff.requested", "priority.raised") for event in seen.events)
    if any(count > 1 for count in keys.values()) or len(handoffs) > asked:
        yield f"{len(handoffs)} alerts for {asked} escalations"
    letters = [alert for alert in seen.alerts if alert.recipient]
    replies = [message for message in seen.public if message.sender_type == "agent"]
    if len(letters) > len(replies):
        yield f"{len(letters)} letters for {len(replies)} replies"


def nobody_is_left_in_silence(seen: Seen) -> Iterator[str]:
    """With the assistant in charge, an answer, an offer or a run is there for the last words."""
    if seen.now.support_status != Status.AI:
        return
    below = any(message.seq > seen.now.last_customer_seq for message in seen.public)
    working = any(
        run.state != "done"
        and (run.customer_seq, run.control_epoch)
        == (seen.now.last_customer_seq, seen.now.control_epoch)
        for run in seen.runs
    )
    if not below and not working:
        yield f"row {seen.now.last_customer_seq} has no answer and no run"
    empty = [message.seq for message in seen.public if not message.body.strip()]
    if empty:
        yield f"rows without words: {empty}"


RULES: tuple[Callable[[Seen], Iterator[str]], ...] = (
    the_assistant_speaks_only_while_in_charge,
    one_escalation_is_open_at_most,
    every_change_is_told_once_in_the_same_commit,
    people_are_in_charge_where_the_status_says_so,
    replaying_the_moves_gives_the_status_and_the_epoch,
    nobody_loses_their_place,
    numbers_have_no_holes_and_ids_no_doubles,
    customers_are_counted_right,
    alerts_go_out_once,
    nobody_is_left_in_silence,
)
