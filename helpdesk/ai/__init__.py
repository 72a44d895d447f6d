"""The assistant: one contract for every source of replies, and the built-in one."""

from __future__ import annotations

from helpdesk.ai.contract import (
    AiError,
    AiTimeout,
    Article,
    Hit,
    Knowledge,
    Reply,
    Responder,
    Source,
    Transcript,
    TranscriptLine,
    checked,
)
from helpdesk.ai.loading import load
from helpdesk.ai.retrieval import KnowledgeBase

__all__ = [
    "AiError",
    "AiTimeout",
    "Article",
    "Hit",
    "Knowledge",
    "KnowledgeBase",
    "Reply",
    "Responder",
    "Source",
    "Transcript",
    "TranscriptLine",
    "checked",
    "load",
]
