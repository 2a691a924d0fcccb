"""The front page, the feed of everything new, and the lists of the whole site for the sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict

from flask import Response

from portal.content.document import Document, DocumentType
from portal.office.documents import ALERT
from portal.office.views.blueprint import bp
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.cards import card_assets
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import modified_on, published
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, site_link
from portal.web.pages import catalogue, public, render, url
from portal.web.state import cards, portal
from portal.web.syndication import feeds, sitemap

LATEST = 5


class ChangedLink(Link):
    """A document that changed, with the day of its newest change."""

    day: date


class HomeNote(TypedDict):
    """The note on the front page as site.yaml gives it, in this language."""

    kind: str
    title: str
    text: str
    link: Link | None


@bp.get("/")
@public()
def index() -> Response:
    """The front page: a question field, what people come for, what is new."""
    site = catalogue().site
    home_cards = cards("home")
    return render(
        "office/index.html",
        description=text_of(site.description) or None,
        tasks=_links("tasks"),
        frequent=_links("frequent"),
        **card_assets(home_cards),
        note=_note(site.home.get("note")),
        top=[card for card in home_cards if card.where == "top"],
        main=[card for card in home_cards if card.where == "main"],
        aside=[card for card in home_cards if card.where == "aside"],
        changed=_changed(),
        feed=url("office.feed"),
        structured=structured_data.graph(structured_data.office()),
    )


def _links(name: str) -> list[Link]:
    return [link for item in catalogue().site.home.get(name, []) if (link := site_link(item))]


def _note(written: Mapping[str, Any] | None) -> HomeNote | None:
    if not written:
        return None
    return {
        "kind": written.get("kind", "info"),
        "title": text_of(written.get("title", "")),
        "text": text_of(written.get("text", "")),
        "link": site_link(written["link"]) if written.get("link") else None,
    }


def _changed() -> list[ChangedLink]:
    kinds = sorted(
        (type_.home_position, type_.kind) for type_ in portal().types.values() if type_.home_position is not None
    )
    documents = [document for _position, kind in kinds for document in published(kind)]
    code = language()
    dated = [(document, day) for document in documents if (day := modified_on(document, code))]
    return [{**link_to(document, detail=False), "day": day} for document, day in latest(dated, LATEST)]


def latest(documents: Iterable[tuple[Document, date]], count: int) -> list[tuple[Document, date]]:
    """The `count` documents with the newest days; those of one day in the order in which they are given."""
    return sorted(documents, key=lambda pair: pair[1], reverse=True)[:count]


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """Publications, changes of documents, and alerts."""
    title = _("%(office)s: everything new", office=text_of(catalogue().site.short_name))
    types = portal().types.values()
    entries = [
        *feeds.publications(type_.kind for type_ in types if type_.feed == "publications"),
        *feeds.changes_of(type_.kind for type_ in types if type_.feed == "changes"),
        *_begun_alerts(),
    ]
    return feeds.atom(title, path=url("office.feed"), page=url("office.index"), entries=entries)


def _begun_alerts() -> list[feeds.Entry]:
    return [
        feeds.Entry(
            href=url("office.alert", slug=alert.slug),
            anchor="",
            title=localized.words.title,
            summary=localized.words.summary,
            updated=alert.facts.starts.astimezone(request_clock().zone),
            language=localized.language,
        )
        for alert in published(ALERT.kind)
        if request_clock().passed(alert.facts.starts) and (localized := alert.words_in(language()))
    ]


def sitemap_entries() -> list[sitemap.SitemapEntry]:
    """The front page, the lists of kinds, topics and references, in every language of the site."""
    listed = sorted((type_ for type_ in portal().types.values() if type_.index_in_sitemap), key=_list_position)
    paths = ["", *(f"{type_.kind}/" for type_ in listed), "topics/", "glossary", "laws", "fees"]
    return sitemap.in_every_language([*paths, *(f"topics/{id_}" for id_ in catalogue().reference("topics"))])


def _list_position(type_: DocumentType) -> int:
    # In the order in which topics list the kinds.
    return type_.topic_section.position if type_.topic_section else type_.position
