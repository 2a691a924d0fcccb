"""Entries of the index from the content: features name the kinds of documents and the records that can be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.reference import ReferenceType
from portal.languages.registry import LANGUAGES
from portal.search.document_entries import document_entries
from portal.search.engine.analysis.thesaurus import ConceptWords
from portal.search.engine.index.entry import ALWAYS_FROM, ALWAYS_UNTIL, Entry

_FREQUENT_PRIOR = 1.12


class BestAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff decided about a page: `often` asked ones rank a little higher, and it is first for its `pins`."""

    page: str
    often: bool = False
    pins: dict[str, list[str]] = {}


class SearchTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query that staff want answered by a page, among the first `within` results."""

    query: str
    page: str
    within: int = 1


SEARCH_REFERENCES = (
    ReferenceType("synonyms", ConceptWords),
    ReferenceType("best-answers", BestAnswer),
    ReferenceType("search-tests", SearchTest),
)

ReferenceMaker = Callable[[Catalogue], Iterable[Entry]]
FadingTime = Callable[[Document], datetime | None]


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What can be found of one kind of document; `label` names the kind in the language of the page.

    `prior` is its weight beside a question of the FAQ; `fades` gives the moment after which it ranks lower, such as
    the end of an event. `splits_parts` gives every part that has an address an entry of its own. `is_at_root` tells
    that its pages stand directly below the language.
    """

    kind: str
    label: str
    prior: float = 1.0
    fades: FadingTime | None = None
    splits_parts: bool = False
    is_at_root: bool = False


@dataclass(frozen=True, kw_only=True)
class ReferenceSource:
    """What can be found of reference records, such as the terms of the glossary."""

    kind: str
    label: str
    make: ReferenceMaker


def entries_of(
    catalogue: Catalogue, sources: Iterable[SearchSource], references: Iterable[ReferenceSource] = ()
) -> Iterator[Entry]:
    """The entries of all versions that are or will be published, each with the interval in which it may be found."""
    decisions: dict[str, BestAnswer] = {record.page: record for record in catalogue.reference("best-answers").values()}
    for source in sources:
        for document in catalogue.all(source.kind):
            path = document.slug if source.is_at_root else document.key
            for version, start, end in _versions(document):
                for entry in document_entries(version, catalogue, path, splits_parts=source.splits_parts):
                    yield _completed(entry, source, version, start=start, end=end, decision=decisions.get(entry.page))
    for reference in references:
        yield from reference.make(catalogue)


def _versions(document: Document) -> Iterator[tuple[Document, float, float]]:
    """The published versions with the times, in seconds since the epoch, from and until which each is shown."""
    starts = [ALWAYS_FROM, *(scheduled.at.timestamp() for scheduled in document.scheduled)]
    versions = [document, *(scheduled.document for scheduled in document.scheduled)]
    ends = [*starts[1:], ALWAYS_UNTIL]
    for version, start, end in zip(versions, starts, ends, strict=True):
        facts = version.facts
        if facts.status != "published":
            continue
        start = max(start, facts.publish_from.timestamp() if facts.publish_from else ALWAYS_FROM)
        end = min(end, facts.publish_until.timestamp() if facts.publish_until else ALWAYS_UNTIL)
        if start < end:
            yield version, start, end


def _completed(
    entry: Entry, source: SearchSource, version: Document, *, start: float, end: float, decision: BestAnswer | None
) -> Entry:
    fades_at = source.fades(version) if source.fades else None
    prior = entry.prior * source.prior
    pins: tuple[str, ...] = ()
    if decision and not entry.part:
        prior *= _FREQUENT_PRIOR if decision.often else 1.0
        pins = tuple(query for language in LANGUAGES for query in decision.pins.get(language, ()))
    return msgspec.structs.replace(
        entry,
        shows_from=max(entry.shows_from, start),
        shows_until=min(entry.shows_until, end),
        fades_at=min(entry.fades_at, fades_at.timestamp()) if fades_at else entry.fades_at,
        prior=prior,
        pins=pins,
    )
