"""Signal: the customer asks to be put in touch with a person, now."""

from __future__ import annotations

from helpdesk.domain.escalation.lexicon import Hit, Lexicon
from helpdesk.domain.escalation.lexicons import contact_english as english
from helpdesk.domain.escalation.lexicons import contact_world as world
from helpdesk.domain.escalation.reading import NOTHING, Reading, reading_of
from helpdesk.domain.escalation.words import MARKS, READ_AT_MOST, Words

LOOK_BACK = 7  # words before a request in which a negation can still belong to it
BARE_AT_MOST = 6  # words of a message that is hardly more than "agent, please"
FLAT = 0.85  # a word that is the whole message, or a fixed phrase without grammar around it
UNSURE = 0.25  # "do I need to talk to somebody?": kept as a value, far below any limit

_ENGLISH = Lexicon(english.ASKS, english.CLASSES)
_NAMED = Lexicon(english.NAMED, english.CLASSES)
_WORLD = Lexicon(world.ASKS, world.CLASSES)
_PASSED_OVER = english.PASSED_OVER | english.NEEDED
_PRONOUNS = frozenset({"i", "we", "you", "one"})
_ABOUT_THE_ASSISTANT = frozenset("are you is youre ur u r am it".split())


def asked_for_human(words: Words) -> Reading:
    """How surely this message asks for a person.

    Questions about the assistant ("are you a human?"), about the rules ("do I need to speak to a
    representative?"), refusals ("don't transfer me") and reports ("your agent was rude") do not.
    """
    hits = [_judged(words, hit) for hit in _ENGLISH.find(words)]
    hits += [hit for hit in _NAMED.find(words) if not _about_the_assistant(words, hit)]
    hits += [hit for hit in _WORLD.find(words) if not _refused_abroad(words, hit)]
    hits = [hit for hit in hits if hit.weight]
    if hits:
        return reading_of(words, hits)
    return _bare(words) or _chinese(words.text) or NOTHING


def _judged(words: Words, hit: Hit) -> Hit:
    """The hit, weighed by the words before it."""
    before = _before(words, hit.first)
    if _is_report(words.tokens[hit.first], before):
        return hit._replace(weight=0.0)
    passed = 0
    while passed < len(before) and before[passed] in _PASSED_OVER:
        passed += 1
    stopped_at = before[passed] if passed < len(before) else ""
    if stopped_at in english.NEGATIONS:
        return hit._replace(weight=0.0)
    if stopped_at in english.ASKING_WHETHER and _asks_whether(stopped_at, before[:passed]):
        return hit._replace(weight=UNSURE)
    return hit


def _is_report(verb: str, before: list[str]) -> bool:
    """ "I was talking to …", "am I speaking with …", "I will contact …", "had a chat with …"."""
    nearest = [word for word in before[:2] if word not in _PRONOUNS and word != "a"]
    if not nearest:
        return False
    return nearest[0] in english.PLANNED or (
        verb.endswith("ing") and nearest[0] in english.UNDER_WAY
    )


def _asks_whether(auxiliary: str, passed: list[str]) -> bool:
    """ "Do I need to …", "should we …": the pronoun follows the auxiliary."""
    follows_pronoun = bool(passed) and passed[-1] in _PRONOUNS
    needed = auxiliary in {"should", "must"} or not english.NEEDED.isdisjoint(passed)
    return follows_pronoun and needed


def _before(words: Words, first: int) -> list[str]:
    """The words before a hit in its clause, the nearest first."""
    before: list[str] = []
    for token in reversed(words.tokens[max(0, first - LOOK_BACK) : first]):
        if token in MARKS:
            break
        before.append(token)
    return before


def _about_the_assistant(words: Words, hit: Hit) -> bool:
    return bool(_ABOUT_THE_ASSISTANT & set(_before(words, hit.first))) or (
        hit.first > 0 and words.tokens[hit.first - 1] in english.NEGATIONS | {"no"}
    )


def _refused_abroad(words: Words, hit: Hit) -> bool:
    for token in _before(words, hit.first):
        if token in world.NEGATIONS:
            return True
        if token not in world.PASSED_OVER:
            return False
    return False


def _bare(words: Words) -> Reading | None:
    """ "Agent", "human please": the word for a person is the whole message."""
    spoken = words.spoken()
    if not 0 < len(spoken) <= BARE_AT_MOST:
        return None
    if " ".join(spoken) in english.BARE_LINES:
        return Reading(FLAT, (words.span(0, len(words.tokens) - 1),))
    people = english.BARE | world.BARE
    allowed = people | english.FILLERS | world.FILLERS | english.CLASSES["role"] | MARKS
    named = [i for i, token in enumerate(words.tokens) if token in people]
    if not named or not all(token in allowed for token in words.tokens):
        return None
    return Reading(FLAT, tuple(words.span(i, i) for i in named))


def _chinese(text: str) -> Reading | None:
    """Chinese writes no spaces: phrases are looked for in the text itself."""
    asked = [
        match.span()
        for match in world.CHINESE.finditer(text[:READ_AT_MOST])
        if not world.CHINESE_REFUSED.search(text[max(0, match.start() - 8) : match.start()])
    ]
    return Reading(FLAT, tuple(asked)) if asked else None


def accepts(words: Words) -> Reading:
    """A plain yes, which only means something while an offer stands."""
    spoken = words.spoken()
    if not 0 < len(spoken) <= BARE_AT_MOST or spoken[0] not in english.YES:
        return NOTHING
    if not all(token in english.YES | english.YES_COMPANY for token in spoken):
        return NOTHING
    return Reading(FLAT, (words.span(0, len(words.tokens) - 1),))
