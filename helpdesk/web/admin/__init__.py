"""The admins' side: a file a noun, all behind one guard."""

from helpdesk.web.admin import (
    alerts,
    audit_log,
    business_hours,
    canned_responses,
    inboxes,
    message_templates,
    policy,
    team,
)
from helpdesk.web.admin.blueprint import bp

__all__ = [
    "alerts",
    "audit_log",
    "bp",
    "business_hours",
    "canned_responses",
    "inboxes",
    "message_templates",
    "policy",
    "team",
]
