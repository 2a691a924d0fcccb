"""Results as a page and as JSON, and suggestions; no page cache keeps them, as queries are without number."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from portal.content.markdown.body import Embed
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.generations import IndexMissing
from portal.search.engine.query.searcher import Searcher, SearchResults
from portal.search.engine.query.snippets import Highlighter
from portal.search.engine.query.tiers import Tier
from portal.search.wiring import search_service, write_counts
from portal.web.addresses import path_below
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import document_link, home_crumb, site_link
from portal.web.pages import body_html, catalogue, render, url

log = logging.getLogger("portal.search")
bp = Blueprint("search", __name__)

LONGEST_TYPED = 200
PER_PAGE = 20
SUGGESTIONS = 6
FILTERS = ("type", "topic", "audience")
_TAGS = {"type": "kind", "topic": "topic", "audience": "audience"}


@dataclass(frozen=True)
class SearchRequest:
    """What a request asks for, within bounds."""

    text: str
    filters: dict[str, str]
    exact: bool
    page: int

    @property
    def tags(self) -> tuple[str, ...]:
        """The filters as tags of the index."""
        return tuple(f"{_TAGS[name]}:{value}" for name, value in self.filters.items())

    def href(self, **changes: str) -> str:
        """The address of the same search with other parameters; an empty value takes one away."""
        values = {"q": self.text, **self.filters, "exact": "1" if self.exact else ""} | changes
        return f"{url('search.results')}?{urlencode({name: value for name, value in values.items() if value})}"


@dataclass(frozen=True)
class SearchPage:
    """A search with the results of one page of it; `searcher` is None while there is no index."""

    request: SearchRequest
    results: SearchResults | None
    searcher: Searcher | None
    rows: tuple[dict[str, Any], ...] = ()

    @property
    def total(self) -> int:
        """How many results there are on all pages."""
        return len(self.results.documents) if self.results else 0


@bp.get("/search")
def results() -> Response:
    """Results for a query, or an empty search."""
    wanted = _search_request()
    page = _search_page(wanted)
    _count(page)
    results = page.results
    response = render(
        "search/results.html",
        search_request=wanted,
        page=page,
        tier=results.tier.value if results else "",
        searched=results.plan.searched if results else "",
        corrected=bool(results and results.is_corrected),
        filters=_filters(page),
        pages=_pages(page),
        frequent=[link for item in catalogue().site.home.get("frequent", []) if (link := site_link(item))],
        contact=document_link("pages/channels"),
        crumbs=[home_crumb()],
        robots="noindex",
    )
    return _uncached(response)


@bp.get("/search.json")
def results_json() -> Response:
    """The same as JSON: `tier`, `total`, `searched`, `corrected` and the `results` of the page."""
    wanted = _search_request()
    page = _search_page(wanted)
    _count(page)
    results = page.results
    body = {
        "query": wanted.text,
        "searched": results.plan.searched if results else wanted.text,
        "corrected": bool(results and results.is_corrected),
        "tier": results.tier.value if results else Tier.NOTHING.value,
        "total": page.total,
        "ready": page.searcher is not None,
        "results": [
            {
                "key": row["key"],
                "type": row["kind"],
                "title": row["plain_title"],
                "snippet": str(row["snippet"].striptags()),
                "url": row["href"],
                "language": row["lang"] or language(),
            }
            for row in page.rows
        ],
    }
    return _uncached(jsonify(body))


@bp.get("/search/suggest")
def suggest() -> Response:
    """Titles of pages that the beginning of a query may be asking for."""
    text = request.args.get("q", "")[:LONGEST_TYPED]
    titles: list[dict[str, str]] = []
    try:
        searcher = search_service().index.searcher()
        suggested = searcher.suggest(text, now=request_clock().now.timestamp(), most=SUGGESTIONS)
        for entry in searcher.entries(suggested):
            titles.append({"title": entry.text_in(language(), entry.title), "href": path_below(entry.path)})
    except IndexMissing:
        pass
    response = jsonify({"suggestions": titles})
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


def _search_request() -> SearchRequest:
    text = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_TYPED]
    filters = {name: value for name in FILTERS if (value := request.args.get(name, "")[:60])}
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 3 else 1
    return SearchRequest(text, filters, request.args.get("exact") == "1", max(number, 1))


def _search_page(wanted: SearchRequest) -> SearchPage:
    try:
        searcher = search_service().index.searcher()
    except IndexMissing:
        return SearchPage(wanted, None, None)
    if not wanted.text:
        return SearchPage(wanted, None, searcher)
    try:
        results = searcher.find(wanted.text, now=request_clock().now.timestamp(), tags=wanted.tags, exact=wanted.exact)
        start = (wanted.page - 1) * PER_PAGE
        entries = searcher.entries(results.documents[start : start + PER_PAGE])
    except Exception:
        # A damaged file must not become an error page; the builder notices the damage and builds anew.
        log.exception("the index %s could not be searched", search_service().index.root)
        search_service().index.drop()
        return SearchPage(wanted, None, None)
    highlighter = searcher.highlighter(results.plan)
    return SearchPage(wanted, results, searcher, tuple(_row(entry, highlighter) for entry in entries))


def _row(entry: Entry, highlighter: Highlighter) -> dict[str, Any]:
    here = language()
    words = here if entry.is_in(here) else next(iter(entry.title), here)
    foreign = None if words == here else words
    label = search_service().labels.get(entry.kind)
    tags = [_(label) if label else entry.kind]
    if foreign:
        named = {one.code: one.name for one in catalogue().site.languages}
        tags.append(_("in %(language)s", language=named.get(foreign, foreign)))
    return {
        "key": entry.key,
        "kind": entry.kind,
        "tags": tags,
        "plain_title": entry.title.get(words, ""),
        "title": highlighter.marked(entry.title.get(words, "")),
        "snippet": highlighter.snippet(entry.summary.get(words, ""), entry.text.get(words, ""), fill=_fill),
        "href": path_below(entry.path),
        "lang": foreign,
    }


def _fill(kind: str, id_: str) -> str:
    return body_html([Embed(kind, id_)]).striptags()


def _count(page: SearchPage) -> None:
    wanted = page.request
    if page.results and wanted.page == 1 and not wanted.filters and not wanted.exact:
        search_service().query_counter.note(
            wanted.text, language=language(), tier=page.results.tier, day=request_clock().now.date()
        )
        write_counts()


def _filters(page: SearchPage) -> list[dict[str, Any]]:
    if page.results is None or not page.results.counts:
        return []
    counts, wanted = page.results.counts, page.request
    labels = search_service().labels
    names: dict[str, dict[str, Any]] = {
        "type": {kind: _(label) for kind, label in labels.items()},
        "topic": {id_: text_of(topic.name) for id_, topic in catalogue().reference("topics").items()},
        "audience": {id_: text_of(audience.name) for id_, audience in catalogue().reference("audiences").items()},
    }
    titles = {"type": _("By type"), "topic": _("By topic"), "audience": _("By reader")}
    groups = []
    for name in FILTERS:
        chips = list(_chips(name, names[name], counts=dict(counts), wanted=wanted))
        if len(chips) > 1 or name in wanted.filters:
            everything = {"label": _("All"), "href": wanted.href(**{name: ""}), "current": name not in wanted.filters}
            groups.append({"label": titles[name], "items": [everything, *chips]})
    return groups


def _chips(
    name: str, labels: dict[str, Any], *, counts: dict[str, int], wanted: SearchRequest
) -> Iterable[dict[str, Any]]:
    for value, label in labels.items():
        count = counts.get(f"{_TAGS[name]}:{value}", 0)
        current = wanted.filters.get(name) == value
        if count or current:
            yield {"label": label, "href": wanted.href(**{name: value}), "count": count, "current": current}


def _pages(page: SearchPage) -> list[dict[str, Any]]:
    last = -(-page.total // PER_PAGE)
    return [
        {
            "label": str(number),
            "href": page.request.href(page=str(number) if number > 1 else ""),
            "current": number == page.request.page,
        }
        for number in range(1, last + 1)
    ]


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
