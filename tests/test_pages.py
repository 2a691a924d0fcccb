"""Every public address in every language, on the project's own content and on the sample: links, anchors, weights."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.client import defects
from tests.conftest import FULL, SAMPLE_CONTENT, AppFactory
from tests.crawler import Crawl, CrawledAddress
from tests.invariants import ROOT

# Bytes on the wire, headers, styles and scripts included.
FIRST_VIEW, ANY_PAGE = 14_600, 30_000
FIRST_VIEWS = ("office.index", "guidance.show", "guidance.part", "faq.show")
# How many pages of one kind are parsed strictly in a short run; the long run parses every one.
OF_EACH_KIND = 2
# Alerts are linked while they hold, suggestions are asked for by a script, short addresses stand on paper, and machines
# alone read security.txt.
UNLINKED = {"office.alert", "search.suggest", "short.follow", "sitemap.security_txt"}
# The features that the sample office has.
OF_THE_SAMPLE = {"home", "guidance", "faq", "news"}


# The runner may take the tests of one content in several runs; it is crawled once all the same.
_CRAWLS: dict[str, Crawl] = {}


@pytest.fixture(scope="session", params=[pytest.param("content", marks=pytest.mark.system), "sample"])
def crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    if request.param not in _CRAWLS:
        content: Path = ROOT / "content" if request.param == "content" else SAMPLE_CONTENT
        app = AppFactory(tmp_path_factory.mktemp("crawl"))(content=content)
        starts = ["/id/", "/en/", "/sitemap.xml", "/robots.txt"]
        _CRAWLS[request.param] = Crawl(app, starts, name=request.param, deep=FULL)
    return _CRAWLS[request.param]


def by_kind(pages: list[CrawledAddress]) -> dict[tuple[str, str], list[CrawledAddress]]:
    kinds: dict[tuple[str, str], list[CrawledAddress]] = defaultdict(list)
    for page in pages:
        kinds[page.endpoint, page.path.split("/")[1]].append(page)
    return kinds


def test_every_link_leads_somewhere(crawl: Crawl) -> None:
    assert len(crawl.pages()) > 40
    dead = crawl.dead_links()
    assert not dead, "\n".join(dead)


def test_every_kind_of_page_is_reached(crawl: Crawl) -> None:
    """Each view that makes a page for everyone has an address that readers can find by following links."""
    reached = {value.endpoint for value in crawl.answers.values()}
    views = crawl.app.view_functions
    missing = {endpoint for endpoint, view in views.items() if hasattr(view, "page_query")} - reached
    if crawl.name == "sample":
        missing = {endpoint for endpoint in missing if endpoint.partition(".")[0] in OF_THE_SAMPLE}
    assert missing <= UNLINKED, missing


def test_every_anchor_exists(crawl: Crawl) -> None:
    dead = crawl.dead_anchors()
    assert not dead, "\n".join(dead)


def test_pages_are_sound(crawl: Crawl) -> None:
    for pages in by_kind(crawl.pages()).values():
        for page in pages if FULL else pages[:OF_EACH_KIND]:
            assert defects(page.body.decode(), path=page.path) == [], page.path


def test_pages_are_light(crawl: Crawl) -> None:
    heavy = []
    for page in crawl.pages():
        limit = FIRST_VIEW if page.endpoint in FIRST_VIEWS else ANY_PAGE
        weight = page.weight(limit)
        if weight > limit:
            heavy.append(f"{page.path} weighs {weight} bytes, at most {limit} are allowed")
    assert not heavy, "\n".join(heavy)


def test_languages_name_each_other(crawl: Crawl) -> None:
    """Each page names itself and its pairs, each pair names the page back, and `x-default` is one of them."""
    pages = {page.path: page for page in crawl.pages()}
    for page in pages.values():
        alternates = {code: urlsplit(href).path for code, href in page.alternates.items()}
        if not alternates:
            continue
        assert alternates.pop("x-default") in alternates.values(), page.path
        path = urlsplit(page.path).path
        assert alternates[path.split("/")[1]] == path, page.path
        for other in alternates.values():
            assert other in pages, f"{page.path} names {other}, which is no page"
            assert {urlsplit(href).path for href in pages[other].alternates.values()} == set(alternates.values())


def test_previews_say_so_everywhere(crawl: Crawl) -> None:
    for page in crawl.pages():
        assert "noindex" in page.meta["robots"], page.path
        assert "–" in page.meta["og:site_name"], page.path
        for written in page.structured:
            nodes = json.loads(written).get("@graph", [json.loads(written)])
            assert all(node.get("disambiguatingDescription") for node in nodes), page.path


def test_structured_data_has_no_empty_values(crawl: Crawl) -> None:
    for page in crawl.pages():
        for written in page.structured:
            assert all(_is_filled(node) for node in json.loads(written).get("@graph", [])), page.path


def _is_filled(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(_is_filled(inner) for inner in value.values())
    if isinstance(value, list):
        return bool(value) and all(_is_filled(inner) for inner in value)
    return value not in ("", None)


def test_canonical_addresses_are_pages(crawl: Crawl) -> None:
    pages = {page.path for page in crawl.pages()}
    for page in crawl.pages():
        if page.canonical:
            assert urlsplit(page.canonical).path in pages, f"{page.path} calls itself {page.canonical}"


def test_nothing_is_told_to_other_sites(crawl: Crawl) -> None:
    for page in crawl.pages():
        text = page.body.decode()
        for outside in ('src="http', "src='http", "@import", "url(http"):
            assert outside not in text, f"{page.path} loads something from elsewhere"
