"""The audit log: filtered, a page at a time, and its chain looked at."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from helpdesk.services.admin import audit, audit_page
from helpdesk.services.admin.audit import Verification
from helpdesk.services.admin.audit_page import KINDS, Filters
from helpdesk.web import forms
from helpdesk.web.admin import pages
from helpdesk.web.admin.blueprint import bp

SECTION = "audit"


@bp.get("/audit")
def audit_log() -> ResponseReturnValue:
    """The newest entries, or those a filter lets through."""
    return _page(None)


@bp.post("/audit/verification")
def verify_audit() -> ResponseReturnValue:
    """Compute the whole chain anew and say what was found."""
    forms.take()
    return _page(audit.verify())


def _page(verification: Verification | None) -> ResponseReturnValue:
    filters = Filters(
        kind=_one("kind") if _one("kind") in KINDS else "",
        agent_id=forms.query_number("agent") or None,
        since=_date("since"),
        until=_date("until"),
        zone=_one("zone") or "UTC",
    )
    shown = audit_page.page(filters, before=forms.query_number("before"))
    kept = {name: _one(name) for name in ("kind", "agent", "since", "until", "zone") if _one(name)}
    older = urlencode({**kept, "before": shown.older}) if shown.older else ""
    return pages.page(
        "admin/audit.html",
        SECTION,
        rows=shown.rows,
        older=older,
        newest=urlencode(kept) if request.args.get("before") else None,
        filters=filters,
        filtered=bool(kept.keys() - {"zone"}),
        kinds=[(key, words) for key, (words, _) in KINDS.items()],
        people=audit_page.people(),
        verification=verification,
    )


def _one(name: str) -> str:
    return request.args.get(name, "")[:80]


def _date(name: str) -> date | None:
    try:
        day = date.fromisoformat(_one(name))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
