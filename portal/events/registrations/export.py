"""Registrations as a table for spreadsheets: opened by a double click, and never run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
BYTE_ORDER_MARK = "\ufeff"


def guarded(value: object) -> str:
    """Give a cell's text; an apostrophe before anything that a spreadsheet would run."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Give the table as CSV in UTF-8 with a byte order mark, which Excel needs for accents."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([guarded(cell) for cell in head])
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else guarded(cell) for cell in row])
    return (BYTE_ORDER_MARK + stream.getvalue()).encode()
