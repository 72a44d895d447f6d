"""The cases behind a figure, newest first, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpdesk.domain.escalation import LABELS
from helpdesk.domain.lifecycle import Sender
from helpdesk.domain.text import excerpt
from helpdesk.models import Agent, Contact, Conversation, Inbox, Message
from helpdesk.services.reports import handoffs, people, resolution, satisfaction, words
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.cases import Cases, Columns, Rows, Unit, looking
from helpdesk.services.reports.numbers import BY_KEY
from helpdesk.services.reports.views import CaseRow, Cell, Listing, Table
from helpdesk.services.transcript import contact_name

PAGE = 50
AT_ONCE = 1_000  # rows read at a time for a file

OUTCOMES = {
    "confirmed": "Solved by the assistant, confirmed",
    "assumed": "Solved by the assistant, assumed",
    "person": "With a person",
    "left": "Left without help",
    "open": "Still with the assistant",
    "agent": "Solved by an agent",
}
COLUMNS = ("When", "Customer", "About", "What", "Agent", "Inbox", "Conversation")


class NoSuchCases(KeyError):
    """There is no set of cases of this name."""


class BadCursor(ValueError):
    """This is no place in a list."""


def listing(asked: Asked, key: str, after: str = "") -> Listing:
    """One page of the cases, past a cursor.

    :raises NoSuchCases: there is no such set, or none of one agent.
    :raises BadCursor: ``after`` is no row's cursor.
    """
    cases = _cases(key)
    rows = cases.unit.rows(asked.scope)
    with looking() as session:
        total, conversations = session.execute(
            sa.select(
                sa.func.count(rows.c.id), sa.func.count(rows.c.conversation_id.distinct())
            ).where(cases.holds(rows.c))
        ).one()
    found = _page(asked, cases, after, PAGE + 1)
    return Listing(
        key=key,
        title=cases.title,
        unit=cases.unit.one if total == 1 else cases.unit.many,
        total=total,
        conversations=conversations,
        rows=tuple(found[:PAGE]),
        older=found[PAGE - 1].cursor if len(found) > PAGE else "",
    )


def table(asked: Asked, key: str) -> Table:
    """All cases, for a file.

    :raises NoSuchCases: there is no such set.
    """
    cases = _cases(key)
    return Table(key=key, title=cases.title, columns=COLUMNS, rows=tuple(_all(asked, cases)))


def _all(asked: Asked, cases: Cases) -> Iterator[tuple[Cell, ...]]:
    after = ""
    while found := _page(asked, cases, after, AT_ONCE):
        for row in found:
            at = f"{row.at:%Y-%m-%d %H:%M}"
            cells = (at, row.name, row.excerpt, row.words, row.agent, row.inbox)
            yield (*(Cell(text=text) for text in cells), Cell(text=f"/desk/c/{row.conversation}"))
        after = found[-1].cursor


def _cases(key: str) -> Cases:
    try:
        return BY_KEY[key]
    except KeyError:
        raise NoSuchCases(key) from None


def _page(asked: Asked, cases: Cases, after: str, most: int) -> list[CaseRow]:
    rows = cases.unit.rows(asked.scope)
    own, said = _SAID[cases.unit]
    agent = rows.c.agent_id if cases.unit.has_agent else Conversation.assigned_agent_id
    query = (
        sa.select(
            rows.c.id,
            rows.c.at,
            *(rows.c[name] for name in own),
            Conversation.public_id,
            _first_words(rows).label("about"),
            Contact,
            Agent.name.label("agent"),
            Inbox.name.label("inbox"),
        )
        .select_from(rows)
        .join(Conversation, Conversation.id == rows.c.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Inbox, Inbox.id == rows.c.inbox_id)
        .join(Agent, Agent.id == agent, isouter=True)
        .where(cases.holds(rows.c))
        .order_by(rows.c.at.desc(), rows.c.id.desc())
        .limit(most)
    )
    if after:
        query = query.where(_past(rows.c, after))
    with looking() as session:
        found = session.execute(query).all()
    return [
        CaseRow(
            cursor=f"{row.at.isoformat()}~{row.id}",
            at=asked.period.local(row.at),
            conversation=row.public_id,
            name=contact_name(row.Contact),
            excerpt=excerpt(row.about or "", 90),
            words=said(row),
            agent=row.agent or "",
            inbox=row.inbox,
        )
        for row in found
    ]


def _first_words(rows: Rows) -> sa.ScalarSelect[str]:
    """What the customer began the episode with; what they said last is mostly thanks."""
    return (
        sa.select(sa.func.substr(Message.body, 1, 200))
        .where(
            Message.episode_id == rows.c.episode_id,
            Message.stream == "pub",
            Message.sender_type == Sender.USER,
        )
        .order_by(Message.seq)
        .limit(1)
        .scalar_subquery()
    )


def _past(columns: Columns, after: str) -> sa.ColumnElement[bool]:
    raw, _, number = after.partition("~")
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        raise BadCursor(after) from None
    if at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadCursor(after)
    return sa.or_(columns.at < at, sa.and_(columns.at == at, columns.id < int(number)))


def _said_of_episode(row: Any) -> str:
    text = OUTCOMES[row.outcome]
    return (
        text if row.seconds is None else f"{text}, handed over after {words.duration(row.seconds)}"
    )


def _said_of_handoff(row: Any) -> str:
    parts = [LABELS.get(row.reason, row.reason)]
    if row.seconds is not None:
        parts.append(f"reply after {words.duration(row.seconds)}")
    if row.given_up is not None:
        parts.append(f"given up after {words.duration(row.given_up_after)}")
    return ", ".join(parts)


def _said_of_rating(row: Any) -> str:
    return f"{row.score} of 5" + (f": {excerpt(row.comment, 90)}" if row.comment else "")


def _said_of_solved(row: Any) -> str:
    return OUTCOMES[row.kind] + (", rated" if row.rated else "")


def _said_of_join(_row: Any) -> str:
    return "Joined"


_SAID: dict[Unit, tuple[tuple[str, ...], Callable[[Any], str]]] = {
    resolution.EPISODES: (("outcome", "seconds"), _said_of_episode),
    handoffs.HANDOFFS: (("reason", "seconds", "given_up", "given_up_after"), _said_of_handoff),
    satisfaction.RATINGS: (("score", "comment"), _said_of_rating),
    satisfaction.SOLVED_EPISODES: (("kind", "rated"), _said_of_solved),
    people.JOINS: ((), _said_of_join),
}
