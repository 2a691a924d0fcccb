"""Amounts of another day: evaluated for that day, bounded to what is known, marked, and kept from search engines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import AppFactory
from tests.content.tree import FILES, write

NOW = datetime.fromisoformat("2026-11-24T09:00+08:00")
OLD, NEW = "Rp350.000", "Rp650.000"
PAGES = ("/id/faq/biaya", "/id/guidance/panduan")


@pytest.fixture
def dated(make_app: AppFactory, tmp_path: Path) -> Flask:
    text = "---\ntitle: Panduan\nbox: {cost: '{{ fee:buku }}'}\n---\nAwal.\n"
    text += "\n## Siapkan {#siapkan}\n\nLihat {{ fee:buku }}.\n\n## Bayar {#bayar}\n\nBayar.\n"
    english = text.replace("Panduan", "Guide")
    # A preview keeps every page from search engines; only an official site tells the two apart.
    official = "stage: official\ncontroller: {name: Kantor, contact: x@kantor.example}"
    site = FILES["site.yaml"].replace("stage: preview", official)
    files = {"guidance/panduan/id.md": text, "guidance/panduan/en.md": english, "site.yaml": site}
    folder = write(tmp_path / "content", dict(files))
    return make_app(content=folder, clock=NOW)


def ask(app: Flask, path: str) -> str:
    return app.test_client().get(path).get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
def test_the_amount_of_that_day_is_shown_and_said_to_be_so(dated: Flask, path: str) -> None:
    shown = ask(dated, f"{path}?as_of=2024-12-16")
    assert OLD in shown and "Biaya dan aturan per 16 Desember 2024" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert f'rel="canonical" href="http://localhost{path}"' in shown
    later = ask(dated, f"{path}?as_of=2025-06-01")
    assert NEW in later and OLD not in later


@pytest.mark.parametrize("path", PAGES)
def test_the_page_of_today_is_never_that_of_another_day(dated: Flask, path: str) -> None:
    before = ask(dated, path)
    ask(dated, f"{path}?as_of=2024-12-16")
    assert ask(dated, path) == before == ask(dated, f"{path}?other=1")
    assert OLD not in before and "noindex" not in before
    assert "Biaya pada hari lain" in before


@pytest.mark.parametrize("written", ["2024-12-15", "2026-11-25", "kemarin", "2024-13-01", "9999-12-31", "<b>"])
def test_a_day_without_data_is_told_with_the_days_that_have_some(dated: Flask, written: str) -> None:
    shown = dated.test_client().get("/id/faq/biaya", query_string={"as_of": written}).get_data(as_text=True)
    assert "Biaya diketahui dari 16 Desember 2024 sampai 24 November 2026" in shown
    assert NEW in shown and "noindex" in shown


def test_the_day_stays_while_one_reads_on(dated: Flask) -> None:
    assert 'href="/id/guidance/panduan/bayar?as_of=2024-12-16"' in ask(dated, "/id/guidance/panduan?as_of=2024-12-16")


def test_pages_without_amounts_do_not_look_at_it(dated: Flask) -> None:
    assert ask(dated, "/id/laws?as_of=2024-12-16") == ask(dated, "/id/laws")


def test_the_foot_names_the_rules_of_the_day(make_app: AppFactory, tmp_path: Path) -> None:
    laws = "pp-1-2019: {number: PP 1/2019, title: {id: Lama}, until: 2024-12-16}\n"
    laws += "pp-2-2024: {number: PP 2/2024, title: {id: Baru}, since: 2024-12-17, replaces: [pp-1-2019]}\n"
    fees = FILES["reference/fees.yaml"].replace("[pp-1-2020]", "[pp-1-2019]", 1).replace("[pp-1-2020]", "[pp-2-2024]")
    facts = FILES["faq/biaya/facts.yaml"] + "legal_basis: [pp-2-2024, pp-1-2019]\n"
    files = {
        "reference/laws.yaml": laws,
        "reference/fees.yaml": fees,
        "faq/biaya/facts.yaml": facts,
        "reference/facts.yaml": FILES["reference/facts.yaml"].replace("[pp-1-2020]", "[pp-2-2024]"),
    }
    app = make_app(content=write(tmp_path / "content", dict(files)), clock=NOW)
    today = ask(app, "/id/faq/biaya")
    assert "PP 2/2024" in today and "PP 1/2019" not in today
    before = ask(app, "/id/faq/biaya?as_of=2024-12-16")
    assert "PP 1/2019" in before and "PP 2/2024" not in before
    rules = ask(app, "/en/laws")
    old, new = rules.split('id="pp-2-2024"')
    assert "No longer in force" in old and "Repealed by:" in old
    assert "No longer in force" not in new
