"""The search on a small phone, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 360, "height": 720}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_a_search_works_on_a_phone(page: Any, live_url: str) -> None:
    page.goto(f"{live_url}/id/search")
    page.fill("input[name=q]", "kartu ilang")
    page.press("input[name=q]", "Enter")
    page.wait_for_selector("article")
    assert "q=kartu+ilang" in page.url
    assert page.locator("article a").first.get_attribute("href") == "/id/faq/kartu-hilang"
    assert page.locator("[role=status]").count() == 1


def test_suggestions_can_be_chosen_with_the_keyboard(browser: Any, live_url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 720})
    page = context.new_page()
    page.goto(f"{live_url}/id/search")
    page.locator("input[name=q]").press_sequentially("kartu hil", delay=20)
    page.wait_for_selector("[role=option]")
    assert page.get_attribute("input[name=q]", "aria-expanded") == "true"
    page.press("input[name=q]", "ArrowDown")
    assert page.get_attribute("[role=option]", "aria-selected") == "true"
    page.press("input[name=q]", "Enter")
    page.wait_for_url("**/faq/**")
    context.close()
