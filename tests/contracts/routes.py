"""Every route, who may ask for it, and a form that it accepts. A new route is entered here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from helpdesk.domain.escalation import Policy
from helpdesk.services.admin.policy_form import fields_of

ANYBODY, CONTACT, AGENT = "anybody", "contact", "agent"
SUPERVISOR, ADMIN = "supervisor", "admin"
TEAM = {"/desk": AGENT, "/reports": SUPERVISOR, "/admin": ADMIN}
"""Where each role's side begins; whoever may see one may see those before it."""


@dataclass(frozen=True)
class Route:
    """Who may ask for it, and a form that it accepts."""

    audience: str
    form: dict[str, str] = field(default_factory=dict)
    framed: bool = False
    cached: bool = False


WORDS = {"client_msg_id": str(uuid.uuid4()), "body": "How do I add money?"}
CANNED = {"shortcut": "a", "title": "A", "body": "Hello."}
HOURS = {"name": "Office", "time_zone": "UTC", "monday-start": "09:00", "monday-end": "17:00"}
INBOX = {"name": "Web", "company": "Northfold", "color": "#0B6B66"}
HOOK = {
    "channel": "webhook",
    "name": "On call",
    "address": "http://127.0.0.1:9/hook",  # the tests' operator allows it; nobody listens there
    "event-handoff.requested": "1",
    "least_priority": "high",
}
LEFT = WORDS | {"email": "maya@mail.example"}

