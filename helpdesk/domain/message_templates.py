"""What the system says to customers: the product's own sentences, which admins may replace."""

from __future__ import annotations

from dataclasses import dataclass

PLACEHOLDERS: dict[str, str] = {
    "customer_name": "the customer's name",
    "agent_name": "the agent's first name",
    "business_name": "the company of the inbox",
    "issue": "what it is about, in few words",
    "issue_type": "the kind of problem, in few words",
    "wait_minutes": "how many minutes the customer has waited",
    "reply_within": "when the team replies, in words",
    "opening_hours": "the opening hours, in words",
    "conversation_link": "the address of this conversation",
}
"""Everything a template may put in {{double braces}}, and what it stands for."""


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """A sentence of the system: its key, a title and a hint for admins, and the text itself."""

    key: str
    title: str
    description: str
    body: str


_ALL = (
    MessageTemplate(
        key="greeting",
        title="Greeting",
        description="The first words in the chat window, before the customer has written.",
        body=(
            "Hello. I am the AI assistant of {{business_name}}. Ask me anything. A person can take"
            " over whenever you like."
        ),
    ),
    MessageTemplate(
        key="handoff",
        title="Handoff to a person",
        description="The assistant hands over and the customer begins to wait.",
        body=(
            "I understand this is important to you. Let me connect you with one of our support"
            " specialists who can better assist you with {{issue_type}}. Please hold on for a"
            " moment..."
        ),
    ),
    MessageTemplate(
        key="agent_joined",
        title="A person joined",
        description="An agent has taken the conversation.",
        body="🙋 {{agent_name}} (Support Agent) has joined the chat",
    ),
    MessageTemplate(
        key="agent_greeting",
        title="The person's first words",
        description="Said in the agent's name right after joining.",
        body=(
            "Hi {{customer_name}}! I've reviewed your conversation with our AI assistant. I'm here"
            " to help you with {{issue}}. Let's get this sorted out!"
        ),
    ),
    MessageTemplate(
        key="offer",
        title="Offer of a person",
        description="Shown with two buttons: talk to a person, or keep going.",
        body="Would you like to talk to a person about this?",
    ),
    MessageTemplate(
        key="offer_declined",
        title="Offer declined",
        description="The customer would rather keep going with the assistant.",
        body="All right, we keep going. You can ask for a person at any time.",
    ),
    MessageTemplate(
        key="still_waiting",
        title="Still waiting",
        description="The customer has waited longer than the target.",
        body=(
            "You have waited {{wait_minutes}} minutes, longer than we want. We keep your place. You"
            " can also leave a message or go on with the assistant."
        ),
    ),
    MessageTemplate(
        key="agent_lost",
        title="The person was disconnected",
        description="An agent vanished while the customer waited; the customer keeps the place.",
        body="{{agent_name}} has been disconnected. A colleague takes over, you keep your place.",
    ),
    MessageTemplate(
        key="check_in",
        title="Is it solved?",
        description="The customer has said nothing for half an hour after an answer.",
        body="Did that answer your question? If not, write here and we go on.",
    ),
    MessageTemplate(
        key="assumed_solved",
        title="Taken as solved",
        description="The customer has said nothing for a day after being asked.",
        body="We take this as solved. Write here if it is not.",
    ),
    MessageTemplate(
        key="after_hours",
        title="Our team is away",
        description="A person is needed while the office is closed, or it closes meanwhile.",
        body=(
            "Our team is away. We will reply {{reply_within}}. You can leave a message with your"
            " e-mail address, or go on with the assistant."
        ),
    ),
    MessageTemplate(
        key="message_left",
        title="Message left",
        description="The customer left a message for the team.",
        body=(
            "Thank you, we have your message. Our team will respond {{reply_within}}, here and by"
            " e-mail. You can keep asking the assistant meanwhile."
        ),
    ),
    MessageTemplate(
        key="returned_to_ai",
        title="Back to the assistant",
        description="The conversation went from a person, or from the queue, to the assistant.",
        body="You are with the AI assistant again. You can ask for a person at any time.",
    ),
    MessageTemplate(
        key="agent_left",
        title="The person left",
        description="The agent let go or was disconnected; the customer waits at the same place.",
        body="{{agent_name}} had to leave. A colleague takes over, you keep your place.",
    ),
    MessageTemplate(
        key="resolved_by_agent",
        title="Solved by a person",
        description="An agent marked the conversation as solved; a rating is asked for.",
        body="{{agent_name}} marked this as solved. If it is not, write here and we go on.",
    ),
    MessageTemplate(
        key="resolved_by_ai",
        title="Solved by the assistant",
        description="The customer thanked the assistant; a rating is asked for.",
        body="Glad that helped. If something is still open, write here and we go on.",
    ),
    MessageTemplate(
        key="low_confidence",
        title="The assistant is not certain",
        description="Below an answer that the assistant is not sure of, with an offer of a person.",
        body="I am not certain about this. A person can check it for you.",
    ),
    MessageTemplate(
        key="ai_error",
        title="The assistant failed",
        description="No answer could be made; a person takes over.",
        body="I cannot answer at the moment. I am connecting you to a person.",
    ),
    MessageTemplate(
        key="customer_ended",
        title="The customer ended the chat",
        description="The customer closed the conversation from the menu.",
        body="You ended this chat. Write here if you need us again.",
    ),
)

DEFAULTS: dict[str, MessageTemplate] = {template.key: template for template in _ALL}
"""Every key the product uses. An admin's saved text for a key wins over the one here."""
