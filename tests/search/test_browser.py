"""The search of the shipped site on a small phone: with and without JavaScript, by keyboard, in both languages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 720}
WIDER_THAN_THE_PAGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

COVERED = """() => [...document.querySelectorAll("[role=option]")].map(option => {
  const box = option.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return option.contains(top) || box.bottom > innerHeight ? "" : option.textContent;
}).filter(Boolean)"""


@pytest.fixture(scope="module")
def url(site: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    yield page
    context.close()
    assert messages == []


def ask(page: Any, address: str, query: str) -> None:
    page.goto(address)
    page.fill("main input[name=q]", query)
    page.click("main form[role=search] button")
    page.wait_for_url("**/search?q=*")


def test_what_was_typed_in_haste_is_understood_and_said_to_be_corrected(either: Any, url: str) -> None:
    ask(either, f"{url}/id/", "paspot ilang")
    first = either.locator("article").first
    assert first.locator("a").first.get_attribute("href") == "/id/faq/paspor-hilang"
    assert either.locator("[role=status] b").inner_text() == "paspor hilang"
    corrected = either.locator(".corrected")
    assert corrected.is_visible()
    assert "exact=1" in corrected.locator("a").get_attribute("href")
    assert either.evaluate(WIDER_THAN_THE_PAGE) == 0


def test_an_english_question_finds_the_indonesian_answer_on_the_indonesian_site(either: Any, url: str) -> None:
    ask(either, f"{url}/id/", "overstay fine")
    first = either.locator("article").first
    link = first.locator("a").first
    assert link.get_attribute("href") == "/id/faq/overstay-denda"
    # Neither the result nor its link is in another language than the page.
    assert (first.get_attribute("lang"), link.get_attribute("hreflang")) == (None, None)
    assert "denda" in link.inner_text().lower()
    link.click()
    assert either.get_attribute("html", "lang") == "id"
    assert "denda" in either.locator("h1").inner_text().lower()


def test_an_indonesian_question_finds_the_english_answer_on_the_english_site(either: Any, url: str) -> None:
    ask(either, f"{url}/en/", "paspor hilang")
    link = either.locator("article a").first
    assert link.get_attribute("href") == "/en/faq/paspor-hilang"
    assert "passport" in link.inner_text().lower()


def test_filters_are_links(either: Any, url: str) -> None:
    either.goto(f"{url}/id/search?q=overstay")
    either.locator("details.filters summary").first.click()
    either.locator("details.filters[open] a[href*='type=permits']").click()
    either.wait_for_url("**type=permits**")
    hrefs = [link.get_attribute("href") for link in either.locator("article h2 a").all()]
    assert hrefs
    assert all("/permits/" in href for href in hrefs)


@pytest.mark.parametrize("path", ["/id/", "/id/search"])
def test_suggestions_can_be_chosen_with_the_keyboard(scripted: Any, url: str, path: str) -> None:
    scripted.goto(url + path)
    field = scripted.locator("main input[name=q]")
    assert field.get_attribute("role") == "combobox"
    field.press_sequentially("paspor hil", delay=20)
    # A slow machine shows suggestions for the beginning first; those for the whole text count.
    scripted.wait_for_selector("[role=option]:first-child[data-href$='/faq/paspor-hilang']")
    assert field.get_attribute("aria-expanded") == "true"
    # Nothing of the page lies over the list.
    assert scripted.evaluate(COVERED) == []
    assert scripted.evaluate(WIDER_THAN_THE_PAGE) == 0
    field.press("ArrowDown")
    chosen = scripted.locator("[role=option][aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    field.press("Enter")
    scripted.wait_for_url("**/id/faq/paspor-hilang")


def test_suggestions_close_and_leave_what_was_typed(scripted: Any, url: str) -> None:
    scripted.goto(f"{url}/en/")
    field = scripted.locator("main input[name=q]")
    field.press_sequentially("lost pass", delay=20)
    scripted.wait_for_selector("[role=option]")
    field.press("Escape")
    assert scripted.locator("[role=listbox]").is_hidden()
    assert field.input_value() == "lost pass"
    field.press("Enter")
    scripted.wait_for_url("**/en/search?q=lost+pass")
