"""Puts the demo's script into the database, with the same verbs that the desk itself uses."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpdesk.domain.escalation import Action, Decision, Evidence, Finding, Policy, evaluate
from helpdesk.domain.events import (
    ConversationClosed,
    ConversationCreated,
    ConversationReopened,
    ConversationResolved,
    MessageCreated,
    RatingReceived,
    ReviewGiven,
)
from helpdesk.domain.lifecycle import PEOPLE_IN_CHARGE, Sender, Status
from helpdesk.models import (
    Agent,
    Article,
    ArticleVersion,
    Contact,
    Conversation,
    Episode,
    Escalation,
    Inbox,
    Message,
    Outbox,
    Rating,
    Review,
)
from helpdesk.services import handoff, intake, replies, resolving, routing
from helpdesk.services.demo import settings
from helpdesk.services.demo.articles import ARTICLES
from helpdesk.services.demo.conversations import CONVERSATIONS
from helpdesk.services.demo.people import AGENTS
from helpdesk.services.demo.script import DemoConversation, DemoCustomer, DemoLine
from helpdesk.services.situation import Situation
from helpdesk.services.unit_of_work import UnitOfWork, Words


def seed(work: UnitOfWork) -> None:
    """Fill an empty database with the demo company."""
    present = work.now
    inbox = settings.add(work)
    agents = {agent.key: _agent(work, agent.name, agent.email, agent.role) for agent in AGENTS}
    titles = _articles(work)
    work.session.flush()
    contacts: dict[DemoCustomer, Contact] = {}
    for script in CONVERSATIONS:
        if script.customer not in contacts:
            contacts[script.customer] = _contact(work, inbox, script.customer)
        _Played(work, script, inbox, contacts[script.customer], agents, titles, present).play()
    # What happened in the demo's past alerts nobody now.
    work.session.execute(sa.update(Outbox).values(status="cancelled"))
    work.now = present


def _agent(work: UnitOfWork, name: str, email: str, role: str) -> Agent:
    agent = Agent(name=name, email=email, role=role, created_at=work.now)
    work.session.add(agent)
    return agent


def _articles(work: UnitOfWork) -> dict[str, dict[str, object]]:
    """Store the knowledge; returns what a message keeps of each article, by slug."""
    kept = {}
    for article in ARTICLES:
        row = Article(slug=str(article.id), live_version=1, created_at=work.now)
        work.session.add(row)
        work.session.flush()
        work.session.add(
            ArticleVersion(
                article_id=row.id,
                version=1,
                title=article.title,
                body=article.body,
                questions=list(article.questions),
                tags=list(article.tags),
                created_at=work.now,
            )
        )
        kept[row.slug] = {"article_id": row.id, "title": article.title, "version": 1}
    return kept


def _contact(work: UnitOfWork, inbox: Inbox, who: DemoCustomer) -> Contact:
    contact = Contact(
        inbox_id=inbox.id,
        # Nobody holds the cookie of an invented customer.
        token_hash=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        name=who.name,
        email=who.email,
        verified=who.verified,
        locale=who.locale,
        time_zone=who.time_zone,
        page_url=who.page,
        created_at=work.now,
        last_seen_at=work.now,
    )
    work.session.add(contact)
    work.session.flush()
    return contact


@dataclass
class _Played:
    """One conversation of the script on its way into the database, oldest moment first."""

    work: UnitOfWork
    script: DemoConversation
    inbox: Inbox
    contact: Contact
    agents: dict[str, Agent]
    sources: dict[str, dict[str, object]]
    present: datetime

    def play(self) -> None:
        self.policy = Policy.default()
        self.work.now = self._at(max(line.ago for line in self.script.lines))
        self.conversation = self._begun()
        for ago, _, step in sorted(self._steps(), key=lambda step: (-step[0], step[1])):
            self.work.now = self._at(ago)
            step()
            self.work.session.flush()

    def _at(self, ago: float) -> datetime:
        return self.present - timedelta(minutes=ago)

    def _begun(self) -> Conversation:
        previous = self.work.session.scalar(
            sa.select(sa.func.max(Conversation.id)).where(
                Conversation.contact_id == self.contact.id
            )
        )
        conversation = Conversation(
            inbox_id=self.inbox.id,
            contact_id=self.contact.id,
            previous_conversation_id=previous,
            created_at=self.work.now,
            last_message_at=self.work.now,
        )
        self.work.session.add(conversation)
        self.work.session.flush()
        intake.begin_episode(self.work, conversation, number=1)
        self.work.record(conversation, ConversationCreated(actor="customer"))
        return conversation

    def _steps(self) -> list[tuple[float, int, Callable[[], None]]]:
        """Everything that happens; at the same minute words come before what they cause."""
        script = self.script
        steps: list[tuple[float, int, Callable[[], None]]] = [
            (line.ago, 0, lambda line=line: self._say(line))  # type: ignore[misc]
            for line in script.lines
        ]
        for rank, (ago, step) in enumerate(
            (
                (script.offered, self._offer),
                (script.handed_over, self._hand_over),
                (script.claimed, self._claim),
                (script.solved_before, self._solve_at_first),
                (script.solved, self._solve),
                (script.closed, self._close),
            ),
            start=1,
        ):
            if ago is not None:
                steps.append((ago, rank, step))
        return steps

    def _say(self, line: DemoLine) -> None:
        if line.sender is Sender.USER and self.conversation.support_status is Status.RESOLVED:
            self._reopen()
        agent = self.agents.get(line.agent)
        message = self.work.say(
            self.conversation,
            Words(
                sender_type=line.sender,
                sender_key=self._key(line, agent),
                agent_id=agent.id if agent else None,
                kind="note" if line.note else "text",
                stream="desk" if line.note else "pub",
                body=line.text,
                mid=str(uuid.uuid4()),
                ai_confidence=line.confidence,
                sources=(self.sources[line.article],) if line.article else (),
                requires_followup=line.sender is Sender.USER
                and self.conversation.support_status in PEOPLE_IN_CHARGE,
            ),
        )
        if line.note:
            return
        actor = {Sender.USER: "customer", Sender.AI: "ai"}.get(
            line.sender, f"agent:{agent.id if agent else 0}"
        )
        self.work.record(
            self.conversation,
            MessageCreated(actor=actor, seq=message.seq, sender_type=line.sender),
        )
        if line.sender is Sender.USER:
            seen = self._seen()
            decision = evaluate(seen.facts(line.text), self.policy)
            intake.note_turn(self.work, self.conversation, seen, decision, line.text)
        elif agent is not None:
            self.conversation.last_agent_at = self.work.now
            self.conversation.first_agent_reply_at = (
                self.conversation.first_agent_reply_at or self.work.now
            )
            self.work.session.flush()
            replies.answered(self.work, self.conversation)

    def _key(self, line: DemoLine, agent: Agent | None) -> str:
        if line.sender is Sender.USER:
            return intake.sender_key(self.contact.id)
        return f"a:{agent.id}" if agent else "ai"

    def _seen(self) -> Situation:
        return Situation(
            inbox=self.inbox,
            contact=self.contact,
            conversation=self.conversation,
            history=(),
            asked_at=(),
            policy=self.policy,
            now=self.work.now,
        )

    def _decision(self, action: Action) -> Decision:
        """What the script says was decided, with the words it names as evidence."""
        drawn = evaluate(self._seen().facts(self.conversation.preview or "-"), self.policy)
        findings = tuple(
            finding
            for finding in (self._finding(code, action) for code in self.script.codes)
            # At the time of an offer not all of it has been said yet.
            if finding.evidence or not self._speaks_for(finding.code)
        )
        return Decision(
            action=action,
            priority=self.script.priority,
            codes=tuple(finding.code for finding in findings),
            findings=findings,
            near_misses=drawn.near_misses[:1],
            signals=drawn.signals,
            run_assistant=False,
            policy_version=self.policy.version,
        )

    def _finding(self, code: str, action: Action) -> Finding:
        rule = self.policy.rules[code]
        return Finding(
            code=code,
            action=action,
            priority=rule.priority,
            value=max(rule.threshold, min(1.0, rule.threshold * 1.25)),
            threshold=rule.threshold,
            evidence=tuple(span for words in self._speaks_for(code) for span in self._spans(words)),
            note="",
        )

    def _speaks_for(self, code: str) -> list[str]:
        return [words for named, words in self.script.evidence if named == code]

    def _spans(self, words: str) -> list[Evidence]:
        """Where the customer says these words, the last time they do."""
        said = self.work.session.scalars(
            sa.select(Message)
            .where(
                Message.conversation_id == self.conversation.id,
                Message.sender_type == Sender.USER,
            )
            .order_by(Message.seq.desc())
        )
        for message in said:
            if (start := message.body.find(words)) >= 0:
                end = start + len(words)
                return [Evidence(seq=message.seq, start=start, end=end, text=words)]
        return []

    def _offer(self) -> None:
        decision = self._decision(Action.OFFER)
        handoff.offer(self.work, self.conversation, self._seen(), decision, actor="system")

    def _hand_over(self) -> None:
        decision = self._decision(Action.TRANSFER)
        handoff.escalate(self.work, self.conversation, self._seen(), decision, actor="system")

    def _claim(self) -> None:
        agent = self.agents[self.script.agent]
        routing.join(self.work, self.conversation, agent_id=agent.id)

    def _solve_at_first(self) -> None:
        event = ConversationResolved(actor="customer", kind="confirmed")
        resolving.resolve(
            self.work, self.conversation, self.inbox, self.contact, event, "resolved_by_ai"
        )

    def _reopen(self) -> None:
        episode = self.work.session.get_one(Episode, self.conversation.episode_id)
        episode.resolution_voided_at, episode.resolved_at = self.work.now, None
        self.conversation.resolved_at = None
        self.work.move(self.conversation, Status.AI, ConversationReopened(actor="customer"))

    def _solve(self) -> None:
        agent = self.agents.get(self.script.agent)
        kind = {"ai": "confirmed", "agent": "agent"}.get(self.script.solved_by, "left")
        template = {"confirmed": "resolved_by_ai", "agent": "resolved_by_agent"}.get(
            kind, "customer_ended"
        )
        actor = f"agent:{agent.id}" if agent and kind == "agent" else "customer"
        resolving.resolve(
            self.work,
            self.conversation,
            self.inbox,
            self.contact,
            ConversationResolved(actor=actor, kind=kind),
            template,
            agent_name=routing.first_name(agent.name) if agent else "",
        )
        self._judge(agent)

    def _judge(self, agent: Agent | None) -> None:
        """What the customer and the agent thought of it."""
        assert self.conversation.episode_id is not None
        if self.script.rating is not None:
            self.work.session.add(
                Rating(
                    conversation_id=self.conversation.id,
                    episode_id=self.conversation.episode_id,
                    agent_id=agent.id if agent else None,
                    score=self.script.rating,
                    comment=self.script.rating_comment,
                    created_at=self.work.now,
                )
            )
            self.work.record(
                self.conversation, RatingReceived(actor="customer", score=self.script.rating)
            )
        if self.script.review and agent:
            escalation_id = self.work.session.scalars(
                sa.select(sa.func.max(Escalation.id)).where(
                    Escalation.conversation_id == self.conversation.id
                )
            ).one()
            self.work.session.add(
                Review(
                    conversation_id=self.conversation.id,
                    escalation_id=escalation_id,
                    agent_id=agent.id,
                    verdict=self.script.review,
                    created_at=self.work.now,
                )
            )
            event = ReviewGiven(actor=f"agent:{agent.id}", verdict=self.script.review)
            self.work.record(self.conversation, event)

    def _close(self) -> None:
        self.work.move(self.conversation, Status.CLOSED, ConversationClosed(actor="system"))
