"""The component page in a real browser: narrow, by keyboard, without JavaScript, in forced colours and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

# A target is what can be pressed; links inside a sentence are exempt, and a label enlarges its field.
SMALL_TARGETS = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(one => getComputedStyle(one).display !== "inline" && !one.closest(".skip"))
  .map(one => [one, (one.closest("label.option") || one).getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < least || box.width < least))
  .map(([one, box]) => `${one.textContent.trim() || one.name}: ${box.width} x ${box.height}`)"""
WIDER_THAN_THE_PAGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def pages(browser: Any, live_url: str) -> Iterator[Any]:
    """Opens the component page in a context with the given options, and holds it to a silent console."""
    contexts = []
    messages: list[str] = []

    def opened(path: str = "/id/design", **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(live_url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert messages == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_wider_than_320_pixels(pages: Any, language: str) -> None:
    page = pages(f"/{language}/design", viewport={"width": 320, "height": 640})
    assert page.evaluate(WIDER_THAN_THE_PAGE) == 0


def test_targets_are_large_enough(pages: Any) -> None:
    page = pages(viewport={"width": 360, "height": 640})
    assert page.evaluate(SMALL_TARGETS, 24) == []


def test_the_first_tab_leads_to_the_content(pages: Any) -> None:
    page = pages(viewport={"width": 1280, "height": 800})
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_every_stop_of_the_keyboard_shows_where_it_is(pages: Any) -> None:
    page = pages(viewport={"width": 1280, "height": 800})
    outlines = set()
    for _step in range(40):
        page.keyboard.press("Tab")
        outlines.add(page.evaluate("getComputedStyle(document.activeElement).outlineWidth"))
    assert outlines == {"3px"}


def test_the_copy_button_copies_and_says_so(pages: Any) -> None:
    page = pages(permissions=["clipboard-read", "clipboard-write"])
    button = page.locator('[data-behaviour="copy-text"]')
    button.click()
    page.wait_for_function("document.querySelector('.share [role=status]').textContent")
    assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-text")


def test_the_stepper_counts_within_its_bounds(pages: Any) -> None:
    page = pages()
    field = page.locator(".stepper input")
    field.fill("0")
    page.locator('.stepper button[value="-1"]').click()
    assert field.input_value() == "0"
    page.locator('.stepper button[value="1"]').click()
    assert field.input_value() == "1"


def test_without_javascript_nothing_dead_is_shown(pages: Any) -> None:
    page = pages(java_script_enabled=False)
    assert page.locator('[data-behaviour="copy-text"]').is_hidden()
    assert page.locator('.stepper button[value="1"]').get_attribute("type") is None


def test_forced_colours_keep_what_colour_alone_said(pages: Any) -> None:
    page = pages(forced_colors="active", viewport={"width": 1280, "height": 800})
    assert page.locator(".weave").first.is_hidden()
    borders = page.evaluate(
        "[...document.querySelectorAll('.pill, .tag, .card, .note')].map(one => getComputedStyle(one).borderTopStyle)"
    )
    assert set(borders) == {"solid"}


def test_paper_shows_the_content_in_one_column(pages: Any) -> None:
    page = pages(viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    for hidden in (".bar", ".foot", ".skip", ".weave", "aside", ".chips"):
        assert all(not one.is_visible() for one in page.locator(hidden).all()), hidden
    assert page.locator(".print-foot").is_visible()
    assert page.locator("h1").is_visible()
