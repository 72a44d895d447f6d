"""Conversations that are over: solved by the assistant or by a person, rated or not, closed."""

from __future__ import annotations

from helpdesk.domain.lifecycle import Priority, Status
from helpdesk.services.demo.script import (
    DemoConversation,
    DemoCustomer,
    agent,
    assistant,
    customer,
    note,
)

_HOUR = 60
_DAY = 24 * _HOUR

MARIA_JOSE = DemoCustomer(
    name="María José Fernández",
    email="mj.fernandez@mail.example",
    locale="es",
    time_zone="Europe/Madrid",
    verified=True,
    page="https://northfold.example/profile",
)

SOLVED = (
    DemoConversation(
        customer=MARIA_JOSE,
        status=Status.CLOSED,
        codes=("low_confidence", "asked_for_human"),
        evidence=(("asked_for_human", "speak to someone"),),
        lines=(
            customer(6 * _DAY + 40, "my card was declined in the pharmacy"),
            assistant(6 * _DAY + 39.8, "lost-card", 0.6),
            customer(6 * _DAY + 36, "Everything is switched on. Can I speak to someone?"),
            agent(
                6 * _DAY + 31,
                "priya",
                "The shop's terminal asked for an old card standard. I have"
                " allowed it for your card; please try once more.",
            ),
            customer(6 * _DAY + 22, "It works now, many thanks"),
            agent(6 * _DAY + 21, "priya", "Glad to hear it. Have a good day."),
        ),
        offered=6 * _DAY + 39.8,
        handed_over=6 * _DAY + 36,
        agent="priya",
        claimed=6 * _DAY + 33,
        solved=6 * _DAY + 20,
        solved_by="agent",
        closed=3 * _DAY,
        rating=5,
        rating_comment="Priya was quick and kind.",
        review="needed",
    ),
    DemoConversation(
        customer=DemoCustomer(page="https://northfold.example/help"),
        status=Status.CLOSED,
        lines=(
            customer(4 * _DAY + 90, "What are the trading hours?"),
            assistant(4 * _DAY + 89.8, "market-hours", 0.97),
            customer(4 * _DAY + 88, "ok thanks"),
        ),
        solved=4 * _DAY + 88,
        solved_by="ai",
        closed=1 * _DAY,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Kwame Mensah",
            email="kwame.mensah@mail.example",
            time_zone="Africa/Accra",
            verified=True,
            page="https://northfold.example/portfolio",
        ),
        status=Status.RESOLVED,
        lines=(
            customer(3 * _HOUR, "How's my portfolio doing?"),
            assistant(3 * _HOUR - 0.1, "portfolio-performance", 0.95),
            customer(3 * _HOUR - 3, "Thanks!"),
        ),
        solved=3 * _HOUR - 3,
        solved_by="ai",
        rating=5,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Elif Yılmaz",
            email="elif.yilmaz@mail.example",
            locale="tr",
            time_zone="Europe/Istanbul",
            verified=True,
            page="https://northfold.example/money",
        ),
        status=Status.RESOLVED,
        priority=Priority.URGENT,
        codes=("financial_transaction",),
        evidence=(("financial_transaction", "I deposited money but it's not showing"),),
        lines=(
            customer(5 * _HOUR, "I deposited money but it's not showing!"),
            agent(5 * _HOUR - 2, "sarah", "Hi! I'm Sarah, I'll help you with this."),
            agent(
                5 * _HOUR - 4,
                "sarah",
                "I found your transfer. Your bank left out the reference, so it waited for a check."
                " I have booked it; pull the screen down and you should see €250.",
            ),
            customer(5 * _HOUR - 7, "Yes there it is!! thank you so much"),
            note(5 * _HOUR - 8, "sarah", "Missing reference, matched by name and amount."),
        ),
        handed_over=5 * _HOUR,
        agent="sarah",
        claimed=5 * _HOUR - 1.5,
        solved=5 * _HOUR - 9,
        solved_by="agent",
        rating=5,
        rating_comment="Solved in a few minutes.",
        review="needed",
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Dmitri Ivanov",
            email="dmitri.ivanov@mail.example",
            locale="en",
            time_zone="Europe/Tallinn",
            page="https://northfold.example/pricing",
        ),
        status=Status.RESOLVED,
        codes=("asked_for_human",),
        evidence=(("asked_for_human", "agent please"),),
        lines=(
            customer(26 * _HOUR, "agent please"),
            agent(26 * _HOUR - 9, "ben", "What can I do for you?"),
            customer(26 * _HOUR - 10, "What does it cost to buy a share?"),
            agent(
                26 * _HOUR - 12,
                "ben",
                "€1 per order. Funds and savings plans have no order fee, and before you confirm an"
                " order you always see its full cost.",
            ),
            customer(26 * _HOUR - 13, "ok. took a while for such a simple answer"),
        ),
        offered=26 * _HOUR,
        handed_over=26 * _HOUR - 0.5,
        agent="ben",
        claimed=26 * _HOUR - 8.5,
        solved=26 * _HOUR - 15,
        solved_by="agent",
        rating=2,
        rating_comment="Nine minutes of waiting for one sentence.",
        review="ai_could_have",
    ),
)
