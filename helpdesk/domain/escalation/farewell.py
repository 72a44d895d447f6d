"""Signal: the message is a thanks, a farewell or "that solved it", and nothing else."""

from __future__ import annotations

from helpdesk.domain.escalation.lexicon import Lexicon
from helpdesk.domain.escalation.lexicons import farewell
from helpdesk.domain.escalation.reading import NOTHING, Reading, reading_of
from helpdesk.domain.escalation.words import MARKS, QUESTION, Words, read

MOST_WORDS = 20  # a longer message says more than thanks
AMONG_OTHERS = 0.4  # a thanks with something else beside it

_CORE = Lexicon(farewell.CORE)
_NOT_WORDS = str.maketrans("", "", " \n\t.,!~。，！、…-")


def is_thanks(text: str) -> bool:
    """Whether a message is purely a thanks, a farewell or "that solved it".

    "Thanks but it is still broken", "thanks anyway", "thanks?" and "thanks for nothing" are not:
    whoever takes this for the end of a conversation never closes it over an open question.
    """
    return thanks(read(text)).score == 1.0


def thanks(words: Words) -> Reading:
    """1 for a pure thanks, less for a thanks among other words, 0 for none."""
    spoken = words.spoken()
    core = _CORE.find(words)
    if not core:
        whole = len(words.text) <= 200 and (_cjk(words.text) or _signs(words.text))
        return Reading(1.0, ((0, len(words.text)),)) if whole else NOTHING
    found = reading_of(words, core)
    pure = len(spoken) <= MOST_WORDS and _only_thanks(words, spoken, len(core))
    return found if pure else Reading(AMONG_OTHERS, found.spans)


def _only_thanks(words: Words, spoken: tuple[str, ...], core: int) -> bool:
    if QUESTION in words.tokens or core == 0:
        return False
    line = " ".join(spoken)
    given_up = farewell.NOT_SOLVED.intersection(spoken)
    if given_up == {"nothing"} and any(phrase in line for phrase in farewell.NOTHING_ELSE):
        given_up = frozenset()
    return not given_up and not _strangers(words)


def _strangers(words: Words) -> list[str]:
    """Words that are neither thanks nor its usual company; one name after the thanks is none."""
    inside = {index for hit in _CORE.find(words) for index in range(hit.first, hit.last + 1)}
    strangers = [
        index
        for index, token in enumerate(words.tokens)
        if index not in inside and token not in farewell.COMPANY and token not in MARKS
    ]
    if len(strangers) == 1 and _is_name(words, strangers[0]):
        return []
    return [words.tokens[index] for index in strangers]


def _is_name(words: Words, index: int) -> bool:
    """ "Thanks Sarah": one capitalised word at the end."""
    last = max(i for i, token in enumerate(words.tokens) if token not in MARKS)
    return 0 < index == last and words.text[words.starts[index]].isupper()


def _cjk(text: str) -> bool:
    """Languages without spaces: nothing but thanks and their company may be left."""
    rest = text.translate(_NOT_WORDS)
    without = rest
    for phrase in farewell.WHOLE_CJK:
        without = without.replace(phrase, "")
    if without == rest:
        return False
    for phrase in farewell.AROUND_CJK:
        without = without.replace(phrase, "")
    return not without


def _signs(text: str) -> bool:
    """A message of pictures, one of them grateful."""
    signs = {character for character in text if not character.isspace()} - {"\ufe0f"}
    skins = {chr(tone) for tone in range(0x1F3FB, 0x1F400)}
    return bool(signs & farewell.GRATEFUL_SIGNS) and signs - skins <= farewell.SIGNS
