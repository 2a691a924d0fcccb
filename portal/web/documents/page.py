"""What pages of every feature say of a document: the version that holds, its words, notices, sources and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypedDict

from flask import abort
from markupsafe import Markup

from portal.content.document import PRIMARY_LANGUAGE, Document, DocumentText
from portal.content.markdown.body import Part
from portal.content.reference import Contact
from portal.languages import formatting
from portal.web.addresses import address_of
from portal.web.clock import RequestClock, request_clock
from portal.web.documents.as_of import AsOf, requested_as_of
from portal.web.documents.embeds import fill, host_of, text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link
from portal.web.pages import absolute, body_html, catalogue, embed_context, url


class Withdrawal(TypedDict):
    """Why a page was withdrawn, and the document that holds instead."""

    reason: str
    successor: Link | None


class Door(TypedDict):
    """An official service to which a page leads: the button's words and address, other addresses, our page about it.

    `name` is how texts name it: the app's name, or the name of the site.
    """

    name: str
    label: str
    href: str
    others: list[Link]
    guide: Link | None
    looked_up: str


def published(kind: str) -> list[Document]:
    """The versions of that kind which readers may see now, withdrawn ones left out."""
    now = request_clock()
    versions = (now.version_of(document) for document in catalogue().all(kind))
    return [version for version in versions if _is_published(version, now)]


def is_published(version: Document) -> bool:
    """Whether this version is published now."""
    return _is_published(version, request_clock())


def _is_published(version: Document, now: RequestClock) -> bool:
    return version.facts.status == "published" and now.shows(version)


def published_or_404(kind: str, slug: str) -> Document:
    """The version of that document for readers, a withdrawn one included; no such page ends in 404."""
    document = catalogue().get(kind, slug)
    if document is None:
        abort(404)
    version = request_clock().version_of(document)
    if not request_clock().shows(version):
        abort(404)
    return version


def modified_on(document: Document, code: str) -> date | None:
    """The day of the newest change that its words tell of, or of a news item's publication."""
    days = [change.on for change in document.words_in(code).words.changes if request_clock().reached(change.on)]
    published = getattr(document.facts, "published_on", None)
    return max([*days, published] if published else days, default=None)


def languages_of(document: Document) -> list[str]:
    """The languages of the site in which this document has words, the primary one first."""
    return [code for code in catalogue().site.language_codes if code in document.words]


