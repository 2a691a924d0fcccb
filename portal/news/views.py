"""The pages of news: all items by month, and each one alone with its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TypedDict

from flask import Blueprint, Response, request

from portal.content.document import Document
from portal.languages import formatting
from portal.news.item import FORM_LABELS, NEWS, corrections_of, newest_first
from portal.page_cache.query import page_of_list
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.cards import Card
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import page_of, published, published_or_404
from portal.web.forms.fields import page_number
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link
from portal.web.pages import catalogue, public, render, url
from portal.web.syndication import feeds

bp = Blueprint("news", __name__)
PAGE_LENGTH = 20
ON_HOME = 3
OLD = timedelta(days=365)


class DatedLink(Link):
    """A news item as a link with the day of its publication."""

    day: date


class ListedItem(Link):
    """A news item in the list of a month: what kind of news it is, and its day in words and as a date."""

    form: str
    day: str
    iso: str


class Month(TypedDict):
    """The items of one month; `id` is the anchor."""

    id: str
    title: str
    items: list[ListedItem]


@bp.get("/")
@public(query={"page": page_of_list(NEWS.kind, PAGE_LENGTH)})
def index() -> Response:
    """All items by month, the newest first."""
    items = newest_first(published(NEWS.kind))
    last = max(1, -(-len(items) // PAGE_LENGTH))
    number = page_number(request.args.get("page", ""), last=last)
    listed = items[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    return render(
        "news/index.html",
        months=_months(listed),
        pages=[{"label": page, "href": _page_href(page), "current": page == number} for page in range(1, last + 1)],
        previous=_page_href(number - 1) if number > 1 else None,
        next=_page_href(number + 1) if number < last else None,
        feed=url("news.feed"),
        **structured_data.trail(_(NEWS.plural), url("news.index")),
    )


def _page_href(number: int) -> str:
    return url("news.index") + (f"?page={number}" if number > 1 else "")


def _months(items: Sequence[Document]) -> list[Month]:
    def month_of(item: Document) -> tuple[int, int]:
        return item.facts.published_on.year, item.facts.published_on.month

    return [
        {
            "id": f"{year}-{month:02d}",
            "title": formatting.month(group[0].facts.published_on, language()),
            "items": [_listed(item) for item in group],
        }
        for (year, month), in_month in groupby(items, key=month_of)
        if (group := list(in_month))
    ]


def _listed(item: Document) -> ListedItem:
    day = item.facts.published_on
    return {
        **link_to(item),
        "form": _(FORM_LABELS[item.facts.form]),
        "day": formatting.day(day, language()),
        "iso": day.isoformat(),
    }


def home_card() -> Card | None:
    """The newest items on the front page."""
    items = newest_first(published(NEWS.kind))[:ON_HOME]
    links: list[DatedLink] = [{**link_to(item, detail=False), "day": item.facts.published_on} for item in items]
    return Card("news/home_card.html", {"items": links}) if links else None


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One item, with what it corrects and what corrects it."""
    document = published_or_404(NEWS.kind, slug)
    page = page_of(document)
    facts = document.facts
    parent: Link = {"label": _(NEWS.plural), "href": url("news.index")}
    corrections = corrections_of(document.slug, published(NEWS.kind))
    article = None if page.withdrawal else structured_data.article(page)
    return render(
        "news/show.html",
        **page.layout_context(),
        og_type="article",
        form=_(FORM_LABELS[facts.form]),
        day=facts.published_on,
        place=text_of(facts.place),
        number=facts.number,
        corrects=document_link(f"{NEWS.kind}/{facts.corrects}") if facts.corrects else None,
        corrections=[link_to(correction, detail=False) for correction in corrections],
        is_old=request_clock().reached(facts.published_on + OLD),
        **structured_data.trail(page.title, page.href, parent, described=[article]),
    )


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """The news."""
    title = _("%(office)s: news", office=text_of(catalogue().site.short_name))
    return feeds.atom(title, path=url("news.feed"), page=url("news.index"), entries=feeds.publications([NEWS.kind]))
