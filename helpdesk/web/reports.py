"""The reports: figures for supervisors and admins, each with the conversations behind it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import desk, people
from helpdesk.services.admin import audit
from helpdesk.services.reports import asked, csv, drill, overview, period
from helpdesk.services.reports.asked import Asked
from helpdesk.services.reports.period import BadPeriod, Period
from helpdesk.services.reports.views import Cell, Choices, Table
from helpdesk.services.reports.words import days
from helpdesk.web import auth, forms

log = logging.getLogger(__name__)

bp = Blueprint("reports", __name__, url_prefix="/reports")

READERS = ("supervisor", "admin")
ZONE_COOKIE = "hd_tz"  # set by static/reports.js: what the browser calls its zone
BY = ("day", "inbox", "agent")
DOWNLOADS = (
    ("outcomes", "How episodes ended"),
    ("share", "Solved by the assistant"),
    ("reasons", "Why people were needed"),
    ("replies", "First human reply"),
    ("ratings", "Satisfaction"),
    ("given-up", "Waits given up"),
    ("day", "Everything by day"),
    ("inbox", "Everything by inbox"),
    ("agent", "Everything by agent"),
)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for; ``arguments`` say the same in the addresses of links."""

    asked: Asked
    arguments: dict[str, str]
    choices: Choices
    error: str = ""

    def link(self, endpoint: str, **changed: str | int | None) -> str:
        """The address of a page with these filters, some of them changed."""
        arguments: dict[str, str | int | None] = {**self.arguments, **changed}
        if changed.get("from"):
            arguments["days"] = None
        elif changed.get("days"):
            arguments |= {"from": None, "to": None}
        # Spelled out, because `from` is a word of Python's.
        return url_for(endpoint, **{name: value for name, value in arguments.items() if value})  # type: ignore[arg-type]

    def cases(self, cell: Cell) -> str:
        """The address of the conversations that a figure counts."""
        return self.link("reports.conversations", show=cell.cases, **dict(cell.narrow))


@bp.before_request
def readers_only() -> ResponseReturnValue | None:
    """Strangers are sent to sign in; agents learn whom to ask."""
    refusal = auth.agents_only()
    if refusal is not None:
        return refusal
    if auth.me().role in READERS:
        return None
    log.warning("agent %s was refused %s", auth.me().agent_id, request.endpoint)
    text = "Reports are for supervisors and admins. Ask one of them for a figure."
    title = "For supervisors"
    return render_template("errors/error.html", code=403, title=title, text=text), 403


@bp.get("", strict_slashes=False)
def overview_page() -> ResponseReturnValue:
    """The figures at a glance."""
    filters = _filters()
    return _page("overview.html", filters, "overview", overview=overview.look(filters.asked))


@bp.get("/by/<by>")
def breakdown(by: str) -> ResponseReturnValue:
    """The figures of each day, inbox or agent."""
    if by not in BY:
        abort(404)
    filters = _filters()
    table = overview.table(filters.asked, by)
    return _page("breakdown.html", filters, by, table=table)


@bp.get("/conversations")
def conversations() -> ResponseReturnValue:
    """The cases that a figure counts."""
    filters = _filters()
    try:
        listing = drill.listing(filters.asked, _show(), request.args.get("after", ""))
    except drill.NoSuchCases:
        abort(404)
    except drill.BadCursor:
        abort(400)
    return _page("conversations.html", filters, "conversations", listing=listing)


@bp.get("/conversations.csv")
def conversations_file() -> ResponseReturnValue:
    """The same as a file; it holds what customers wrote, so that it is noted who took it."""
    filters = _filters()
    try:
        table = drill.table(filters.asked, _show())
    except drill.NoSuchCases:
        abort(404)
    shown = filters.asked.period
    audit.record_alone(
        auth.actor(),
        "report.exported",
        f"report:{table.key}",
        days=days(shown),
        zone=str(shown.zone),
    )
    return _file(table, filters)


@bp.get("/tables/<name>.csv")
def table_file(name: str) -> ResponseReturnValue:
    """A table as a file."""
    filters = _filters()
    try:
        return _file(overview.table(filters.asked, name), filters)
    except overview.NoSuchTable:
        abort(404)


def _filters() -> Filters:
    choices = asked.choices()
    inbox_id = _known("inbox", {each.id for each in choices.inboxes})
    agent_id = _known("agent", {each.id for each in choices.agents})
    chosen, arguments, error = _period()
    arguments |= {
        name: str(number) for name, number in (("inbox", inbox_id), ("agent", agent_id)) if number
    }
    return Filters(
        asked=Asked(period=chosen, inbox_id=inbox_id, agent_id=agent_id),
        arguments=arguments,
        choices=choices,
        error=error,
    )


def _period() -> tuple[Period, dict[str, str], str]:
    """The days, how a link says them, and what was wrong with those asked for."""
    given = {name: request.args.get(name, "") for name in ("days", "from", "to", "tz")}
    zone = period.zone_named(given["tz"] or request.cookies.get(ZONE_COOKIE, ""))
    arguments = {"tz": given["tz"]} if given["tz"] else {}
    now = clock.now()
    try:
        chosen = period.asked_for(given["days"], given["from"], given["to"], zone, now)
    except BadPeriod as wrong:
        usual = period.last_days(period.DEFAULT_DAYS, zone, now)
        return usual, arguments | {"days": str(usual.days)}, str(wrong)
    if given["from"] or given["to"]:
        arguments |= {"from": given["from"], "to": given["to"]}
    else:
        arguments |= {"days": str(chosen.days)}
    return chosen, arguments, ""


def _known(name: str, numbers: set[int]) -> int | None:
    number = forms.query_number(name)
    if number and number not in numbers:
        abort(404)
    return number or None


def _show() -> str:
    return request.args.get("show", "")


def _page(name: str, filters: Filters, place: str, /, **context: object) -> ResponseReturnValue:
    me = auth.me()
    html = render_template(
        f"reports/{name}",
        me=me.view,
        team=people.team(),
        board=desk.look_at_board("queue", me.agent_id),
        filters=filters,
        period=filters.asked.period,
        days=days(filters.asked.period),
        place=place,
        presets=period.PRESETS,
        downloads=DOWNLOADS,
        **context,
    )
    return html, 422 if filters.error else 200


def _file(table: Table, filters: Filters) -> ResponseReturnValue:
    if filters.error:
        abort(400)
    shown = filters.asked.period
    response = make_response(csv.write(table))
    response.mimetype = "text/csv"
    name = f"helpdesk-{table.key}-{shown.first}-{shown.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
