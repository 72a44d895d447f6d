"""Tables as files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import re

from helpdesk.services.reports.views import Table

# A spreadsheet computes what begins like this, some also behind blanks that nobody sees; and
# customers choose their names themselves.
_FORMULA = re.compile(
    "[ \u00a0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*[-=+@\t\r\n＝＋－＠]"
)


def write(table: Table) -> str:
    """The table with its column names, in UTF-8 with the mark that spreadsheets look for."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([harmless(cell.exported) for cell in row])
    return "\N{BYTE ORDER MARK}" + file.getvalue()


def harmless(value: str | float) -> str | float:
    """Text that is never a formula; a number of ours stays a number."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value
