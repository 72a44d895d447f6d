"""When a conversation needs a person, and why: pure decisions with evidence.

`evaluate` takes the facts of one moment and a policy. Signals measure (0..1, with the words they
stand on), rules judge them against the policy, the decision puts the findings together.
"""

from __future__ import annotations

from helpdesk.domain.escalation.codes import (
    CODES,
    ISSUE_TYPES,
    LABELS,
    SOFT,
    TOPICS,
    Action,
)
from helpdesk.domain.escalation.decision import Decision, evaluate
from helpdesk.domain.escalation.facts import Facts, ReplyFacts, Turn
from helpdesk.domain.escalation.farewell import is_thanks
from helpdesk.domain.escalation.findings import Finding
from helpdesk.domain.escalation.policy import LIMITS, Mode, Policy, PolicyError, Rule
from helpdesk.domain.escalation.signals import Evidence, Signals, measure

__all__ = [
    "CODES",
    "ISSUE_TYPES",
    "LABELS",
    "LIMITS",
    "SOFT",
    "TOPICS",
    "Action",
    "Decision",
    "Evidence",
    "Facts",
    "Finding",
    "Mode",
    "Policy",
    "PolicyError",
    "ReplyFacts",
    "Rule",
    "Signals",
    "Turn",
    "evaluate",
    "is_thanks",
    "measure",
]
