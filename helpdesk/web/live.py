"""What an open page is fed: the customer's chat, and the agent's desk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flask import abort, current_app, render_template, request

from helpdesk import realtime
from helpdesk.config import Settings
from helpdesk.realtime.sockets import GONE, SIGNED_OUT
from helpdesk.realtime.views import AgentView, BoardView, ChatView, ConversationView, MessageView
from helpdesk.services import chat, desk, people, signing_in
from helpdesk.services.chat import Site
from helpdesk.web import limits

_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")

RESET = "<!--reset-->"
FURTHEST_BEHIND = 1_000
"""A page that lacks more rows than this loads anew instead."""
SPARE_THREADS = 16
"""Threads that sockets never take, so that plain requests are always served."""


def refuse_handshake(owner: str) -> None:
    """Answer a handshake before it costs anything.

    400 for one that is malformed, 429 for hammering, 503 when full or stopping.
    """
    version, key = (request.headers.get(f"Sec-WebSocket-{it}", "") for it in ("Version", "Key"))
    if version != "13" or not _KEY.fullmatch(key):
        abort(400)
    settings: Settings = current_app.config["SETTINGS"]
    limits.hit("handshake", owner, most=settings.limits.handshakes_per_minute, seconds=60)
    if realtime.is_draining() or realtime.count() >= settings.threads - SPARE_THREADS:
        abort(503)


def rows_for_customer(rows: list[MessageView]) -> list[str]:
    """The customer's rows as HTML."""
    return [render_template("fragments/widget/message.html", message=row) for row in rows]


def rows_for_desk(rows: list[MessageView]) -> list[str]:
    """The desk's rows as HTML."""
    return [render_template("fragments/desk/message.html", message=row) for row in rows]


def state_of_conversation(view: ConversationView) -> list[str]:
    """Everything the desk shows of a conversation but its rows."""
    return [
        render_template(f"fragments/desk/{part}.html", conversation=view, oob=True)
        for part in ("head", "side", "bar")
    ]


def _appended(row: str) -> str:
    return f'<div hx-swap-oob="beforeend:#log">{row}</div>'


def is_lost(after: int, last: int) -> bool:
    """Whether a page's cursor belongs to another history, or is too far behind to replay."""
    return after > last or last - after > FURTHEST_BEHIND


@dataclass
class ContactFeed:
    """A customer's page. It knows its own conversation and nothing of the desk's."""

    contact_id: int
    token: str
    site: Site
    conversation_id: int
    after: int
    epoch: int
    _shown: ChatView | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Only this conversation rings here."""
        return (f"conversation:{self.conversation_id}",)

    def pull(self) -> list[str]:
        """New rows, and the state where it changed."""
        seen = chat.snapshot(self.site, self.conversation_id, self.after)
        if is_lost(self.after, seen.state.last_seq) or seen.epoch != self.epoch:
            self.after, self.epoch = seen.state.last_seq, seen.epoch
            return [RESET]
        frames = [_appended(row) for row in rows_for_customer(seen.rows)]
        if seen.rows:
            self.after = seen.rows[-1].seq
        if seen.state != self._shown:
            self._shown = seen.state
            frames.append(render_template("fragments/widget/state.html", chat=seen.state, oob=True))
        return frames

    def heartbeat(self) -> str:
        """The last number sent."""
        return f"<!--hb {self.after}-->"

    def refusal(self) -> int | None:
        """Gone once the contact was blocked or erased."""
        return None if chat.contact_by_token(self.token) == self.contact_id else GONE


@dataclass
class DeskFeed:
    """An agent's page: the list at the left and, where one is open, a conversation."""

    agent_id: int
    token: str
    view: str
    conversation_id: int | None
    after: int
    after_note: int
    _board: BoardView | None = None
    _conversation: ConversationView | None = None
    _team: list[AgentView] = field(default_factory=list)

    @property
    def topics(self) -> tuple[str, ...]:
        """The queue, which every change rings."""
        return ("queue",)

    def pull(self) -> list[str]:
        """New rows, and every part of the page that changed."""
        frames = self._of_conversation(self.conversation_id) if self.conversation_id else []
        board = desk.look_at_board(self.view, self.agent_id)
        if board != self._board:
            self._board = board
            frames.append(render_template("fragments/desk/board.html", board=board, oob=True))
        team = people.team()
        if team != self._team:
            self._team = team
            frames.append(render_template("fragments/desk/team.html", team=team, oob=True))
        return frames

    def _of_conversation(self, number: int) -> list[str]:
        seen = desk.open_conversation(
            number, self.agent_id, after=self.after, after_note=self.after_note
        )
        view, before = seen.conversation, self._conversation
        if is_lost(self.after, view.last_seq):
            self.after = view.last_seq
            return [RESET]
        frames = [_appended(row) for row in rows_for_desk(seen.rows)]
        for row in seen.rows:
            if row.stream == "pub":
                self.after = row.seq
            else:
                self.after_note = row.seq
        self._conversation = view
        if view == before:
            return frames
        if before is not None and view.why != before.why:
            # Words that were shown plainly before turned out to be evidence.
            frames += [
                f'<div hx-swap-oob="outerHTML:#m-{row.seq}">{html}</div>'
                for row in desk.rows_with_evidence(number)
                for html in rows_for_desk([row])
            ]
        return frames + state_of_conversation(view)

    def heartbeat(self) -> str:
        """The last numbers sent."""
        return f"<!--hb {self.after} {self.after_note}-->"

    def refusal(self) -> int | None:
        """Signed out: by the agent, by an admin, or by time."""
        return None if signing_in.who(self.token) else SIGNED_OUT
