"""Tables as CSV files for spreadsheets; no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What begins a formula; spreadsheets of East Asia read the full-width signs alike.
_SIGNS = r"=+\-@|%＝＋－＠｜％"
_FORMULA = re.compile(rf"\s*[{_SIGNS};；]|[ ]*[\t\r\n]")
# A spreadsheet whose columns are parted by `;`, as in Indonesia, begins a new cell inside of ours at these signs.
_FORMULA_INSIDE = re.compile(rf"([;；\t\r\n])(?=[^\S\t\r\n]*+[{_SIGNS}])")
_GUARDED_INSIDE = re.compile(rf"([;；\t\r\n])'(?=[^\S\t\r\n]*+[{_SIGNS}])")
# Excel reads UTF-8 only behind this mark.
BYTE_ORDER_MARK = "\ufeff"


def guarded(cell: object) -> int | str:
    """The cell as it is written: numbers as they are, an apostrophe before each text that would be run as a formula."""
    if isinstance(cell, int):
        return cell
    text = _FORMULA_INSIDE.sub(r"\1'", str(cell))
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that was read, without the apostrophes that `guarded` puts before formulas."""
    text = cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
    return _GUARDED_INSIDE.sub(r"\1", text)


def csv_line(cells: Iterable[object]) -> str:
    """One row of a file, its line end included."""
    stream = io.StringIO()
    csv.writer(stream).writerow([guarded(cell) for cell in cells])
    return stream.getvalue()


def csv_file(head: Sequence[str], rows: Iterable[Sequence[object]], *, byte_order_mark: bool = True) -> bytes:
    """A whole file in UTF-8, the head first."""
    mark = BYTE_ORDER_MARK if byte_order_mark else ""
    return (mark + "".join(map(csv_line, (head, *rows)))).encode()
