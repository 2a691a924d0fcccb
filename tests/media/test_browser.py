"""A real photo uploaded from a phone by keyboard: its place is gone, and readers get a size that fits."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.accounts.signing import signed_in
from tests.conftest import AppFactory
from tests.feedback.browser_site import BrowserSite, check, press
from tests.media.test_library import photo_with_place

pytestmark = pytest.mark.browser
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path, browser: Any) -> Iterator[BrowserSite]:
    made = BrowserSite(make_app, tmp_path, browser)
    yield made
    made.close()


def test_a_photo_is_uploaded_by_keyboard_and_a_script_is_refused(site: BrowserSite) -> None:
    page = site.page(client=site.reviewer)
    page.goto(f"{site.address}/id/staff/media/")
    check(page)
    press(page, "Unggah berkas")
    check(page)
    for field, words in (("words-id", "Loket di pagi hari"), ("words-en", "Counter in the morning")):
        page.focus(f"#field-{field}")
        page.keyboard.type(words)
    page.set_input_files("#field-file", {"name": "liburan.png", "mimeType": "image/png", "buffer": SVG})
    press(page, "Unggah")
    page.wait_for_selector(".errors")
    assert "SVG" in page.inner_text(".errors")
    assert page.input_value("#field-words-id") == "Loket di pagi hari"
    check(page)
    large = {"name": "film.jpg", "mimeType": "image/jpeg", "buffer": bytes(11 * 1024 * 1024)}
    page.set_input_files("#field-file", large)
    assert "lebih besar dari 10 MB" in page.inner_text("[role=alert]")
    check(page)
    photo = photo_with_place()
    page.set_input_files("#field-file", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo})
    press(page, "Unggah")
    page.wait_for_url("**/staff/media/proposals/*")
    check(page)
    assert page.evaluate("document.querySelector('figure img').naturalWidth") > 0
    assert site.app.test_client().get("/media/loket-di-pagi-hari/small.webp").status_code == 404
    second = site.page(client=signed_in(site.app, ["reviewer"], email="kedua@example.org"))
    second.goto(page.url)
    check(second)
    press(second, "Sudah diperiksa, terbitkan")
    second.wait_for_url("**/staff/media/loket-di-pagi-hari")
    check(second)
    assert " KB" in second.inner_text("main")
    loaded = second.evaluate("document.querySelector('figure img').currentSrc")
    assert loaded.endswith(".webp")
    stored = site.app.test_client().get(loaded.removeprefix(site.address)).data
    assert not Image.open(BytesIO(stored)).getexif()
    page.goto(f"{site.address}/id/staff/media/")
    check(page)
