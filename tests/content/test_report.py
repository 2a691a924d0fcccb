"""The content in figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.content.checks.report import report
from tests.content.tree import TYPES, read, write

KINDS = {type_.kind: type_ for type_ in TYPES}


def test_the_report_names_what_needs_a_hand(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {
        "faq/biaya/facts.yaml": "status: published\nfacts: [biaya]\nreview_by: 2027-01-02\ncertainty: check\n",
        "faq/biaya/id.md": "---\ntitle: Berapa?\nkeywords: [harga]\n---\nSatu dua tiga. Empat lima.\n",
        "faq/biaya/en.md": None,
        "guidance/panduan/facts.yaml": "status: draft\n",
    }
    figures = report(read(write(tmp_path, changes)), KINDS)
    assert figures.facts_cited == ("biaya",)
    assert figures.facts_unused == ("rahasia",)
    assert figures.without_legal_basis == ("faq/biaya",)
    assert figures.without_keywords == ()
    assert figures.without_translation == ("faq/biaya/en",)
    assert figures.due == ((date(2027, 1, 2), "faq/biaya"),)
    assert figures.certainty == {"check": 1}
    (reading,) = [one for one in figures.readings if one.kind == "faq"]
    assert (reading.language, reading.documents, reading.words) == ("id", 1, 5)
    assert reading.words_per_sentence == pytest.approx(2.5)
    assert reading.lix == pytest.approx(2.5)


def test_words_without_keywords_are_named_by_language(tmp_path: Path) -> None:
    assert report(read(write(tmp_path)), KINDS).without_keywords == ("faq/biaya/en", "faq/biaya/id")


def test_open_statements_are_listed_with_their_page(tmp_path: Path) -> None:
    words = "---\ntitle: Panduan\nunconfirmed: [Jam loket, Biaya]\n---\nAwal.\n"
    listed = report(read(write(tmp_path, {"guidance/panduan/id.md": words})), KINDS).open_statements
    assert listed == (("guidance/panduan", "Jam loket"), ("guidance/panduan", "Biaya"))
