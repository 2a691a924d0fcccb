"""An address as a QR code, drawn as one path so that a page needs no picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, the quiet zone of four included, and the path of its dark modules."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The QR code of a text at level M; raises ValueError when the text is too long for any code."""
    # Needed on printed pages alone, so no start pays for it.
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M

    drawn = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    drawn.add_data(text)
    drawn.make(fit=True)
    rows = drawn.get_matrix()
    runs = [f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row)]
    return QrCode(len(rows), "".join(runs))


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many follow each other."""
    items: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and items and sum(items[-1]) == x:
            items[-1] = (items[-1][0], items[-1][1] + 1)
        elif is_dark:
            items.append((x, 1))
    return items
