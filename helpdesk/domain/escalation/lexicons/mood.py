"""Words of anger and disappointment, and what VADER is told about the language of support."""

from __future__ import annotations

CLASSES: dict[str, frozenset[str]] = {
    "you": frozenset(
        "you your u ur this that it bot app service company support assistant chatbot website "
        "site system".split()
    ),
    "so": frozenset("so very really such a an totally completely absolutely extremely too".split()),
}

FEELINGS: dict[str, float] = {
    "frustrat*": 0.78,
    "angry/angrier/anger/furious/fury/livid/enraged/rage/fuming": 0.78,
    "mad": 0.62,
    "annoy*": 0.72,
    "outrag*/infuriat*/irritat*/exasperat*/aggravat*": 0.78,
    "pissed": 0.8,
    "upset/unhappy/dissatisfied/displeased": 0.64,
    "disappoint*": 0.72,
    "disgust*/appall*": 0.75,
    "fed up": 0.85,
    "sick of": 0.8,
    "sick and tired": 0.9,
    "tired of": 0.7,
    "had enough of": 0.8,
    "no patience": 0.62,
    "maddening/offended/offensive": 0.64,
    "lost/losing/lose my? patience": 0.8,
    "driving me crazy/nuts/mad/insane": 0.78,
    "hate/hated/hates": 0.68,
    "hate to bother/ask/say": 0.05,
    "hostile/belligerent/vexes": 0.62,
    "terribl*/awful*/horribl*/horrendous/dreadful/atrocious/abysmal": 0.66,
    "terrible twos": 0.05,
    "useless/worthless/pathetic/incompetent/hopeless": 0.74,
    "worst": 0.72,
    "ridiculous*/absurd/laughable": 0.7,
    "unacceptable/inexcusable/disgrace*/shameful": 0.78,
    "garbage/trash/rubbish/crap/crappy/junk/junky": 0.64,
    "stupid*/dumb/idiot*/moron*/imbecile": 0.72,
    "stupid/dumb/silly question/questions": 0.05,
    "suck/sucks/sucked/sucking": 0.68,
    "lousy/shitty/mediocre": 0.6,
    "rude/unprofessional/arrogant": 0.62,
    "unhelpful": 0.68,
    "nonsense": 0.6,
    "bad/poor/waste service/support/experience/bot/app/company": 0.72,
    "<so> bad/poor": 0.62,
    "<you> are/is bad/poor/mean/slow": 0.64,
    "liar/liars/lying/thieves/cheating/cheaters/crooks": 0.62,
    "nightmare": 0.6,
    "angry birds": 0.05,
    "mad men/max": 0.05,
}
"""Turned round by a negation: "not angry", "isn't terrible"."""

OUTBURSTS: dict[str, float] = {
    "fuck*/fck/fuk/fuking/wtf/ffs/stfu/motherfuck*": 0.8,
    "shit/bullshit/bs": 0.68,
    "damn/dammit/damned/goddamn/goddam": 0.64,
    "damn good/fine/well": 0.05,
    "bloody/freaking/frigging": 0.62,
    "bloody mary": 0.05,
    "the hell/heck": 0.64,
    "asshole/assholes/bitch/bastard/bastards/dickhead": 0.78,
    "screw you/this": 0.8,
    "piss off": 0.8,
    "shut up": 0.68,
    "scum/scumbag/scumbot": 0.72,
    "waste/wasting/wasted of? my/our? time/money": 0.84,
    "what a joke/mess/shame": 0.74,
    "is/are a joke": 0.74,
    "not/isnt/arent/no/wasnt <so>? helpful/help/helping/useful/good": 0.62,
    "not/dont/doesnt/didnt/havent/hasnt/never really? help/helped/helps/helping me?": 0.6,
    "not <so>? happy/pleased/impressed/satisfied/acceptable/funny": 0.7,
    "not nice": 0.62,
    "how many times": 0.72,
    "how much longer": 0.55,
    "third/fourth/fifth/tenth/hundredth/umpteenth time": 0.68,
    "again and again": 0.5,
    "over and over": 0.55,
    "no one/nobody is? helps/helping/responds/responding/answers/answering/cares": 0.66,
    "you dont/doesnt/do? not? understand/listen/listening/care": 0.55,
    "are you even/kidding/serious/joking/deaf": 0.7,
    "what is/the wrong with you": 0.8,
    "whats wrong with you": 0.8,
    "going/running/round in circles": 0.72,
    "good for nothing": 0.85,
    "thanks/thank for nothing": 0.85,
    "makes no sense": 0.5,
    "taking/takes/took forever": 0.55,
    "for god/gods/christ/heavens sake": 0.72,
    "how dare": 0.72,
    "never again": 0.6,
    "never _ with? you? again": 0.68,
    "never using/buying/flying/coming": 0.6,
    "no response/reply/answer/help": 0.45,
    "waiting/waited for? hours/days/weeks/months/ages/forever": 0.45,
    "on hold": 0.45,
    "shame on": 0.75,
    "ruined/disaster/fiasco": 0.62,
    "last straw": 0.85,
    "go to hell": 0.85,
    "cant believe": 0.5,
    "seriously": 0.35,
    "ugh/argh/grr/grrr/facepalm/smh": 0.62,
    "just answer/fix/help/tell/give": 0.35,
}
"""Meant as they stand; no negation takes them back."""

NEGATIONS = frozenset("not isnt arent wasnt aint no dont doesnt nothing".split())
INTENSIFIERS = frozenset("so very really that too all a an the at be being feeling feel".split())
"""What may stand between a negation and the feeling it denies."""

ANGRY_SIGNS = frozenset("😡🤬😠😤👿🖕👎")

VADER: dict[str, float] = {
    # ordinary words of support, without feeling here
    "help": 0.0, "support": 0.0, "please": 0.2, "yes": 0.2, "ok": 0.3, "no": -0.3, "pay": 0.0,
    "charged": -0.1, "charge": 0.0, "debt": -0.3, "cancel": -0.2, "cancelled": -0.2, "stop": -0.3,
    "problem": -0.6, "problems": -0.6, "error": -0.6, "errors": -0.6, "issue": -0.4, "lost": -0.6,
    "failed": -0.8, "fail": -0.8, "fails": -0.8, "fraud": -0.8, "stolen": -0.8, "stole": -0.8,
    "wrong": -0.8, "block": -0.2, "blocked": -0.3, "missing": -0.5, "rejected": -0.6, "cut": -0.1,
    "lol": 0.0, "share": 0.0, "credit": 0.0, "interest": 0.0, "value": 0.2, "secure": 0.2,
    "security": 0.0, "trouble": -0.6, "urgent": -0.2, "emergency": -0.6, "declined": -0.6,
    # words it does not know, or underrates
    "useless": -2.6, "unacceptable": -2.8, "unhelpful": -2.2, "ridiculous": -2.4, "scam": -2.4,
    "wtf": -3.0, "bullshit": -3.0, "waste": -2.0, "joke": -0.4, "pouting": -2.4, "bloody": -1.6,
    "crap": -2.2, "appalling": -2.8, "overcharged": -1.4, "glitch": -0.7, "crashes": -1.0,
}  # fmt: skip
