"""Hides what must not travel in an alert: card and account numbers, passwords, addresses, keys."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_DIGITS = re.compile(r"\b\d(?:[ -]?\d){5,}\b")
_SECRET = re.compile(
    r"(?i)\b(password|passcode|passphrase|pass phrase|pin|cvc|cvv|security code|one[- ]time code"
    r"|secret|api key|token)\b(\s*(?:is|was|:|=|are)?\s*)(\S+)"
)
_KEY = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]{24,}\b")


def mask(text: str) -> str:
    """The text with everything that looks secret replaced by a word in brackets.

    It rather hides too much than too little: whoever needs the original opens the conversation.
    """
    text = _EMAIL.sub("[e-mail]", text)
    text = _SECRET.sub(_hide_secret, text)
    text = _IBAN.sub("[account number]", text)
    text = _KEY.sub("[key]", text)
    return _DIGITS.sub(lambda found: _name_of(found.group()), text)


def _hide_secret(found: re.Match[str]) -> str:
    """ "my password is hunter2" hides the last word, "I forgot my password again" hides none."""
    name, link, value = found.groups()
    told = link.strip() or any(character.isdigit() for character in value)
    return f"{name}{link}[hidden]" if told else found.group()


def _name_of(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if 13 <= len(digits) <= 19 and _is_luhn(digits):
        return "[card number]"
    return "[number]"


def _is_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
