"""A fee changes from a day on: proposed, read with every page that shows it, approved, announced in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.closures.test_closing_browser import here
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.desk.test_review_browser import faults, window

pytestmark = pytest.mark.browser


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path, clock=datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_both_languages_announce_a_fee_and_the_matrix_flags_nothing(
    site: DeskSite, address: str, browser: Any, width: int, scheme: str
) -> None:
    author, reviewer = (window(browser, who, width=width, scheme=scheme) for who in (site.author, site.reviewer))
    matrix = site.author.get("/id/staff/translations/").get_data(as_text=True)
    result = faults(author, f"{address}/id/staff/values/")
    author.click("main a:has-text('Kartu baru')")
    result += here(author)
    author.fill("#field-value", "512.000")
    author.fill("#field-starts", "2027-01-01")
    author.select_option("#field-basis", "")
    author.fill("#field-reason", "Tarif baru mulai tahun depan.")
    author.keyboard.press("Enter")
    author.wait_for_selector(".errors")
    result += here(author)
    assert author.input_value("#field-value") == "512.000"
    author.select_option("#field-basis", "pp-2-2020")
    author.locator("#field-reason").press("Enter")
    author.wait_for_url("**/values/changes/*")
    result += here(author)
    author.locator("text=Kirim untuk ditinjau").press("Enter")
    author.wait_for_selector("text=Anda ikut menulis perubahan ini")
    reviewer.goto(f"{address}/id/staff/")
    assert "Nilai yang menunggu persetujuan" in reviewer.locator("main").inner_text()
    reviewer.click("main a:has-text('Kartu baru')")
    result += here(reviewer)
    reviewer.click("main a[hreflang=en]:has-text('English')")
    assert "IDR 512,000" in reviewer.locator("main").inner_text()
    reviewer.go_back()
    reviewer.locator("text=Setujui dan terbitkan").press("Enter")
    reviewer.wait_for_selector(".done")
    result += here(reviewer)
    assert result == []
    for path, words in (
        ("/id/guidance/kartu-baru", "Rp470.000 sampai 31 Desember 2026; mulai 1 Januari 2027: Rp512.000"),
        ("/en/guidance/kartu-baru", "IDR 470,000 until 31 December 2026; from 1 January 2027: IDR 512,000"),
        ("/id/faq/berapa-biaya", "mulai 1 Januari 2027: Rp512.000"),
        ("/en/faq/berapa-biaya", "from 1 January 2027: IDR 512,000"),
    ):
        author.goto(address + path)
        assert words in author.locator("main").inner_text().replace("\u00a0", " "), path
    assert rows(site.author.get("/id/staff/translations/").get_data(as_text=True)) == rows(matrix)


def rows(page: str) -> str:
    """The matrix of a page without the token of its forms."""
    return page.partition("<main")[2].partition("csrf_token")[0]
