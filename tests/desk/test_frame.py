"""The frame of the desk: the menu in groups, each person's own, and the way back above every page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.conftest import AppFactory
from tests.desk.desk_site import KEY
from tests.feedback.browser_site import BrowserSite, check

GROUPS = ("Tulisan", "Layanan", "Kegiatan", "Pembaca", "Pengelolaan")
GROUP = re.compile(
    r'<span class="menu-group" id="(menu-\d)">([^<]+)</span><ul aria-labelledby="\1">(.*?)</ul>', re.DOTALL
)
ENTRY = re.compile(r'<a href="[^"]+"[^>]*>([^<]+)')


@pytest.fixture
def app(make_app: AppFactory) -> Flask:
    return make_app()


def page_of(app: Flask, role: str, address: str = "/id/staff/") -> str:
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, make_staff(app, role))
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def groups(page: str) -> dict[str, list[str]]:
    return {label: ENTRY.findall(entries) for _id, label, entries in GROUP.findall(page)}


def test_the_menu_of_an_administrator_has_five_groups(app: Flask) -> None:
    menu = groups(page_of(app, "admin"))
    assert tuple(menu) == GROUPS
    assert menu["Tulisan"][:2] == ["Semua tulisan", "Terjemahan"]
    assert menu["Pengelolaan"] == ["Pegawai", "Catatan audit"]


def test_a_group_of_which_nothing_may_be_opened_is_left_out(app: Flask) -> None:
    menu = groups(page_of(app, "author"))
    assert "Pengelolaan" not in menu
    assert all(menu.values())


@pytest.mark.parametrize("path", ["people/add", "edit/faq/new", "alerts/new", "media/new"])
def test_pages_below_the_menu_lead_back_to_its_entry(app: Flask, path: str) -> None:
    page = page_of(app, "admin", f"/id/staff/{path}")
    assert 'class="desk-list"' in page
    assert 'class="crumbs' in page


@pytest.mark.browser
def test_the_header_stands_on_one_line_of_a_phone(make_app: AppFactory, tmp_path: Path, browser: Any) -> None:
    site = BrowserSite(make_app, tmp_path, browser)
    try:
        page = site.page(client=site.author)
        page.goto(f"{site.address}/id/staff/")
        tops = page.eval_on_selector_all(
            ".desk-bar a",
            "links => links.map(link => { const at = link.getBoundingClientRect(); return at.top + at.height / 2; })",
        )
        cut = page.evaluate(
            "[...document.querySelectorAll('.desk-bar a')].filter(a => a.scrollWidth > a.clientWidth + 1).length"
        )
        assert cut == 0
        assert max(tops) - min(tops) < 4
        assert page.evaluate("document.querySelector('.desk-bar').offsetHeight") <= 68
        check(page)
    finally:
        site.close()


@pytest.mark.browser
def test_the_menu_stays_beside_a_long_page(make_app: AppFactory, tmp_path: Path, browser: Any) -> None:
    site = BrowserSite(make_app, tmp_path, browser)
    try:
        page = site.page(client=site.person("admin", name="Ester Tnunay"))
        page.set_viewport_size({"width": 1280, "height": 600})
        page.goto(f"{site.address}/id/staff/edit/{KEY}")
        page.evaluate(
            "document.body.style.minHeight = '3000px'; document.querySelector('main').style.minHeight = '3000px'"
        )
        page.evaluate("window.scrollTo(0, 900)")
        assert abs(page.evaluate("document.querySelector('.desk-list').getBoundingClientRect().top")) < 1
        check(page)
    finally:
        site.close()
