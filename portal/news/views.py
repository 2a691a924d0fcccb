"""The pages of news: all items by month, and each one alone with its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, request

from portal.content.document import Document
from portal.languages import formatting
from portal.news.item import corrections_of, newest_first
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link, home_crumb
from portal.web.pages import catalogue, public, render, url
from portal.web.syndication import feeds

bp = Blueprint("news", __name__)
KIND = "news"
PAGE_LENGTH = 20
OLD = timedelta(days=365)


def label() -> str:
    """The word of the main navigation."""
    return _("News")


def forms() -> dict[str, str]:
    """The kinds of news by key."""
    return {
        "press-release": _("Press release"),
        "announcement": _("Announcement"),
        "story": _("Story"),
        "correction": _("Correction"),
    }


@bp.get("/")
@public(query=("page",))
def index() -> Response:
    """All items by month, the newest first."""
    items = newest_first(published(KIND))
    last = max(1, -(-len(items) // PAGE_LENGTH))
    number = _page_number(request.args.get("page", ""), last)
    listed = items[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    crumbs = [home_crumb()]
    return render(
        "news/index.html",
        months=_months(listed),
        pages=[{"label": one, "href": _page_href(one), "current": one == number} for one in range(1, last + 1)],
        previous=_page_href(number - 1) if number > 1 else None,
        next=_page_href(number + 1) if number < last else None,
        feed=url("news.feed"),
        crumbs=crumbs,
        structured=structured_data.graph(structured_data.breadcrumbs(crumbs, label(), url("news.index"))),
    )


def _page_number(written: str, last: int) -> int:
    return min(int(written), last) if written.isdecimal() and written.isascii() and int(written[:6]) > 0 else 1


def _page_href(number: int) -> str:
    return url("news.index") + (f"?page={number}" if number > 1 else "")


def _months(items: Sequence[Document]) -> list[dict[str, Any]]:
    def month_of(item: Document) -> tuple[int, int]:
        return item.facts.published_on.year, item.facts.published_on.month

    return [
        {
            "id": f"{year}-{month:02d}",
            "title": formatting.month(group[0].facts.published_on, language()),
            "items": [summary_of(item) for item in group],
        }
        for (year, month), found in groupby(items, key=month_of)
        if (group := list(found))
    ]


def summary_of(item: Document) -> dict[str, Any]:
    """An item in a list: its link, its kind and its day."""
    day = item.facts.published_on
    return {
        **link_to(item),
        "form": forms()[item.facts.form],
        "day": formatting.day(day, language()),
        "iso": day.isoformat(),
    }


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One item, with what it corrects and what corrects it."""
    document = published_or_404(KIND, slug)
    page = page_of(document)
    facts = document.facts
    crumbs: list[Link] = [home_crumb(), {"label": label(), "href": url("news.index")}]
    corrections = [link_to(one, detail=False) for one in corrections_of(document.slug, published(KIND))]
    article = None if page.withdrawal else structured_data.article(page)
    return render(
        "news/show.html",
        **page.layout_context(),
        og_type="article",
        form=forms()[facts.form],
        day=facts.published_on,
        place=text_of(facts.place),
        number=facts.number,
        corrects=document_link(f"{KIND}/{facts.corrects}") if facts.corrects else None,
        corrections=corrections,
        is_old=request_clock().reached(facts.published_on + OLD),
        crumbs=crumbs,
        structured=structured_data.graph(article, structured_data.breadcrumbs(crumbs, page.title, page.href)),
    )


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """The news."""
    title = _("%(office)s: news", office=text_of(catalogue().site.short_name))
    return feeds.atom(title, path=url("news.feed"), page=url("news.index"), entries=feeds.publications([KIND]))
