"""Planning in a browser: one press on a phone, a form that answers while typing, and all of it without JavaScript."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.desk.schedule_journey import SERVICES, begun, published
from tests.desk.test_review_browser import faults, window

pytestmark = pytest.mark.browser


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path, clock=datetime.fromisoformat("2026-11-25T09:00+08:00"))


def test_a_session_is_marked_full_and_moved_on_a_phone(site: DeskSite, address: str, browser: Any) -> None:
    planner = site.person("scheduler", name="Sari Lodo")
    slug = published(site, planner)
    page = window(browser, planner, width=360)
    page.goto(f"{address}/id/staff/schedules/")
    row = page.locator(f"#session-{slug}-sabtu-2026-11-28")
    full = row.get_by_role("button", name="Tandai penuh")
    assert full.bounding_box()["height"] >= 44
    full.click()
    assert "Penuh" in planner.get(f"/id/schedules/{slug}/sabtu-2026-11-28").get_data(as_text=True)
    row.get_by_role("button", name="Tidak penuh lagi").click()
    assert "Penuh" not in planner.get(f"/id/schedules/{slug}/sabtu-2026-11-28").get_data(as_text=True)
    row.locator("summary", has_text="Pindahkan").click()
    row.get_by_label("Hari baru").fill("2026-11-29")
    row.get_by_label("Mengapa").first.select_option("weather")
    row.get_by_role("button", name="Pindahkan sesi").click()
    assert "29 November 2026" in planner.get(f"/id/schedules/{slug}/sabtu-2026-11-28").get_data(as_text=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_weekly_session_with_two_exceptions(site: DeskSite, address: str, browser: Any, scripts: bool) -> None:
    planner = site.person("scheduler", name="Sari Lodo")
    slug = begun(planner)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=scripts)
    cookies = (planner._cookies or {}).values()
    context.add_cookies(
        [{"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": one.path} for one in cookies]
    )
    page = context.new_page()
    page.goto(f"{address}{SERVICES}/{slug}/series/new")
    for name, value in {"name": "sabtu", "slot.from": "08:00", "slot.to": "12:00"}.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.get_by_label("Sabtu").check()
    page.locator('[name="first"]').fill("2026-11-28")
    page.locator('[name="until"]').fill("2027-01-30")
    for number, (day, what) in enumerate((("2026-12-05", "cancelled"), ("2026-12-12", ""))):
        page.get_by_role("button", name="Tambah pengecualian").click()
        page.locator(f'[name="x.{number}.date"]').fill(day)
        page.locator(f'[name="x.{number}.what"]').select_option(what)
        page.locator(f'[name="x.{number}.reason.id"]').fill("Listrik padam")
    page.locator('[name="x.1.moved"]').fill("2026-12-14")
    if not scripts:
        page.get_by_role("button", name="Lihat hasil").last.click()
    page.locator("[data-result]", has_text="14 Desember 2026").wait_for()
    page.get_by_role("button", name="Simpan sebagai draf").click()
    assert page.get_by_role("status").inner_text() == "Tersimpan sebagai draf. Pembaca belum melihatnya."
    assert "moved_to: 2026-12-14" in site.drafts()[0].files["facts.yaml"]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_has_nothing_to_say(site: DeskSite, address: str, browser: Any, width: int, scheme: str) -> None:
    planner = site.person("scheduler", name="Sari Lodo")
    slug = published(site, planner)
    page = window(browser, planner, width=width, scheme=scheme)
    paths = ("", "new", slug, f"{slug}/hours", f"{slug}/series/new", f"{slug}/series/sabtu", f"{slug}/import")
    results = [one for path in paths for one in faults(page, f"{address}{SERVICES}/{path}")]
    results += faults(page, f"{address}/id/staff/schedules/")
    assert results + faults(page, f"{address}/id/staff/schedules/calendar?month=2026-12") == []
