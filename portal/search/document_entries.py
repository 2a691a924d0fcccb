"""Entries of a document: its words as plain text, with markers for embedded values, and the words of these values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from portal.content.catalogue import Catalogue
from portal.content.document import Document, text_in
from portal.content.markdown.body import Body, Embed, Part
from portal.content.reference import Fee
from portal.search.engine.index.entry import Entry, marker

SHOWN_EMBEDS = frozenset({"fee", "money", "law", "contact", "place", "term"})
"""The embeds whose values a snippet shows; others give no text."""
EMBED_REFERENCES = {
    "law": "laws",
    "contact": "contacts",
    "contact-card": "contacts",
    "place": "places",
    "place-card": "places",
    "term": "glossary",
}
PART_PRIOR = 0.75
_BLOCK_END = re.compile(r"</(?:p|li|h\d|td|th|dd|dt|tr)>|<br>")
_SEPARATOR = " ; "


def document_entries(document: Document, catalogue: Catalogue, path: str, *, splits_parts: bool) -> Iterator[Entry]:
    """One entry for the page, and with `splits_parts` one for each further part that has an id.

    `path` is the address of the document below the language.
    """
    first, further = _parts_of(document) if splits_parts else ({}, {})
    page_parts = first if further else {language: [*body.parts] for language, body in document.bodies.items()}
    yield _entry(document, catalogue, path, page_parts, part="")
    for id_, parts in further.items():
        yield _entry(document, catalogue, path, {language: [part] for language, part in parts.items()}, part=id_)


def _parts_of(document: Document) -> tuple[dict[str, list[Part]], dict[str, dict[str, Part]]]:
    """The first parts by language, and the further ones by id and language."""
    first: dict[str, list[Part]] = {}
    further: dict[str, dict[str, Part]] = {}
    for language, body in document.bodies.items():
        parts_with_id = [part for part in body.parts if part.id]
        first[language] = [part for part in body.parts if not part.id] + parts_with_id[:1]
        for part in parts_with_id[1:]:
            further.setdefault(part.id, {})[language] = part
    return first, further


def _entry(document: Document, catalogue: Catalogue, path: str, parts: Mapping[str, list[Part]], *, part: str) -> Entry:
    words, facts = document.words, document.facts
    headings = {language: unescape(parts_[-1].heading) for language, parts_ in parts.items()} if part else {}
    titles = {
        language: f"{text.title}: {headings[language]}" if language in headings else text.title
        for language, text in words.items()
        if not part or language in headings
    }
    embedded = {
        language: _SEPARATOR.join(
            [
                *_embedded_words(parts_, catalogue, language),
                *_label_words(document, catalogue, language),
                *([] if part else _place_words(document, catalogue, language)),
            ]
        )
        for language, parts_ in parts.items()
    }
    return Entry(
        key=f"{document.key}#{part}" if part else document.key,
        kind=document.kind,
        slug=document.slug,
        part=part,
        path=f"{path}/{part}" if part else path,
        title=titles,
        summary={} if part else {language: text.summary for language, text in words.items()},
        keywords={} if part else {language: list(text.keywords) for language, text in words.items()},
        text={code: _text(parts_, None if part else document.bodies[code]) for code, parts_ in parts.items()},
        embedded=embedded,
        topics=facts.topics,
        audiences=facts.audience,
        prior=PART_PRIOR if part else 1.0,
    )


def _text(parts: Iterable[Part], body: Body | None) -> str:
    pieces = [plain_text(segments) for segments in body.inline.values()] if body else []
    for part in parts:
        # The heading of a part with an entry of its own is in its title.
        pieces += [unescape(part.heading) if body else "", plain_text(part.segments)]
    return "\n".join(piece for piece in pieces if piece)


def plain_text(segments: Iterable[str | Embed]) -> str:
    """A compiled text without markup, one block a line, with markers for the embeds that a snippet shows."""
    html = "".join(
        segment
        if isinstance(segment, str)
        else (marker(segment.kind, segment.id) if segment.kind in SHOWN_EMBEDS else " ")
        for segment in segments
    )
    lines = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", piece))).strip() for piece in _BLOCK_END.split(html))
    return "\n".join(line for line in lines if line)


def _label_words(document: Document, catalogue: Catalogue, language: str) -> list[str]:
    """The names of its audiences and topics: "for foreigners" is often said by the audience alone."""
    facts = document.facts
    labels = [(catalogue.reference("audiences"), facts.audience), (catalogue.reference("topics"), facts.topics)]
    return [text_in(records[id_].name, language) for records, ids in labels for id_ in ids if id_ in records]


def _place_words(document: Document, catalogue: Catalogue, language: str) -> list[str]:
    """Names and addresses of the places that its facts and their sessions name, which its text need not mention."""
    places = catalogue.reference("places")
    records = [document.facts, *getattr(document.facts, "sessions", ())]
    values = [getattr(record, name, None) for record in records for name in ("place", "venue")]
    texts: list[str] = []
    for value in values:
        place = places.get(value) if isinstance(value, str) else value
        if isinstance(place, Mapping):
            texts.append(text_in(place, language))
        elif place:
            texts += (text_in(place.name, language), text_in(place.address, language))
    return list(dict.fromkeys(text for text in texts if text))


def _embedded_words(parts: Iterable[Part], catalogue: Catalogue, language: str) -> list[str]:
    embeds = [segment for part in parts for segment in part.segments if isinstance(segment, Embed)]
    words = (_embed_words(embed, catalogue, language) for embed in embeds)
    return list(dict.fromkeys(text for text in words if text))


def _embed_words(embed: Embed, catalogue: Catalogue, language: str) -> str:
    if embed.kind in ("fees-card", "fee"):
        fees = catalogue.reference("fees")
        return _SEPARATOR.join(_fee_words(fees[id_], language) for id_ in embed.id.split() if id_ in fees)
    if embed.kind == "money":
        return embed.id
    record = catalogue.reference(EMBED_REFERENCES.get(embed.kind, "")).get(embed.id)
    if record is None:
        return ""
    if embed.kind == "law":
        return str(record.number)
    return text_in(getattr(record, "term", None) or record.name, language)


def _fee_words(fee: Fee, language: str) -> str:
    """The name of a fee with every amount of its history: people ask whether the old price still holds."""
    amounts = " ".join(str(value.value) for value in fee.values if value.is_known)
    return f"{text_in(fee.name, language)} {amounts}"
