"""Templates that admins write: ``{{customer_name}}`` and eight more, by substitution only.

There is no template language here on purpose. A name from a fixed list is replaced by its value,
once; a value is never read for placeholders again; anything else in braces is refused when it is
saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from helpdesk.domain.message_templates import PLACEHOLDERS

MOST_CHARACTERS = 2_000

FALLBACKS: dict[str, str] = {
    "customer_name": "there",
    "agent_name": "a colleague",
    "business_name": "our team",
    "issue": "your request",
    "issue_type": "your request",
    "wait_minutes": "a few",
    "reply_within": "as soon as we can",
    "opening_hours": "our opening hours",
    "conversation_link": "this chat",
}
"""What is said where a value is not known: "Hi there!"."""

_PLACEHOLDER = re.compile(r"\{\{ {0,4}([A-Za-z_]{1,40}) {0,4}\}\}")
_OPENING = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a template cannot be saved. ``position`` is the index of the character it is about."""

    position: int
    text: str


class BadTemplate(ValueError):
    """A template was to be filled that `check` refuses."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"at {each.position}: {each.text}" for each in problems))
        self.problems = problems


def check(template: str) -> list[Problem]:
    """Everything that is wrong with a template, in order; an empty list means it can be saved."""
    problems = []
    if not template.strip():
        problems.append(Problem(position=0, text="The text is empty."))
    if len(template) > MOST_CHARACTERS:
        text = f"The text is {len(template):,} characters long; {MOST_CHARACTERS:,} is the most."
        problems.append(Problem(position=MOST_CHARACTERS, text=text))
    at = 0
    while opening := _OPENING.search(template, at):
        placeholder = _PLACEHOLDER.match(template, opening.start())
        at = placeholder.end() if placeholder else opening.end()
        name = placeholder.group(1) if placeholder else None
        if name not in PLACEHOLDERS:
            text = _unknown(name) if name else _unclear(opening.group())
            problems.append(Problem(position=opening.start(), text=text))
    return sorted(problems, key=lambda problem: problem.position)


def fill(template: str, values: Mapping[str, str], *, escape: Callable[[str], str] = str) -> str:
    """The template with its placeholders replaced; a value that is not known by its fallback.

    :param escape: makes a value safe for the place where the text goes (HTML, a subject line).
    :raises BadTemplate: the template is one that `check` refuses.
    """
    problems = check(template)
    if problems:
        raise BadTemplate(problems)

    def value(placeholder: re.Match[str]) -> str:
        name = placeholder.group(1)
        return escape(values.get(name, "").strip() or FALLBACKS[name])

    return _PLACEHOLDER.sub(value, template)


def names_in(template: str) -> tuple[str, ...]:
    """The placeholders that a template uses, each once, in order."""
    used = (match.group(1) for match in _PLACEHOLDER.finditer(template))
    return tuple(dict.fromkeys(name for name in used if name in PLACEHOLDERS))


def place(template: str, position: int) -> tuple[int, int]:
    """The line and the character in it, both from 1, of a position that `check` names."""
    before = template[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def _unknown(name: str) -> str:
    close = get_close_matches(name.lower(), PLACEHOLDERS, n=1)
    hint = f" Did you mean {{{{{close[0]}}}}}?" if close else f" Known: {', '.join(PLACEHOLDERS)}."
    return f"There is no {{{{{name}}}}}.{hint}"


def _unclear(opening: str) -> str:
    if opening == "{{":
        return "“{{” must be followed by a name and “}}”, as in {{customer_name}}."
    return f"“{opening}” cannot be used in a text."
