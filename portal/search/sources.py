"""Entries of the index from content: features name their sources; a document has default entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.document import Document, text_in
from portal.content.markdown.body import Body, Embed, Part
from portal.content.reference import Fee, ReferenceType, capitalised
from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.thesaurus import ConceptWords
from portal.search.engine.index.entry import ALWAYS_FROM, ALWAYS_UNTIL, Entry, marker

SHOWN_EMBEDS = frozenset({"fee", "money", "law", "contact", "place", "term"})
_BLOCK_END = re.compile(r"</(?:p|li|h\d|td|th|dd|dt|tr)>|<br>")
_FREQUENT_PRIOR = 1.12


class BestAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff decided about a page's place: `often` asked pages rank a little higher, `pins` always come first."""

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
Fading = Callable[[Document], datetime | None]


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What can be found of one kind of document; `label` names the kind in the language of the page.

    `prior` is its weight beside a question of the FAQ; `fades` gives the moment after which it ranks lower, such as
    the end of an event. `splits_parts` gives every part that has an address an entry of its own.
    """

    kind: str
    label: str
    prior: float = 1.0
    fades: Fading | None = None
    splits_parts: bool = False


@dataclass(frozen=True, kw_only=True)
class ReferenceSource:
    """What can be found of reference records, such as the terms of the glossary."""

    kind: str
    label: str
    make: ReferenceMaker


def entries_of(
    catalogue: Catalogue, sources: Iterable[SearchSource], references: Iterable[ReferenceSource] = ()
) -> Iterator[Entry]:
    """Every entry of what is published or will be: no drafts, no withdrawn pages, scheduled versions in their time."""
    decisions = _decisions(catalogue)
    for source in sources:
        for document in catalogue.all(source.kind):
            for version, start, end in _versions(document):
                for entry in document_entries(version, catalogue, source.splits_parts):
                    yield _completed(entry, source, version, start=start, end=end, decision=decisions.get(entry.page))
    for reference in references:
        yield from reference.make(catalogue)


def document_entries(document: Document, catalogue: Catalogue, splits_parts: bool = False) -> Iterator[Entry]:
    """The default: one entry for the page, and one for each further part of a page whose parts have addresses."""
    first, further = _parts_of(document) if splits_parts else ({}, {})
    whole = first if further else {language: [*body.parts] for language, body in document.bodies.items()}
    yield _entry(document, catalogue, whole, part="")
    for id_, parts in further.items():
        yield _entry(document, catalogue, {language: [part] for language, part in parts.items()}, part=id_)


def _parts_of(document: Document) -> tuple[dict[str, list[Part]], dict[str, dict[str, Part]]]:
    first: dict[str, list[Part]] = {}
    further: dict[str, dict[str, Part]] = {}
    for language, body in document.bodies.items():
        named = [part for part in body.parts if part.id]
        first[language] = [part for part in body.parts if not part.id] + named[:1]
        for part in named[1:]:
            further.setdefault(part.id, {})[language] = part
    return first, further


def _entry(document: Document, catalogue: Catalogue, parts: Mapping[str, list[Part]], *, part: str) -> Entry:
    words = document.words
    headings = {language: unescape(listed[-1].heading) for language, listed in parts.items()} if part else {}
    title = {
        code: f"{one.title}: {headings[code]}" if code in headings else one.title
        for code, one in words.items()
        if not part or code in headings
    }
    facts = document.facts
    return Entry(
        key=f"{document.key}#{part}" if part else document.key,
        kind=document.kind,
        slug=document.slug,
        part=part,
        path=_path(document, part),
        title=title,
        summary={} if part else {code: one.summary for code, one in words.items()},
        keywords={} if part else {code: list(one.keywords) for code, one in words.items()},
        text={code: _text(listed, document.bodies[code] if not part else None) for code, listed in parts.items()},
        embedded={
            code: " ; ".join(
                [
                    *_embedded(listed, catalogue, code),
                    *_readers(facts, catalogue, code),
                    *([] if part else _where(facts, catalogue, code)),
                ]
            )
            for code, listed in parts.items()
        },
        topics=facts.topics,
        audiences=facts.audience,
        prior=0.75 if part else 1.0,
    )


def _path(document: Document, part: str) -> str:
    path = document.slug if document.kind == "pages" else document.key
    return f"{path}/{part}" if part else path


def _text(parts: Iterable[Part], body: Body | None) -> str:
    pieces = [plain_text(segments) for segments in body.inline.values()] if body else []
    for part in parts:
        # The heading of a part that is found by itself stands in its title already.
        pieces += [unescape(part.heading) if body else "", plain_text(part.segments)]
    return "\n".join(piece for piece in pieces if piece)


def plain_text(segments: Iterable[str | Embed]) -> str:
    """A compiled text without markup, one block a line, with markers where values are filled in."""
    html = "".join(
        segment
        if isinstance(segment, str)
        else (marker(segment.kind, segment.id) if segment.kind in SHOWN_EMBEDS else " ")
        for segment in segments
    )
    lines = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", piece))).strip() for piece in _BLOCK_END.split(html))
    return "\n".join(line for line in lines if line)


def _readers(facts: Any, catalogue: Catalogue, language: str) -> list[str]:
    # Whom a page is for is often said only by its audience, and asked for in words: "for foreigners".
    labels = [(catalogue.reference("audiences"), facts.audience), (catalogue.reference("topics"), facts.topics)]
    return [text_in(records[id_].name, language) for records, ids in labels for id_ in ids if id_ in records]


def _where(facts: Any, catalogue: Catalogue, language: str) -> list[str]:
    # A service or an event is asked for by its place, which stands in its facts and not in its words.
    places = catalogue.reference("places")
    held = [facts, *getattr(facts, "sessions", ())]
    named = [getattr(one, name, None) for one in held for name in ("place", "venue")]
    results = [places.get(one) if isinstance(one, str) else one for one in named]
    words = (text for place in results if place for text in _place_words(place, language))
    return list(dict.fromkeys(text for text in words if text))


def _place_words(place: Any, language: str) -> list[str]:
    """The name and address of a place; the name alone of a place that is only words."""
    if isinstance(place, Mapping):
        return [text_in(place, language)]
    return [text_in(place.name, language), text_in(place.address, language)]


def _embedded(parts: Iterable[Part], catalogue: Catalogue, language: str) -> list[str]:
    embeds = [segment for part in parts for segment in part.segments if isinstance(segment, Embed)]
    results = (_words_of(embed, catalogue, language) for embed in embeds)
    return list(dict.fromkeys(text for text in results if text))


def _words_of(embed: Embed, catalogue: Catalogue, language: str) -> str:
    if embed.kind in ("fees-card", "fee"):
        fees = catalogue.reference("fees")
        return " ; ".join(_fee_words(fees[id_], language) for id_ in embed.id.split() if id_ in fees)
    if embed.kind == "money":
        return embed.id
    name = {"law": "laws", "contact": "contacts", "contact-card": "contacts", "place": "places"}
    name |= {"place-card": "places", "term": "glossary"}
    record = catalogue.reference(name.get(embed.kind, "")).get(embed.id)
    if record is None:
        return ""
    return (
        str(record.number) if embed.kind == "law" else text_in(getattr(record, "term", None) or record.name, language)
    )


def _fee_words(fee: Fee, language: str) -> str:
    # Every amount of its history can be asked for: "is it still the old price?"
    amounts = " ".join(str(value.value) for value in fee.values if value.is_known)
    return f"{text_in(fee.name, language)} {amounts}"


def _versions(document: Document) -> Iterator[tuple[Document, float, float]]:
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
    fades = source.fades(version) if source.fades else None
    prior = entry.prior * source.prior
    pins: tuple[str, ...] = ()
    if decision and not entry.part:
        prior *= _FREQUENT_PRIOR if decision.often else 1.0
        pins = tuple(query for language in LANGUAGES for query in decision.pins.get(language, ()))
    return msgspec.structs.replace(
        entry,
        shows_from=max(entry.shows_from, start),
        shows_until=min(entry.shows_until, end),
        fades_at=min(entry.fades_at, fades.timestamp()) if fades else entry.fades_at,
        prior=prior,
        pins=pins,
    )


def _decisions(catalogue: Catalogue) -> dict[str, BestAnswer]:
    return {decision.page: decision for decision in catalogue.reference("best-answers").values()}


def glossary_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """One entry per term of the glossary, which is found by its other names too."""
    for id_, term in catalogue.reference("glossary").items():
        yield Entry(
            key=f"glossary/{id_}",
            kind="glossary",
            slug=id_,
            path=f"glossary#{id_}",
            title={language: capitalised(name) for language, name in term.term.items()},
            summary=dict(term.definition),
            keywords={language: list(also) for language, also in term.also.items()},
            prior=0.5,
        )


def place_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """One entry per place that readers are sent to, found by its name, address and district."""
    districts = catalogue.reference("districts")
    for id_, place in catalogue.reference("places").items():
        district = districts.get(place.district)
        yield Entry(
            key=f"places/{id_}",
            kind="places",
            slug=id_,
            path=f"schedules/places/{id_}",
            title=dict(place.name),
            summary=dict(place.address or place.note),
            keywords={language: [name] for language, name in (district.name.items() if district else ())},
            text={code: "\n".join(_said(place, code)) for code in place.name},
            prior=0.6,
        )


def _said(place: Any, language: str) -> list[str]:
    texts = (place.access, place.note if place.address else {})
    return [words for text in texts if (words := text_in(text, language))]
