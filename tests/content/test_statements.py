"""Content laws: figures of a cited source, the same in both languages, papers that a source names, laws in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.content.checks.rules import Context, check
from portal.content.checks.statements import StatementIndex, statement_problems, statements_of
from portal.content.loading.reader import Reader
from portal.content.sources.source import FolderSource
from portal.faq.question import QUESTION
from portal.guidance.guide import GUIDE
from portal.news.item import NEWS
from portal.settings import PROJECT
from tests.content.tree import FILES, TYPES, read, write

STATEMENTS = """
words:
  units:
    working-day: {id: [hari kerja], en: [working day, working days]}
    day: {id: [hari], en: [day, days]}
    month: {id: [bulan], en: [month, months]}
    year: {id: [tahun], en: [year, years]}
  before:
    article: {id: [pasal], en: [article]}
  between: {id: [atau, sampai], en: [or, to]}
  common: {id: [surat, asli, atau], en: [letter, original, or]}
  numerals: {id: {tiga: 3}, en: {three: 3}}
statements:
  biaya: {about: {id: biaya buku, en: book fee}, confidence: high, figures: [650000 money]}
  rahasia: {about: {id: rahas, en: secre}, confidence: low}
  lama: {about: {id: 'paspo seles menun', en: 'passp ready wait'}, confidence: high,
    figures: [4 working-day, 2025-09-01 date, 09-01 month-day, 2025 calendar, "3", 66 article, 5 year, 10 year]}
  denda: {about: {id: denda overs, en: fine overs}, confidence: high, figures: [60 day, '8:00 clock']}
  papan: {about: {id: 'ktp kartu kelua akta', en: 'ident card famil birth'}, confidence: high}
"""
FACTS = """
status: published
topics: [paspor]
facts: [lama, denda, papan]
certainty: check
"""
SOUND = {
    "id": """---
title: Berapa lama menunggu paspor?
summary: Paspor selesai dalam 4 hari kerja.
---
Sejak 1 September 2025 paspor berlaku 5 atau 10 tahun.

## Denda {#denda}

Denda overstay sampai 60 hari. Kantor buka pukul 08.00, menurut pasal 66.

## Dokumen {#dokumen}

Menunggu paspor? Bawa tiga dokumen:

::: checklist
- KTP
- Kartu keluarga asli
- Akta lahir
:::
""",
    "en": """---
title: How long is the wait for a passport?
summary: A passport is ready in 4 working days.
---
Since 1 September 2025 a passport is for 5 or 10 years.

## Fine {#denda}

An overstay brings a fine for up to 60 days. The office opens at 8:00 a.m., by article 66.

## Papers {#dokumen}

Waiting for a passport? Bring 3 papers:

