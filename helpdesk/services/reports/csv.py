"""Tables as files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io

from helpdesk.services.reports.views import Table

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet computes what begins like this, and customers choose their names themselves."""


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
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value
