"""`python3 -m helpdesk`: refuse a Python that is too old, then let `bootstrap` do the work.

This file and the package's `__init__` have no newer syntax than Python 3.6 reads, so that an old
Python gets as far as the sentence below instead of a SyntaxError.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "helpdesk: Python 3.11 or newer is needed; this is {} at {}".format(
            ".".join(str(part) for part in sys.version_info[:3]), sys.executable
        )
    )

from helpdesk.bootstrap import main

if __name__ == "__main__":
    main(sys.argv[1:])
