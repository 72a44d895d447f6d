"""What an answer means for an alert, and when it is tried again (delivery.md §3.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from helpdesk.outbound import Answer, MailRefused, Refused

MINUTE, HOUR = 60.0, 3_600.0
DELAYS = (
    *(0.0, 5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR),
    *(5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR),
)
"""Seconds before each try, counted from the failure of the one before."""

MOST_TRIES = len(DELAYS)
JITTER = 0.2  # so that a thousand alerts that failed together do not come back together
FEW_TRIES = 3
LONGEST_WAIT = HOUR  # more patience than this no receiver can ask for

WORTH_RETRYING = frozenset({408, 409, 425, 429})
GONE = 410
LONGEST_ERROR = 300


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one try ended. ``tries``: after so many it is dead; 0 means it was accepted.

    ``retry_after``: seconds the receiver asked us to wait. ``disable``: why nothing more may be
    sent to this endpoint, if so.
    """

    code: int | None = None
    error: str = ""
    tries: int = MOST_TRIES
    retry_after: float = 0.0
    disable: str = ""

    @property
    def sent(self) -> bool:
        """Whether the receiver has it."""
        return self.tries == 0


SENT = Verdict(tries=0)


def of_answer(answer: Answer, now: datetime) -> Verdict:
    """What an HTTP answer means. A redirect is a failure: we never follow one."""
    code = answer.code
    if 200 <= code < 300:
        return replace(SENT, code=code)
    error = f"it answered {code}"
    if code == GONE:
        return Verdict(code=code, error=error, tries=1, disable="it answered 410: gone for good")
    if code in WORTH_RETRYING or code >= 500:
        wait = _retry_after(answer.headers.get("retry-after", ""), now)
        return Verdict(code=code, error=error, retry_after=wait)
    if 300 <= code < 400:
        error = f"it answered {code}: redirects are not followed"
    return Verdict(code=code, error=error, tries=FEW_TRIES)


def of_error(error: Exception) -> Verdict:
    """What it means that there was no answer, or that a mail server said no."""
    words = plain(str(error)) or type(error).__name__
    if isinstance(error, MailRefused):
        tries = 1 if error.code >= 500 else MOST_TRIES
        return Verdict(code=error.code, error=f"{error.code} {words}", tries=tries)
    if isinstance(error, Refused):
        return Verdict(error=f"refused: {words}", tries=FEW_TRIES)
    return Verdict(error=words)


def next_delay(tried: int, verdict: Verdict, *, luck: float) -> float | None:
    """Seconds until the next try after ``tried`` failed ones; ``None``: there is none any more.

    ``luck`` from 0 to 1 spreads the tries; what the receiver asked for is never cut short.
    """
    if tried >= min(verdict.tries, MOST_TRIES):
        return None
    spread = DELAYS[tried] * (1 + JITTER * (2 * luck - 1))
    return max(spread, verdict.retry_after)


def plain(words: str) -> str:
    """Words of a stranger as one short line that is safe to keep and to show."""
    kept = "".join(character if character.isprintable() else " " for character in words)
    return " ".join(kept.split())[:LONGEST_ERROR]


def _retry_after(raw: str, now: datetime) -> float:
    """A Retry-After header, in seconds or as a date, within reason."""
    if raw.isascii() and raw.isdigit():
        seconds = float(raw[:9])
    else:
        try:
            seconds = (parsedate_to_datetime(raw) - now).total_seconds()
        except (TypeError, ValueError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)
