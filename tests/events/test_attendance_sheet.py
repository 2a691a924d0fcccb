"""The attendance sheet: every name is on it, the head repeats, and long lists get more pages."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from portal.events.staff.attendance_sheet import Labels, SheetHead, SheetRow, attendance_sheet

LABELS = Labels(
    language="id",
    title="DAFTAR HADIR",
    columns=("No.", "Nama", "Asal", "Orang", "Kode", "Tanda tangan"),
    page="Halaman {page} dari {pages}",
    total="Terdaftar: {heads} orang dalam {parties} pendaftaran.",
    printed="Dicetak 3 Desember 2026",
    place_and_date="....., .....",
    officer="Petugas,",
    notice="Data contoh.",
)
HEAD = SheetHead(office="KANTOR CONTOH", address="Jalan Contoh 1", facts=(("Kegiatan", "Pelatihan"),))


def rows(count: int) -> list[SheetRow]:
    names = ["María Ćosić", "Μαρία", "Adi d'Araújo", "X" * 100]
    more = [f"Warga Nomor {number}" for number in range(count)]
    return [SheetRow(name=name, origin="Kota", party_size=2, code="K7QF-3MHD-X2") for name in names + more]


def test_the_sheet_is_a_pdf_with_its_font_inside() -> None:
    made = attendance_sheet(HEAD, rows(60), labels=LABELS)
    assert made.startswith(b"%PDF-")
    assert b"/FontFile2" in made
    assert b"/Lang (id)" in made


def test_an_empty_list_still_has_lines_to_sign() -> None:
    assert attendance_sheet(HEAD, [], labels=LABELS).startswith(b"%PDF-")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext of poppler-utils reads the sheet")
def test_every_name_and_number_can_be_read_on_it(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(attendance_sheet(HEAD, rows(60), labels=LABELS))
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    text = " ".join(done.stdout.split())
    for name in ["María Ćosić", "Μαρία", "Adi d'Araújo", *(f"Warga Nomor {number}" for number in range(60))]:
        assert name in text
    assert "KANTOR CONTOH" in text
    assert "Terdaftar: 128 orang dalam 64 pendaftaran." in text
    assert "Halaman 2 dari" in text
    assert text.count("Tanda tangan") >= 3
