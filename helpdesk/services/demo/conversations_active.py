"""Conversations that an agent has at this moment; in two of them the customer waits for a reply."""

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

ACTIVE = (
    DemoConversation(
        customer=DemoCustomer(
            name="田中 優希",
            email="yuki.tanaka@mail.example",
            locale="ja",
            time_zone="Asia/Tokyo",
            verified=True,
            page="https://northfold.example/card/activity",
        ),
        status=Status.ACTIVE,
        priority=Priority.URGENT,
        codes=("financial_transaction",),
        evidence=(("financial_transaction", "charged twice"),),
        lines=(
            customer(16, "I was charged twice for the same card payment, 64.90 euros each time."),
            agent(
                13.5,
                "sarah",
                "Was it the payment at Bergmann on Friday?",
            ),
            customer(12.8, "Yes, that one. Both say completed."),
            note(
                12,
                "sarah",
                "Two captures, same terminal, 40 seconds apart. Reference PX-88213. Finance can"
                " reverse the second one until 16:00.",
            ),
            agent(
                10.5,
                "sarah",
                "You are right, the shop took it twice. I have asked for the second €64.90 back. It"
                " reaches your balance within two working days.",
            ),
            customer(1.4, "Thank you. Do I get a confirmation of that by e-mail?"),
        ),
        handed_over=16,
        agent="sarah",
        claimed=14,
        review="needed",
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Олена Коваленко",
            email="olena.k@mail.example",
            locale="uk",
            time_zone="Europe/Kyiv",
            verified=True,
            page="https://northfold.example/invest/orders",
        ),
        status=Status.ACTIVE,
        codes=("technical_bug",),
        evidence=(("technical_bug", "I get error 502"),),
        lines=(
            customer(24, "How do I sell a fund?"),
            assistant(23.8, "buy-and-sell", 0.8),
            customer(21, "When I tap Confirm I get error 502 and the order is not there."),
            agent(
                18.6,
                "ben",
                "Thank you for the details. I can see three tries and no order, so nothing was sold"
                " twice. Which fund is it?",
            ),
            customer(17.4, "World Shares, 12 pieces"),
            note(
                17, "ben", "Only affects fund sales on web, not in the app. Told the orders team."
            ),
            agent(
                15.2,
                "ben",
                "It is a fault on our website, not on your side. In the app it works now. If you"
                " prefer, I can place the sale for you at today's price. Shall I?",
            ),
        ),
        handed_over=21,
        agent="ben",
        claimed=19,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Noor de Vries",
            email="noor.devries@mail.example",
            locale="nl",
            time_zone="Europe/Amsterdam",
            page="https://northfold.example/verify",
        ),
        status=Status.ACTIVE,
        codes=("asked_for_human",),
        evidence=(("asked_for_human", "Can I talk to a person"),),
        lines=(
            customer(33, "Why was my verification rejected?"),
            assistant(32.8, "verification-failed", 0.97),
            customer(28, "It was rejected once more, with daylight. Can I talk to a person?"),
            agent(
                25.5,
                "priya",
                "I have looked at your pictures. Your residence permit is fine; our reader"
                " stumbles over the new design. I am checking it by hand.",
            ),
            customer(24.1, "Finally, thanks! How long will it take?"),
            note(23.5, "priya", "New Dutch permit design again, fourth case this week."),
            agent(
                22.8, "priya", "About 15 minutes. Stay here or close the window, I write to you."
            ),
            customer(3.2, "Any news?"),
        ),
        offered=28,
        handed_over=27.5,
        agent="priya",
        claimed=26,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Isabella Rossi",
            email="isabella.rossi@studio.example",
            locale="it",
            time_zone="Europe/Rome",
            verified=True,
            page="https://northfold.example/complaints",
        ),
        status=Status.ACTIVE,
        priority=Priority.HIGH,
        codes=("frustration", "legal_compliance"),
        evidence=(
            ("legal_compliance", "report you to the regulator"),
            ("frustration", "absolutely unacceptable"),
        ),
        lines=(
            customer(
                41,
                "You changed your terms without telling me. That is absolutely unacceptable and I"
                " will report you to the regulator.",
            ),
            agent(
                37,
                "ben",
                "I understand that you are upset. I am looking for the notice we sent"
                " and come back to you within ten minutes.",
            ),
            note(31, "ben", "Notice went out on 3 March, but to her old e-mail address. @Sarah?"),
            note(29, "sarah", "Then it is on us. Refund the difference and answer in writing."),
            agent(
                27,
                "ben",
                "The notice about the new exchange fee went to your old address although you had"
                " changed it: that was our mistake. We refund the difference of €18.20 today, and"
                " you get a letter about it.",
            ),
        ),
        handed_over=41,
        agent="ben",
        claimed=38,
    ),
)