@dataclass(frozen=True)
class DocumentPage:
    """A document as a page of one language shows it."""

    document: Document
    code: str

    @cached_property
    def document_text(self) -> DocumentText:
        """Its words in the page's language, or the Indonesian ones."""
        return self.document.words_in(self.code)

    @property
    def words(self) -> Any:
        """The front matter."""
        return self.document_text.words

    @property
    def title(self) -> str:
        """The title."""
        return str(self.words.title)

    @property
    def summary(self) -> str:
        """The summary, or nothing."""
        return str(self.words.summary)

    @cached_property
    def body(self) -> Markup:
        """The whole text with its embeds filled."""
        return body_html(self.document_text.body.segments)

    @cached_property
    def inline(self) -> dict[str, Markup]:
        """The texts of the front matter with their embeds filled, by key."""
        context = embed_context()
        return {key: fill(segments, context) for key, segments in self.document_text.body.inline.items()}

    @property
    def foreign(self) -> str | None:
        """The language of the words where it is not the page's."""
        return self.document_text.language if self.document_text.is_fallback else None

    @cached_property
    def href(self) -> str:
        """The path of the page."""
        return address_of(self.document, self.code)

    @property
    def certainty(self) -> str:
        """`sourced`, `check` or `ask-office`."""
        return str(self.document.facts.certainty)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """What the office has still to confirm, in the words of the page; kinds without such a list have none."""
        return tuple(getattr(self.words, "unconfirmed", ()))

    @cached_property
    def as_of(self) -> AsOf | None:
        """The other day whose amounts the reader asked for."""
        return requested_as_of()

    @property
    def is_dated(self) -> bool:
        """Whether amounts stand on the page that were or will be others on another day."""
        fees = catalogue().reference("fees")
        return any(len(fees[id_].values) > 1 for id_ in self._fee_ids() if id_ in fees)

    @cached_property
    def modified(self) -> date | None:
        """The day of the last change."""
        return modified_on(self.document, self.code)

    @property
    def newer_on(self) -> date | None:
        """The day of the newer Indonesian version, when these words translate an older one."""
        if not self.words.translates or not self.document.is_outdated(self.code):
            return None
        return modified_on(self.document, PRIMARY_LANGUAGE)

    @property
    def newer_href(self) -> str:
        """The path of the Indonesian version."""
        return address_of(self.document, PRIMARY_LANGUAGE)

    @cached_property
    def withdrawal(self) -> Withdrawal | None:
        """Reason and successor of a withdrawn page."""
        facts = self.document.facts
        if facts.status != "withdrawn":
            return None
        withdrawn = facts.withdrawn
        return {
            "reason": text_of(withdrawn.reason) if withdrawn else "",
            "successor": document_link(withdrawn.successor) if withdrawn and withdrawn.successor else None,
        }

    @cached_property
    def basis(self) -> list[Link]:
        """The rules on which the page rests on its day: those in force, and those of the amounts it shows."""
        return self._laws(self.basis_ids)

    @cached_property
    def unsaid_basis(self) -> list[Link]:
        """Those of the rules which the text itself does not name."""
        said = {embed.id for embed in self.document_text.body.embeds if embed.kind == "law"}
        return self._laws(id_ for id_ in self.basis_ids if id_ not in said)

    @property
    def checked(self) -> str:
        """When staff confirmed the page, or from when its sources are; nothing for a sample, which has no sources."""
        if self.document.facts.sample:
            return ""
        checked = self.document.facts.checked_on
        if checked:
            return _("Checked by the office on %(day)s", day=formatting.day(checked, self.code))
        return sources_words(self.code)

    @property
    def changes(self) -> list[dict[str, str]]:
        """The public history, the newest change first."""
        past = [change for change in self.words.changes if request_clock().reached(change.on)]
        return [
            {"day": formatting.day(change.on, self.code), "iso": change.on.isoformat(), "note": change.note}
            for change in sorted(past, key=lambda change: change.on, reverse=True)
        ]

    @cached_property
    def related(self) -> list[Link]:
        """Related pages that readers may see now."""
        return [link for key in self.document.facts.related if (link := document_link(key))]

    @cached_property
    def doors(self) -> list[Door]:
        """The official services to which the page leads; those without a known address are left out."""
        contacts = catalogue().reference("contacts")
        known = [contacts[id_] for id_ in self.document.facts.doors if id_ in contacts]
        return [door for contact in known if (door := self._door(contact))]

    def doors_of(self, part: Part) -> list[Door]:
        """Those of the services which that part of the text names."""
        text = "".join(segment if isinstance(segment, str) else segment.id for segment in part.segments)
        return [door for door in self.doors if door["name"] in text]

    def _door(self, contact: Contact) -> Door | None:
        current = request_clock().view_of(contact.values).current
        address = str(current.value) if current is not None else ""
        links = [link.url for link in contact.links] or [address]
        if not links[0].startswith("https://"):
            return None
        return {
            "name": host_of(address),
            "label": text_of(contact.action or contact.name),
            "href": links[0],
            "others": [{"label": link.name, "href": link.url} for link in contact.links],
            "guide": document_link(contact.guide) if contact.guide and contact.guide != self.document.key else None,
            "looked_up": formatting.day(contact.looked_up, self.code) if contact.looked_up else "",
        }

    @cached_property
    def topics(self) -> list[Link]:
        """The topics to which the page belongs."""
        labels = catalogue().reference("topics")
        known = [(id_, labels[id_]) for id_ in self.document.facts.topics if id_ in labels]
        return [
            {"label": text_of(label.name), "href": url("office.topic", id_=id_, lang=self.code)} for id_, label in known
        ]

    def _fee_ids(self) -> list[str]:
        ids = list(getattr(self.document.facts, "fees", ()))
        for embed in self.document_text.body.embeds:
            ids += embed.id.split() if embed.kind in ("fee", "fees-card") else []
        return ids

    @cached_property
    def basis_ids(self) -> list[str]:
        """The ids of the rules of `basis`."""
        clock, laws, fees = request_clock(), catalogue().reference("laws"), catalogue().reference("fees")
        told_of = getattr(self.document.facts, "published_on", None)
        ids = [
            id_
            for id_ in self.document.facts.legal_basis
            if id_ in laws and (laws[id_].holds_on(told_of) if told_of else clock.law_holds(laws[id_]))
        ]
        if self.as_of and self.as_of.day:
            for id_ in self._fee_ids():
                current = clock.view_of(fees[id_].values).current if id_ in fees else None
                ids += current.legal_basis if current else ()
        return list(dict.fromkeys(ids))

    def _laws(self, ids: Iterable[str]) -> list[Link]:
        laws = catalogue().reference("laws")
        known = [(id_, laws[id_]) for id_ in ids if id_ in laws]
        path = url("office.laws", lang=self.code)
        return [{"label": law.number, "href": f"{path}#{id_}"} for id_, law in known]

    def layout_context(self) -> dict[str, Any]:
        """What the head of the page needs besides its title."""
        return {
            "page": self,
            "description": self.summary or None,
            "published_in": languages_of(self.document),
            "canonical": absolute(address_of(self.document, self.document_text.language)),
            "robots": "noindex" if self.withdrawal or self.as_of else None,
            "quick_exit": self.document.facts.quick_exit,
        }


def page_of(document: Document) -> DocumentPage:
    """The document as a page of this request's language."""
    return DocumentPage(document, language())


def sources_words(code: str) -> str:
    """From when the sources are, and that the office has not confirmed them."""
    written = catalogue().site.sources_as_of
    if not written:
        return _("Not yet confirmed by the office")
    day = formatting.day(date.fromisoformat(written), code)
    return _("Sources as of %(day)s; not yet confirmed by the office", day=day)
