"""All content at one moment of its history: immutable, and replaced whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from portal.content.document import Document, LocalText
from portal.content.problems import Problem

Value = TypeVar("Value")


class Language(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A language of the site, named in its own words."""

    code: str
    name: str
    territory: str = ""


class Controller(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who answers for personal data, and how to reach them."""

    name: str
    contact: str


class SecurityContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where weaknesses of the site are reported (`mailto:` or `https://`), and when that was last looked at."""

    reviewed_on: date
    contact: str = ""

    def __post_init__(self) -> None:
        if self.contact and not self.contact.startswith(("mailto:", "https://")):
            raise ValueError("contact: write mailto:… or https://…")


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The office itself, as site.yaml tells it."""

    name: LocalText
    short_name: LocalText
    region: LocalText
    timezone: str
    zone_label: str
    languages: tuple[Language, ...]
    stage: str = "preview"
    description: LocalText = LocalText()
    place: str = ""
    address: LocalText = LocalText()
    controller: Controller | None = None
    security: SecurityContact | None = None
    sources_as_of: str = ""
    # Ids of the contacts that answer today, for pages whose form cannot be sent yet.
    doors_today: tuple[str, ...] = ()
    home: dict[str, Any] = {}
    footer: dict[str, Any] = {}

    @property
    def is_preview(self) -> bool:
        """Whether the office has not adopted the portal yet."""
        return self.stage != "official"

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The codes of the site's languages, the primary one first."""
        return tuple(language.code for language in self.languages)


@dataclass(frozen=True)
class Catalogue:
    """Documents by kind and slug, references by name, the site, and what could not be read."""

    site: Site
    documents: Mapping[str, Mapping[str, Document]]
    references: Mapping[str, Mapping[str, Any]]
    redirects: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    version: str = ""
    media: Mapping[str, str] = field(default_factory=dict)
    # The digest of every file, by which the next reading sees what changed.
    listing: Mapping[str, str] = field(default_factory=dict)
    # What `per_catalogue` keeps: the value by the function that makes it. A changed catalogue begins with none.
    _derived: dict[Callable[[Catalogue], object], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def get(self, kind: str, slug: str) -> Document | None:
        """The document of that kind and slug, whatever its status."""
        return self.documents.get(kind, {}).get(slug)

    def find(self, key: str) -> Document | None:
        """The document named `kind/slug`."""
        kind, _, slug = key.partition("/")
        return self.get(kind, slug)

    def all(self, kind: str) -> tuple[Document, ...]:
        """Every document of that kind, by slug."""
        return tuple(self.documents.get(kind, {}).values())

    def kinds(self) -> tuple[str, ...]:
        """The kinds of which there are documents."""
        return tuple(self.documents)

    def reference(self, name: str) -> Mapping[str, Any]:
        """The records of that reference by id; empty when there are none."""
        return self.references.get(name, {})

    def replacing(self, document: Document) -> Catalogue:
        """A catalogue with one document in the place of its older self; the rest is shared."""
        of_kind = dict(self.documents.get(document.kind, {}))
        of_kind[document.slug] = document
        ordered = MappingProxyType(dict(sorted(of_kind.items())))
        return replace(self, documents=MappingProxyType({**self.documents, document.kind: ordered}))


def per_catalogue(make: Callable[[Catalogue], Value]) -> Callable[[Catalogue], Value]:
    """A function of a catalogue whose value is made once for each catalogue and lives as long as it.

    An exception is raised anew at each call. Two threads may make the same value; both then get the first one.
    """

    @wraps(make)
    def of(catalogue: Catalogue) -> Value:
        derived = catalogue._derived
        if make not in derived:
            derived.setdefault(make, make(catalogue))
        return cast(Value, derived[make])

    return of


def changed_tags(old: Catalogue, new: Catalogue) -> frozenset[str]:
    """The names of everything that differs: `kind/slug`, `kind`, `reference/name/id`, `reference/name`, `site`.

    `any/kind` is among them when the first document of a kind came or the last one went.
    """
    tags: set[str] = set()
    for kind in old.documents.keys() | new.documents.keys():
        if bool(old.documents.get(kind)) != bool(new.documents.get(kind)):
            tags.add(f"any/{kind}")
        tags |= _changed(old.documents.get(kind, {}), new.documents.get(kind, {}), kind)
    for name in old.references.keys() | new.references.keys():
        tags |= _changed(old.reference(name), new.reference(name), f"reference/{name}")
    if old.site != new.site:
        tags.add("site")
    if old.redirects != new.redirects:
        tags.add("redirects")
    if old.media != new.media:
        tags.add("media")
    return frozenset(tags)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> set[str]:
    if old is new:
        return set()
    differing = {id_ for id_ in old.keys() | new.keys() if old.get(id_) is not new.get(id_)}
    differing = {id_ for id_ in differing if old.get(id_) != new.get(id_)}
    return {prefix, *(f"{prefix}/{id_}" for id_ in differing)} if differing else set()
