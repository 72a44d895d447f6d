"""Northfold's articles about the app and about the people behind it."""

from __future__ import annotations

from helpdesk.ai import Article

SERVICE = (
    Article(
        id="app-problems",
        title="When the app is slow or crashes",
        body=(
            "Close the app fully and open it again. If that does not help, install the newest"
            " version from the App Store or Google Play, restart the phone, and check that at"
            " least 500 MB are free. Your money and orders are not touched by a crash. We need"
            " iOS 16 or Android 10 or newer. If it goes on, tell us the phone, the version from"
            " Profile, About, and what you did just before; a picture of the screen helps."
        ),
        questions=(
            "The app keeps crashing",
            "Why is the app so slow?",
            "The app does not open",
            "Which phones are supported?",
            "The screen stays blank",
        ),
        tags=("app", "crash", "bug"),
    ),
    Article(
        id="wrong-prices",
        title="When prices or charts look wrong",
        body=(
            "Outside trading hours you see the last price of the day. Prices of European shares"
            " are live; some others are up to 15 minutes late and carry a clock sign. After a"
            " share split the chart can look odd for one day until it is put right. Pull the"
            " screen down to load it again. If a price still looks wrong, tell us the share and"
            " the time, and we check it against the exchange."
        ),
        questions=(
            "Why is the price wrong?",
            "The chart is not updating",
            "Are prices live?",
            "Why do I see an old price?",
        ),
        tags=("prices", "chart", "quotes"),
    ),
    Article(
        id="notifications",
        title="Notifications and price alerts",
        body=(
            "Under Profile, Notifications you choose what we tell you about: deposits, orders,"
            " dividends, news or sign-ins. Security messages always come. To hear when a share"
            " reaches a price, open it, tap the bell and enter the price. If nothing arrives,"
            " allow notifications for Northfold in the phone's own settings and switch off"
            " battery saving for the app."
        ),
        questions=(
            "How do I turn off notifications?",
            "How do I set a price alert?",
            "Why do I not get notifications?",
            "Can I get fewer e-mails?",
        ),
        tags=("notifications", "alerts"),
    ),
    Article(
        id="team-hours",
        title="When our team is there",
        body=(
            "In this chat the assistant answers at once, day and night, and a person from our"
            " team is there round the clock as well. Tap Talk to a person whenever you like; it"
            " mostly takes one to three minutes. By phone you reach us Monday to Friday from 9:00"
            " to 18:00, Central European Time; the number is under Profile, Help. E-mails are"
            " answered within one working day."
        ),
        questions=(
            "What are your opening hours?",
            "When is your team available?",
            "When are you open?",
            "How can I contact you?",
            "Do you have a phone number?",
            "How do I reach customer service?",
        ),
        tags=("hours", "contact", "support"),
    ),
    Article(
        id="complaints",
        title="Making a complaint",
        body=(
            "We are sorry when something went wrong. Tell a person in this chat, or write to"
            " complaints@northfold.example with what happened and what you would like us to do."
            " You get a confirmation within one working day and a full answer within 15. If you"
            " do not agree with it, you can take the case to the financial ombudsman free of"
            " charge; our answer explains how. A complaint never changes how we treat your"
            " account."
        ),
        questions=(
            "How do I make a complaint?",
            "Where can I complain?",
            "How do I contact the ombudsman?",
            "I am not satisfied with your answer",
        ),
        tags=("complaint", "ombudsman"),
    ),
    Article(
        id="invite-friends",
        title="Inviting friends",
        body=(
            "Share your own link under Profile, Invite friends. When somebody opens an account"
            " with it and invests at least €100 within 60 days, you both get €20 in your balance,"
            " usually on the next working day. You can invite up to ten people a year. The bonus"
            " is cash: invest it or withdraw it as you like. Invited people are listed there with"
            " what is still missing."
        ),
        questions=(
            "How does the referral bonus work?",
            "How do I invite a friend?",
            "Where is my referral bonus?",
            "How much do I get for inviting someone?",
        ),
        tags=("referral", "bonus", "invite"),
    ),
    Article(
        id="inheritance",
        title="When a customer has died",
        body=(
            "We are sorry for your loss. Write to us in this chat or to family@northfold.example"
            " and send the death certificate and, when you have it, the proof of inheritance. We"
            " lock the account at once and name one person who stays with you until it is"
            " settled. The holdings can be moved to the heirs or sold and paid out. There is no"
            " fee and no deadline."
        ),
        questions=(
            "My father died, what about his account?",
            "How do I report a death?",
            "How does inheritance work?",
            "What documents do you need from heirs?",
        ),
        tags=("death", "inheritance", "bereavement"),
    ),
)
