"""On the smallest phone the words of every part of every guide begin within the first view, below one notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from portal.guidance.guide import GUIDE
from portal.guidance.parts import GuideParts
from tests.conftest import AppFactory
from tests.invariants import ROOT

pytestmark = pytest.mark.browser

VIEW = {"width": 360, "height": 740}
# Pixels from the top of the view at which the first word of the text may stand.
LOWEST = 420
FIRST_WORDS = """() => Math.round(
  document.querySelector("article :is(p, li, th, td, dd, h3)").getBoundingClientRect().top)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application on the project's own content, and its address."""
    app = AppFactory(tmp_path_factory.mktemp("fold"))(content=ROOT / "content")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def paths_of(app: Flask) -> Iterator[str]:
    """Every part of every guide in every language."""
    catalogue = app.extensions["portal"].live.current()
    for document in catalogue.all(GUIDE.kind):
        for code in catalogue.site.language_codes:
            yield f"/{code}/guidance/{document.slug}"
            for part in GuideParts.of(document.words_in(code).body).parts[1:]:
                yield f"/{code}/guidance/{document.slug}/{part.id}"


def test_the_text_of_every_guide_begins_in_the_first_view(browser: Any, site: tuple[Flask, str]) -> None:
    app, address = site
    page = browser.new_context(viewport=VIEW, java_script_enabled=True).new_page()
    low = {}
    paths = list(paths_of(app))
    for path in paths:
        page.goto(address + path, wait_until="domcontentloaded")
        top = page.evaluate(FIRST_WORDS)
        if top > LOWEST:
            low[path] = top
    page.context.close()
    assert len(paths) > 200
    assert low == {}
