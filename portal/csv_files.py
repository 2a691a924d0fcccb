"""Tables as CSV files for spreadsheets; no cell is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins with one of these, after blanks, is a formula to a spreadsheet.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
# Excel reads UTF-8 only behind this mark.
BYTE_ORDER_MARK = "\ufeff"


def guarded(cell: object) -> int | str:
    """The cell as it is written: numbers as they are, an apostrophe before a text that would be run as a formula."""
    if isinstance(cell, int):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text


def csv_line(cells: Iterable[object]) -> str:
    """One row of a file, its line end included."""
    stream = io.StringIO()
    csv.writer(stream).writerow([guarded(cell) for cell in cells])
    return stream.getvalue()


def csv_file(head: Sequence[str], rows: Iterable[Sequence[object]], *, byte_order_mark: bool = True) -> bytes:
    """A whole file in UTF-8, the head first."""
    mark = BYTE_ORDER_MARK if byte_order_mark else ""
    return (mark + "".join(map(csv_line, (head, *rows)))).encode()
