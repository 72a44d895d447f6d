"""How a conversation of the demo's past went: one function for each way, told to a `Tale`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from helpdesk.ai.passages import answer
from helpdesk.domain.escalation import ISSUE_TYPES
from helpdesk.domain.events import (
    ConversationClaimed,
    ConversationReopened,
    ConversationResolved,
    ConversationReturnedToAi,
    HandoffOffered,
    HandoffRequested,
    RatingReceived,
)
from helpdesk.domain.lifecycle import Status
from helpdesk.services.demo import history_words as words
from helpdesk.services.demo.articles import ARTICLES
from helpdesk.services.demo.history_tale import Tale
from helpdesk.services.demo.history_words import Case

_BY_SLUG = {article.id: article for article in ARTICLES}

USUAL_WAIT_S = 52.0
CHECK_IN = timedelta(minutes=30)
ASSUMED = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """An agent. ``pace`` is how long they take, compared with the usual."""

    id: int
    first_name: str
    pace: float


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells stories. ``pace`` is that of the whole desk at the time."""

    random: Random
    helpers: Sequence[Helper]
    pace: float = 1.0

    def solved(self, tale: Tale, at: datetime, *, confirmed: bool = True) -> datetime:
        """The assistant answers, and the customer says thanks or nothing."""
        at = self._answered(tale, at)
        if self.random.random() < 0.3:
            at = self._answered(tale, self._later(at, 30, 150))
        if not confirmed:
            return self._assumed(tale, at)
        at = self._later(at, 15, 120)
        tale.customer(at, self.random.choice(words.THANKS))
        self._resolve(tale, at, "confirmed", "customer", "resolved_by_ai")
        self._rate(tale, at, 0.34, (8, 8, 14, 28, 42))
        return at

    def with_person(self, tale: Tale, at: datetime, case: Case) -> datetime:
        """A person is needed, comes and solves it."""
        at = self._hand_over(tale, at, case)
        return self._helped(tale, at, case.code, case.answer)

    def given_up(self, tale: Tale, at: datetime, case: Case) -> datetime:
        """The customer stops waiting and leaves."""
        at = self._hand_over(tale, at, case)
        if self.random.random() < 0.5:
            tale.customer(at := self._later(at, 60, 200), self.random.choice(words.WAITS))
        at = self._later(at, 60, 700)
        self._end_escalation(tale, at, "abandoned")
        self._resolve(tale, at, "left", "customer", "customer_ended")
        return at

    def back(self, tale: Tale, at: datetime, case: Case) -> datetime:
        """The customer stops waiting and lets the assistant go on."""
        at = self._later(self._hand_over(tale, at, case), 90, 400)
        self._end_escalation(tale, at, "cancelled")
        tale.move(at, Status.AI, ConversationReturnedToAi(actor="customer"))
        tale.system(at, "returned", "returned_to_ai")
        return self.solved(tale, self._later(at, 10, 60))

    def left(self, tale: Tale, at: datetime) -> datetime:
        """The customer has enough of the assistant's answer and ends the chat."""
        at = self._later(self._answered(tale, at), 30, 240)
        self._resolve(tale, at, "left", "customer", "customer_ended")
        return at

    def returned(self, tale: Tale, at: datetime) -> datetime:
        """Solved, the customer thought, and comes back within the hour."""
        at = self._answered(tale, at)
        tale.customer(at := self._later(at, 15, 60), self.random.choice(words.THANKS))
        self._resolve(tale, at, "confirmed", "customer", "resolved_by_ai")
        at = self._later(at, 300, 3_000)
        tale.episode.update({"resolution_voided_at": at, "resolved_at": None})
        tale.conversation["resolved_at"] = None
        tale.move(at, Status.AI, ConversationReopened(actor="customer"))
        tale.customer(at, self.random.choice(words.COMES_BACK))
        self._queue(tale, at, "returned_within_window", "", "system")
        return self._helped(tale, at, "returned_within_window", "I see. I have set it right.")

    def again(self, tale: Tale, at: datetime) -> datetime:
        """A second question the next day, in the same conversation: an episode of its own."""
        at = self._later(self.solved(tale, at), 4 * 3_600, 20 * 3_600)
        tale.conversation["resolved_at"] = None
        tale.begin_episode(at)
        tale.move(at, Status.AI, ConversationReopened(actor="customer"))
        return self.solved(tale, at)

    def taken_over(self, tale: Tale, at: datetime) -> datetime:
        """An agent watches and steps in before anybody asks."""
        at = self._answered(tale, at)
        return self._helped(tale, at, "asked_for_human", "I happened to see this. Let me help.")

    def _answered(self, tale: Tale, at: datetime) -> datetime:
        article = _BY_SLUG[self.random.choice(words.EASY)]
        tale.customer(at, self.random.choice(article.questions))
        at = self._later(at, 2, 6)
        confidence = round(self.random.uniform(0.62, 0.97), 2)
        tale.assistant(at, answer(article.body, {}), str(article.id), confidence)
        return at

    def _assumed(self, tale: Tale, at: datetime) -> datetime:
        asked = tale.system(at + CHECK_IN, "check_in", "check_in")
        tale.conversation["checked_in_seq"] = asked
        at += CHECK_IN + ASSUMED
        self._resolve(tale, at, "assumed", "system", "assumed_solved")
        self._rate(tale, at, 0.04, (10, 10, 20, 30, 30))
        return at

    def _hand_over(self, tale: Tale, at: datetime, case: Case) -> datetime:
        if case.article and not case.offered:  # the assistant tried once, and it was no help
            at = self._tried(tale, at, case.article, 0.6)
            at = self._later(at, 20, 120)
        tale.customer(at, case.asks)
        if case.offered:
            return self._offered(tale, at, case)
        by = "ai" if case.code in ("does_not_know", "out_of_scope", "ai_error") else "system"
        at = self._later(at, 2, 8) if by == "ai" else at
        self._queue(tale, at, case.code, case.evidence, by)
        return at

    def _tried(self, tale: Tale, at: datetime, article: str, confidence: float) -> datetime:
        about = _BY_SLUG[article]
        tale.customer(at, self.random.choice(about.questions))
        at = self._later(at, 2, 6)
        tale.assistant(at, answer(about.body, {}), article, confidence)
        return at

    def _offered(self, tale: Tale, at: datetime, case: Case) -> datetime:
        """The assistant offers a person, and the customer takes the offer up."""
        by, template = "system", "offer"
        if case.article:
            by, template = "ai", "low_confidence"
            at = self._later(at, 2, 6)
            confidence = round(self.random.uniform(0.28, 0.44), 2)
            text = answer(_BY_SLUG[case.article].body, {})
            tale.assistant(at, text, case.article, confidence)
        place, _ = tale.escalation(at, "offer", case.code, case.evidence, "claimed", by=by)
        tale.record(at, HandoffOffered(actor=by, codes=(case.code,)))
        tale.system(at, "offer", template)
        at = self._later(at, 8, 60)
        tale.escalations[place]["ended_at"] = at
        self._queue(tale, at, "asked_for_human", "", "customer")
        return at

    def _queue(self, tale: Tale, at: datetime, code: str, evidence: str, by: str) -> None:
        place, priority = tale.escalation(at, "transfer", code, evidence, "open", by=by)
        event = HandoffRequested(actor=by, codes=(code,), priority=priority, escalation_id=0)
        tale.move(at, Status.WAITING, event, escalation=place)
        template = "ai_error" if code == "ai_error" else "handoff"
        tale.system(at, "handoff", template, issue_type=ISSUE_TYPES[code])
        tale.episode["escalation_count"] += 1
        tale.episode["first_escalated_at"] = tale.episode["first_escalated_at"] or at

    def _helped(self, tale: Tale, at: datetime, code: str, text: str) -> datetime:
        helper = self.random.choices(self.helpers, (3, 4, 3))[0]
        wait = self.random.lognormvariate(math.log(USUAL_WAIT_S * helper.pace * self.pace), 0.75)
        joined, replied = at + timedelta(seconds=wait * 0.55), at + timedelta(seconds=wait)
        self._end_escalation(tale, joined, "claimed")
        event = ConversationClaimed(actor=f"agent:{helper.id}", agent_id=helper.id)
        tale.move(joined, Status.ACTIVE, event, agent_id=helper.id)
        tale.system(joined, "joined", "agent_joined", agent_name=helper.first_name)
        tale.greeting(joined, helper.id, agent_name=helper.first_name, issue=ISSUE_TYPES[code])
        tale.agent(replied, helper.id, text)
        tale.customer(at := self._later(replied, 30, 240), self.random.choice(words.SATISFIED))
        tale.agent(at := self._later(at, 10, 60), helper.id, self.random.choice(words.GOODBYES))
        at = self._later(at, 20, 200)
        name = helper.first_name
        self._resolve(tale, at, "agent", f"agent:{helper.id}", "resolved_by_agent", agent_name=name)
        late = wait > 150
        self._rate(tale, at, 0.5, (12, 16, 22, 28, 22) if late else (3, 4, 9, 29, 55))
        return at

    def _end_escalation(self, tale: Tale, at: datetime, outcome: str) -> None:
        for escalation in tale.escalations:
            if escalation["outcome"] == "open":
                escalation |= {"outcome": outcome, "ended_at": at}

    def _resolve(
        self, tale: Tale, at: datetime, kind: str, actor: str, template: str, **values: str
    ) -> None:
        tale.episode.update(
            {
                "resolved_at": at,
                "resolved_by": actor,
                "resolution_kind": kind,
                "resolution_voided_at": None,
            }
        )
        tale.conversation["resolved_at"] = at
        tale.move(at, Status.RESOLVED, ConversationResolved(actor=actor, kind=kind))
        tale.system(at, "resolved", template, **values)

    def _rate(self, tale: Tale, at: datetime, chance: float, weights: Sequence[int]) -> None:
        if self.random.random() >= chance:
            return
        at = self._later(at, 5, 60)
        score = self.random.choices((1, 2, 3, 4, 5), weights)[0]
        said = words.PRAISE if score >= 4 else words.BLAME
        tale.ratings.append(
            {
                "episode": len(tale.episodes) - 1,
                "agent_id": tale.conversation["assigned_agent_id"],
                "score": score,
                "comment": self.random.choice(said) if self.random.random() < 0.4 else "",
                "created_at": at,
            }
        )
        tale.record(at, RatingReceived(actor="customer", score=score))

    def _later(self, at: datetime, least: float, most: float) -> datetime:
        return at + timedelta(seconds=round(self.random.uniform(least, most), 3))
