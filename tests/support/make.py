"""Rows for tests, made by the product's own verbs wherever it has one."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa

from helpdesk import clock
from helpdesk.domain.lifecycle import Priority, Status
from helpdesk.extensions import reading, writing
from helpdesk.models import Agent, Article, ArticleVersion, Contact, Conversation, Inbox, Message
from helpdesk.services import chat, customer, intake, routing, signing_in


@dataclass(frozen=True, kw_only=True)
class Person:
    """An agent of the tests."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A contact of the tests, with the secret their cookie would hold."""

    id: int
    token: str


@dataclass
class Make:
    """Makes rows. One inbox and a few articles are there from the beginning."""

    inbox_id: int = 0
    key: str = "test-inbox"
    _people: dict[str, Person] = field(default_factory=dict)

    def begin(self) -> None:
        """The inbox, and what the assistant knows."""
        with writing() as session:
            inbox = Inbox(
                key=self.key,
                name="Tests",
                company="Northfold",
                starters=["How do I add money?"],
                allowed_origins=["https://shop.example"],
                created_at=clock.now(),
            )
            session.add(inbox)
            session.flush()
            self.inbox_id = inbox.id
            session.commit()

    def agent(self, name: str, role: str = "agent") -> Person:
        """Somebody on the team; the same name is the same person."""
        if name in self._people:
            return self._people[name]
        email = f"{name.split()[0].lower()}@team.example"
        with writing() as session:
            agent = Agent(
                name=name,
                email=email,
                role=role,
                created_at=clock.now(),
                last_seen_at=clock.now(),
            )
            session.add(agent)
            session.flush()
            person = Person(id=agent.id, name=name, email=email)
            session.commit()
        self._people[name] = person
        return person

    def cookie(self, person: Person) -> str:
        """A signed-in browser's cookie for an agent, without the slow password."""
        with writing() as session:
            token = signing_in.open_session(session, person.id, clock.now(), "127.0.0.1", "test")
            session.commit()
        return token

    def password(self, person: Person, password: str) -> None:
        """Give an agent a password."""
        with writing() as session:
            agent = session.get_one(Agent, person.id)
            agent.password_hash = signing_in.hash_password(password)
            session.commit()

    def customer(self, name: str = "") -> Customer:
        """Somebody who may write."""
        token = secrets.token_urlsafe(32)
        number = chat.make_contact(token, self.inbox_id, locale="en", user_agent="test")
        assert number is not None
        if name:
            with writing() as session:
                session.get_one(Contact, number).name = name
                session.commit()
        return Customer(id=number, token=token)

    def conversation(
        self,
        *,
        by: Customer | None = None,
        text: str = "How do I add money?",
        status: Status = Status.AI,
        agent: Person | None = None,
        priority: Priority | None = None,
    ) -> Conversation:
        """A conversation in the wished status, got there the way real ones do."""
        by = by or self.customer()
        number = intake.receive(by.id, body=text, mid=str(uuid.uuid4())).conversation_id
        if status in (Status.WAITING, Status.ACTIVE, Status.RESOLVED):
            customer.ask_for_person(by.id, source="button")
        if status in (Status.ACTIVE, Status.RESOLVED):
            holder = agent or self.agent("Sarah Kim")
            routing.claim(number, agent_id=holder.id, greet=False)
            if status is Status.RESOLVED:
                routing.resolve(number, agent_id=holder.id, seen_seq=10**6)
        if priority is not None:
            with writing() as session:
                session.get_one(Conversation, number).priority = priority
                session.commit()
        return self.read(number)

    def write(self, by: Customer, text: str, mid: str = "") -> intake.Stored:
        """A customer writes."""
        return intake.receive(by.id, body=text, mid=mid or str(uuid.uuid4()))

    def article(self, title: str, body: str, *questions: str) -> int:
        """Something the assistant may answer from."""
        with writing() as session:
            row = Article(slug=str(uuid.uuid4()), live_version=1, created_at=clock.now())
            session.add(row)
            session.flush()
            session.add(
                ArticleVersion(
                    article_id=row.id,
                    version=1,
                    title=title,
                    body=body,
                    questions=list(questions),
                    created_at=clock.now(),
                )
            )
            session.commit()
            return row.id

    def read(self, number: int) -> Conversation:
        """A conversation as it is now."""
        with reading() as session:
            return session.get_one(Conversation, number)

    def transcript(self, number: int, stream: str = "pub") -> list[tuple[str, str, str]]:
        """Who said what in a conversation: sender, kind, words."""
        return [(m.sender_type, m.kind, m.body) for m in self.messages(number, stream)]

    def messages(self, number: int, stream: str = "pub") -> list[Message]:
        """The rows of one stream, in order."""
        with reading() as session:
            return list(
                session.scalars(
                    sa.select(Message)
                    .where(Message.conversation_id == number, Message.stream == stream)
                    .order_by(Message.seq)
                )
            )
