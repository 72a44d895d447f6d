"""What every change of an admin has in common: who makes it, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Words = Mapping[str, str]
"""A setting as people read it: label to text. Conflicts and the audit log compare these."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, as the audit log keeps it. ``agent_id`` is ``None`` for a stranger."""

    agent_id: int | None
    session_id: int | None = None
    address: str = ""


class Refused(Exception):
    """A form cannot be saved as it is; ``problems`` has a sentence for each field.

    The field ``form`` stands for the whole.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Gone(Exception):
    """What was to be changed has been deleted meanwhile."""


class EditedMeanwhile(Exception):
    """Somebody else saved first. Both versions are here, so that one of them can be chosen.

    ``version`` is what a form must carry to be saved over theirs.
    """

    def __init__(
        self, *, version: int, mine: Words, theirs: Words, by: str, at: datetime | None
    ) -> None:
        super().__init__(f"{by or 'somebody'} saved version {version} first")
        self.version = version
        self.by = by
        self.at = at
        self.differences = [
            Difference(label=label, mine=mine.get(label, ""), theirs=theirs.get(label, ""))
            for label in dict.fromkeys((*theirs, *mine))
            if mine.get(label, "") != theirs.get(label, "")
        ]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One setting that two admins wrote differently."""

    label: str
    mine: str
    theirs: str


def changed(before: Words, after: Words) -> tuple[dict[str, str], dict[str, str]]:
    """Only what differs, as it was and as it is."""
    labels = [
        label
        for label in dict.fromkeys((*before, *after))
        if before.get(label, "") != after.get(label, "")
    ]
    return (
        {label: before.get(label, "") for label in labels},
        {label: after.get(label, "") for label in labels},
    )
