"""What robots are told: every public address with its languages and last change, and what to leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree

from flask import Blueprint, Response, abort

from portal.web.addresses import address_of, path_below
from portal.web.documents.page import languages_of, modified_on, published
from portal.web.pages import absolute, catalogue, page_response, public
from portal.web.state import portal
from portal.web.syndication.feeds import xml_response

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
# RFC 9116 recommends less than a year.
VALID_DAYS = 360
NO_CONTACT = (
    "# This is a demonstration that the office has not adopted: nobody is named yet to whom weaknesses are reported.",
    "# The line Contact, which RFC 9116 asks for, is missing until somebody is.",
)
bp = Blueprint("sitemap", __name__)


@dataclass(frozen=True)
class SitemapEntry:
    """A page by its path below the language, the languages in which it is published, and its last change in each."""

    path: str
    languages: tuple[str, ...]
    modified: tuple[tuple[str, date], ...] = ()


@bp.get("/sitemap.xml")
@public()
def sitemap() -> Response:
    """Every public page in every language in which it is published."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for address in addresses():
        for code in address.languages:
            root.append(_page(address, code))
    return xml_response(root, "application/xml")


@bp.get("/robots.txt")
@public()
def robots() -> Response:
    """What robots may read; a preview lets them read that every page asks not to be listed."""
    lines = ["User-agent: *", "Disallow: /language/"]
    lines += [f"Disallow: /{code}/staff/" for code in catalogue().site.language_codes]
    if catalogue().site.is_preview:
        lines.insert(0, "# A demonstration that the office has not adopted: every page asks not to be listed.")
    else:
        lines += ["", f"Sitemap: {absolute('/sitemap.xml')}"]
    return page_response(("\n".join(lines) + "\n").encode(), content_type="text/plain; charset=utf-8")


@bp.get("/.well-known/security.txt")
@public()
def security_txt() -> Response:
    """Where weaknesses are reported (RFC 9116); a year after somebody looked at it last it expires."""
    site = catalogue().site
    if site.security is None:
        abort(404)
    expires = site.security.reviewed_on + timedelta(days=VALID_DAYS)
    lines = [f"Contact: {site.security.contact}"] if site.security.contact else list(NO_CONTACT)
    lines += [
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {', '.join(site.language_codes)}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    ]
    return page_response(("\n".join(lines) + "\n").encode(), content_type="text/plain; charset=utf-8")


def addresses() -> Iterator[SitemapEntry]:
    """The pages that features list, then those of documents."""
    for made in portal().sitemap:
        yield from made()
    for kind in catalogue().kinds():
        type_ = portal().types.get(kind)
        # Transient documents are linked from where they hold.
        if type_ and not type_.is_transient:
            yield from _documents(kind)


def _documents(kind: str) -> Iterator[SitemapEntry]:
    has_parts = portal().types[kind].has_parts
    for document in published(kind):
        codes = tuple(languages_of(document))
        modified = tuple((code, day) for code in codes if (day := modified_on(document, code)))
        path = address_of(document, codes[0]).partition("/")[2].partition("/")[2]
        yield SitemapEntry(path, codes, modified)
        if has_parts:
            ids = [part.id for part in document.bodies[codes[0]].parts if part.id]
            yield from (SitemapEntry(f"{path}/{id_}", codes, modified) for id_ in ids[1:])


def in_every_language(paths: Iterable[str]) -> list[SitemapEntry]:
    """Pages that stand in every language of the site."""
    codes = catalogue().site.language_codes
    return [SitemapEntry(path, codes) for path in paths]


def _page(address: SitemapEntry, code: str) -> ElementTree.Element:
    element = ElementTree.Element("url")
    ElementTree.SubElement(element, "loc").text = absolute(path_below(address.path, code))
    modified = dict(address.modified).get(code)
    if modified:
        ElementTree.SubElement(element, "lastmod").text = modified.isoformat()
    if len(address.languages) > 1:
        for other in (*address.languages, "x-default"):
            target = address.languages[0] if other == "x-default" else other
            href = absolute(path_below(address.path, target))
            ElementTree.SubElement(element, "xhtml:link", {"rel": "alternate", "hreflang": other, "href": href})
    return element
