"""The words around a question: greetings, thanks, "are you a person?". Answered honestly."""

from __future__ import annotations

import re

LONGEST = 120  # characters; what is longer is a question, whatever it begins with

_TOWARDS = r"(?:who|what)(?: exactly)? (?:are you|am i (?:talk|speak|chatt)ing (?:to|with))"
_ASKING = (
    r"(?:(?:hi|hello|hey|wait|so) )?"
    r"(?:are you|r u|is this|am i (?:talk|speak|chatt)ing (?:to|with))"
)
_KIND = (
    r"(?:human(?: being)?|person|people|(?:chat)?bot|robot|machine|ai|assistant|computer|automated)"
)
_ADJECTIVE = r"(?:(?:an?|the|just|really|actually|real|actual|live|chat|ai|virtual) )*"

_SMALL_TALK = (
    (
        (
            r"(?:hi+|hello+|hey+|hiya|howdy|yo|greetings|good (?:day|morning|afternoon|evening))"
            r"(?: (?:there|all|team|everyone|everybody|folks|guys|sir|madam|bot|assistant|again))?",
        ),
        "Hello. I am the AI assistant. What can I help you with?",
    ),
    (
        (
            r"(?:hello )?are you there|(?:is )?any(?:one|body) (?:there|here)",
            r"(?:i have|ive got|got) (?:(?:a|another|one more|some|a quick|a few) )?questions?",
            r"(?:(?:i need|can you|could you|please|can i get) )?(?:some )?help(?: me| please)*",
            r"can i ask (?:you )?(?:something|a question)",
        ),
        "Yes, I am here. What would you like to know?",
    ),
    (
        (
            r"(?:(?:ok|okay|great|perfect|cool) )?"
            r"(?:thanks|thank you|thankyou|thx|ty|cheers|much appreciated|many thanks)"
            r"(?: (?:so much|very much|a lot|a million|again|for (?:the|your) (?:help|answer)))?"
            r"(?: thats? (?:all|it|great|perfect|helpful|very helpful))?",
        ),
        "You are welcome. Is there anything else I can help you with?",
    ),
    (
        (
            r"(?:(?:ok|okay) )?(?:good ?)?bye(?: bye)?",
            r"see you(?: later)?|good night|have a (?:nice|good) day",
        ),
        "Goodbye. Write again whenever you need us.",
    ),
    (
        (
            r"(?:(?:hi|hello|hey) )?how are you(?: doing)?(?: today)?",
            r"hows it going|whats up",
        ),
        "All is well here, thank you. What can I help you with?",
    ),
    (
        (
            _TOWARDS,
            rf"{_ASKING} {_ADJECTIVE}{_KIND}(?: or {_ADJECTIVE}{_KIND})?",
            r"are you (?:real|alive)|what(?:s| is) your name|do you have a name",
        ),
        "I am an AI assistant, not a person. I answer from our help articles and tell you when I do"
        " not know something. If you would rather talk to a person, say so and I connect you.",
    ),
    (
        (
            r"what (?:can|do) you do(?: for me)?|how (?:can|do) you help(?: me)?",
            r"what can (?:i ask(?: you)?|you help(?: me)?(?: with)?)|how (?:do you|does this) work",
        ),
        "I answer questions from our help articles and show which article an answer comes from."
        " Ask me in your own words. When I do not know, a person can take over.",
    ),
)
_PATTERNS = tuple((re.compile("|".join(asked)), said) for asked, said in _SMALL_TALK)
_NOT_WORDS = re.compile(r"[^\w ]+")


def small_talk(text: str) -> str:
    """The answer to a line that asks nothing of the knowledge; empty for a real question."""
    if len(text) > LONGEST:
        return ""
    plain = text.casefold().replace("'", "").replace("\u2019", "")
    plain = " ".join(_NOT_WORDS.sub(" ", plain).split())
    return next((said for pattern, said in _PATTERNS if pattern.fullmatch(plain)), "")
