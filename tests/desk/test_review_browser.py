"""Review and history in a browser: nothing for axe to find, nothing sideways on a phone, and by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from portal.drafts.models import PUBLISHED
from tests.accounts.signing import DeskClient
from tests.conftest import FULL, AppFactory
from tests.desk.desk_site import KEY, DeskSite
from tests.test_accessibility import RUN, SIDEWAYS, TAGS

pytestmark = pytest.mark.browser
SUMMARY = "Lapor ke polisi dulu, lalu buat kartu baru."


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path)


def window(browser: Any, client: DeskClient, *, width: int, scheme: str = "light") -> Any:
    """A browser window in which the client's person is signed in."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    cookies = (client._cookies or {}).values()
    context.add_cookies(
        [{"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": one.path} for one in cookies]
    )
    return context.new_page()


def faults(page: Any, address: str) -> list[str]:
    page.goto(address)
    page.evaluate(AXE_SCRIPT)
    evaluate = page.evaluate(RUN, TAGS)
    messages = [f"{address}: {one}" for one in evaluate]
    return [*messages, f"{address} scrolls sideways"] if page.evaluate(SIDEWAYS) else messages


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")] if FULL else [(1280, "dark")])
def test_nothing_for_axe_on_any_page(site: DeskSite, address: str, browser: Any, width: int, scheme: str) -> None:
    page = window(browser, site.reviewer, width=width, scheme=scheme)
    id_ = site.sent(SUMMARY)
    review = f"{address}/id/staff/drafts/{id_}/review"
    result = faults(page, review)
    site.act(site.reviewer, id_, "say", text="Sudah dicek.")
    site.act(site.reviewer, id_, "approve")
    result += faults(page, review)
    site.act(site.reviewer, id_, "publish")
    newest, shipped = (one.id for one in site.log(KEY))
    for path in (
        "history",
        f"history/{newest}",
        f"history/{shipped}",
        f"compare?from={shipped}&to={newest}",
        "withdraw",
    ):
        result += faults(page, f"{address}/id/staff/edit/{KEY}/{path}")
    result += faults(page, f"{address}/en/staff/history") + faults(page, f"{address}/id/staff/")
    assert result == []


def test_a_reviewer_needs_no_mouse(site: DeskSite, address: str, browser: Any) -> None:
    id_ = site.sent(SUMMARY)
    page = window(browser, site.reviewer, width=1280)
    page.goto(f"{address}/id/staff/drafts/{id_}/review")
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Setujui dan terbitkan":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Tidak ada. Sudah terbit.")
    assert site.draft(id_).state == PUBLISHED


def test_an_error_takes_the_focus_and_leads_to_its_field(site: DeskSite, address: str, browser: Any) -> None:
    id_ = site.sent(SUMMARY)
    page = window(browser, site.reviewer, width=360)
    page.goto(f"{address}/id/staff/drafts/{id_}/review")
    page.click("text=Kembalikan dengan catatan ini")
    page.wait_for_selector("section.errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.click("section.errors a")
    assert page.evaluate("document.activeElement.id") == "field-note"
