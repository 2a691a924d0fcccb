"""The audit log as a table for spreadsheets, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.accounts.models import AuditEntry
from portal.csv_files import BYTE_ORDER_MARK, csv_line

HEAD = ("id", "at", "who", "deed", "subject", "network")


def audit_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Give the entries as lines of CSV, the head first; instants in UTC, ids and no names."""
    yield BYTE_ORDER_MARK + csv_line(HEAD)
    for one in entries:
        yield csv_line((one.id, one.at.isoformat(), one.who, one.action, one.subject, one.network_class))
