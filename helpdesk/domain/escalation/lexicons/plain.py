"""Plain words: those that carry no question by themselves, and those that mean the same."""

from __future__ import annotations

STOP_WORDS = frozenset(
    "a an the this that these those there here it its is are was were be been being am im ive id "
    "i me my mine myself we us our you your yours he she they them their his her him "
    "to of in on at by for from with about into onto over under as than then so too very just "
    "and or but if because while also still already again yet even only "
    "do does did doing done dont doesnt didnt not no nor isnt arent wasnt cant cannot wont "
    "have has had having havent hasnt will would shall should could can may might must "
    "what which who whom whose when where why how whats wheres hows "
    "please pls plz hi hello hey dear sir madam ok okay yes thanks thank kindly well now "
    "want need like know tell get got getting go going make made help let see say said asked "
    "some any all more much many one thing something anything way "
    "give guys really able possible trying try tried would wanna gonna "
    "der die das ein eine ich mein meine ist und wie was warum nicht bitte "
    "le la les un une je mon ma est et comment pourquoi pas "
    "el los las mi es y como por que no "
    "il lo gli un uno una mio mia e come perche non "
    "o os as um uma meu minha nao de het een ik mijn hoe waarom niet".split()
)

COMMON = frozenset(
    "account card money app bank phone order number service question problem credit use using "
    "used".split()
)
"""Said in every second message of a desk: they join two messages only a little."""

PADDING = frozenset(
    "is are s the a my please pls hi hello hey still again so ok okay then now and but well "
    "um".split()
)
"""Left out when two very short messages are compared word for word."""

CONTRACTED = {"wheres": "where", "whats": "what", "hows": "how", "whens": "when", "whos": "who"}

SAME: tuple[str, ...] = (
    "arrive arrived arriving come came receive received show showing shown appear appeared "
    "credited reflected land landed posted reach reached",
    "money fund funds cash",
    "payment pay paid paying transaction transactions payments",
    "transfer transfers transferred transfering transferring send sent sending move moved",
    "deposit deposited deposits topup top topped topping add added adding load",
    "withdraw withdrawal withdrawals withdrew withdrawn",
    "refund refunded refunds reimburse reimbursement money-back",
    "cancel cancelled canceling cancelling stop stopping revoke terminate undo",
    "change changing changed update updating updated edit edited modify alter switch",
    "reset resetting recover recovering restore retrieve",
    "password passcode pwd pin passwords",
    "delete deleting deleted remove removing removed erase close closing",
    "fee fees charge charged charges charging cost costs price",
    "wrong incorrect incorrectly mistake error errors",
    "work working works worked function functioning",
    "fail failed failing fails decline declined declining reject rejected rejecting denied",
    "broken broke damaged defective",
    "lost lose losing missing misplaced",
    "stolen stole theft robbed",
    "deliver delivery delivered ship shipping shipped shipment parcel package",
    "long time soon fast quick quickly days hours wait waiting",
    "verify verification verified verifying identity identification id",
    "open opening create creating register registering signup",
    "login log signin sign logging",
    "limit limits maximum minimum restriction restrictions",
    "currency currencies",
    "country countries abroad overseas international",
    "exchange convert converted rate rates",
    "bill bills billing invoice invoices",
    "subscription plan membership",
    "balance amount total",
    "crash crashes crashed crashing freeze freezes freezing hangs",
    "address addresses",
    "email mail emails",
)
"""Each row counts as one word."""

ASKED_BEFORE: dict[str, float] = {
    "i/ive/we already/just asked/told/said/explained/answered/tried/did": 0.66,
    "already asked/told/said/explained/mentioned/answered/tried": 0.66,
    "as i/we already? said/asked/mentioned/explained/told/wrote": 0.66,
    "like i said": 0.66,
    "i/we asked/told you/this/that already/before/twice": 0.7,
    "asking/asked/ask you? again/twice": 0.7,
    "same question/problem/answer/issue/thing again/twice": 0.7,
    "you already said/told/sent/asked/gave that/this/me": 0.7,
    "you keep saying/repeating/sending/telling/giving/asking": 0.75,
    "stop repeating": 0.75,
    "not/isnt/wasnt what i asked/meant/said/am/was asking?": 0.7,
    "didnt/not/doesnt/havent/dont answer/answered/answering/answers my/the question": 0.75,
    "doesnt/didnt/not solve/solved/fix/fixed/answer it/this/that/my": 0.62,
    "that/this/it didnt/doesnt/not work/help": 0.45,
    "how many times": 0.66,
    "second/third/fourth/fifth time i/im/ive/asking/i": 0.7,
    "my question was/is again/still": 0.62,
    "again my question": 0.66,
}
"""The customer says that the question was asked before."""
