"""Conversations in the queue: every priority, and most of the reasons for a handoff."""

from __future__ import annotations

from helpdesk.domain.lifecycle import Priority, Status
from helpdesk.services.demo.conversations_solved import MARIA_JOSE
from helpdesk.services.demo.script import DemoConversation, DemoCustomer, assistant, customer

WAITING = (
    DemoConversation(
        customer=DemoCustomer(
            name="Jonas Weber",
            email="jonas.weber@post.example",
            locale="de",
            verified=True,
            page="https://northfold.example/profile/security",
        ),
        status=Status.WAITING,
        priority=Priority.URGENT,
        codes=("account_security",),
        evidence=(
            ("account_security", "someone logged into my account"),
            ("account_security", "It wasn't me"),
        ),
        lines=(
            customer(
                1.5,
                "I just got an e-mail that someone logged into my account from another country."
                " It wasn't me! What do I do?",
            ),
        ),
        handed_over=1.5,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Ngozi Adeyemi",
            email="ngozi@adeyemi.example",
            time_zone="Europe/London",
            verified=True,
            page="https://northfold.example/money/activity",
        ),
        status=Status.WAITING,
        priority=Priority.URGENT,
        codes=("financial_transaction", "frustration"),
        evidence=(
            ("financial_transaction", "my withdrawal of £2,400 still hasn't arrived"),
            ("frustration", "This is really frustrating"),
        ),
        lines=(
            customer(9.2, "How long does a withdrawal take?"),
            assistant(9.1, "withdraw-money", 0.96),
            customer(
                3.4,
                "I know that. It is day five and my withdrawal of £2,400 still hasn't arrived."
                " This is really frustrating.",
            ),
        ),
        handed_over=3.4,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="张伟",
            email="wei.zhang@mail.example",
            locale="zh",
            time_zone="Asia/Shanghai",
            verified=True,
            page="https://northfold.example/documents/tax",
        ),
        status=Status.WAITING,
        priority=Priority.HIGH,
        codes=("repeated_question", "frustration"),
        evidence=(
            ("repeated_question", "Where do I find my tax documents?"),
            ("repeated_question", "where do I find the tax documents"),
            ("frustration", "This is useless"),
        ),
        lines=(
            customer(14, "Where do I find my tax documents?"),
            assistant(13.9, "tax-documents", 0.97),
            customer(11.5, "There is nothing for this year. So where do I find the tax documents?"),
            assistant(
                11.4,
                "tax-documents",
                0.82,
                "Open Profile, Documents, Tax and choose the year; you can save it as a PDF or send"
                " it to your accountant.",
            ),
            customer(5.8, "You said that before. This is useless, the page is empty."),
        ),
        handed_over=5.8,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Mateus Oliveira",
            email="mateus.oliveira@mail.example",
            locale="pt",
            time_zone="America/Sao_Paulo",
            page="https://northfold.example/app",
        ),
        status=Status.WAITING,
        priority=Priority.HIGH,
        codes=("returned_within_window", "technical_bug"),
        evidence=(("technical_bug", "the app crashes every time"),),
        lines=(
            customer(52, "What can I do when the app is slow?"),
            assistant(51.8, "app-problems", 0.95),
            customer(47, "That helped, thank you!"),
            customer(
                2.6, "Hello again. Now the app crashes every time I open a chart, version 7.4.1."
            ),
        ),
        solved_before=47,
        handed_over=2.6,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Siobhán O'Brien",
            email="siobhan@obrien.example",
            time_zone="Europe/Dublin",
            page="https://northfold.example/help",
        ),
        status=Status.WAITING,
        codes=("asked_for_human",),
        evidence=(("asked_for_human", "talk to a real person"),),
        lines=(
            customer(
                1.9, "Hello, I'd rather talk to a real person please. It's about my late dad."
            ),
        ),
        offered=1.9,
        handed_over=1.1,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="ليلى منصور",
            email="layla.mansour@mail.example",
            locale="ar",
            time_zone="Asia/Amman",
            verified=True,
            page="https://northfold.example/money",
        ),
        status=Status.WAITING,
        codes=("out_of_scope",),
        lines=(
            customer(6.4, "مرحباً، حوّلت 400 يورو إلى حسابي يوم الإثنين ولم يظهر المبلغ حتى الآن."),
        ),
        handed_over=6.3,
    ),
    DemoConversation(
        customer=DemoCustomer(
            name="Maximiliane Alexandra Theodora von Hohenberg-Schwarzenfels zu Lindau",
            email="m.hohenberg@mail.example",
            locale="de-AT",
            time_zone="Europe/Vienna",
            page="https://northfold.example/portfolio",
        ),
        status=Status.WAITING,
        codes=("does_not_know",),
        lines=(
            customer(
                0.7,
                "Can I pledge my shares as collateral for a Lombard loan, and who countersigns the"
                " pledge on your side?",
            ),
        ),
        handed_over=0.6,
    ),
    DemoConversation(
        customer=MARIA_JOSE,
        status=Status.WAITING,
        priority=Priority.LOW,
        codes=("left_message",),
        lines=(
            customer(
                11,
                "No hurry: could somebody check that my new address in Sevilla has been confirmed?"
                " I sent the letter last week.",
            ),
        ),
        handed_over=11,
    ),
)
