"""The tables. Nothing here decides anything; the database keeps the promises written here."""

from helpdesk.models.conversation import (
    AiRun,
    Conversation,
    Episode,
    Escalation,
    EventRow,
    Message,
    TurnSignals,
)
from helpdesk.models.desk import (
    AuditEntry,
    BusinessHours,
    CannedResponse,
    Inbox,
    Installation,
    MessageTemplate,
    PolicyVersion,
)
from helpdesk.models.knowledge import Article, ArticleVersion
from helpdesk.models.outbox import Endpoint, Outbox, OutboxAttempt
from helpdesk.models.people import (
    Agent,
    Contact,
    ContactKey,
    SignInFailure,
    SignInLink,
    SignInSession,
)
from helpdesk.models.quality import Rating, Review

__all__ = [
    "Agent",
    "AiRun",
    "Article",
    "ArticleVersion",
    "AuditEntry",
    "BusinessHours",
    "CannedResponse",
    "Contact",
    "ContactKey",
    "Conversation",
    "Endpoint",
    "Episode",
    "Escalation",
    "EventRow",
    "Inbox",
    "Installation",
    "Message",
    "MessageTemplate",
    "Outbox",
    "OutboxAttempt",
    "PolicyVersion",
    "Rating",
    "Review",
    "SignInFailure",
    "SignInLink",
    "SignInSession",
    "TurnSignals",
]
