"""Conversations that the assistant is in charge of at this moment."""

from __future__ import annotations

from helpdesk.domain.lifecycle import Status
from helpdesk.services.demo.script import DemoConversation, DemoCustomer, assistant, customer

WITH_ASSISTANT = (
    DemoConversation(
        customer=DemoCustomer(
            name="Amara Okonkwo",
            email="amara.okonkwo@mail.example",
            time_zone="Africa/Lagos",
            verified=True,
            page="https://northfold.example/portfolio/dividends",
        ),
        status=Status.AI,
        lines=(
            customer(7, "Hi there"),
            customer(6.8, "Where can I see the dividends I have received?"),
            assistant(6.7, "dividends", 0.85),
            customer(2.2, "And can they be reinvested automatically?"),
            assistant(
                2.1,
                "dividends",
                0.64,
                "Switch on Reinvest to buy more of the same share with it, without an order fee.",
            ),
        ),
    ),
    DemoConversation(
        customer=DemoCustomer(page="https://northfold.example/pricing"),
        status=Status.AI,
        codes=("low_confidence",),
        lines=(
            customer(4.5, "can my wife and I open a joint account"),
            assistant(4.4, "open-account", 0.48),
        ),
        offered=4.4,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Lars Eriksson",
            email="lars@eriksson.example",
            locale="sv",
            time_zone="Europe/Stockholm",
            verified=True,
            page="https://northfold.example/money",
        ),
        status=Status.AI,
        lines=(
            customer(1.3, "When is my savings plan carried out?"),
            assistant(1.2, "savings-plan", 0.95),
        ),
    ),
)
