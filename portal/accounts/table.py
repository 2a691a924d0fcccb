"""The audit log as a table for spreadsheets, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from portal.accounts.models import AuditEntry

HEAD = ("id", "at", "who", "deed", "subject", "network")
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
BYTE_ORDER_MARK = "\ufeff"


def audit_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Give the entries as lines of CSV, the head first; instants in UTC, ids and no names."""
    yield BYTE_ORDER_MARK + _line(HEAD)
    for one in entries:
        yield _line((one.id, one.at.isoformat(), one.who, one.deed, one.subject, one.network_class))


def _line(cells: Iterable[object]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells])
    return stream.getvalue()