ROUTES = {
    "static": Route(ANYBODY, cached=True),
    "home.index": Route(ANYBODY),
    "home.demo": Route(ANYBODY),
    "home.icon": Route(ANYBODY),
    "health.healthz": Route(ANYBODY),
    "health.readyz": Route(ANYBODY),
    "health.socket": Route(ANYBODY),
    "widget.loader": Route(ANYBODY, cached=True),
    "widget.page": Route(ANYBODY, framed=True),
    "widget.first_message": Route(ANYBODY, WORDS, framed=True),
    "widget.ask_at_once": Route(ANYBODY, {"source": "button"}, framed=True),
    "widget.leave_first_message": Route(ANYBODY, LEFT, framed=True),
    "widget.leave_message": Route(CONTACT, LEFT, framed=True),
    "widget.ask_to_return": Route(ANYBODY),
    "widget.return_by_link": Route(ANYBODY),
    "widget.send": Route(CONTACT, WORDS, framed=True),
    "widget.ask_for_person": Route(CONTACT, {"source": "button"}, framed=True),
    "widget.decline_offer": Route(CONTACT, framed=True),
    "widget.back_to_assistant": Route(CONTACT, framed=True),
    "widget.end": Route(CONTACT, framed=True),
    "widget.rate": Route(CONTACT, {"score": "5"}, framed=True),
    "widget.since": Route(CONTACT, framed=True),
    "widget.socket": Route(CONTACT),
    "auth.sign_in": Route(ANYBODY),
    "auth.submit_sign_in": Route(ANYBODY, {"email": "a@b.example", "password": "wrong"}),
    "auth.sign_out": Route(ANYBODY),
    "auth.welcome": Route(ANYBODY),
    "auth.submit_welcome": Route(
        ANYBODY,
        {"name": "Maria Lopez", "email": "maria@team.example", "password": "plum tango kiosk"},
    ),
    "desk.board": Route(AGENT),
    "desk.conversation": Route(AGENT),
    "desk.since": Route(AGENT),
    "desk.socket": Route(AGENT),
    "desk.claim_next": Route(AGENT),
    "desk.claim": Route(AGENT),
    "desk.release": Route(AGENT),
    "desk.return_to_assistant": Route(AGENT),
    "desk.resolve": Route(AGENT, {"seen_seq": "99"}),
    "desk.review": Route(AGENT, {"verdict": "needed"}),
    "desk.reply": Route(AGENT, WORDS),
    "desk.note": Route(AGENT, WORDS),
    "desk.presence": Route(AGENT, {"presence": "away"}),
    "canned.responses": Route(AGENT),
    "reports.overview_page": Route(SUPERVISOR),
    "reports.breakdown": Route(SUPERVISOR),
    "reports.conversations": Route(SUPERVISOR),
    "reports.conversations_file": Route(SUPERVISOR),
    "reports.table_file": Route(SUPERVISOR),
    # The forms of admins are sent in this order, each to what those before it have left.
    "admin.home": Route(ADMIN),
    "admin.show_policy": Route(ADMIN),
    "admin.save_policy": Route(
        ADMIN, fields_of(Policy.default()) | {"turn_limit": "25", "version": "0"}
    ),
    "admin.restore_policy": Route(ADMIN, {"version": "1"}),
    "admin.templates": Route(ADMIN),
    "admin.template": Route(ADMIN),
    "admin.preview_template": Route(ADMIN, {"body": "Hello."}),
    "admin.save_template": Route(ADMIN, {"body": "Hello.", "version": "0"}),
    "admin.reset_template": Route(ADMIN, {"version": "1"}),
    "admin.restore_template": Route(ADMIN, {"version": "2"}),
    "admin.canned": Route(ADMIN),
    "admin.new_canned": Route(ADMIN),
    "admin.create_canned": Route(ADMIN, CANNED),
    "admin.one_canned": Route(ADMIN),
    "admin.change_canned": Route(ADMIN, CANNED | {"shortcut": "b", "version": "1"}),
    "admin.ask_remove_canned": Route(ADMIN),
    "admin.remove_canned": Route(ADMIN, {"version": "2"}),
    "admin.all_hours": Route(ADMIN),
    "admin.new_hours": Route(ADMIN),
    "admin.create_hours": Route(ADMIN, HOURS),
    "admin.preview_hours": Route(ADMIN, HOURS),
    "admin.one_hours": Route(ADMIN),
    "admin.change_hours": Route(ADMIN, HOURS | {"name": "Changed", "version": "1"}),
    "admin.set_today": Route(ADMIN, {"state": "closed"}),
    "admin.ask_remove_hours": Route(ADMIN),
    "admin.remove_hours": Route(ADMIN, {"version": "3"}),
    "admin.all_inboxes": Route(ADMIN),
    "admin.new_inbox": Route(ADMIN),
    "admin.create_inbox": Route(ADMIN, INBOX),
    "admin.inbox": Route(ADMIN),
    "admin.change_inbox": Route(ADMIN, INBOX | {"version": "1"}),
    "admin.set_inbox_state": Route(ADMIN, {"state": "off"}),
    "admin.all_members": Route(ADMIN),
    "admin.invite_member": Route(
        ADMIN, {"name": "Ben Cole", "email": "ben@team.example", "role": "agent"}
    ),
    "admin.member": Route(ADMIN),
    "admin.change_role": Route(ADMIN, {"role": "supervisor", "was": "agent"}),
    "admin.make_link": Route(ADMIN),
    "admin.end_sessions": Route(ADMIN),
    "admin.set_member_state": Route(ADMIN, {"state": "off"}),
    "admin.alerts": Route(ADMIN),
    "admin.new_endpoint": Route(ADMIN),
    "admin.create_endpoint": Route(ADMIN, HOOK),
    "admin.endpoint": Route(ADMIN),
    "admin.change_endpoint": Route(ADMIN, HOOK | {"name": "Pager", "version": "1"}),
    "admin.test_endpoint": Route(ADMIN),
    "admin.delivery": Route(ADMIN),
    "admin.retry_delivery": Route(ADMIN),
    "admin.cancel_delivery": Route(ADMIN),
    "admin.retry_all": Route(ADMIN, {"hours": "24"}),
    "admin.renew_secret": Route(ADMIN),
    "admin.end_rotation": Route(ADMIN),
    "admin.set_endpoint_state": Route(ADMIN, {"state": "off"}),
    "admin.ask_remove_endpoint": Route(ADMIN),
    "admin.remove_endpoint": Route(ADMIN, {"version": "2"}),
    "admin.audit_log": Route(ADMIN),
    "admin.verify_audit": Route(ADMIN),
}

ONLY_LOOK = {"admin.preview_template", "admin.preview_hours", "admin.verify_audit"}
"""Forms that show something and change nothing."""
