"""Descriptions for machines (schema.org): only what the page itself says, and that a preview is a demonstration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage
from portal.web.navigation import Link, home_crumb, preview_words
from portal.web.pages import absolute, catalogue, url

Node = dict[str, Any]


def graph(*nodes: Node | None) -> list[Node]:
    """The nodes as one description; in the preview stage each says that the office has not adopted the site."""
    words = preview_words()
    marked = [{**node, "disambiguatingDescription": words} if words else node for node in nodes if node]
    return [{"@context": "https://schema.org", "@graph": marked}]


def office() -> Node:
    """The office, as far as site.yaml tells of it."""
    site = catalogue().site
    node: Node = {
        "@type": "GovernmentOffice",
        "@id": absolute("/#office"),
        "name": text_of(site.name),
        "url": absolute(url("office.index")),
        "areaServed": text_of(site.region),
    }
    if site.description:
        node["description"] = text_of(site.description)
    if site.address:
        country = next((one.territory for one in site.languages if one.territory), "")
        node["address"] = {"@type": "PostalAddress", "streetAddress": text_of(site.address)}
        if country:
            node["address"]["addressCountry"] = country
    return node


def named_office() -> Node:
    """The office by its name and address on this site."""
    return {"@type": "GovernmentOffice", "@id": absolute("/#office"), "name": text_of(catalogue().site.name)}


def breadcrumbs(crumbs: Sequence[Link], title: str, href: str) -> Node:
    """The way from the home page to this page."""
    steps = [*((crumb["label"], crumb["href"]) for crumb in crumbs), (title, href)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
            for number, (name, path) in enumerate(steps, 1)
        ],
    }


class Trail(TypedDict):
    """The variables of a page that its breadcrumb and its description for machines need."""

    crumbs: list[Link]
    structured: list[Node]


def trail(title: str, href: str, *parents: Link | None, described: Iterable[Node | None] = ()) -> Trail:
    """The way from the home page through `parents` to a page, and its description, which begins with `described`."""
    crumbs = [home_crumb(), *(parent for parent in parents if parent)]
    return {"crumbs": crumbs, "structured": graph(*described, breadcrumbs(crumbs, title, href))}


def question(page: DocumentPage) -> Node:
    """A page with one question and its answer."""
    answer = " ".join(filter(None, (page.summary, page.body.striptags())))
    return {
        "@type": "FAQPage",
        **_work(page),
        "mainEntity": [
            {
                "@type": "Question",
                "name": page.title,
                "acceptedAnswer": {"@type": "Answer", "text": answer, "inLanguage": page.document_text.language},
            }
        ],
    }


def questions(links: Iterable[Link]) -> Node:
    """A list of questions, each by its name and address."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": link["label"], "url": absolute(link["href"])}
            for number, link in enumerate(links, 1)
        ],
    }


def service(page: DocumentPage) -> list[Node]:
    """What a guide describes as a service of the office, and the page that describes it."""
    id_ = absolute(f"{page.href}#service")
    offered = {
        "@type": "GovernmentService",
        "@id": id_,
        "name": page.title,
        "description": page.summary,
        "provider": named_office(),
        "areaServed": text_of(catalogue().site.region),
    }
    return [offered, {"@type": "WebPage", "name": page.title, "about": {"@id": id_}, **_work(page)}]


def article(page: DocumentPage) -> Node:
    """A news item."""
    return {
        "@type": "NewsArticle",
        "headline": page.title,
        "datePublished": page.document.facts.published_on.isoformat(),
        "author": named_office(),
        "publisher": named_office(),
        **_work(page),
    }


def legislation(ids: Iterable[str]) -> list[Node]:
    """Rules by number and title, without those that the reference does not know."""
    laws = catalogue().reference("laws")
    known = [(id_, laws[id_]) for id_ in ids if id_ in laws]
    address = absolute(url("office.laws"))
    return [
        {
            "@type": "Legislation",
            "legislationIdentifier": law.number,
            "name": text_of(law.title),
            "url": f"{address}#{id_}",
        }
        for id_, law in known
    ]


def _work(page: DocumentPage) -> Node:
    node: Node = {
        "url": absolute(page.href),
        "description": page.summary,
        "inLanguage": page.document_text.language,
        "dateModified": page.modified.isoformat() if page.modified else None,
        "isBasedOn": legislation(page.basis_ids),
    }
    return {name: value for name, value in node.items() if value}
