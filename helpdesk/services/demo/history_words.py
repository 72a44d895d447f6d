"""What people said in the demo's past fortnight. All is invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Case:
    """A reason for a person: the customer's words, those of them that spoke for it, the agent's
    answer. ``article``: the assistant answered with it first; ``offered``: then it asked."""

    code: str
    asks: str
    evidence: str
    answer: str
    weight: int
    article: str = ""
    offered: bool = False


CASES = (
    Case(
        code="financial_transaction",
        asks="My transfer of 300 euros has not arrived, it was sent on Monday.",
        evidence="has not arrived",
        answer="I see it now: your bank sent it without the reference. It is booked.",
        weight=5,
    ),
    Case(
        code="financial_transaction",
        asks="I was charged twice for one card payment, please give one back.",
        evidence="charged twice",
        answer="You are right, it went out twice. The second one comes back within two days.",
        weight=4,
    ),
    Case(
        code="financial_transaction",
        asks="My withdrawal failed and the money is missing from my balance.",
        evidence="withdrawal failed and the money is missing",
        answer="The bank refused the account number. The amount is in your balance again.",
        weight=3,
    ),
    Case(
        code="account_security",
        asks="Somebody signed in to my account from another country, that was not me!",
        evidence="that was not me",
        answer="I have signed out every device and stopped withdrawals. Nothing was taken.",
        weight=4,
    ),
    Case(
        code="account_security",
        asks="I think I was phished, I typed my password on a strange page.",
        evidence="I was phished",
        answer="Good that you write at once. Your password is reset; no one came in.",
        weight=2,
    ),
    Case(
        code="asked_for_human",
        asks="I would rather talk to a person about this, please.",
        evidence="talk to a person",
        answer="Of course. What is it about?",
        weight=7,
        offered=True,
    ),
    Case(
        code="asked_for_human",
        asks="agent please",
        evidence="agent please",
        answer="I am here. How can I help?",
        weight=5,
        offered=True,
    ),
    Case(
        code="low_confidence",
        asks="Can my company open an account in the name of a foundation?",
        evidence="",
        answer="A foundation can, with its articles and two signatures. I have sent you the form.",
        weight=6,
        article="open-account",
        offered=True,
    ),
    Case(
        code="low_confidence",
        asks="How are dividends of foreign shares taxed when I move abroad?",
        evidence="",
        answer="It depends on the treaty. For your two countries it is 15 % at the source.",
        weight=6,
        article="dividends",
        offered=True,
    ),
    Case(
        code="low_confidence",
        asks="Which of my orders count for the yearly limit?",
        evidence="",
        answer="Only deposits count, not orders. You have used 40 % of it.",
        weight=4,
        article="limits",
        offered=True,
    ),
    Case(
        code="does_not_know",
        asks="Do you have a branch office in Lisbon?",
        evidence="",
        answer="We have no branches, all of us work online. I can help you right here.",
        weight=4,
    ),
    Case(
        code="out_of_scope",
        asks="Can you recommend a good mortgage bank?",
        evidence="",
        answer="That is not something we do, sorry. Is there anything about your account?",
        weight=3,
    ),
    Case(
        code="frustration",
        asks="This is the third time I explain this, your answers are useless and I am fed up!",
        evidence="useless and I am fed up",
        answer="I am sorry for the trouble. I have read everything and take it from here.",
        weight=5,
        article="cannot-sign-in",
    ),
    Case(
        code="repeated_question",
        asks="Again: where do I find the tax document for last year?",
        evidence="",
        answer="Yours was not made yet, because one fund reports late. You have it by Friday.",
        weight=4,
        article="tax-documents",
    ),
    Case(
        code="technical_bug",
        asks="The app crashes every time I open the portfolio tab.",
        evidence="app crashes every time",
        answer="That is a bug in version 5.2. The update of tonight mends it.",
        weight=5,
        article="app-problems",
    ),
    Case(
        code="legal_compliance",
        asks="I want all my data deleted under the GDPR, and a confirmation.",
        evidence="data deleted under the GDPR",
        answer="I have passed it on to our privacy team. You hear from them within a week.",
        weight=2,
    ),
    Case(
        code="turn_limit",
        asks="And how do I do that when the form does not let me choose a country?",
        evidence="",
        answer="I have changed the country for you. Please look once more.",
        weight=1,
        article="personal-details",
    ),
    Case(
        code="ai_error",
        asks="How do I change the day of my savings plan?",
        evidence="",
        answer="Under Plans, Edit, Day. I have set it to the 15th for you.",
        weight=1,
    ),
)

EASY = (
    "add-money",
    "deposit-times",
    "withdraw-money",
    "fees",
    "market-hours",
    "portfolio-performance",
    "two-factor",
    "reset-password",
    "northfold-card",
    "notifications",
    "savings-plan",
    "statements",
    "interest-on-cash",
    "buy-and-sell",
)
"""Articles that the assistant solves things with."""

THANKS = ("Thanks!", "ok thanks", "Great, that helped, thank you", "Perfect, thanks")
COMES_BACK = ("It still does not work.", "No, that is not what I see.", "Sorry, it is not solved.")
SATISFIED = ("Thank you!", "It works now, thanks", "Great, many thanks", "ok")
WAITS = ("Hello?", "Is anybody there?", "How long does this take?")
GOODBYES = ("Glad to hear it. Have a good day.", "Happy to help. Bye.", "You are welcome.")
PRAISE = ("Quick and kind.", "Solved in minutes.", "Very helpful, thank you.", "")
BLAME = ("Took too long.", "It kept sending me the same article.", "I had to ask three times.", "")

FIRST_NAMES = (
    "Aino Bruno Carla Davi Esra Farid Greta Hiro Ines Jonas Katya Liam Mina Noor Otto Pia Quinn"
    " Rosa Samir Tara Umut Vera Willem Ximena Yara Zoltan"
).split()
LAST_NAMES = (
    "Almeida Bauer Costa Dahl Eder Fischer Garcia Haas Ito Jansen Kaya Lund Meyer Novak Okafor"
    " Petrov Quiroga Rossi Silva Tran Ueda Varga Weber Young Zeman"
).split()
ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Athens", "Europe/London", "America/New_York")
