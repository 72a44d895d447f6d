"""Twenty conversations that make the demo desk look as on a usual afternoon. All is invented."""

from __future__ import annotations

from helpdesk.services.demo.conversations_active import ACTIVE
from helpdesk.services.demo.conversations_solved import SOLVED
from helpdesk.services.demo.conversations_waiting import WAITING
from helpdesk.services.demo.conversations_with_assistant import WITH_ASSISTANT
from helpdesk.services.demo.script import DemoConversation

CONVERSATIONS: tuple[DemoConversation, ...] = (*SOLVED, *WITH_ASSISTANT, *ACTIVE, *WAITING)
