"""Answers to people who left a message: by e-mail as well as in the chat, with a way back to it."""

from __future__ import annotations

from helpdesk.models import Agent, Contact, Conversation, Inbox, Message
from helpdesk.services import alerting, return_links, routing
from helpdesk.services.unit_of_work import UnitOfWork

KIND = "answer"


def goes_to(conversation: Conversation, contact: Contact) -> str:
    """Where a reply is sent besides the chat; empty for people who are in the chat themselves.

    That is from the moment they leave a message until they write to somebody who has them.
    """
    gone = contact.blocked_at or contact.erased_at
    return contact.email if conversation.after_hours and not gone else ""


def send(work: UnitOfWork, conversation: Conversation, answer: Message, *, agent_id: int) -> None:
    """Leave the e-mail for an agent's reply that was just stored, if its reader is away."""
    contact = work.session.get_one(Contact, conversation.contact_id)
    if not (to := goes_to(conversation, contact)):
        return
    inbox = work.session.get_one(Inbox, conversation.inbox_id)
    agent = work.session.get_one(Agent, agent_id)
    name = routing.first_name(agent.name)
    alerting.write_letter(
        work,
        kind=KIND,
        to=to,
        subject=f"{name} from {inbox.company} has answered you",
        text=_words(inbox.company, name, answer.body, return_links.address(contact)),
        once=f"{conversation.id}:{answer.seq}",
        conversation=conversation,
    )


def _words(company: str, name: str, body: str, link: str) -> str:
    way_back = (
        f"Read the whole conversation and write back here:\n{link}\n\n"
        "The link works for 30 days. Whoever has it can read the conversation, so please do not"
        " pass it on."
        if link
        else "To write back, open the chat on our site again."
    )
    return (
        f"{name} from {company} has answered the message that you left:\n\n"
        f"{body}\n\n--\n{way_back}\nReplies to this e-mail are not read.\n"
    )
