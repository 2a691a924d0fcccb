"""A site over a repository behind a real server, with browsers of readers and of staff."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from werkzeug.serving import make_server

from tests.accounts.signing import DeskClient
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.events.event_site import free_port
from tests.test_accessibility import NARROW, RUN, SIDEWAYS, TAGS

PATIENCE = 60_000


class BrowserSite(DeskSite):
    """The desk's site, reachable for browsers."""

    def __init__(self, make_app: AppFactory, folder: Path, browser: Any) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        super().__init__(make_app, folder, base_url=self.address)
        self._browser = browser
        self._open: list[Any] = []
        self._server = make_server("127.0.0.1", port, self.app, threaded=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, *, client: DeskClient | None = None, scripts: bool = True, policy: bool = False) -> Any:
        """A page of a small phone; with a client it is signed in like that one.

        With `policy` the browser holds to the Content-Security-Policy, which keeps the tools of tests out.
        """
        context = self._browser.new_context(
            viewport={"width": NARROW, "height": 640}, java_script_enabled=scripts, bypass_csp=scripts and not policy
        )
        context.set_default_timeout(PATIENCE)
        if client is not None:
            cookie = client.get_cookie("desk", path="/")
            assert cookie is not None
            context.add_cookies([{"name": "desk", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}])
        self._open.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close browsers and server."""
        for context in self._open:
            context.close()
        self._server.shutdown()
        self._server.server_close()


def check(page: Any) -> None:
    """No rule of accessibility is broken, and nothing stands beside the narrow page."""
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(RUN, TAGS) == []
    assert page.evaluate(SIDEWAYS) == 0


def press(page: Any, name: str) -> None:
    """Go to a button or link by the tab key alone, press it and wait for the page that follows."""
    for _ in range(120):
        page.keyboard.press("Tab")
        shown = page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim()")
        if shown.startswith(name) and page.evaluate("document.activeElement.tagName") != "SUMMARY":
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"the tab key never reaches '{name}'")


def choose(page: Any, name: str, value: str) -> None:
    """Go to a choice by the keyboard and choose it."""
    page.focus(f"input[name='{name}'][value='{value}']")
    page.keyboard.press("Space")
