"""Who outside hears of what, and in which form: e-mail, signed webhook, Slack, Discord.

Nothing here touches the database: services read and write the rows, this room turns them into
messages, hands those to `outbound` and says what the answer means.
"""

from helpdesk.alerts.facts import TELLABLE, TEST, Tellable, words_of
from helpdesk.alerts.forms import Alert, one_mailbox
from helpdesk.alerts.sending import Destination, Letter, Sender
from helpdesk.alerts.signing import KEPT_SECRETS, new_secret, sign
from helpdesk.alerts.verdicts import MOST_TRIES, Verdict, next_delay

__all__ = [
    "KEPT_SECRETS",
    "MOST_TRIES",
    "TELLABLE",
    "TEST",
    "Alert",
    "Destination",
    "Letter",
    "Sender",
    "Tellable",
    "Verdict",
    "new_secret",
    "next_delay",
    "one_mailbox",
    "sign",
    "words_of",
]
