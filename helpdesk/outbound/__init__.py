"""The only way out of the building: HTTP and e-mail, to addresses that were looked at first.

A name is resolved once, every address it has is checked, and the connection goes to a checked
address: between check and use nothing is asked again, so a name server cannot change its mind
(security.md §4.6). No redirects, no proxies from the environment, at most 64 KB read, and one
deadline over everything: a peer that sends a byte a second is cut like one that sends none.

When not to use it: for hosts that only the operator names in the environment (database, Redis).
"""

from helpdesk.outbound.door import Answer, Door
from helpdesk.outbound.mail import MailRefused
from helpdesk.outbound.wire import Refused, Unreachable

__all__ = ["Answer", "Door", "MailRefused", "Refused", "Unreachable"]
