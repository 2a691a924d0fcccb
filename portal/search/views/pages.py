"""The page of results, the same results as JSON, and suggestions; the page cache stores none of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request
from markupsafe import Markup

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
_TAG_PREFIXES = {"type": "kind", "topic": "topic", "audience": "audience"}


@dataclass(frozen=True)
class SearchRequest:
    """The parameters of a search, within bounds; `filters` are values by name of FILTERS, `page` counts from 1."""

    text: str
    filters: dict[str, str]
    exact: bool
    page: int

    @property
    def tags(self) -> tuple[str, ...]:
        """The filters as tags of the index."""
        return tuple(f"{_TAG_PREFIXES[name]}:{value}" for name, value in self.filters.items())

    def href(self, **changes: str) -> str:
        """The address of the same search with other parameters; an empty value removes one."""
        values = {"q": self.text, **self.filters, "exact": "1" if self.exact else ""} | changes
        return f"{url('search.results')}?{urlencode({name: value for name, value in values.items() if value})}"


class ResultRow(TypedDict):
    """A result as `components/search_result.html` takes it; `lang` is its language where that is not the page's."""

    key: str
    kind: str
    tags: list[str]
    plain_title: str
    title: Markup
    snippet: Markup
    href: str
    lang: str | None


class Chip(TypedDict):
    """A filter, or the link to a page of results."""

    label: str
    href: str
    current: bool
    count: NotRequired[int]


class FilterGroup(TypedDict):
    """The values of one filter, with the link to all of them first."""

    label: str
    items: list[Chip]


class JsonResult(TypedDict):
    """A result in the JSON answer."""

    key: str
    type: str
    title: str
    snippet: str
    url: str
    language: str


@dataclass(frozen=True)
class SearchPage:
    """A search with the results of one page of it; `searcher` is None while there is no index."""

    request: SearchRequest
    results: SearchResults | None
    searcher: Searcher | None
    rows: tuple[ResultRow, ...] = ()

    @property
    def total(self) -> int:
        """The number of results on all pages."""
        return len(self.results.documents) if self.results else 0

    @property
    def corrected(self) -> bool:
        """Whether another text was searched than the one typed."""
        return bool(self.results and self.results.is_corrected)


