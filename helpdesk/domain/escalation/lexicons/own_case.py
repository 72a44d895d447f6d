"""Something has gone wrong for this customer, or they only want to know how it is done."""

from __future__ import annotations

CLASSES: dict[str, frozenset[str]] = {
    "nt": frozenset(
        "not isnt doesnt dont wont wasnt didnt hasnt havent hadnt never arent werent nt "
        "cannot cant couldnt wouldnt".split()
    ),
    "happened": frozenset(
        "showing show shows shown appear appeared appearing arrive arrived arriving receive "
        "received credited updated update posted processed process through work working worked "
        "load loading open opening complete completed reflect reflected reflecting there here "
        "available accepted accept come came reach reached refunded refund paid verified go went "
        "gone let letting allow allowing allowed get getting got see seeing find able access "
        "added moved sent approved cleared registered right correct match matching goes "
        "clear".split()
    ),
    "mine": frozenset("my our".split()),
}

FAILED: dict[str, float] = {
    "<nt> been/be/yet/even/still/gone? <happened>": 0.8,
    "<nt> yet been? <happened>": 0.85,
    "still not/no/nothing/hasnt/havent/isnt/doesnt": 0.85,
    "still not/hasnt/havent/isnt/doesnt been? <happened>": 0.9,
    "pending since/for": 0.7,
    "<nt> log/login/sign/transfer/pay/withdraw/use/make/send/deposit/add/do/top/buy/upload": 0.72,
    "yet to be? <happened>": 0.8,
    "without my consent/knowledge/permission": 0.85,
    "keeps/keep failing/crashing/declining/rejecting/saying/freezing/getting": 0.75,
    "missing": 0.75,
    "disappear*/vanish*": 0.9,
    "gone": 0.6,
    "lost/misplaced": 0.72,
    "stole/stolen/robbed/mugged/theft": 0.9,
    "hack*/hijack*": 0.95,
    "unauthori*/unathori*": 0.9,
    "fraud*/scam*/phish*": 0.8,
    "compromised": 0.85,
    "suspicious*": 0.7,
    "dont/didnt/not/doesnt recogni*": 0.9,
    "dont/didnt/not/never make/made/authori*/initiate*/submit*/approve*/do/did": 0.8,
    "wasnt/not by? me/mine": 0.85,
    "someone/somebody/stranger/person else? is/was/may/might/could? be? using/used/accessed/"
    "accessing/took/taken/logged/signed/broke/has/got": 0.85,
    "wrong/incorrect/incorrectly": 0.66,
    "fail/fails/failed/failing/failure": 0.82,
    "declined/rejected/reverted/refused/denied/bounced": 0.8,
    "twice/double/duplicate*": 0.66,
    "overcharged/mischarged": 0.85,
    "extra/unknown/strange/unexpected/weird charge/charges/fee/fees/payment/transaction": 0.66,
    "shouldnt/should not be/have": 0.66,
    "stuck": 0.8,
    "still pending/waiting/processing/blocked/locked": 0.82,
    "been waiting/pending": 0.75,
    "taking/takes/took so/too/forever long?": 0.66,
    "unable/impossible": 0.66,
    "error/errors/bug/bugs/glitch*": 0.7,
    "crash/crashes/crashed/crashing/freezes/hangs": 0.82,
    "broken/broke/damaged/malfunction*": 0.78,
    "stopped working": 0.9,
    "locked/blocked/suspended/disabled/frozen": 0.62,
    "deducted/debited/taken/charged but": 0.7,
    "where is/are/did/has <mine>": 0.7,
    "wheres <mine>": 0.7,
    "what/whats happened/happening/wrong to/with <mine>": 0.8,
    "why was/were/is/are/am/did/has/have i/my/you": 0.62,
    "why isnt/wasnt/hasnt/didnt/doesnt/havent": 0.82,
    "by mistake/accident/error": 0.62,
    "sue/suing/lawyer/attorney/solicitor/lawsuit": 0.85,
    "legal/court action/order/case": 0.8,
    "issue/issues/problem/problems/trouble": 0.4,
    "down": 0.4,
    "less/more/lower/higher than": 0.4,
}

SUPPOSED: dict[str, float] = {
    "what/happens/happen if": 0.9,
    "if my/i/a/the/someone/somebody/it/your": 0.6,
    "in case": 0.8,
    "would happen": 0.8,
    "check/see/know/wondering/wonder/tell/confirm/sure/as if": 0.01,
}
"""The case is imagined ("what if my card is stolen?"). "Check if …" imagines nothing."""

HOW_TO: dict[str, float] = {
    "how/where do/can/could/should/would i/we/you/one": 0.9,
    "how to": 0.9,
    "how long/much/many/often": 0.7,
    "what is/are/do/does/s": 0.6,
    "whats the": 0.6,
    "can/could/may i/you/we": 0.5,
    "is/are it/there possible/a/any": 0.6,
    "do you": 0.5,
    "i want/need/would like/to": 0.3,
}