::: checklist
- Identity card
- Original family card
- Birth certificate
:::
""",
}
LAWS = 'pp-1-2020: {number: "PP 1/2020", title: {id: Tarif}}\n'
REGISTER = FILES["reference/facts.yaml"] + "lama: {}\ndenda: {}\npapan: {}\n"
# The file (of the language), what is written there instead, and what the problem says.
PLANTED = {
    "another number": ("id", "4 hari kerja", "5 hari kerja", "says 5 working-day"),
    "another number in English": ("en", "60 days", "90 days", "says 90 day"),
    "another unit": ("id", "4 hari kerja", "4 hari.", "says 4 day"),
    "a longer unit": ("en", "10 years", "10 months", "says 10 month"),
    "a figure of another subject": ("id", "sampai 60 hari", "sampai 4 hari kerja", "60"),
    "another date": ("en", "1 September 2025", "1 October 2025", "says 2025-10-01 date"),
    "another year": ("id", "1 September 2025", "1 September 2024", "says 2024-09-01 date"),
    "another time": ("en", "8:00 a.m.", "8:00 p.m.", "says 20:00 clock"),
    "another article": ("id", "pasal 66", "pasal 67", "says 67 article"),
    "a figure in one language alone": ("en", "for 5 or 10 years", "for 10 years", "has 5 in"),
    "an amount in one language alone": ("en", "up to 60 days.", "up to 60 days, {{ fee:buku }}.", "has fee:buku in"),
    "a paper that no source names": ("id", "- Akta lahir", "- Rekening koran", "asks for “Rekening koran”"),
    "a paper in English": ("en", "- Birth certificate", "- Bank statement", "asks for “Bank statement”"),
}


def problems_in(folder: Path, id_: str, en: str, **changes: str) -> list[str]:
    files = {
        "reference/facts.yaml": REGISTER,
        "faq/lama/facts.yaml": FACTS,
        "faq/lama/id.md": id_,
        "faq/lama/en.md": en,
        **{path.replace("__", "/"): text for path, text in changes.items()},
    }
    catalogue = read(write(folder, dict(files)))
    context = Context(date(2026, 1, 5), {type_.kind: type_ for type_ in TYPES})
    return [str(problem) for problem in statement_problems(catalogue, context, known())]


def known() -> StatementIndex:
    return statements_of(STATEMENTS)


def test_pages_that_say_what_their_sources_say_have_no_problem(tmp_path: Path) -> None:
    assert problems_in(tmp_path, SOUND["id"], SOUND["en"]) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_named(tmp_path: Path, name: str) -> None:
    language, old, new, said = PLANTED[name]
    assert old in SOUND[language]
    texts = {**SOUND, language: SOUND[language].replace(old, new)}
    problems = problems_in(tmp_path, texts["id"], texts["en"])
    assert any(problem.startswith("faq/lama/") and said in problem for problem in problems), problems


def test_a_figure_of_another_subject_is_no_source(tmp_path: Path) -> None:
    """The number and its unit stand in a cited fact, but not in one about the fine."""
    alone = FACTS.replace("[lama, denda, papan]", "[denda]")
    text = "---\ntitle: Denda overstay\n---\nDenda overstay {}.\n"
    for words, count in (("60 hari", 0), ("4 hari kerja", 1)):
        written = text.format(words)
        named = problems_in(tmp_path, written, written, **{"faq__lama__facts.yaml": alone})
        assert len([problem for problem in named if "id.md: says" in problem]) == count
    both = FACTS.replace("[lama, denda, papan]", "[denda, lama]")
    written = text.format("4 hari kerja")
    assert any(
        "says 4 working-day" in one
        for one in problems_in(tmp_path, written, written, **{"faq__lama__facts.yaml": both})
    )


def test_a_second_value_of_one_matter_is_named(tmp_path: Path) -> None:
    """Another cited fact holds the number; the sentence is about the one that states something else."""
    facts = FACTS.replace("[lama, denda, papan]", "[denda, lama]")
    text = "---\ntitle: Denda\n---\nDenda overstay bandara {}, lalu paspor selesai.\n"
    about = {"denda overs": "denda overs banda"}
    changed = STATEMENTS
    for old, new in about.items():
        changed = changed.replace(old, new)
    changed = changed.replace("figures: [4 working-day", "figures: [90 day, 4 working-day")
    for words, count in (("60 hari", 0), ("90 hari", 1)):
        written = text.format(words)
        files = {"reference/facts.yaml": REGISTER, "faq/lama/facts.yaml": facts, "faq/lama/id.md": written}
        catalogue = read(write(tmp_path, {**files, "faq/lama/en.md": None}))
        context = Context(date(2026, 1, 5), {type_.kind: type_ for type_ in TYPES})
        problems = list(statement_problems(catalogue, context, statements_of(changed)))
        named = [str(problem) for problem in problems if problem.kind.code == "second-value"]
        assert len(named) == count, named


def test_an_entry_of_the_register_has_its_statement(tmp_path: Path) -> None:
    changed = {"reference__facts.yaml": REGISTER + "baru: {}\n"}
    assert problems_in(tmp_path, SOUND["id"], SOUND["en"], **changed) == [
        "reference/facts.yaml: baru: stands in facts.yaml without a statement; add one to reference/statements.yaml"
    ]


def test_a_repealed_law_is_no_basis(tmp_path: Path) -> None:
    laws = LAWS.replace("title", "until: 2020-12-31, title")
    facts = FILES["faq/biaya/facts.yaml"] + "legal_basis: [pp-1-2020]\n"
    catalogue = read(write(tmp_path, {"reference/laws.yaml": laws, "faq/biaya/facts.yaml": facts}))
    context = Context(date(2026, 1, 5), {type_.kind: type_ for type_ in TYPES})
    codes = [problem.kind.code for problem in check(catalogue, context) if problem.path == "faq/biaya/facts.yaml"]
    assert codes == ["law-not-in-force"]


def test_the_shipped_pages_say_what_their_sources_say() -> None:
    content = PROJECT / "content"
    catalogue = Reader((GUIDE, QUESTION, NEWS)).read(FolderSource(content))
    statements = statements_of((content / "reference" / "statements.yaml").read_text(encoding="utf-8"))
    context = Context(date(2026, 11, 25), {type_.kind: type_ for type_ in (GUIDE, QUESTION, NEWS)})
    assert len(catalogue.all("faq")) > 100
    assert [str(problem) for problem in statement_problems(catalogue, context, statements)] == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("id", "5 atau 10 tahun", ["5 year", "10 year"]),
        ("en", "a 5-year book, 15-25 days", ["5 year", "15 day", "25 day"]),
        ("id", "versi 2.2 dan 1.250.000", ["2.2", "1250000"]),
        ("id", "peta 1:50.000, 12:30:15", ["1:50.000", "12:30:15"]),
        ("id", "21.363 paspor, 37,5 tahun", ["21363", "37.5 year"]),
        ("en", "21,363 passports, 37.5 years", ["21363", "37.5 year"]),
        ("id", "pukul 08.00 pada 2 Juni", ["8:00 clock", "06-02 month-day"]),
        ("en", "visa E31A of 2025", ["2025 calendar"]),
    ],
)
def test_a_figure_has_one_form_in_each_language(language: str, text: str, expected: list[str]) -> None:
    figures = known().reader.figures_in(text, language)
    assert [f"{figure.number} {figure.unit}".strip() for figure in figures] == expected
