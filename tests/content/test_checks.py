"""Each planted defect is named with its file and what to do; the sound tree has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.content.checks.rules import Context, check
from portal.content.problems import Problem
from tests.content.tree import FILES, TYPES, read, write

TODAY = date(2026, 11, 24)
FAQ, GUIDE = "faq/biaya/", "guidance/panduan/"


def problems(folder: Path) -> list[Problem]:
    """Every problem of the tree, an absent translation stamp aside."""
    context = Context(TODAY, {type_.kind: type_ for type_ in TYPES})
    return [p for p in check(read(folder), context) if p.kind.code != "outdated"]


def faq(words: str) -> str:
    return f"---\ntitle: Judul\n---\n{words}\n"


DEFECTS: dict[str, tuple[dict[str, str | bytes | None], str, str]] = {
    "unknown key": ({FAQ + "facts.yaml": "status: published\nsttus: x\n"}, FAQ + "facts.yaml", "sttus"),
    "wrong choice": ({FAQ + "facts.yaml": "status: finished\n"}, FAQ + "facts.yaml", "finished"),
    "no title": ({FAQ + "id.md": "---\nsummary: x\n---\nIsi.\n"}, FAQ + "id.md", "title"),
    "unknown topic": ({FAQ + "facts.yaml": "status: published\ntopics: [visa]\n"}, FAQ + "facts.yaml", "visa"),
    "unknown law": (
        {FAQ + "facts.yaml": "status: published\ntopics: [paspor]\nlegal_basis: [uu-9]\n"},
        FAQ + "facts.yaml",
        "uu-9",
    ),
    "unknown fact": (
        {FAQ + "facts.yaml": "status: published\ntopics: [paspor]\nfacts: [tiada]\n"},
        FAQ + "facts.yaml",
        "tiada",
    ),
    "unknown fee": ({FAQ + "id.md": faq("Bayar {{ fee:emas }}.")}, FAQ + "id.md", "emas"),
    "unknown embed": ({FAQ + "id.md": faq("Bayar {{ fie:buku }}.")}, FAQ + "id.md", "fie"),
    "no Indonesian": ({FAQ + "id.md": None}, FAQ + "id.md", "Indonesian"),
    "dead link": ({FAQ + "id.md": faq("[Lihat](faq/tiada).")}, FAQ + "id.md", "faq/tiada"),
    "dead anchor": ({FAQ + "id.md": faq("[Lihat](guidance/panduan#akhir).")}, FAQ + "id.md", "akhir"),
    "typed address": ({FAQ + "id.md": faq("[Lihat](/id/faq/biaya).")}, FAQ + "id.md", "/id/faq/biaya"),
    "overlap": (
        {"reference/fees.yaml": FILES["reference/fees.yaml"].replace("2024-12-16", "2024-12-20")},
        "reference/fees.yaml",
        "overlap",
    ),
    "gap": (
        {"reference/fees.yaml": FILES["reference/fees.yaml"].replace("2024-12-16", "2024-12-10")},
        "reference/fees.yaml",
        "2024-12-11",
    ),
    "weekday": ({FAQ + "id.md": faq("Datang Senin, 24 November 2026.")}, FAQ + "id.md", "Selasa"),
    "no alt text": ({FAQ + "id.md": faq("![](media/a.jpg)")}, FAQ + "id.md", "cannot see"),
    "missing picture": ({FAQ + "id.md": faq("![Loket](media/a.jpg)")}, FAQ + "id.md", "media/a.jpg"),
    "heading order": ({FAQ + "id.md": faq("## Satu\n\n#### Dua\n")}, FAQ + "id.md", "h4"),
    "unknown block": ({FAQ + "id.md": faq("::: bahaya\nIsi\n:::")}, FAQ + "id.md", "bahaya"),
    "other parts": ({GUIDE + "en.md": "---\ntitle: G\n---\n## Other {#lain}\n\nText.\n"}, GUIDE + "en.md", "parts"),
    "withdrawn without reason": ({FAQ + "facts.yaml": "status: withdrawn\n"}, FAQ + "facts.yaml", "reason"),
    "window backwards": (
        {FAQ + "facts.yaml": "status: draft\npublish_from: 2026-02-01\npublish_until: 2026-01-01\n"},
        FAQ + "facts.yaml",
        "after publish_from",
    ),
    "no such day": (
        {FAQ + "facts.yaml": "status: draft\npublish_from: 2026-02-31\n"},
        FAQ + "facts.yaml",
        "2026-02-31",
    ),
    "sourced by nothing": (
        {FAQ + "facts.yaml": "status: published\ntopics: [paspor]\nfacts: [rahasia]\n"},
        FAQ + "facts.yaml",
        "check",
    ),
    "sample with sources": (
        {FAQ + "facts.yaml": "status: published\ntopics: [paspor]\nsample: true\nfacts: [biaya]\n"},
        FAQ + "facts.yaml",
        "belongs to a sample",
    ),
    "redirect to nowhere": ({"redirects.yaml": "faq/lama: faq/tiada\n"}, "redirects.yaml", "faq/tiada"),
    "official without controller": (
        {"site.yaml": FILES["site.yaml"].replace("preview", "official")},
        "site.yaml",
        "controller",
    ),
}

WARNINGS: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "typed-amount": ({FAQ + "id.md": faq("Bayar Rp350.000 di loket.")}, "Rp350.000"),
    "typed-phone": ({FAQ + "id.md": faq("Telepon 0812 3456 7890.")}, "0812 3456 7890"),
    "typed-law": ({FAQ + "id.md": faq("Menurut PP 1/2020.")}, "PP 1/2020"),
    "past-date": ({FAQ + "id.md": faq("Daftar sebelum 3 Mei 2025.")}, "3 Mei 2025"),
    "overdue": ({FAQ + "facts.yaml": "status: published\ntopics: [paspor]\nreview_by: 2026-01-01\n"}, "2026-01-01"),
    "long-sentence": ({FAQ + "id.md": faq("Kata " * 30 + "habis.")}, "31 words"),
    "unfounded-number": ({FAQ + "id.md": faq("Tunggu 17 hari kerja.")}, "the number 17"),
    "orphan": ({FAQ + "facts.yaml": "status: published\n", GUIDE + "facts.yaml": "status: published\n"}, "no topic"),
}


def test_the_sound_tree_has_no_problem(tmp_path: Path) -> None:
    assert problems(write(tmp_path)) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_an_error_that_names_file_and_cause(tmp_path: Path, name: str) -> None:
    changes, path, named = DEFECTS[name]
    if name == "official without controller":
        before = read(write(tmp_path))
        write(tmp_path, changes)
        problems_found = list(read(tmp_path, before).problems)
    else:
        problems_found = [p for p in problems(write(tmp_path, changes)) if not p.is_warning]
    assert any(problem.path == path and named in str(problem) for problem in problems_found), problems_found


@pytest.mark.parametrize("rule", WARNINGS)
def test_words_that_will_go_stale_are_warned_of(tmp_path: Path, rule: str) -> None:
    changes, named = WARNINGS[rule]
    if rule == "orphan":
        changes = {**changes, GUIDE + "id.md": faq("Awal."), GUIDE + "en.md": None}
    problems_found = problems(write(tmp_path, changes))
    assert any(p.kind.code == rule and p.is_warning and named in str(p) for p in problems_found), problems_found


def test_a_changed_indonesian_text_makes_the_translation_outdated(tmp_path: Path) -> None:
    stamp = read(write(tmp_path)).find("faq/biaya").bodies["id"].translatable  # type: ignore[union-attr]
    english = FILES[FAQ + "en.md"].replace("---\nIt", f"translates: {stamp}\n---\nIt")
    write(tmp_path, {FAQ + "en.md": english})
    assert not read(tmp_path).find("faq/biaya").is_outdated("en")  # type: ignore[union-attr]
    write(tmp_path, {FAQ + "en.md": english, FAQ + "id.md": faq("Lain sama sekali.")})
    assert read(tmp_path).find("faq/biaya").is_outdated("en")  # type: ignore[union-attr]


def test_keywords_and_changes_do_not_make_a_translation_outdated(tmp_path: Path) -> None:
    before = read(write(tmp_path)).find("faq/biaya").bodies["id"].translatable  # type: ignore[union-attr]
    noted = FILES[FAQ + "id.md"].replace("summary", "keywords: [harga]\nchanges: [{on: 2026-01-01, note: x}]\nsummary")
    after = read(write(tmp_path, {FAQ + "id.md": noted})).find("faq/biaya").bodies["id"].translatable  # type: ignore[union-attr]
    assert before == after
