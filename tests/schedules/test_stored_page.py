"""A page that lay in a browser tells the status of now, whatever it said when it was made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.conftest import AppFactory

MADE = datetime.fromisoformat("2026-11-24T11:30+08:00")
pytestmark = pytest.mark.browser


@pytest.fixture
def served(make_app: AppFactory, content: Path) -> Iterator[str]:
    """The site at the instant at which its pages are made."""
    app = make_app(content=content)
    app.config["REAL_CLOCK"] = MADE
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A phone far from the office: its zone must not matter."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, timezone_id="America/New_York")
    yield context
    context.close()


def status_of(phone: Any, address: str, *, later: timedelta) -> tuple[str, str, str]:
    """The pill's words, its class and the detail, in a browser whose clock stands `later` than the page."""
    page = phone.new_page()
    page.clock.set_fixed_time(MADE + later)
    page.goto(address)
    status = page.locator("p.status")
    pill = status.locator(".pill")
    sign = pill.locator("span").inner_text()
    said = pill.inner_text().removeprefix(sign).strip()
    texts = (f"{sign} {said}", pill.get_attribute("class"), status.locator("small").inner_text())
    page.close()
    return texts


@pytest.mark.parametrize(
    ("later", "words", "tone"),
    [
        (timedelta(), "● Open until 12:00 p.m. WITA", "pill good"),
        (timedelta(hours=1), "◐ Break until 1:00 p.m. WITA", "pill soon"),
        (timedelta(hours=3, minutes=10), "◐ Open until 3:00 p.m. WITA", "pill soon"),
        (timedelta(hours=5), "– Closed, opens again Wednesday 8:00 a.m. WITA", "pill"),
        (timedelta(hours=14), "– Closed, opens at 8:00 a.m. WITA", "pill"),
        (timedelta(days=3), "– Closed, opens again Monday 8:00 a.m. WITA", "pill"),
        (timedelta(days=8), "○ Reload for today’s status", "pill"),
        (timedelta(hours=-1), "● Open until 12:00 p.m. WITA", "pill good"),
    ],
)
def test_a_stored_page_tells_the_status_of_now(
    served: str, phone: Any, later: timedelta, words: str, tone: str
) -> None:
    status = status_of(phone, f"{served}/en/schedules/loket", later=later)
    assert " ".join(status[0].split()) == words
    assert status[1] == tone


def test_without_scripts_the_words_of_the_server_stand(served: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/en/schedules/loket")
    assert "Open until 12:00 p.m." in page.locator("p.status").inner_text().replace("\u00a0", " ")
    context.close()


def test_the_board_of_the_front_page_too(served: str, phone: Any) -> None:
    page = phone.new_page()
    page.clock.set_fixed_time(MADE + timedelta(hours=1))
    page.goto(f"{served}/en/")
    board = page.locator("section.board").inner_text().replace("\u00a0", " ")
    assert "Break until 1:00 p.m. WITA" in board
    page.close()
