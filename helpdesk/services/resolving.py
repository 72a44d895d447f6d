"""The end of an episode, whoever ends it."""

from __future__ import annotations

from helpdesk.domain.events import ConversationResolved
from helpdesk.domain.lifecycle import Status
from helpdesk.models import Contact, Conversation, Episode, Inbox
from helpdesk.services import alerting, handoff, wordings
from helpdesk.services.unit_of_work import UnitOfWork


def resolve(
    work: UnitOfWork,
    conversation: Conversation,
    inbox: Inbox,
    contact: Contact,
    event: ConversationResolved,
    template: str,
    **values: str,
) -> None:
    """Close the episode, tell the customer in the same commit, and stop what is still under way.

    :raises IllegalMove: it is resolved or closed already.
    """
    episode = work.session.get_one(Episode, conversation.episode_id)
    episode.resolved_at = work.now
    episode.resolved_by = event.actor
    episode.resolution_kind = event.kind
    episode.resolution_voided_at = None
    handoff.close_open(work, conversation, "abandoned")
    handoff.drop_queued_runs(work, conversation)
    conversation.resolved_at = work.now
    conversation.offer_state = "none"
    work.move(conversation, Status.RESOLVED, event)
    text = wordings.say(work.session, template, inbox=inbox, contact=contact, **values)
    work.announce(conversation, "resolved", text)
    alerting.tell(work, conversation, event.name)
