"""The rules: each judges the signals and facts against the policy and returns what it found.

A rule returns ``None`` when it has nothing to say, a finding with an action when it fires, and one
without when it nearly did (from `NEAR` of its limit) or is switched off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from helpdesk.domain.escalation.codes import TOPICS, Action
from helpdesk.domain.escalation.facts import Facts
from helpdesk.domain.escalation.findings import Finding, quoted
from helpdesk.domain.escalation.policy import Mode, Policy
from helpdesk.domain.escalation.signals import Evidence, Signals
from helpdesk.domain.lifecycle import Priority

NEAR = 0.6

_PRESSED = {
    "button": "Pressed “Talk to a person”.",
    "menu": "Chose a person from the menu.",
    "offer": "Accepted the offer of a person.",
}


def asked_for_human(facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """Asked for a person: by words an offer at first, then and by any button a transfer."""
    code = "asked_for_human"
    if facts.requested_by:
        note = _PRESSED.get(facts.requested_by, f"Asked for a person ({facts.requested_by}).")
        return _finding(code, policy, Action.TRANSFER, value=1.0, note=note)
    evidence = signals.evidence.get(code, ())
    again = facts.asked_before or (facts.offered and facts.reply is None)
    action = Action.TRANSFER if again else _first_step(code, policy)
    note = f"Asked for a person{' again' if again else ''}: {quoted(evidence)}."
    return _scored(code, signals, policy, action=action, evidence=evidence, note=note)


def topic(code: str, facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """The message is about a sensitive topic. Only the customer's own case calls a person.

    A question of how it is done is answered by the assistant, with an offer below the answer.
    """
    evidence = signals.evidence.get(code, ())
    if _own_case(signals, policy):
        proof = _joined(evidence, signals.evidence.get("own_case", ()))
        note = f"The customer's own case: {quoted(proof)}."
        action = _first_step(code, policy)
        return _scored(code, signals, policy, action=action, evidence=proof, note=note)
    note = f"A question about {quoted(evidence)}, not a case of the customer's own."
    action = Action.NONE if facts.reply is None else Action.OFFER
    calm = min(policy.rules[code].priority, Priority.MEDIUM, key=lambda each: each.rank)
    return _scored(
        code, signals, policy, action=action, evidence=evidence, note=note, priority=calm
    )


def frustration(facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """The customer is frustrated: an offer; on two turns running a transfer."""
    code = "frustration"
    if facts.message is None or _is_thanks(signals):
        return None
    evidence = signals.evidence.get(code, ())
    note = f"Sounds frustrated: {quoted(evidence)}." if evidence else "The tone is negative."
    action = _first_step(code, policy)
    short = signals.words <= policy.short_message_words
    if action is Action.TRANSFER and short:
        action = Action.OFFER
    if _reaches(signals, "frustration_before", policy.rules[code].threshold):
        action = Action.TRANSFER
        evidence = (*signals.evidence.get("frustration_before", ()), *evidence)
        note = f"Frustrated on two turns running: {quoted(evidence)}."
    return _scored(code, signals, policy, action=action, evidence=evidence, note=note)


def repeated_question(facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """The same question again, although the assistant answered: an offer, then a transfer."""
    code = "repeated_question"
    if _is_thanks(signals):
        return None
    evidence = signals.evidence.get(code, ())
    third = _reaches(signals, "repeated_before", policy.rules[code].threshold)
    again = third or (facts.offered and facts.reply is None)
    action = Action.TRANSFER if again else _first_step(code, policy)
    note = f"Asked {'once more' if again else 'again'}: {quoted(evidence[-1:])}."
    return _scored(code, signals, policy, action=action, evidence=evidence, note=note)


def low_confidence(facts: Facts, _signals: Signals, policy: Policy) -> Finding | None:
    """The assistant answered, but is less sure than this desk accepts."""
    code = "low_confidence"
    reply, limit = facts.reply, policy.rules[code].threshold
    if reply is None or reply.refused or reply.error or reply.confidence is None:
        return None
    sure = reply.confidence
    note = f"The assistant is {sure:.0%} sure of its answer; the limit is {limit:.0%}."
    if sure < limit:
        return _finding(code, policy, _first_step(code, policy), value=sure, note=note)
    if 1.0 - sure >= NEAR * (1.0 - limit) and sure < 1.0:
        return _finding(code, policy, Action.NONE, value=sure, note=note)
    return None


def refusal(
    code: str, note: str, facts: Facts, _signals: Signals, policy: Policy
) -> Finding | None:
    """The assistant says that it has no answer."""
    if facts.reply is None or facts.reply.refused != code or facts.reply.error:
        return None
    return _finding(code, policy, _first_step(code, policy), value=1.0, note=note)


def ai_error(facts: Facts, _signals: Signals, policy: Policy) -> Finding | None:
    """The assistant failed, after all its tries."""
    if facts.reply is None or not facts.reply.error:
        return None
    note = f"The assistant failed: {facts.reply.error[:200]}"
    action = _first_step("ai_error", policy)
    return _finding("ai_error", policy, action, value=1.0, note=note)


def turn_limit(facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """More customer turns in this episode than should be needed."""
    turns, limit = facts.customer_turns, policy.turn_limit
    if facts.message is None or _is_thanks(signals) or turns < NEAR * limit:
        return None
    note = f"{turns} messages of the customer without a solution; {limit} are accepted."
    action = _first_step("turn_limit", policy) if turns > limit else Action.NONE
    return _finding("turn_limit", policy, action, value=float(turns), limit=limit, note=note)


def returned_within_window(facts: Facts, signals: Signals, policy: Policy) -> Finding | None:
    """Came back soon after "resolved", and not to say thanks."""
    code = "returned_within_window"
    seconds, window = facts.returned_after_s, policy.return_window_s
    if facts.message is None or seconds is None or seconds > window or _is_thanks(signals):
        return None
    note = f"Came back {max(0, round(seconds / 60))} minutes after the conversation was resolved."
    action = _first_step(code, policy)
    return _finding(code, policy, action, value=seconds, limit=window, note=note)


Rule = Callable[[Facts, Signals, Policy], Finding | None]

RULES: tuple[Rule, ...] = (
    asked_for_human,
    *(partial(topic, code) for code in TOPICS),
    frustration,
    repeated_question,
    low_confidence,
    partial(refusal, "does_not_know", "The assistant found no answer in its knowledge."),
    partial(refusal, "out_of_scope", "The question is outside the assistant's knowledge."),
    ai_error,
    turn_limit,
    returned_within_window,
)
"""In the order of the table. `left_message` is no rule: the customer does it, nobody judges it."""


def _scored(
    code: str,
    signals: Signals,
    policy: Policy,
    *,
    action: Action,
    evidence: tuple[Evidence, ...],
    note: str,
    priority: Priority | None = None,
) -> Finding | None:
    """A finding for a score: fired, near, or nothing worth a word."""
    value, limit = _score(signals, code), policy.rules[code].threshold
    if not value or value < NEAR * limit:
        return None
    if value < limit:
        action = Action.NONE
    return _finding(
        code, policy, action, value=value, evidence=evidence, note=note, priority=priority
    )


def _finding(
    code: str,
    policy: Policy,
    action: Action,
    *,
    value: float,
    note: str,
    evidence: tuple[Evidence, ...] = (),
    limit: float | None = None,
    priority: Priority | None = None,
) -> Finding:
    rule = policy.rules[code]
    if rule.mode is Mode.OFF and action.rank and code != "asked_for_human":
        action, note = Action.NONE, f"{note} The rule is switched off."
    return Finding(
        code=code,
        action=action,
        priority=priority or rule.priority,
        value=value,
        threshold=rule.threshold if limit is None else limit,
        evidence=evidence,
        note=note,
    )


def _first_step(code: str, policy: Policy) -> Action:
    return Action.TRANSFER if policy.rules[code].mode is Mode.TRANSFER else Action.OFFER


def _own_case(signals: Signals, policy: Policy) -> bool:
    """Something happened to this customer, or they are frustrated, or ask again."""
    return _reaches(signals, "own_case", policy.own_case_from) or any(
        policy.rules[code].mode is not Mode.OFF
        and _reaches(signals, code, policy.rules[code].threshold)
        for code in ("frustration", "repeated_question")
    )


def _reaches(signals: Signals, name: str, limit: float) -> bool:
    """At or above the limit; a score of nothing reaches no limit, not even 0."""
    return _score(signals, name) >= limit and _score(signals, name) > 0


def _is_thanks(signals: Signals) -> bool:
    return _score(signals, "thanks") == 1.0


def _score(signals: Signals, name: str) -> float:
    return signals.scores.get(name, 0.0)


def _joined(*parts: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """All spans in the order of the text; spans that overlap become one."""
    joined: list[Evidence] = []
    for span in sorted({span for part in parts for span in part}, key=_place):
        last = joined[-1] if joined else None
        if last is None or span.seq != last.seq or span.start >= last.end:
            joined.append(span)
        elif span.end > last.end:
            text = last.text + span.text[last.end - span.start :]
            joined[-1] = replace(last, end=span.end, text=text)
    return tuple(joined)


def _place(span: Evidence) -> tuple[int, int, int]:
    return span.seq, span.start, span.end
