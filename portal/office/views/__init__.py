"""The front page, the pages of the office, alerts, and the feed of everything new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response

from portal.content.document import Document
from portal.office.latest import latest
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.cards import needs
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import modified_on, page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, home_crumb, site_link
from portal.web.pages import catalogue, public, render, url
from portal.web.state import cards, portal
from portal.web.syndication import feeds, sitemap

bp = Blueprint("office", __name__)
LATEST = 5
NEWEST_NEWS = 3
# Kinds whose changes are told in another way: news has its own list, alerts come and go.
NOT_PAGES = ("news", "alerts")
# Kinds of pages in the order in which changes of one day are told on the front page; what has dates has its own cards.
LASTING = ("guidance", "permits", "faq", "pages")


@bp.get("/")
@public()
def index() -> Response:
    """The front page: a question field, what people come for, what is new."""
    site = catalogue().site
    made = cards("home")
    return render(
        "office/index.html",
        description=text_of(site.description) or None,
        tasks=_links("tasks"),
        frequent=_links("frequent"),
        **needs(made),
        note=_note(site.home.get("note")),
        top=[one for one in made if one.where == "top"],
        main=[one for one in made if one.where == "main"],
        aside=[one for one in made if one.where == "aside"],
        changed=[_changed(document, day) for document, day in _latest_pages()],
        news=[_changed(document, day) for document, day in _latest_news()],
        feed=url("office.feed"),
        structured=structured_data.graph(structured_data.office()),
    )


def _links(name: str) -> list[Link]:
    return [link for item in catalogue().site.home.get(name, []) if (link := site_link(item))]


def _note(written: Any) -> dict[str, Any] | None:
    if not written:
        return None
    return {
        "kind": written.get("kind", "info"),
        "title": text_of(written.get("title", "")),
        "text": text_of(written.get("text", "")),
        "link": site_link(written["link"]) if written.get("link") else None,
    }


def page_kinds() -> list[str]:
    """The kinds of documents whose changes readers are told of."""
    return [kind for kind in catalogue().kinds() if kind in portal().types and kind not in NOT_PAGES]


def _latest_pages() -> list[tuple[Document, date]]:
    return latest(_dated(document for kind in LASTING for document in published(kind)), LATEST)


def _latest_news() -> list[tuple[Document, date]]:
    return latest(((item, item.facts.published_on) for item in published("news")), NEWEST_NEWS)


def _dated(documents: Iterable[Document]) -> list[tuple[Document, date]]:
    code = language()
    return [(document, day) for document in documents if (day := modified_on(document, code))]


def _changed(document: Document, day: date) -> dict[str, Any]:
    return {**link_to(document, detail=False), "day": day}


@bp.get("/<slug>")
@public()
def page(slug: str) -> Response:
    """A page of the office, such as about, privacy or accessibility."""
    found = page_of(published_or_404("pages", slug))
    crumbs = [home_crumb()]
    about = structured_data.office() if slug == "about" else None
    return render(
        "office/page.html",
        **found.layout_context(),
        crumbs=crumbs,
        structured=structured_data.graph(about, structured_data.breadcrumbs(crumbs, found.title, found.href)),
    )


@bp.get("/alerts/<slug>")
@public()
def alert(slug: str) -> Response:
    """An alert with all it has to say, and whether it still holds."""
    found = page_of(published_or_404("alerts", slug))
    facts = found.document.facts
    return render(
        "office/alert.html",
        **{**found.layout_context(), "robots": "noindex"},
        starts=facts.starts.astimezone(request_clock().zone),
        ends=facts.ends.astimezone(request_clock().zone),
        is_over=request_clock().passed(facts.ends),
        is_ahead=not request_clock().passed(facts.starts),
        crumbs=[home_crumb()],
    )


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """News, changes of pages and alerts."""
    title = _("%(office)s: everything new", office=text_of(catalogue().site.short_name))
    entries = [*feeds.publications(["news"]), *feeds.changes_of(page_kinds()), *_begun_alerts()]
    return feeds.atom(title, path=url("office.feed"), page=url("office.index"), entries=entries)


def _begun_alerts() -> list[feeds.Entry]:
    return [
        feeds.Entry(
            href=url("office.alert", slug=one.slug),
            mark="",
            title=wording.words.title,
            summary=wording.words.summary,
            updated=one.facts.starts.astimezone(request_clock().zone),
            language=wording.language,
        )
        for one in published("alerts")
        if request_clock().passed(one.facts.starts) and (wording := one.words_in(language()))
    ]


def sitemap_entries() -> list[sitemap.SitemapEntry]:
    paths = ["", "guidance/", "faq/", "news/", "topics/", "glossary", "laws", "fees"]
    paths += [f"topics/{id_}" for id_ in catalogue().reference("topics")]
    return sitemap.everywhere(paths)


from portal.office.views import design, reference  # noqa: E402, F401 - their views join the blueprint above