@bp.get("/search")
def results() -> Response:
    """Results for a query, or an empty search."""
    page = _counted_page()
    response = render(
        "search/results.html",
        search_request=page.request,
        page=page,
        tier=page.results.tier.value if page.results else "",
        searched=page.results.plan.searched if page.results else "",
        corrected=page.corrected,
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
    page = _counted_page()
    results: list[JsonResult] = [
        {
            "key": row["key"],
            "type": row["kind"],
            "title": row["plain_title"],
            "snippet": str(row["snippet"].striptags()),
            "url": row["href"],
            "language": row["lang"] or language(),
        }
        for row in page.rows
    ]
    answer = jsonify(
        query=page.request.text,
        searched=page.results.plan.searched if page.results else page.request.text,
        corrected=page.corrected,
        tier=page.results.tier.value if page.results else Tier.NOTHING.value,
        total=page.total,
        ready=page.searcher is not None,
        results=results,
    )
    return _uncached(answer)


@bp.get("/search/suggest")
def suggest() -> Response:
    """Titles of pages for the beginning of a query."""
    text = request.args.get("q", "")[:LONGEST_TYPED]
    try:
        searcher = search_service().index.searcher()
        documents = searcher.suggest(text, now=request_clock().now.timestamp(), most=SUGGESTIONS)
        entries = searcher.entries(documents)
    except IndexMissing:
        entries = []
    suggestions = [
        {"title": entry.text_in(language(), entry.title), "href": path_below(entry.path)} for entry in entries
    ]
    response = jsonify({"suggestions": suggestions})
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


def _search_request() -> SearchRequest:
    # What is shown again must be something that a page can hold.
    typed = "".join(sign if sign.isprintable() else " " for sign in request.args.get("q", ""))
    text = " ".join(typed.split())[:LONGEST_TYPED]
    filters = {name: value for name in FILTERS if (value := request.args.get(name, "")[:60])}
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 3 else 1
    return SearchRequest(text, filters, request.args.get("exact") == "1", max(number, 1))


def _counted_page() -> SearchPage:
    """The page that the request asks for; the first page of a plain query is counted."""
    search = _search_request()
    page = _search_page(search)
    if page.results and search.page == 1 and not search.filters and not search.exact:
        day = request_clock().now.date()
        search_service().query_counter.count(search.text, language=language(), tier=page.results.tier, day=day)
        write_counts()
    return page


def _search_page(search: SearchRequest) -> SearchPage:
    try:
        searcher = search_service().index.searcher()
    except IndexMissing:
        return SearchPage(search, None, None)
    if not search.text:
        return SearchPage(search, None, searcher)
    try:
        results = searcher.find(search.text, now=request_clock().now.timestamp(), tags=search.tags, exact=search.exact)
        start = (search.page - 1) * PER_PAGE
        entries = searcher.entries(results.documents[start : start + PER_PAGE])
    except Exception:
        # A damaged file gives the page without results; the builder finds the damage and builds anew.
        log.exception("the index %s could not be searched", search_service().index.root)
        search_service().index.drop()
        return SearchPage(search, None, None)
    highlighter = searcher.highlighter(results.plan)
    return SearchPage(search, results, searcher, tuple(_row(entry, highlighter) for entry in entries))


def _row(entry: Entry, highlighter: Highlighter) -> ResultRow:
    wanted = language()
    code = wanted if entry.is_in(wanted) else next(iter(entry.title), wanted)
    foreign = None if code == wanted else code
    title = entry.title.get(code, "")
    label = search_service().labels.get(entry.kind)
    tags = [_(label) if label else entry.kind]
    if foreign:
        names = {record.code: record.name for record in catalogue().site.languages}
        tags.append(_("in %(language)s", language=names.get(foreign, foreign)))
    return {
        "key": entry.key,
        "kind": entry.kind,
        "tags": tags,
        "plain_title": title,
        "title": highlighter.marked(title),
        "snippet": highlighter.snippet(entry.summary.get(code, ""), entry.text.get(code, ""), fill=_embed_text),
        "href": path_below(entry.path),
        "lang": foreign,
    }


def _embed_text(kind: str, id_: str) -> str:
    return body_html([Embed(kind, id_)]).striptags()


def _filters(page: SearchPage) -> list[FilterGroup]:
    """The filters with more than one value among the results, and those in use."""
    if page.results is None or not page.results.counts:
        return []
    counts, search = page.results.counts, page.request
    labels = search_service().labels
    names: dict[str, dict[str, str]] = {
        "type": {kind: _(label) for kind, label in labels.items()},
        "topic": {id_: text_of(topic.name) for id_, topic in catalogue().reference("topics").items()},
        "audience": {id_: text_of(audience.name) for id_, audience in catalogue().reference("audiences").items()},
    }
    titles = {"type": _("By type"), "topic": _("By topic"), "audience": _("By reader")}
    groups: list[FilterGroup] = []
    for name in FILTERS:
        chips = list(_chips(name, names[name], counts, search))
        if len(chips) > 1 or name in search.filters:
            everything: Chip = {
                "label": _("All"),
                "href": search.href(**{name: ""}),
                "current": name not in search.filters,
            }
            groups.append({"label": titles[name], "items": [everything, *chips]})
    return groups


def _chips(name: str, labels: Mapping[str, str], counts: Mapping[str, int], search: SearchRequest) -> Iterator[Chip]:
    for value, label in labels.items():
        count = counts.get(f"{_TAG_PREFIXES[name]}:{value}", 0)
        current = search.filters.get(name) == value
        if count or current:
            yield {"label": label, "href": search.href(**{name: value}), "count": count, "current": current}


def _pages(page: SearchPage) -> list[Chip]:
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
