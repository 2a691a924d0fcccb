"""What stands around every page: the words of navigation, alerts, the footer, the preview notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict
from urllib.parse import urlencode

from flask import current_app, request

from portal.content.catalogue import Site
from portal.web.addresses import absolute, address_of, document_path, path_below, url
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue
from portal.web.rendering.fragments import fragment
from portal.web.state import portal

SEVERITIES = ("emergency", "major", "notice")
SEARCH_ENDPOINT = "search.results"


class Link(TypedDict):
    """A link as the components take it."""

    label: str
    href: str
    detail: NotRequired[str]
    lang: NotRequired[str]


class NavigationItem(Link):
    """A word of the main navigation; `current` is "page" on its own page, True on pages below it."""

    current: str | bool


class AlertRow(TypedDict):
    """An alert as the alert bar takes it; `href` when it has a text, `lang` when it is in another language."""

    severity: str
    title: str
    summary: str
    href: str | None
    lang: str | None


class FooterList(TypedDict):
    """A list of the footer: its title and its links."""

    title: str
    links: list[Link]


class LayoutVariables(TypedDict):
    """The variables that every template has beside its own."""

    site: Site
    layout: LayoutContext


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the main navigation: its endpoint and its label, a message of the catalogues."""

    endpoint: str
    label: str
    position: int = 0


class LayoutContext:
    """What stands around every page; each part is made only when a template asks for it."""

    @property
    def home(self) -> str:
        """The address of the home page in this language."""
        return url("office.index")

    @property
    def search(self) -> str | None:
        """The address of the search page, when there is a search."""
        return url(SEARCH_ENDPOINT) if SEARCH_ENDPOINT in current_app.view_functions else None

    @property
    def navigation(self) -> list[NavigationItem]:
        """The words of the main navigation: label, href, current."""
        return navigation()

    @property
    def alerts(self) -> list[AlertRow]:
        """The alerts that hold on this page now, the gravest first."""
        return alerts()

    def footer(self, macro: Callable[[list[FooterList]], str]) -> str:
        """The footer as that macro makes it of its lists: title and links with label and href."""
        return fragment("footer", lambda: macro(footer(catalogue().site.footer)))

    @property
    def canonical(self) -> str:
        """The page's one public address."""
        return absolute(request.path)

    @property
    def base_url(self) -> str:
        """Scheme and host of the site."""
        return portal().settings.base_url

    @property
    def is_development(self) -> bool:
        """Whether this is a developer's machine."""
        return portal().settings.environment == "development"

    def alternates(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """Language and public address of this page in each of those languages."""
        return [(code, absolute(path_in(code))) for code in codes]

    def switches(self) -> list[dict[str, str]]:
        """Links to this page, with its query, in the other languages."""
        return switches()


def layout_context() -> LayoutVariables:
    """The variables that every template has beside its own."""
    return {"site": catalogue().site, "layout": LayoutContext()}


def home_crumb() -> Link:
    """The first entry of every breadcrumb."""
    return {"label": _("Home"), "href": url("office.index")}


def preview_words() -> str:
    """The sentence by which feeds, shared texts and descriptions tell that this is a demonstration, or nothing."""
    if not catalogue().site.is_preview:
        return ""
    return _("Demonstration from public sources. The office has not adopted this site yet.")


def path_in(code: str) -> str:
    """This page's path in another language."""
    return path_below(request.path.lstrip("/").partition("/")[2], code)


def navigation() -> list[NavigationItem]:
    """The main navigation, this page’s entry marked as current; a feature without a document is left out."""
    here = request.path
    items: list[NavigationItem] = []
    for label, href in fragment("navigation", _navigation):
        current: str | bool = "page" if here == href else here.startswith(href.rstrip("/") + "/")
        items.append({"label": label, "href": href, "current": current})
    return items


def _navigation() -> list[tuple[str, str]]:
    return [
        (_(entry.label), url(entry.endpoint))
        for entry in portal().menu
        if (kind := entry.endpoint.partition(".")[0]) not in portal().types or catalogue().has_any(kind)
    ]


def switches() -> list[dict[str, str]]:
    """Links to this page, with its query, in the other languages."""
    query = "?" + urlencode(list(request.args.items(multi=True))) if request.args else ""
    to = urlencode({"to": request.path + query})
    return [
        {"href": f"/language/{other.code}?{to}", "label": other.name, "lang": other.code}
        for other in catalogue().site.languages
        if other.code != language()
    ]


def footer(lists: Mapping[str, Any]) -> list[FooterList]:
    """The footer's lists: titles and links as site.yaml gives them, keys resolved to addresses and titles."""
    results: list[FooterList] = []
    for group in lists.get("lists", []):
        links = [link for item in group.get("links", []) if (link := site_link(item))]
        results.append({"title": text_of(group.get("title", "")), "links": links})
    return results


def site_link(item: Any) -> Link | None:
    """A link as site.yaml writes it: the key of a document, or `to`, `label` and `detail`.

    `to` is the key of a document, the path of another page below the language such as `fees`, or an https address.
    A document that readers may not see now gives nothing.
    """
    if isinstance(item, str):
        return document_link(item)
    to = str(item.get("to", ""))
    path, _hash, _anchor = to.partition("#")
    link: Link | None
    if to.startswith("https://"):
        link = {"label": to, "href": to}
    elif path.partition("/")[0] in portal().types and path.partition("/")[2]:
        link = document_link(to)
    else:
        link = {"label": to, "href": path_below(f"{to}/" if to in portal().types else to)}
    if link and item.get("label"):
        link = {"label": text_of(item["label"]), "href": link["href"]}
    if link and item.get("detail"):
        link["detail"] = text_of(item["detail"])
    return link


def document_link(key: str) -> Link | None:
    """Title and address of the document `kind/slug`, when it is published now; a part may follow after `#`."""
    path, _hash, anchor = key.partition("#")
    document = catalogue().find(path)
    if document is None:
        return None
    version = request_clock().version_of(document)
    if version.facts.status != "published" or not request_clock().shows(version):
        return None
    document_text = version.words_in(language())
    link: Link = {
        "label": str(document_text.words.title),
        "href": document_path(version.kind, version.slug, part=anchor),
    }
    if document_text.is_fallback:
        link["lang"] = document_text.language
    return link


def _page_path(key: str) -> str:
    return key.removeprefix("pages/")


def alerts() -> list[AlertRow]:
    """The alerts that hold on this page now, the gravest first."""
    path = request.path.lstrip("/").partition("/")[2]
    results: list[AlertRow] = []
    for document in map(request_clock().version_of, catalogue().all("alerts")):
        facts = document.facts
        is_on = facts.on == "site" or any(path == on or path.startswith(f"{on}/") for on in map(_page_path, facts.on))
        if not is_on or facts.status != "published" or not request_clock().shows(document):
            continue
        if not request_clock().in_window(facts.starts, facts.ends):
            continue
        document_text = document.words_in(language())
        results.append(
            {
                "severity": facts.severity,
                "title": document_text.words.title,
                "summary": document_text.words.summary,
                "href": address_of(document) if document_text.body.parts else None,
                "lang": document_text.language if document_text.is_fallback else None,
            }
        )
    return sorted(results, key=lambda alert: SEVERITIES.index(alert["severity"]))
