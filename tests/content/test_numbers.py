"""Which numbers of a text count as founded, however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.checks.numbers import numbers_in, unfounded_numbers
from tests.content.tree import read, write

REGISTER = """
dasar: {values: {days: 30, hours: ["08:00-12:00 WITA", "13:00"], threshold_usd: 2000, years: "2 to 5", articles: ["41"],
  since: "2024-12-17"}, certainty: sourced, sources: [{url: "https://example.org/a", date: "2024", kind: official}]}
"""


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("It takes 30 days.", []),
        ("It takes 31 days.", ["31"]),
        ("Open from 8:00 a.m. to 1 p.m., pukul 08.00 sampai 12.00.", []),
        ("Open until 2 p.m.", ["14:00"]),
        ("At least USD 2,000 or USD 2.000.", []),
        ("At least USD 20,00.", ["20,00"]),
        ("Between 2 and 5 years, article 41, since 17 December 2024.", []),
        ("Form E30A and WCAG level AA hold no number.", []),
        ("Version 2.2", ["2.2"]),
    ],
)
def test_a_number_must_stand_in_a_cited_fact(tmp_path: Path, written: str, unknown: list[str]) -> None:
    catalogue = read(
        write(
            tmp_path,
            {
                "reference/facts.yaml": REGISTER,
                "faq/biaya/facts.yaml": "status: published\ntopics: [paspor]\nfacts: [dasar]\n",
                "faq/biaya/en.md": f"---\ntitle: What does it cost?\n---\n{written}\n",
            },
        )
    )
    document = catalogue.get("faq", "biaya")
    assert document is not None
    assert unfounded_numbers(catalogue, document, "en") == unknown


def test_numbers_are_found_as_written() -> None:
    assert numbers_in("1. Rp350.000, 4,5 tahun; e-paspor 48 halaman (2026-11-24)") == ["1", "4,5", "48", "2026"]
