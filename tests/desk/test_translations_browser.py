"""A paragraph changes: the translator sees exactly that one, translates it, and the page is current again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.desk.test_review_browser import faults, window

pytestmark = pytest.mark.browser
KEY = "faq/berapa-biaya"
NEW = {"id": "Bawalah uang pas ke loket.", "en": "Bring the exact amount to the counter."}


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path)


def test_a_changed_paragraph_reaches_the_translator_and_becomes_current(
    site: DeskSite, address: str, browser: Any
) -> None:
    translator_client = site.person("translator", name="Lukas Seran")
    author, reviewer, translator = (
        window(browser, who, width=360, scheme="light") for who in (site.author, site.reviewer, translator_client)
    )
    compare = f"{address}/id/staff/translations/{KEY}/en"
    assert matrix(translator, address) == []

    author.goto(f"{address}/id/staff/edit/{KEY}")
    author.click("text=Sunting halaman ini")
    send(author, "id", "Loket tidak punya uang kembali")
    approve(reviewer, author.url)

    assert matrix(translator, address) == [KEY]
    assert faults(translator, compare) == []
    assert translator.locator("main h3").count() == 1
    assert NEW["id"] in translator.locator("main .changed").inner_text()
    translator.click("main button:has-text('Sunting terjemahan')")
    send(translator, "en", "Mengikuti teks Indonesia")
    assert matrix(translator, address) == []
    approve(reviewer, translator.url_of_draft)

    assert matrix(translator, address) == []
    translator.goto(compare)
    assert translator.locator("main h3").count() == 0
    for code, words in NEW.items():
        author.goto(f"{address}/{code}/{KEY}")
        assert words in author.locator("main").inner_text()


def send(page: Any, code: str, reason: str) -> None:
    """Add the sentence as a paragraph of its own and send the draft to review."""
    page.wait_for_url("**/staff/drafts/*")
    body = page.locator(f"#field-{code}-body")
    body.fill(f"{body.input_value()}\n\n{NEW[code]}\n")
    if code != "id":
        page.check(f"input[name='{code}.stamp']")
    page.locator("text=Simpan dan kirim untuk ditinjau").first.click()
    page.wait_for_url("**/review")
    page.fill("input[name=reason]", reason)
    page.click("main button:has-text('Kirim untuk ditinjau')")
    page.wait_for_selector("text=Anda ikut menulis")
    page.url_of_draft = page.url


def approve(page: Any, review: str) -> None:
    """Approve and publish what was sent to review."""
    page.goto(review)
    page.click("text=Setujui dan terbitkan")
    page.wait_for_selector("text=Tidak ada. Sudah terbit.")


def matrix(page: Any, address: str) -> list[str]:
    """The keys of the pages whose translation is behind."""
    page.goto(f"{address}/id/staff/translations/?show=outdated")
    return [KEY] if KEY in page.content() else []
