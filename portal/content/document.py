"""The shape of every content item: facts that hold in each language, and words in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from portal.content.markdown import Body

PRIMARY_LANGUAGE = "id"

Status = Literal["draft", "published", "withdrawn"]
Certainty = Literal["sourced", "check", "ask-office"]
CERTAINTIES: tuple[Certainty, ...] = ("ask-office", "check", "sourced")


class LocalText(dict[str, str]):
    """One text by language code, as facts and references hold it."""

    def text(self, language: str) -> str:
        """The text in that language, else in the primary one, else nothing."""
        return text_in(self, language)


def text_in(texts: str | Mapping[str, str], language: str) -> str:
    """The text in that language, else in the primary one, else nothing; a plain text is the same in every language."""
    return texts if isinstance(texts, str) else texts.get(language) or texts.get(PRIMARY_LANGUAGE) or ""


class Instant(datetime):
    """A moment written in content: an ISO time with offset, or a date or time in the office's zone."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a statement comes from; `date` is as the source gives it, so it is text."""

    url: str
    date: str = ""
    kind: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the public history of a document, in the language of its words."""

    on: date
    note: str


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a page is no longer valid, and the key (`kind/slug`) of the page that follows it."""

    reason: LocalText
    successor: str = ""


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that facts.yaml may hold for every kind; a room adds its own by inheriting."""

    status: Status = "draft"
    publish_from: Instant | None = None
    publish_until: Instant | None = None
    withdrawn: Withdrawal | None = None
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    review_by: date | None = None
    checked_on: date | None = None
    owner: str = ""
    certainty: Certainty = "sourced"
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    related: tuple[str, ...] = ()
    sample: bool = False
    based_on: str = ""


class DocumentWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of one language's words."""

    title: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    translates: str = ""


@dataclass(frozen=True)
class DocumentType:
    """A kind of document: its folder, its typed facts and words, and whether its parts have addresses."""

    kind: str
    facts: type[DocumentFacts] = DocumentFacts
    words: type[DocumentWords] = DocumentWords
    has_parts: bool = False


@dataclass(frozen=True)
class Wording:
    """The words shown to a reader; `is_fallback` when their language is not the one asked for."""

    words: Any
    bodies: Mapping[str, Body]
    language: str
    is_fallback: bool

    @property
    def body(self) -> Body:
        """The rendered text; lists that show titles only never ask for it."""
        return self.bodies[self.language]


@dataclass(frozen=True)
class Scheduled:
    """A whole version of a public document that takes over at `at`."""

    at: datetime
    document: Document


@dataclass(frozen=True, eq=False)
class Document:
    """One content item; equal only to itself, so a changed file is a new document."""

    kind: str
    slug: str
    facts: Any
    words: Mapping[str, Any]
    bodies: Mapping[str, Body]
    hash: str
    source_hashes: Mapping[str, str] = field(default_factory=dict)
    scheduled: tuple[Scheduled, ...] = ()

    @property
    def key(self) -> str:
        """`kind/slug`, the name by which other documents refer to this one."""
        return f"{self.kind}/{self.slug}"

    def words_in(self, language: str) -> Wording:
        """The words in that language, or the Indonesian ones marked as a fallback."""
        found = language if language in self.words else PRIMARY_LANGUAGE
        return Wording(self.words[found], self.bodies, found, found != language)

    def title(self, language: str) -> str:
        """The title in that language, or in Indonesian where there is none."""
        return str(self.words_in(language).words.title)

    def is_outdated(self, language: str) -> bool:
        """Whether these words translate an older Indonesian text than today's."""
        words = self.words.get(language)
        if words is None or language == PRIMARY_LANGUAGE:
            return False
        return bool(words.translates != self.bodies[PRIMARY_LANGUAGE].translatable)

    def version_at(self, now: datetime) -> Document:
        """The version that readers see at `now`: this one, or the last scheduled one that has begun."""
        begun = [version for version in self.scheduled if version.at <= now]
        return begun[-1].document if begun else self
