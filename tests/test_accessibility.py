"""Every kind of page by the axe rules (WCAG 2.2 AA and best practice), narrow and wide, light and dark.

A short run tries each kind on a narrow light page in Indonesian and on a wide dark one in English; the long run
tries every page like this, and one page of each kind in all combinations.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from werkzeug.serving import make_server

from portal.web.syndication.sitemap import SITEMAP
from tests.conftest import FULL, AppFactory
from tests.invariants import ROOT

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = 360, 1280
Look = tuple[str, int, str]
SHORT: tuple[Look, ...] = (("id", NARROW, "light"), ("en", WIDE, "dark"))
ALL: tuple[Look, ...] = tuple(
    (language, width, scheme) for language in ("id", "en") for width in (NARROW, WIDE) for scheme in ("light", "dark")
)
# Pages that no sitemap lists, by their paths below the language.
UNLISTED = ("no-such-page", "search?q=paspor", "coverage?district=alor", "permits/finder", "design")
RUN = """async tags => (await axe.run({runOnly: tags})).violations.map(found =>
  `${found.id}: ${found.help} (${found.nodes.map(node => node.target.join(" ")).slice(0, 3).join("; ")})`)"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the project's own content."""
    return AppFactory(tmp_path_factory.mktemp("axe"))(content=ROOT / "content")


@pytest.fixture(scope="module")
def address(own: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, own, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def paths(own: Flask) -> dict[str, list[str]]:
    """The paths below the language by their kind of page."""
    root = fromstring(own.test_client().get("/sitemap.xml").data)
    adapter = own.url_map.bind("localhost")
    lists: dict[str, list[str]] = {path: [path] for path in UNLISTED}
    for location in root.iter(f"{{{SITEMAP}}}loc"):
        path = urlsplit(location.text or "").path
        if path.startswith("/id/"):
            endpoint, _values = adapter.match(path)
            lists.setdefault(endpoint, []).append(path.removeprefix("/id/"))
            if endpoint == "guidance.show":
                lists["guidance.print_all"] = [path.removeprefix("/id/") + "/print"]
    return lists


def violations(browser: Any, address: str, paths: list[str], look: Look) -> list[str]:
    """What axe finds on these pages, with anything that the browser complains of."""
    language, width, scheme = look
    results: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: _is_complaint(message.text) and results.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: results.append(f"{page.url}: {error}"))
    for path in paths:
        page.goto(f"{address}/{language}/{path}")
        page.evaluate(AXE_SCRIPT)
        results += [f"{page.url} at {width} px, {scheme}: {one}" for one in page.evaluate(RUN, TAGS)]
        if page.evaluate(SIDEWAYS) > 0:
            results.append(f"{page.url} is wider than {width} px")
    context.close()
    return results


def _is_complaint(message: str) -> bool:
    # The page of an error is meant to be answered with its status.
    return "status of 404" not in message


@pytest.mark.parametrize("look", ALL if FULL else SHORT, ids=lambda look: "-".join(map(str, look)))
def test_each_kind_of_page(browser: Any, address: str, paths: dict[str, list[str]], look: Look) -> None:
    assert len(paths) > 20
    # The longest address of a kind tends to be the fullest page.
    result = violations(browser, address, [max(of_kind, key=len) for of_kind in paths.values()], look)
    assert not result, "\n".join(result)


@pytest.mark.full
@pytest.mark.parametrize("look", SHORT, ids=lambda look: "-".join(map(str, look)))
def test_every_page(browser: Any, address: str, paths: dict[str, list[str]], look: Look) -> None:
    result = violations(browser, address, [path for of_kind in paths.values() for path in of_kind], look)
    assert not result, "\n".join(result)
