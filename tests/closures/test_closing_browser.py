"""A closing from a phone: a day with three sessions and ten parties, without a script, by keyboard, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.closures.closing_site import DAY, PARTIES, ClosingSite
from tests.conftest import AppFactory
from tests.desk.test_review_browser import faults, window
from tests.events.event_site import SLUG
from tests.test_accessibility import RUN, SIDEWAYS, TAGS

pytestmark = pytest.mark.browser
SEEN = ("pagi", "siang", "sore")


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> ClosingSite:
    return ClosingSite(make_app, tmp_path)


def without_script(browser: Any, site: ClosingSite) -> Any:
    """A phone's window in which no script runs."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    cookies = (site.scheduler._cookies or {}).values()
    context.add_cookies(
        [{"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": one.path} for one in cookies]
    )
    return context.new_page()


def statuses(site: ClosingSite, path: str) -> dict[str, tuple[str, int]]:
    """The state and the number of every entry of that day in a calendar file."""
    calendar = icalendar.Calendar.from_ical(site.reader.get(path).get_data())
    return {
        str(event["UID"]).partition("@")[0]: (str(event["STATUS"]), int(event["SEQUENCE"]))
        for event in calendar.walk("VEVENT")
        if f"{event.get('RECURRENCE-ID', event['DTSTART']).dt:%Y-%m-%d}" == DAY
    }


def first_step(page: Any, address: str) -> None:
    page.goto(f"{address}/id/staff/closings/")
    page.click("text=Penutupan baru")
    page.fill("#field-date", DAY)
    for slug in ("kantor", "mobil"):
        page.check(f"input[name=service][value={slug}]")
    page.fill("#field-reason-id", "Rapat kantor")
    page.fill("#field-reason-en", "Office meeting")


def test_a_day_with_three_sessions_and_ten_parties_is_closed_and_opened_again(
    site: ClosingSite, address: str, browser: Any
) -> None:
    notifications = len(site.work())
    before = statuses(site, "/id/schedules/mobil/calendar.ics")
    page = without_script(browser, site)
    first_step(page, address)
    page.click("text=Lanjut: lihat apa yang berubah")
    text = page.locator("main").inner_text()
    assert "3 sesi terkena" in text
    assert "10 pendaftaran" in text
    page.check("input[name='session-mobil-sore-2026-12-10'][value=move]")
    page.click("text=Perbarui pratinjau")
    assert "Pilih hari barunya" in page.locator("main").inner_text()
    assert page.locator("input[name='session-mobil-sore-2026-12-10'][value=move]").is_checked()
    page.fill("input[name='session-mobil-sore-2026-12-10-to']", "2026-12-11")
    page.check(f"input[name='event-{SLUG}'][value=cancel]")
    page.click("text=Perbarui pratinjau")
    text = page.locator("main").inner_text()
    assert "Tutup: Rapat kantor" in text
    assert "SEQUENCE 4 → 5 · 2 entri CANCELLED · 1 entri dipindahkan" in text
    assert "SEQUENCE 0 → 1 · 1 entri CANCELLED" in text
    assert "10 pendaftaran mendapat surel" in text
    assert "Moved: Service van (Market Hall), now Friday, 11 December 2026" in text
    assert statuses(site, "/id/schedules/mobil/calendar.ics") == before
    page.click("text=Terbitkan semuanya sekarang")
    assert "Sudah terbit" in page.locator(".done").inner_text()
    assert statuses(site, "/id/schedules/mobil/calendar.ics") == {
        "mobil.pagi": ("CANCELLED", 5),
        "mobil.siang": ("CANCELLED", 5),
        "mobil.sore": ("TENTATIVE", 5),
    }
    assert statuses(site, f"/id/events/{SLUG}/calendar.ics") == {f"events-{SLUG}": ("CANCELLED", 1)}
    for code, words in (("id", "Rapat kantor"), ("en", "Office meeting")):
        assert words in site.page(f"/{code}/")
        assert words in site.page(f"/{code}/schedules/mobil/{SEEN[0]}-{DAY}")
    message = site.work(2)[notifications:]
    assert len(message) == PARTIES
    for letter in message:
        files = [part.get_content() for part in letter.walk() if part.get_content_type() == "text/calendar"]
        assert len(files) == 1
        assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(files[0].splitlines())
    page.click("text=Batalkan semuanya")
    assert "sudah dibatalkan" in page.locator("main").inner_text()
    after = statuses(site, "/id/schedules/mobil/calendar.ics")
    assert {name: state for name, (state, _number) in after.items()} == {
        name: state for name, (state, _number) in before.items()
    }
    assert {number for _state, number in after.values()} == {6}
    assert statuses(site, f"/id/events/{SLUG}/calendar.ics") == {f"events-{SLUG}": ("CONFIRMED", 2)}
    assert "Rapat kantor" not in site.page("/id/")
    assert len(site.work(3)) == notifications + 2 * PARTIES


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_by_keyboard_with_nothing_for_axe(
    site: ClosingSite, address: str, browser: Any, width: int, scheme: str
) -> None:
    page = window(browser, site.scheduler, width=width, scheme=scheme)
    result = faults(page, f"{address}/id/staff/closings/") + faults(page, f"{address}/id/staff/closings/new")
    first_step(page, address)
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/closings/new/check")
    result += here(page)
    button = page.locator("text=Terbitkan semuanya sekarang")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**done=publish")
    result += here(page)
    page.locator("text=Batalkan semuanya").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**done=undo")
    result += here(page)
    assert result == []


def here(page: Any) -> list[str]:
    """What axe finds on the page that is shown, and whether it scrolls sideways."""
    page.evaluate(AXE_SCRIPT)
    messages = [f"{page.url}: {one}" for one in page.evaluate(RUN, TAGS)]
    return [*messages, f"{page.url} scrolls sideways"] if page.evaluate(SIDEWAYS) else messages
