"""Atom feeds: news and changes in one language, the newest first, with no more than readers may see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree import ElementTree

from werkzeug.utils import get_content_type

from portal.content.document import Change, Document
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import published
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import PageResponse, absolute, catalogue, page_response

ATOM = "http://www.w3.org/2005/Atom"
LONGEST = 50
# What XML 1.0 cannot hold, even written as a reference.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry: the page it leads to, an anchor that tells entries of one page apart, its words and its instant."""

    href: str
    anchor: str
    title: str
    summary: str
    updated: datetime
    language: str

    @property
    def id(self) -> str:
        """The entry's name for ever."""
        return absolute(f"{self.href}#{self.anchor}" if self.anchor else self.href)


def changes_of(kinds: Iterable[str]) -> list[Entry]:
    """An entry for each change that documents of these kinds tell of."""
    return [entry for kind in kinds for document in published(kind) for entry in _changes(document)]


def publications(kinds: Iterable[str]) -> list[Entry]:
    """An entry for each document of these kinds on the day of its publication."""
    return [
        Entry(
            href=address_of(document),
            anchor="",
            title=text.words.title,
            summary=text.words.summary,
            updated=request_clock().midnight(document.facts.published_on),
            language=text.language,
        )
        for kind in kinds
        for document in published(kind)
        if (text := document.words_in(language()))
    ]


def _changes(document: Document) -> list[Entry]:
    text = document.words_in(language())
    past = [change for change in text.words.changes if request_clock().reached(change.on)]
    return [
        Entry(
            href=address_of(document),
            anchor=f"{change.on.isoformat()}-{number}" if number else change.on.isoformat(),
            title=text.words.title,
            summary=change.note,
            updated=request_clock().midnight(change.on),
            language=text.language,
        )
        for number, change in _numbered(past)
    ]


def _numbered(changes: Iterable[Change]) -> Iterator[tuple[int, Change]]:
    """Each change with its number among those of the same day, so that two changes of a day keep two names."""
    seen: Counter[date] = Counter()
    for change in changes:
        yield seen[change.on], change
        seen[change.on] += 1


def atom(title: str, *, path: str, page: str, entries: Iterable[Entry]) -> PageResponse:
    """A feed of the newest entries under `path`, whose page for people is `page`."""
    newest = sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)[:LONGEST]
    words = preview_words()
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": language()})
    _text(root, "id", absolute(path))
    _text(root, "title", f"{title}. {words}" if words else title)
    if words:
        _text(root, "subtitle", words)
    _text(root, "updated", (newest[0].updated if newest else _beginning()).isoformat())
    ElementTree.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": absolute(path)})
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": absolute(page)})
    author = ElementTree.SubElement(root, "author")
    _text(author, "name", text_of(catalogue().site.name))
    for entry in newest:
        root.append(_entry(entry, words))
    return xml_response(root, "application/atom+xml")


def _entry(entry: Entry, words: str) -> ElementTree.Element:
    element = ElementTree.Element("entry", {"xml:lang": entry.language} if entry.language != language() else {})
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated.isoformat())
    ElementTree.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": absolute(entry.href)})
    _text(element, "summary", " ".join(filter(None, (entry.summary, words))))
    return element


def _beginning() -> datetime:
    # A feed without entries still has to say when it changed; the day of the sources is the oldest it can know.
    written = catalogue().site.sources_as_of or "2026-01-01"
    return request_clock().midnight(datetime.fromisoformat(written).date())


def _text(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, name).text = UNWRITABLE.sub("", words)


def xml_response(root: ElementTree.Element, mimetype: str) -> PageResponse:
    """An XML document that the page cache may store and that robots do not list."""
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = page_response(body, content_type=get_content_type(mimetype, "utf-8"))
    response.headers["X-Robots-Tag"] = "noindex"
    return response
