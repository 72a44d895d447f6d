"""The handoff decision: facts and a policy in, one decision with its evidence out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpdesk.domain.escalation.codes import CODES, SOFT, Action
from helpdesk.domain.escalation.facts import Facts
from helpdesk.domain.escalation.findings import Finding
from helpdesk.domain.escalation.policy import Policy
from helpdesk.domain.escalation.rules import RULES
from helpdesk.domain.escalation.signals import Signals, measure
from helpdesk.domain.lifecycle import Priority


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do, and why.

    ``findings`` are the rules that fired, the weightiest first; ``near_misses`` those that nearly
    did, or were switched off, muted or held back. ``run_assistant``: the assistant may speak; at
    the first moment it is asked for a reply, at the second the reply is posted.
    """

    action: Action
    priority: Priority
    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    near_misses: tuple[Finding, ...]
    signals: Signals
    run_assistant: bool
    policy_version: int

    @property
    def primary(self) -> str | None:
        """The code that weighs most: the highest priority, then the order of the table."""
        return self.codes[0] if self.codes else None


def evaluate(facts: Facts, policy: Policy) -> Decision:
    """Decide whether a person is needed.

    Pure and deterministic: the same facts and policy give the same decision. No text is refused,
    and the time is bounded whatever the text.
    """
    signals = measure(facts)
    found = [finding for rule in RULES if (finding := rule(facts, signals, policy))]
    found = [_muted(finding, facts) for finding in found]
    found = _together(found)
    found = _held_back(found, facts, policy)
    fired = sorted((finding for finding in found if finding.action.rank), key=_weight)
    action = max((finding.action for finding in fired), key=_rank, default=Action.NONE)
    codes = tuple(finding.code for finding in fired)
    return Decision(
        action=action,
        priority=fired[0].priority if fired else Priority.LOW,
        codes=codes,
        findings=tuple(fired),
        near_misses=tuple(finding for finding in found if not finding.action.rank),
        signals=signals,
        run_assistant=action is not Action.TRANSFER and "asked_for_human" not in codes,
        policy_version=policy.version,
    )


def _muted(finding: Finding, facts: Facts) -> Finding:
    """Soft rules keep quiet for a while after a person gave the conversation back."""
    if finding.code in SOFT and facts.muted_turns > 0:
        return _quiet(finding, "Muted: a person gave the conversation back a moment ago.")
    return finding


def _together(found: list[Finding]) -> list[Finding]:
    """Frustration only offers by itself; with any other rule that fired it calls a person."""
    others = any(finding.action.rank for finding in found if finding.code != "frustration")
    if not others:
        return found
    return [
        replace(finding, action=Action.TRANSFER)
        if finding.code == "frustration" and finding.action is Action.OFFER
        else finding
        for finding in found
    ]


def _held_back(found: list[Finding], facts: Facts, policy: Policy) -> list[Finding]:
    """No second offer while one stands, nor soon after "no thanks"; a request is always heard."""
    if any(finding.action is Action.TRANSFER for finding in found):
        return found
    declined = facts.declined_turns_ago
    if facts.offered:
        why = "An offer stands already."
    elif declined is not None and declined < policy.decline_quiet_turns:
        why = "The customer declined an offer a moment ago."
    else:
        return found
    return [
        _quiet(finding, why)
        if finding.action is Action.OFFER and finding.code != "asked_for_human"
        else finding
        for finding in found
    ]


def _quiet(finding: Finding, why: str) -> Finding:
    if not finding.action.rank:
        return finding
    return replace(finding, action=Action.NONE, note=f"{finding.note} {why}")


def _weight(finding: Finding) -> tuple[int, int]:
    return -finding.priority.rank, CODES.index(finding.code)


def _rank(action: Action) -> int:
    return action.rank
