"""Writing in a browser: a new question in two languages by keyboard, two editors on one page, lines that break."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.accounts.people import staff_by_email
from portal.content_forms import choices
from portal.drafts.models import ConflictCopy, Draft
from portal.web.transactions import sessions
from tests.accounts.signing import make_staff, sign_in
from tests.conftest import FULL, AppFactory
from tests.test_accessibility import RUN, SIDEWAYS, TAGS

pytestmark = pytest.mark.browser
PATIENCE = 60_000
SLUG = "faq/berapa-biaya"


class Writing:
    """A site with two authors, and browsers in which they are signed in."""

    def __init__(self, app: Flask, address: str, browser: Any) -> None:
        self.app, self.address, self._browser = app, address, browser
        self._open: list[Any] = []

    def author(self, email: str = "maria@example.org", *, width: int = 1280, **how: Any) -> Any:
        """A page of a browser in which that author is signed in."""
        context = self._browser.new_context(viewport={"width": width, "height": 900}, **how)
        context.set_default_timeout(PATIENCE)
        self._open.append(context)
        client = self.app.test_client()
        with self.app.app_context(), sessions()() as database:
            staff = staff_by_email(database, email)
        assert staff
        sign_in(client, staff)
        cookie = client.get_cookie("desk")
        assert cookie
        context.add_cookies([{"name": "desk", "value": cookie.value, "url": self.address}])
        page = context.new_page()
        page.goto(f"{self.address}/id/staff/")
        return page

    def begin(self, page: Any, key: str = SLUG) -> str:
        """Begin a draft of a page, or go on with it; gives the address of its form."""
        page.goto(f"{self.address}/id/staff/edit/{key}")
        page.click("main button:has-text('Sunting halaman ini'), main a:has-text('Lanjut menulis')")
        page.wait_for_url("**/staff/drafts/*")
        return str(page.url)

    def drafts(self) -> list[Draft]:
        """Every draft, the newest last."""
        with self.app.app_context(), sessions()() as database:
            return list(database.scalars(select(Draft).order_by(Draft.created_at)))

    def conflict_copy(self) -> list[ConflictCopy]:
        """Every text that waits to be merged."""
        with self.app.app_context(), sessions()() as database:
            return list(database.scalars(select(ConflictCopy)))

    def close(self) -> None:
        """Close the browsers."""
        for context in self._open:
            context.close()


@pytest.fixture
def writing(make_app: AppFactory, browser: Any) -> Iterator[Writing]:
    app = make_app()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    make_staff(app, "author", email="maria@example.org", name="Maria Bria")
    make_staff(app, "author", email="yohanis@example.org", name="Yohanis Bere")
    result = Writing(app, f"http://localhost:{server.server_port}", browser)
    yield result
    result.close()
    server.shutdown()
    server.server_close()


def tells(page: Any, selector: str, words: str) -> None:
    """Wait until the page says so."""
    expect(page.locator(selector)).to_contain_text(words, timeout=PATIENCE)


def saved(page: Any) -> None:
    """Wait until the form has saved itself."""
    tells(page, "[data-saved]", "Tersimpan otomatis")


def test_an_author_writes_a_question_in_two_languages_with_a_table_and_a_fee(writing: Writing) -> None:
    page = writing.author()
    page.goto(f"{writing.address}/id/staff/edit/?kind=faq")
    page.click("text=Baru: Pertanyaan")
    page.fill("#field-title", "Berapa biaya kartu hilang?")
    page.click("text=Mulai menulis")
    page.wait_for_url("**/staff/drafts/*")
    assert writing.drafts()[0].slug == "berapa-biaya-kartu-hilang"
    page.fill("#field-id-summary", "Kartu yang hilang diganti dengan biaya tetap.")
    body = page.locator("#field-id-body")
    body.press_sequentially("Bayar ")
    toolbar = page.locator("[role=toolbar]").first
    toolbar.locator("button", has_text="Biaya").click()
    page.keyboard.type("kartu")
    page.keyboard.press("Enter")
    assert "Bayar {{ fee:" in body.input_value()
    body.press("End")
    toolbar.locator("button", has_text="Tabel").click()
    assert "| --- | --- |" in body.input_value()
    page.fill("#field-en-title", "What does a lost card cost?")
    page.fill("#field-en-summary", "A lost card is replaced for a fixed fee.")
    page.fill("#field-en-body", "Pay the fee at the counter.")
    page.check("input[name='en.stamp']")
    page.locator("#field-facts-topics input[type=checkbox]").first.check()
    saved(page)
    page.locator("text=Simpan dan pratinjau").first.click()
    page.wait_for_url("**/preview")
    phone = page.frame_locator("iframe.frame-360")
    assert phone.locator("h1").inner_text() == "Berapa biaya kartu hilang?"
    assert phone.locator("table td").count() >= 2
    assert phone.locator(".amount").first.inner_text().startswith("Rp")
    draft = writing.drafts()[0]
    assert draft.files["en.md"].count("translates: ") == 1
    assert (draft.is_new, draft.state) == (True, "writing")
    page.click("text=Lanjut menulis")
    page.wait_for_url("**/staff/drafts/*")
    page.locator("text=Simpan dan kirim untuk ditinjau").first.click()
    page.wait_for_url("**/review")
    page.fill("input[name=reason], textarea[name=reason]", "Pertanyaan baru dari loket.")
    page.click("text=Kirim untuk ditinjau")
    page.wait_for_load_state()
    assert writing.drafts()[0].state == "review"


def test_two_editors_on_one_page_and_both_texts_survive(writing: Writing) -> None:
    first, second = writing.author(), writing.author("yohanis@example.org")
    writing.begin(first)
    address = writing.begin(second)
    assert "Sedang disunting sejak" in second.locator("[data-others]").inner_text()
    assert "Maria Bria" in second.locator("[data-others]").inner_text()
    first.fill("#field-id-summary", "Ringkasan dari Maria.")
    saved(first)
    second.fill("#field-id-summary", "Ringkasan dari Yohanis.")
    second.fill("#field-id-title", "Judul dari Yohanis")
    second.wait_for_selector("[data-saved] a")
    assert "Ringkasan dari Maria." in writing.drafts()[0].files["id.md"]
    assert "Judul dari Yohanis" in writing.conflict_copy()[0].files["id.md"]
    second.click("[data-saved] a")
    second.wait_for_url("**/merge?of=*")
    second.evaluate(AXE_SCRIPT)
    assert second.evaluate(RUN, TAGS) == []
    both = second.locator("main").inner_text()
    assert "Ringkasan dari Maria." in both
    assert "Ringkasan dari Yohanis." in both
    second.locator("#field-id-summary-text").fill("Ringkasan dari Maria dan Yohanis.")
    second.click("text=Simpan teks ini")
    second.wait_for_url(f"{address}#saved")
    files = writing.drafts()[0].files["id.md"]
    assert "Judul dari Yohanis" in files
    assert "Ringkasan dari Maria dan Yohanis." in files
    assert writing.conflict_copy() == []


def test_a_broken_line_and_an_expired_session_lose_nothing(writing: Writing) -> None:
    page = writing.author()
    address = writing.begin(page)
    page.context.set_offline(True)
    page.fill("#field-id-summary", "Ditulis tanpa sinyal.")
    tells(page, "[data-saved]", "Tidak ada sambungan")
    page.context.set_offline(False)
    saved(page)
    assert "Ditulis tanpa sinyal." in writing.drafts()[0].files["id.md"]
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.fill("#field-id-summary", "Ditulis setelah keluar.")
    tells(page, "[data-saved]", "Anda sudah keluar")
    assert "Ditulis setelah keluar." not in writing.drafts()[0].files["id.md"]
    page.context.add_cookies(cookies)
    page.goto(address)
    page.click("[data-restore]")
    assert page.input_value("#field-id-summary") == "Ditulis setelah keluar."
    saved(page)
    assert "Ditulis setelah keluar." in writing.drafts()[0].files["id.md"]


def test_what_was_picked_and_saved_is_no_newer_text(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    # The sample content has fewer choices than a list that is searched.
    monkeypatch.setattr(choices, "TICKED", 2)
    page = writing.author()
    writing.begin(page)
    adder = page.locator("[data-behaviour='picks'] input").first
    adder.evaluate("input => { input.value = input.list.options[0].value; input.dispatchEvent(new Event('change')); }")
    page.click("button[name=then] >> nth=0")
    page.wait_for_url("**#saved")
    assert page.locator("[data-kept]").is_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length") == 0


def test_the_check_speaks_while_somebody_types(writing: Writing) -> None:
    page = writing.author()
    writing.begin(page)
    page.fill("#field-id-body", "Bayar Rp350.000 di loket.")
    tells(page, "[data-findings]", "Rp350.000” diketik tangan. Sisipkan lewat tombol")


SIGN = "<span style='mso-list:Ignore'>&middot;<span>&nbsp;&nbsp;</span></span>"
ITEM = f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>{SIGN}"
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p.MsoNormal{{color:red}}</style></head><body>
<!--StartFragment--><h1>Syarat</h1><p class=Mso>Bawalah <b>kartu</b> <i style='top:0'>asli</i> ini:<o:p></o:p></p>
{ITEM}KTP</p>
{ITEM}Ijazah</p>
<table><tr><td><p>Umur</p></td><td><p>Biaya</p></td></tr><tr><td>Anak</td><td>sama | tetap</td></tr></table>
<script>alert(1)</script><img src=x onerror=alert(1)><!--EndFragment--></body></html>"""
CLEAN = """## Syarat

Bawalah **kartu** *asli* ini:

- KTP
- Ijazah

| Umur | Biaya |
| --- | --- |
| Anak | sama \\| tetap |"""
PASTE = """([selector, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "x");
  const area = document.querySelector(selector); area.focus(); area.select();
  area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""


def test_what_is_pasted_from_a_word_processor_is_cleaned(writing: Writing) -> None:
    page = writing.author()
    writing.begin(page)
    page.evaluate(PASTE, ["#field-id-body", WORD])
    assert page.input_value("#field-id-body") == CLEAN


def test_a_page_is_changed_by_keyboard_alone(writing: Writing) -> None:
    page = writing.author()
    page.goto(f"{writing.address}/id/staff/edit/{SLUG}")

    def to(selector: str) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"the Tab key never reached {selector}")

    to("main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/drafts/*")
    to("[role=toolbar] button")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("kartu")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "{{ fee:" in page.input_value("#field-id-body")
    assert page.evaluate("document.activeElement.id") == "field-id-body"
    to("button[name=then]")
    page.keyboard.press("Enter")
    page.wait_for_url("**#saved")
    assert "{{ fee:" in writing.drafts()[0].files["id.md"]


@pytest.mark.parametrize("width", [360, 1280] if FULL else [360])
def test_axe_finds_nothing_on_the_writing_pages(writing: Writing, width: int) -> None:
    page = writing.author(width=width, color_scheme="dark" if width == 1280 else "light")
    results: list[str] = []
    page.on("console", lambda message: results.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: results.append(f"{page.url}: {error}"))
    paths = ["", "edit/", "edit/faq/new", f"edit/{SLUG}", "translations/?show=all", f"translations/{SLUG}/en"]
    keys = ("guidance/kartu-baru", "alerts/tutup-akhir-tahun") if width == 360 else (SLUG, "news/loket-baru")
    for key in keys:
        address = urlsplit(writing.begin(page, key)).path.removeprefix("/id/staff/")
        paths += [address, f"{address}/preview"]
    for path in paths:
        page.goto(f"{writing.address}/id/staff/{path}")
        page.evaluate(AXE_SCRIPT)
        results += [f"{path} at {width} px: {one}" for one in page.evaluate(RUN, TAGS)]
        if page.evaluate(SIDEWAYS) > 0:
            results.append(f"{path} is wider than {width} px")
    assert not results, "\n".join(results)
