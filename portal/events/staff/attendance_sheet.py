"""The attendance sheet on A4: head of the office, facts of the event, table with a signature column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import FontFace

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "dejavu"
FAMILY = "DejaVu"
MARGIN = 15
# Width of the columns in millimetres: number, name, from, guests, code, signature.
COLUMNS = (10, 54, 36, 17, 28, 35)
ROW_HEIGHT = 9
# People who come without registering sign on empty lines.
EMPTY_ROWS = 8


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The words of the form in the language of the sheet."""

    language: str
    title: str
    columns: tuple[str, str, str, str, str, str]
    page: str
    total: str
    printed: str
    place_and_date: str
    officer: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One registration on the sheet."""

    name: str
    origin: str
    party_size: int
    code: str


@dataclass(frozen=True, kw_only=True)
class SheetHead:
    """Who holds the event, and its facts as pairs of label and value."""

    office: str
    address: str
    facts: tuple[tuple[str, str], ...]


def attendance_sheet(head: SheetHead, rows: Sequence[SheetRow], *, labels: Labels) -> bytes:
    """The sheet as PDF; each row has its number, a code for the check and space to sign."""
    paper = _Paper(head, labels)
    paper.add_page()
    _facts(paper, head)
    _table(paper, rows, labels)
    _closing(paper, rows, labels)
    return bytes(paper.output())


class _Paper(FPDF):
    """A4 upright with the office's head on the first page and the page number on each."""

    def __init__(self, head: SheetHead, labels: Labels) -> None:
        super().__init__(format="A4")
        self._head, self._labels = head, labels
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=18)
        self.add_font(FAMILY, "", str(FONTS / "DejaVuSansCondensed.ttf"))
        self.add_font(FAMILY, "B", str(FONTS / "DejaVuSansCondensed-Bold.ttf"))
        self.set_title(labels.title)
        self.set_lang(labels.language)
        self.set_font(FAMILY, size=10)

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_font(FAMILY, "B", 9)
            self.line_of(f"{self._labels.title}: {self._head.facts[0][1]}", align=Align.L)
            self.ln(2)
            return
        self.set_font(FAMILY, "B", 13)
        self.line_of(self._head.office)
        self.set_font(FAMILY, size=9)
        self.line_of(self._head.address)
        top = self.get_y() + 2
        # The double rule under the head of Indonesian official letters.
        self.set_line_width(0.8)
        self.line(MARGIN, top, self.w - MARGIN, top)
        self.set_line_width(0.2)
        self.line(MARGIN, top + 1.1, self.w - MARGIN, top + 1.1)
        self.set_y(top + 6)
        self.set_font(FAMILY, "B", 13)
        self.line_of(self._labels.title)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font(FAMILY, size=8)
        half = (self.w - 2 * MARGIN) / 2
        self.cell(half, 5, self._labels.printed)
        page = self._labels.page.format(page=self.page_no(), pages="{nb}")
        self.cell(half, 5, page, align=Align.R)
        if self._labels.notice:
            self.set_y(-9)
            self.set_font(FAMILY, size=7)
            self.cell(0, 4, self._labels.notice)

    def line_of(self, text: str, *, align: Align = Align.C) -> None:
        """Write one paragraph over the whole width."""
        self.multi_cell(0, 5.5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _facts(paper: _Paper, head: SheetHead) -> None:
    for label, value in head.facts:
        paper.set_font(FAMILY, size=10)
        paper.cell(32, 5.5, label)
        paper.cell(4, 5.5, ":")
        paper.multi_cell(0, 5.5, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(3)


def _table(paper: _Paper, rows: Sequence[SheetRow], labels: Labels) -> None:
    paper.set_font(FAMILY, size=9.5)
    with paper.table(
        col_widths=COLUMNS,
        line_height=ROW_HEIGHT / 2,
        padding=(ROW_HEIGHT / 4, 1.5),
        text_align=(Align.C, Align.L, Align.L, Align.C, Align.C, Align.L),
        headings_style=FontFace(emphasis="BOLD", fill_color=(235, 235, 235)),
        borders_layout=TableBordersLayout.ALL,
        v_align=VAlign.M,
        repeat_headings=1,
    ) as table:
        table.row(labels.columns)
        filled = [(row.name, row.origin, str(row.party_size), row.code) for row in rows]
        for number, cells in enumerate([*filled, *[("",) * 4] * EMPTY_ROWS], start=1):
            row = table.row([str(number), *cells])
            # Odd and even signatures stand left and right, so that two large ones do not meet.
            row.cell(f"{number}. ", align=Align.L if number % 2 else Align.C)


def _closing(paper: _Paper, rows: Sequence[SheetRow], labels: Labels) -> None:
    height = 48
    if paper.get_y() + height > paper.h - 18:
        paper.add_page()
    paper.ln(3)
    paper.set_font(FAMILY, size=10)
    paper.line_of(labels.total.format(heads=sum(row.party_size for row in rows), parties=len(rows)), align=Align.L)
    paper.ln(5)
    left = paper.w - MARGIN - 75
    for text, gap in ((labels.place_and_date, 0), (labels.officer, 18), ("(" + "." * 40 + ")", 0)):
        paper.set_x(left)
        paper.cell(75, 5.5, text, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        paper.ln(gap)
