"""Readers without JavaScript reach an answer with its basis in at most six pages; ticks stay on the phone with it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

# Each step: what is typed or chosen on one page, field and value.
JOURNEYS: dict[str, tuple[list[dict[str, str]], str, str]] = {
    "a German tourist for 45 days": (
        [
            {"nationality": "Germany"},
            {"location": "abroad"},
            {"group": "visit"},
            {"purpose": "tourism"},
            {"stay": "45"},
        ],
        "(B1)",
        "kepmen-m-ip-08-2025",
    ),
    "a Timorese who visits family": (
        [
            {"nationality": "Timor Leste"},
            {"location": "abroad"},
            {"group": "visit"},
            {"purpose": "family_visit"},
            {"stay": "14"},
        ],
        "(A1)",
        "perpres-95-2024",
    ),
    "an Australian on a visa on arrival": (
        [{"nationality": "Australia"}, {"location": "in_country"}, {"status": "in_voa_first"}, {"goal": "stay_longer"}],
        "VOA-EXTENSION",
        "se-imi-417-2025",
    ),
    "a spouse of an Indonesian on a visit permit": (
        [{"nationality": "US"}, {"location": "in_country"}, {"status": "in_itk_c"}, {"goal": "change_to_limited"}],
        "CONVERSION",
        "permenkumham-22-2023",
    ),
    "an overstayer of 70 days": (
        [{"nationality": "CN"}, {"location": "in_country"}, {"status": "overstay_gt60"}, {"goal": "leave_for_good"}],
        "60",
        "permenimipas-13-2025",
    ),
}
TITLES = {
    ("en", "VOA-EXTENSION"): "Extending a visa on arrival",
    ("id", "VOA-EXTENSION"): "Perpanjangan visa saat kedatangan",
    ("en", "CONVERSION"): "Changing a visit permit",
    ("id", "CONVERSION"): "Alih status izin kunjungan",
}


def _answer(page: Any, step: dict[str, str]) -> None:
    for name, value in step.items():
        field = page.locator(f'main [name="{name}"]').first
        if field.get_attribute("type") == "radio":
            page.locator(f'main [name="{name}"][value="{value}"]').check()
        else:
            field.fill(value)
    page.locator("main form .actions button.button").first.click()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", JOURNEYS)
def test_a_reader_reaches_an_answer_without_javascript(browser: Any, permits_url: str, language: str, who: str) -> None:
    steps, title, law = JOURNEYS[who]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{permits_url}/{language}/permits/finder")
    pages = 1
    for step in steps:
        _answer(page, step)
        pages += 1
    assert pages <= 6
    assert TITLES.get((language, title), title) in page.locator("h1").inner_text()
    assert page.locator(f'main a[href$="/laws#{law}"]').count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
    address = page.url
    page.reload()
    assert page.url == address
    page.go_back()
    assert page.locator("main form").count() == 1
    context.close()


def test_ticks_stay_on_the_phone(browser: Any, permits_url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"{permits_url}/en/permits/c1")
    page.locator(".ticks input").first.check()
    page.reload()
    assert page.locator(".ticks input").first.is_checked()
    papers = page.locator(".ticks input").count()
    assert papers > 1
    assert f"1 of {papers} ready" in page.locator(".ticks [role=status]").inner_text()
    assert messages == []
    context.close()
