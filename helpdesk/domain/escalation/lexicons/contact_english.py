"""How people ask for a person, in English.

The weight is how sure the words alone are. What stands before them (a negation, "do I need to",
"I was") is judged in `requests`.
"""

from __future__ import annotations

CLASSES: dict[str, frozenset[str]] = {
    "talk": frozenset("talk talking speak speaking speek chat chatting converse".split()),
    "reach": frozenset("contact contacting reach reaching message".split()),
    "move": frozenset(
        "connect transfer transferring forward pass switch put hand route redirect refer patch "
        "escalate direct bring send get give move link".split()
    ),
    "the": frozenset("a an the some any your our my another one this that".split()),
    "real": frozenset("real live human actual proper genuine living true physical manual".split()),
    "role": frozenset(
        "real live human actual proper genuine living customer client service services support "
        "care help desk helpdesk sales tech technical senior different other new sales staff bank "
        "phone telephone chat online fucking bloody damn goddamn freaking".split()
    ),
    "person": frozenset(
        "human humans person persons people agent agents agant representative representatives "
        "reprsentative representitive rep reps operator operators advisor advisors adviser "
        "supervisor supervisors manager managers employee employees executive executives "
        "specialist specialists staff colleague colleagues consultant worker".split()
    ),
    "sure": frozenset("human humans agent representative rep operator supervisor".split()),
    "someone": frozenset("someone somebody anyone anybody".split()),
    "desk": frozenset("service services support care team helpdesk".split()),
    "bot": frozenset("bot bots robot robots machine machines computer ai chatbot".split()),
    "want": frozenset("want need wanna require demand prefer gimme".split()),
}

ASKS: dict[str, float] = {
    # talk to a (real) person
    "<talk> to/with/wth <the>? <role>? <role>? <person>": 0.92,
    "<talk> to/with <the>? <role>? _ <person>": 0.8,
    "<talk> <the>? <role>? <person>": 0.8,
    "<talk> to/with <the>? <role>? assistant": 0.68,
    "<talk> a/an assistant": 0.66,
    "<talk> to/with <someone>": 0.76,
    "<talk> to/with <someone> else/real/human/who": 0.9,
    "<talk> to/with <the>? <real>? customer/client? <desk>": 0.76,
    "<talk> to/with <the>? real/human/live one": 0.85,
    "<the>? <role>? <person>/<someone> i/we can/could <talk> to/with": 0.88,
    "<person>/<someone> to <talk> to/with": 0.86,
    # reach a person
    "<reach> <the>? <role>? <role>? <person>": 0.8,
    "<reach> <someone>": 0.7,
    "<reach> a/an <role>? assistant": 0.66,
    "get/getting in touch/contact with <the>? <role>? <role>? <person>/<someone>": 0.85,
    "get/getting through to <the>? <role>? <role>? <person>/<someone>": 0.85,
    "get/getting hold of <the>? <role>? <role>? <person>/<someone>": 0.85,
    "<want> to <reach>/call customer/client? <desk>": 0.66,
    "wanna <reach>/call customer/client? <desk>": 0.66,
    "<reach>/call/calling customer/client <desk>": 0.45,
    # put me through
    "<move> me/us/this/it over/through/back/on? to/with <the>? <role>? <role>? <person>": 0.95,
    "<move> me/us/this/it over/through/back/on? to/with <the>? <role>? _ <person>": 0.85,
    "<move> me/us over/through/back/on? to/with <someone> else?": 0.92,
    "<move> me/us over/through? to/with <the>? <role>? <desk>": 0.85,
    "put me in touch/contact with <the>? <role>? <person>/<someone>/<desk>": 0.95,
    "connect/connected/transferred/forwarded to/with? <the>? <role>? <role>? <person>": 0.85,
    "transfer/escalate/forward to <the>? <role>? <role>? <person>": 0.9,
    "escalate this/it/my case/ticket/issue/problem/complaint?": 0.72,
    "transfer me please/pls/now/over": 0.75,
    "put me through to/with": 0.85,
    # give me a person
    "get/give/gimme/bring/send/pass/hand me <the>? <role>? <role>? <person>": 0.92,
    "get/give/gimme/bring me <someone>": 0.85,
    "get/have <the> <role>? <person> to": 0.8,
    "get/have <someone> else/real/human to?": 0.8,
    "get/have <someone> else/real/human on the line/phone/chat": 0.9,
    "<want> <the> <role>? <role>? <person>": 0.82,
    "<want> <role>? <sure>": 0.82,
    "<want> <the>? <real> <person>": 0.9,
    "<want> <the>? <real> <role>? <desk>/help/assistance": 0.82,
    "help/support/assistance/answer from <the>? <role>? <person>": 0.86,
    "let <the> <role>? <person> help/handle/answer/look/take": 0.85,
    "<someone>/person/agent/human/representative to call/ring/phone me": 0.75,
    "<someone>/person/agent/human/representative call/ring/phone/contact me": 0.72,
    "is/are there <the>? <real> <person>": 0.82,
    "get <the> <role>? <sure>": 0.8,
    "you dont? have any/a? <real> <person>/<desk>": 0.82,
    "call/ring me back": 0.7,
    "<someone> from <the>? customer/client/support <desk>?": 0.7,
    # anything but the bot
    "dont/not/hate/tired want/like/wanna/feel/going? like? to/of? <talk> to/with <the>? "
    "<bot>": 0.85,
    "stop/enough/no <talk> to/with <the>? <bot>": 0.85,
    "done <talk> to/with <the>? <bot>": 0.85,
    "<talk> to/with <someone>/something smarter/better/competent": 0.85,
}

NAMED: dict[str, float] = {
    # a person is only named; `requests` checks that the sentence is not about the assistant
    "<real> <person> please/pls/plz/now/asap": 0.9,
    "<sure> please/pls/plz/now/asap": 0.85,
    "human/live support/help/assistance/agent": 0.7,
}

NEGATIONS = frozenset(
    "dont not never doesnt didnt wont without shouldnt neednt isnt arent wouldnt".split()
)
"""Before a request they turn it round ("don't transfer me")."""

PASSED_OVER = frozenset(
    "i we me you really even want wanted need wish like to have just wanna please be being care "
    "feel the any more trying going looking".split()
)
"""Words that may stand between a negation, or "do I", and the request it belongs to."""

NEEDED = frozenset("need needs have has got to be required supposed".split())
ASKING_WHETHER = frozenset("do does should must will would did".split())
""" "Do I need to speak to somebody?" is a question about the rules, not a request."""

UNDER_WAY = frozenset(
    "was were been am are is im ive having after before while already when since keep by".split()
)
"""Before "talking": a report of another talk, or a question about this one."""

PLANNED = frozenset("will ill shall told said advised had when after before".split())
"""Before any of them: a plan or somebody else's advice ("I will contact …")."""

FILLERS = frozenset(
    "please pls plz sir madam mam hi hello hey now asap just ok okay yes urgent urgently quick "
    "immediately thanks want need i to kindly a an the me dear again help for with get "
    "connect talk chat speak stop enough wrong".split()
)
"""What may stand around the bare word for a person ("Agent, please")."""

BARE_LINES = frozenset({"transfer me", "put me through", "escalate"})

BARE = frozenset(
    "human person agent representative rep operator advisor adviser supervisor manager executive "
    "specialist".split()
)

YES = frozenset("yes yeah yep yup sure absolutely definitely ja oui si sim claro y 好 是的".split())
YES_COMPANY = frozenset(
    "please pls plz do it that of course bitte gerne graag i would like".split()
)
"""How an offer is accepted in words."""
