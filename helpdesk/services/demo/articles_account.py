"""Northfold's articles about the account: who somebody is, how they sign in, what keeps it safe."""

from __future__ import annotations

from helpdesk.ai import Article

ACCOUNT = (
    Article(
        id="open-account",
        title="Opening an account",
        body=(
            "Download the app and tap Open account. You need your phone, a passport or identity"
            " card and about eight minutes. You must be 18 or older and live in a country of the"
            " European Union, Norway, Iceland, Switzerland or the United Kingdom. Most accounts"
            " are ready within minutes. One person can have one account; joint accounts and"
            " accounts for children are not available yet."
        ),
        questions=(
            "How do I open an account?",
            "Who can sign up?",
            "Which countries do you support?",
            "Can I open an account for my child?",
            "Do you offer joint accounts?",
        ),
        tags=("signup", "registration"),
    ),
    Article(
        id="verify-identity",
        title="Verifying your identity",
        body=(
            "The law asks us to know our customers. In the app, take a photo of your passport,"
            " identity card or residence permit, then a short selfie video. Use daylight, keep"
            " all four corners in the picture and take off glasses. The check mostly takes ten"
            " minutes, at busy times up to one working day. Until then you can look around and"
            " add up to €150. You get a message as soon as it is done."
        ),
        questions=(
            "How do I verify my identity?",
            "How long does verification take?",
            "Which documents do you accept?",
            "Why do you need my passport?",
            "What is KYC?",
        ),
        tags=("kyc", "verification", "identity"),
    ),
    Article(
        id="verification-failed",
        title="When verification fails",
        body=(
            "Mostly the picture is blurred, a corner is missing, or the document has expired."
            " Tap Try again, clean the lens, lay the document on a dark surface and turn off the"
            " flash. The name must be the same as in your profile. Screenshots and copies do not"
            " count. After three tries the app asks you to wait 24 hours; a person on our team"
            " can also check your documents by hand."
        ),
        questions=(
            "Why was my verification rejected?",
            "My ID photo is not accepted",
            "What can I do when verification fails?",
            "Can I use an expired passport?",
        ),
        tags=("kyc", "verification", "rejected"),
    ),
    Article(
        id="reset-password",
        title="Resetting your password or passcode",
        body=(
            "On the sign-in screen tap Forgot password and enter your e-mail address. We send"
            " you a link that works for 30 minutes; look in the spam folder too. Choose at least"
            " ten characters that you use nowhere else. If you forgot the six-digit passcode of"
            " the app, tap Forgot passcode and confirm with your password. After a change,"
            " withdrawals are paused for 24 hours to protect you."
        ),
        questions=(
            "I forgot my password",
            "How do I reset my password?",
            "How do I change my passcode?",
            "I did not get the reset e-mail",
            "How can I change my password?",
        ),
        tags=("password", "passcode", "sign-in"),
    ),
    Article(
        id="cannot-sign-in",
        title="When you cannot sign in",
        body=(
            "Check that the e-mail address is the one you registered with and that the phone has"
            " a connection. After five wrong passwords the account is locked for 15 minutes; then"
            " you can try again or reset the password. If the app asks for a code that does not"
            " come, wait a minute and tap Send again. If your account has been locked by our"
            " security team, a person has to unlock it together with you."
        ),
        questions=(
            "I can't log in",
            "Why is my account locked?",
            "The sign-in code does not arrive",
            "How do I unlock my account?",
        ),
        tags=("sign-in", "locked", "login"),
    ),
    Article(
        id="two-factor",
        title="Two-factor sign-in (2FA)",
        body=(
            "With 2FA you confirm each new sign-in with a second step, so a stolen password is"
            " not enough. Switch it on under Profile, Security, 2FA. You can use an authenticator"
            " app, which we recommend, or a text message. Save the ten recovery codes in a safe"
            " place: each one replaces the second step once, for example when you have lost your"
            " phone."
        ),
        questions=(
            "How do I turn on 2FA?",
            "How do I set up two-factor authentication?",
            "Which authenticator app can I use?",
            "Where are my recovery codes?",
            "How do I switch off two-step verification?",
        ),
        tags=("2fa", "security", "authenticator"),
    ),
    Article(
        id="new-phone",
        title="New phone or lost phone",
        body=(
            "With a new phone, install the app, sign in and confirm with the old phone or with a"
            " recovery code; the old one is signed out. If you have lost your phone, sign in at"
            " northfold.example on a computer and tap Security, Devices, Remove. Your money is"
            " safe: nobody can open the app without your passcode, face or fingerprint. Without"
            " recovery codes, our team checks your identity by video and resets the second step."
        ),
        questions=(
            "I have a new phone, how do I move the app?",
            "I lost my phone",
            "How do I remove an old device?",
            "My phone was stolen, is my account safe?",
            "I lost my authenticator",
        ),
        tags=("phone", "device", "2fa"),
    ),
    Article(
        id="protect-account",
        title="Keeping your account safe",
        body=(
            "Use a password that you use nowhere else, switch on 2FA, and look at Profile,"
            " Security, Devices from time to time. We never ask for your password, passcode or"
            " codes, neither by phone nor by e-mail or chat, and we never ask you to move money"
            " to a safe account. Somebody who does is a fraudster. Forward suspicious messages to"
            " phishing@northfold.example. If you notice something you did not do, tap Lock"
            " account and write to us at once."
        ),
        questions=(
            "How do I keep my account secure?",
            "Is this e-mail really from Northfold?",
            "How do I recognise phishing?",
            "How do I lock my account?",
            "How can I see which devices are signed in?",
        ),
        tags=("security", "phishing", "fraud"),
    ),
    Article(
        id="personal-details",
        title="Changing your name, address, phone or e-mail",
        body=(
            "Go to Profile, Personal details and tap what has changed. A new address needs a"
            " letter or bill that is not older than three months; a new name needs your new"
            " identity document. For a new e-mail address or phone number we send a code to the"
            " old and the new one. If you no longer have the old one, our team checks your"
            " identity first. Changes are mostly confirmed within one working day."
        ),
        questions=(
            "How do I change my address?",
            "I have a new phone number",
            "How do I update my e-mail address?",
            "I got married, how do I change my name?",
        ),
        tags=("profile", "address", "email"),
    ),
    Article(
        id="close-account",
        title="Closing your account",
        body=(
            "First sell or move your holdings and withdraw your cash. Then tap Profile, Account,"
            " Close account and confirm. Closing is free and takes up to five working days; last"
            " dividends are sent to your bank. You can download your documents for 90 days, and"
            " by law we keep records for some years. If something made you want to leave, tell"
            " us: often it can be put right."
        ),
        questions=(
            "How do I close my account?",
            "How do I delete my account?",
            "I want to cancel my account",
            "What happens to my data after closing?",
        ),
        tags=("close", "delete", "leaving"),
    ),
    Article(
        id="privacy",
        title="Your data and privacy",
        body=(
            "We keep only what the law and your account need, on servers in the European Union,"
            " and never sell it. Under Profile, Privacy you can download everything we hold about"
            " you, correct it, or ask us to delete what we may delete. You also choose there"
            " whether we may send you news. Your chat with us is kept for two years, so that you"
            " need not tell a story twice."
        ),
        questions=(
            "What data do you store about me?",
            "How do I download my personal data?",
            "Do you sell my data?",
            "How do I stop marketing e-mails?",
        ),
        tags=("privacy", "gdpr", "data"),
    ),
)
