"""What is the same on every page, on pages of its own: topics, words, rules, fees, and the office of each district."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from flask import Response, abort, request

from portal.content.document import Document
from portal.content.reference import District, capitalised
from portal.office.documents import PAGE
from portal.office.laws import uses_of_rules
from portal.office.views.blueprint import bp
from portal.page_cache.query import record_of
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.cards import card_assets
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import Group, link_to
from portal.web.documents.page import page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue, public, render, url
from portal.web.state import cards, portal


class CoverageAnswer(TypedDict):
    """The office that covers a district; `address` is empty when it is no place of the reference."""

    district: str
    office: str
    address: str
    certainty: str
    note: str


def lasting_documents() -> list[Document]:
    """Every published document but the transient ones."""
    types = portal().types
    kinds = [kind for kind in catalogue().kinds() if kind in types and not types[kind].is_transient]
    return [document for kind in kinds for document in published(kind)]


def _by_title(documents: Iterable[Document]) -> list[Link]:
    by_title = sorted(documents, key=lambda document: document.title(language()).casefold())
    return [link_to(document) for document in by_title]


@bp.get("/topics/")
@public()
def topics() -> Response:
    """Every topic that has something to show."""
    used = {id_ for document in lasting_documents() for id_ in document.facts.topics}
    links = [
        {"label": text_of(topic.name), "href": url("office.topic", id_=id_), "detail": text_of(topic.summary)}
        for id_, topic in catalogue().reference("topics").items()
        if id_ in used
    ]
    return render("office/topics.html", links=links, **structured_data.trail(_("Topics"), url("office.topics")))


@bp.get("/topics/<id_>")
@public()
def topic(id_: str) -> Response:
    """Everything on one topic, by kind."""
    record = catalogue().reference("topics").get(id_)
    if record is None:
        abort(404)
    documents = [document for document in lasting_documents() if id_ in document.facts.topics]
    headed = [(type_.topic_section, type_.kind) for type_ in portal().types.values() if type_.topic_section]
    sections = [
        Group(kind, _(section.title), "", links)
        for section, kind in sorted(headed, key=lambda pair: pair[0].position)
        if (links := _by_title(document for document in documents if document.kind == kind))
    ]
    name = text_of(record.name)
    return render(
        "office/topic.html",
        name=name,
        summary=text_of(record.summary),
        description=text_of(record.summary) or None,
        sections=sections,
        **structured_data.trail(
            name, url("office.topic", id_=id_), {"label": _("Topics"), "href": url("office.topics")}
        ),
    )


@bp.get("/glossary")
@public()
def glossary() -> Response:
    """The words of the field, in the order of the alphabet."""
    terms = [
        {
            "id": id_,
            "term": capitalised(text_of(term.term)),
            "definition": text_of(term.definition),
            "also": term.also.get(language(), ()),
            "basis": law_links(term.legal_basis),
        }
        for id_, term in catalogue().reference("glossary").items()
    ]
    terms.sort(key=lambda term: str(term["term"]).casefold())
    return render("office/glossary.html", terms=terms, **structured_data.trail(_("Glossary"), url("office.glossary")))


def law_links(ids: Iterable[str]) -> list[Link]:
    """Links to these rules on the page of rules; unknown ids are left out."""
    laws = catalogue().reference("laws")
    return [{"label": laws[id_].number, "href": f"{url('office.laws')}#{id_}"} for id_ in ids if id_ in laws]


@bp.get("/laws")
@public()
def laws() -> Response:
    """Every rule with what it governs, since when it holds, what changed it, and which pages rest on it."""
    uses = uses_of_rules(lasting_documents())
    known, clock = catalogue().reference("laws"), request_clock()
    rules = [
        {
            "id": id_,
            "number": law.number,
            "title": text_of(law.title),
            "governs": text_of(law.governs),
            "since": law.since,
            "until": law.until,
            "in_force": clock.law_holds(law),
            "amended_by": law_links(law.amended_by),
            "replaces": law_links(law.replaces),
            "repealed_by": law_links(other for other, newer in known.items() if id_ in newer.replaces),
            "url": law.url,
            "note": text_of(law.note),
            "uses": [link_to(document, detail=False) for document in uses.get(id_, [])],
        }
        for id_, law in known.items()
    ]
    return render("office/laws.html", rules=rules, **structured_data.trail(_("Rules and laws"), url("office.laws")))


@bp.get("/coverage")
@public(query={"district": record_of("districts")})
def coverage() -> Response:
    """Which office covers a district: the answer for the chosen one, then the words of the page."""
    page = page_of(published_or_404(PAGE.kind, "coverage"))
    districts = catalogue().reference("districts")
    chosen = request.args.get("district", "")
    coverage_cards = cards("coverage")
    return render(
        "office/coverage.html",
        **page.layout_context(),
        choices=sorted(
            ({"value": id_, "label": text_of(district.name)} for id_, district in districts.items()),
            key=lambda choice: choice["label"].casefold(),
        ),
        chosen=chosen if chosen in districts else "",
        answer=_covering(districts[chosen]) if chosen in districts else None,
        cards=coverage_cards,
        **card_assets(coverage_cards),
        **structured_data.trail(page.title, page.href),
    )


def _covering(district: District) -> CoverageAnswer:
    """The office of a district: a place of the reference, or words."""
    place = catalogue().reference("places").get(district.office) if isinstance(district.office, str) else None
    return {
        "district": text_of(district.name),
        "office": text_of(place.name if place else district.office),
        "address": text_of(place.address) if place and place.address else "",
        "certainty": district.certainty,
        "note": text_of(district.note),
    }
