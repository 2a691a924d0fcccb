"""A reader without JavaScript rates and asks; the desk answers by keyboard on a phone; the page is found by search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.search.wiring import update_index
from tests.conftest import AppFactory
from tests.feedback.browser_site import BrowserSite, check, choose, press
from tests.feedback.conftest import Submissions

pytestmark = pytest.mark.browser


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path, browser: Any) -> Iterator[BrowserSite]:
    made = BrowserSite(make_app, tmp_path, browser)
    yield made
    made.close()


def a_minute_later(site: BrowserSite) -> None:
    """Move the site's clock on by the time that a person takes to fill in a form."""
    stood: datetime = site.app.config.get("REAL_CLOCK") or datetime.now(UTC)
    site.app.config["REAL_CLOCK"] = stood + timedelta(minutes=1)


def test_a_question_reaches_the_desk_without_its_number_and_becomes_a_page_that_is_found(site: BrowserSite) -> None:
    reader = site.page(scripts=False)
    reader.goto(f"{site.address}/id/faq/kartu-hilang")
    reader.get_by_role("button", name="Belum").click()
    assert reader.locator("h1").inner_text() == "Apa yang kurang?"
    reader.check("input[value=not-found]")
    a_minute_later(site)
    reader.get_by_role("button", name="Kirim", exact=True).click()
    assert reader.locator("h1").inner_text() == "Terima kasih"
    reader.get_by_role("link", name="Ajukan pertanyaan").click()
    reader.fill("#field-question", "Bolehkah anak kembar memakai satu kartu? Hubungi 0812-3456-7890.")
    reader.check("input[name=channel][value=none]")
    a_minute_later(site)
    reader.get_by_role("button", name="Kirim pertanyaan").click()
    assert reader.locator("h1").inner_text() == "Pertanyaan Anda sudah kami terima"
    submissions = Submissions(site.app, site.path)
    assert submissions.votes() == {("faq/kartu-hilang", "id"): (0, 1)}
    assert submissions.reasons() == [("faq/kartu-hilang", "not-found", "")]

    desk = site.page(client=site.author)
    desk.goto(f"{site.address}/id/staff/")
    check(desk)
    press(desk, "Bolehkah anak kembar")
    desk.wait_for_url("**/staff/feedback/1")
    assert "3456" not in desk.content()
    check(desk)
    desk.focus("#field-answer")
    desk.keyboard.type("Tidak. Setiap anak memakai kartunya sendiri.")
    press(desk, "Jadikan halaman")
    desk.wait_for_url("**/staff/drafts/*")
    id_ = desk.url.rpartition("/")[2]
    assert desk.input_value("[name='id.title']") == "Bolehkah anak kembar memakai satu kartu? Hubungi [...]."

    assert site.act(site.author, id_, "send", reason="Pertanyaan pembaca").status_code == 303
    assert site.act(site.reviewer, id_, "approve").status_code == 303
    assert site.act(site.reviewer, id_, "publish").status_code == 303
    with site.app.app_context():
        update_index(datetime.now(UTC))
    reader.goto(f"{site.address}/id/search?q=anak+kembar+kartu")
    reader.get_by_role("link", name="Bolehkah anak kembar").first.click()
    assert "Setiap anak memakai kartunya sendiri." in reader.content()


def test_an_alert_in_three_steps_by_keyboard_on_a_phone(site: BrowserSite) -> None:
    desk = site.page(client=site.reviewer)
    desk.goto(f"{site.address}/id/staff/alerts/")
    check(desk)
    press(desk, "Peringatan baru")
    choose(desk, "severity", "major")
    choose(desk, "on", "site")
    check(desk)
    press(desk, "Lanjut: kata-katanya")
    for field, words in (("title-id", "Kantor tutup hari ini"), ("title-en", "The office is closed today")):
        desk.focus(f"#field-{field}")
        desk.keyboard.type(words)
    check(desk)
    press(desk, "Lanjut: lihat dulu")
    check(desk)
    press(desk, "Terbitkan sekarang")
    desk.wait_for_url("**/staff/alerts/?done=*")
    check(desk)
    reader = site.page(scripts=False)
    reader.goto(f"{site.address}/en/fees")
    assert "The office is closed today" in reader.content()


@pytest.mark.parametrize("path", ["feedback/ask", "faq/kartu-hilang"])
def test_readers_pages_keep_the_rules(site: BrowserSite, path: str) -> None:
    reader = site.page()
    for language in ("id", "en"):
        reader.goto(f"{site.address}/{language}/{path}")
        check(reader)
    reader.goto(f"{site.address}/id/faq/kartu-hilang")
    press(reader, "Belum")
    reader.wait_for_url("**/feedback/why?*")
    check(reader)
