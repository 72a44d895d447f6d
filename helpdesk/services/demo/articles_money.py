"""Northfold's articles about money that comes in, goes out, or is charged."""

from __future__ import annotations

from helpdesk.ai import Article

MONEY = (
    Article(
        id="add-money",
        title="Adding money to your account",
        body=(
            "Open Northfold, tap Money and then Add money. You can pay by bank transfer, by"
            " debit card or with Apple Pay and Google Pay. A bank transfer has no upper limit;"
            " use the account number shown in the app and send it from an account in your own"
            " name. Card payments go up to €2,000 a day. Adding money is free. The smallest"
            " amount is €1, and you can set up a standing order so that it happens every month by"
            " itself."
        ),
        questions=(
            "How do I deposit money?",
            "How can I top up my account?",
            "Which payment methods do you accept?",
            "Can I pay in by card or Apple Pay?",
            "Can I use PayPal?",
            "Where do I find the account number for a bank transfer?",
        ),
        tags=("deposit", "payment"),
    ),
    Article(
        id="deposit-times",
        title="How long a deposit takes",
        body=(
            "A card payment, Apple Pay or Google Pay shows in your balance within a few minutes."
            " An instant bank transfer takes up to ten minutes, an ordinary one up to one working"
            " day, and one from outside the euro area two to three working days. Transfers sent"
            " after 16:00 or at a weekend count from the next working day. You get a notification"
            " as soon as the money is there. If a deposit is later than this, a person on our"
            " team can trace it with the date, the amount and the name on the sending account."
        ),
        questions=(
            "How long does a deposit take?",
            "When will my deposit arrive?",
            "How long until a bank transfer shows in my balance?",
            "Are card deposits instant?",
            "What happens with a transfer at the weekend?",
            "I sent money but it does not show yet",
        ),
        tags=("deposit", "pending"),
    ),
    Article(
        id="withdraw-money",
        title="Withdrawing money to your bank",
        body=(
            "Tap Money, then Withdraw, enter the amount and confirm with your passcode. We send"
            " it to the bank account in your own name that you have linked. Withdrawals are free"
            " and usually arrive in one to two working days. The smallest amount is €10. Money"
            " from a sale can be withdrawn once the sale has settled, which takes two working"
            " days. A bank account that you added today can be used after 24 hours, to keep you"
            " safe."
        ),
        questions=(
            "How do I withdraw money?",
            "How can I take money out?",
            "I want to withdraw money",
            "How do I cash out to my bank account?",
            "How long does a withdrawal take?",
            "What is the minimum withdrawal?",
        ),
        tags=("withdrawal", "payout"),
    ),
    Article(
        id="withdrawal-on-hold",
        title="Why a withdrawal can be on hold",
        body=(
            "A withdrawal waits when one of three things is open: the money comes from a sale"
            " that has not settled yet (two working days), the bank account was linked less than"
            " 24 hours ago, or we need to check your identity once more. The app shows the reason"
            " under Money, Activity; tap the withdrawal to see it. You can cancel it there while"
            " it waits. When the app names no reason, our team can look into it."
        ),
        questions=(
            "Why is my withdrawal pending?",
            "What does on hold mean for a withdrawal?",
            "Can I cancel a withdrawal?",
            "Why can I not withdraw all of my balance?",
        ),
        tags=("withdrawal", "pending"),
    ),
    Article(
        id="linked-bank-account",
        title="Changing your linked bank account",
        body=(
            "Go to Profile, Bank accounts, and tap Add account. The account must be in your own"
            " name and in a country where we offer Northfold. We check it with a transfer of one"
            " cent or through your bank's own sign-in. You can keep up to three accounts and"
            " choose which one is used for withdrawals. A new account can receive withdrawals"
            " after 24 hours. To remove an old one, swipe it to the left."
        ),
        questions=(
            "How do I change my bank account?",
            "How do I link a new bank account?",
            "Can I remove my old bank details?",
            "Can I use a joint account?",
            "How many bank accounts can I add?",
        ),
        tags=("bank", "iban"),
    ),
    Article(
        id="fees",
        title="What Northfold costs",
        body=(
            "There is one yearly fee of 0.25% of what you have invested, taken in small parts"
            " each month. Cash costs nothing. Buying or selling a share costs €1 per order; funds"
            " and savings plans have no order fee. Changing currency costs 0.35% of the amount."
            " Deposits, withdrawals, the card and closing your account are free. Every order"
            " shows its full cost before you confirm it, and your yearly statement lists all fees"
            " you have paid."
        ),
        questions=(
            "What are your fees?",
            "How much does Northfold cost?",
            "Do you charge a commission for buying shares?",
            "Is there a monthly fee?",
            "Why was I charged a fee?",
        ),
        tags=("fees", "costs", "pricing"),
    ),
    Article(
        id="limits",
        title="Limits for deposits, withdrawals and orders",
        body=(
            "By card you can add up to €2,000 a day; by bank transfer there is no limit. You can"
            " withdraw up to €25,000 a day and €100,000 a month. One order can be as small as €1"
            " and as large as €50,000. While your identity is not verified yet, you can add up to"
            " €150 in all and cannot withdraw. If you need a higher limit once, write to us at"
            " least one working day ahead."
        ),
        questions=(
            "What is the maximum I can deposit?",
            "How much can I withdraw per day?",
            "What is the daily withdrawal limit?",
            "Can you raise my limit?",
            "Is there a maximum order size?",
        ),
        tags=("limits",),
    ),
    Article(
        id="currencies",
        title="Currencies and exchange rates",
        body=(
            "You can hold euros, US dollars, British pounds and Swiss francs. To change from one"
            " to another, tap Money, then Exchange. We use the live market rate and add 0.35%;"
            " you see the exact rate before you confirm and it stays fixed for 20 seconds. When"
            " you buy a share in a currency that you do not hold, we exchange the amount for you"
            " at the same cost. At weekends the rate of Friday evening holds."
        ),
        questions=(
            "Which currencies can I hold?",
            "What exchange rate do you use?",
            "How do I convert euros to dollars?",
            "Can I have a dollar balance?",
            "What does changing currency cost?",
        ),
        tags=("currency", "fx"),
    ),
    Article(
        id="northfold-card",
        title="The Northfold card",
        body=(
            "The card is a free debit card that spends from your euro balance. Order it under"
            " Card; it arrives in five to seven working days, and the virtual card for your phone"
            " works at once. Paying is free everywhere. Cash machines are free up to €200 a"
            " month, then cost 2%. You set your own spending limit and can switch online"
            " payments, foreign countries and cash machines on and off in the app."
        ),
        questions=(
            "How do I order a card?",
            "Do you have a debit card?",
            "When will my card arrive?",
            "Can I use the card abroad?",
            "How much cash can I take from a cash machine?",
        ),
        tags=("card",),
    ),
    Article(
        id="lost-card",
        title="Lost, stolen or declined card",
        body=(
            "If your card is lost or stolen, tap Card and then Freeze: it stops working at that"
            " moment, and you can undo it if the card turns up. Order a new one with Replace; it"
            " is free once a year. When a payment is declined, look at the card's Activity for"
            " the reason. Mostly the balance is too low, the spending limit is reached, or"
            " payments abroad are switched off. If you see a payment that is not yours, freeze"
            " the card and write to us."
        ),
        questions=(
            "I lost my card, what should I do?",
            "How do I freeze or block my card?",
            "Why was my card declined?",
            "How do I get a replacement card?",
            "What if my card was stolen?",
        ),
        tags=("card", "declined", "security"),
    ),
    Article(
        id="savings-plan",
        title="Monthly savings plans",
        body=(
            "A savings plan buys funds or shares for you on the same day every month, from €1"
            " and without an order fee. Tap Invest, Savings plans, then New plan, and choose what"
            " to buy, how much, and the day. We take the money from your balance, or by direct"
            " debit from your bank two working days before. You can change, pause or stop a plan"
            " at any time until 18:00 on the day before it runs."
        ),
        questions=(
            "How do I set up a savings plan?",
            "Can I invest a fixed amount every month?",
            "How do I stop or pause my plan?",
            "When is my savings plan carried out?",
        ),
        tags=("plan", "monthly", "direct debit"),
    ),
    Article(
        id="interest-on-cash",
        title="Interest on cash",
        body=(
            "Euros that you have not invested earn 2% interest a year, up to a balance of"
            " €50,000. It is worked out every day and paid on the first of each month; you find"
            " it under Money, Activity. Other currencies earn no interest at present. Your cash"
            " lies at partner banks in the euro area and is protected by law up to €100,000 per"
            " bank. The rate can change; we tell you in the app at least 14 days before."
        ),
        questions=(
            "Do I get interest on my cash?",
            "What is the interest rate?",
            "When is interest paid?",
            "Is my uninvested money earning anything?",
        ),
        tags=("interest", "cash"),
    ),
)
