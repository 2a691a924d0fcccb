"""Where a reference value is used: every page, box and outcome of a feature that a change of it would reach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.markdown.body import Embed

# What a feature answers besides pages: (catalogue, reference, record, keys of the pages that show it) -> code and page.
OutcomeSource = Callable[[Catalogue, str, str, Set[str]], Iterable[tuple[str, Document | None]]]
# The documents that differ on some days: (catalogue before, catalogue after, days).
HolidaySource = Callable[[Catalogue, Catalogue, Collection[date]], Iterable[Document]]
# The keys of facts that hold ids of a reference, and the embeds of texts that show one of its values.
_KEYS: Mapping[str, frozenset[str]] = {
    "fees": frozenset({"fees", "fee"}),
    "laws": frozenset({"legal_basis", "articles"}),
    "contacts": frozenset({"contacts", "contact"}),
}
_EMBEDS: Mapping[str, frozenset[str]] = {
    "fees": frozenset({"fee", "fees-card"}),
    "laws": frozenset({"law"}),
    "contacts": frozenset({"contact", "contact-card"}),
}


@dataclass(frozen=True)
class Use:
    """A page that shows the value: in which languages its text does, in which boxes, and whether its facts name it."""

    document: Document
    languages: tuple[str, ...]
    boxes: tuple[str, ...] = ()
    in_facts: bool = False


@dataclass(frozen=True)
class Listed:
    """A record of another reference that names the value."""

    reference: str
    id: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class Uses:
    """Everything that shows a value: pages, outcomes of features (with the page of each), other records."""

    pages: tuple[Use, ...]
    outcomes: tuple[tuple[str, Document | None], ...] = ()
    listed: tuple[Listed, ...] = ()


def uses_of(catalogue: Catalogue, reference: str, record: str, sources: Iterable[OutcomeSource] = ()) -> Uses:
    """Everything that shows this fee, law or contact; `sources` name the outcomes of features that do."""
    through = _through(catalogue, reference, record)
    uses = [use for one in _documents(catalogue) if (use := _use(catalogue, one, reference, record, through))]
    pages = tuple(sorted(uses, key=lambda use: (use.document.kind, use.document.slug)))
    keys = {use.document.key for use in pages}
    outcomes = [outcome for source in sources for outcome in source(catalogue, reference, record, keys)]
    return Uses(pages, tuple(outcomes), _listed(catalogue, reference, record))


def uses_of_days(before: Catalogue, after: Catalogue, days: Iterable[date], sources: Iterable[HolidaySource]) -> Uses:
    """The documents that say something else on one of these days between two states of the holidays."""
    documents = [document for source in sources for document in source(before, after, sorted(set(days)))]
    codes = after.site.language_codes
    return Uses(tuple(Use(one, tuple(code for code in codes if code in one.words), in_facts=True) for one in documents))


def _documents(catalogue: Catalogue) -> Iterator[Document]:
    for kind in catalogue.kinds():
        yield from (one for one in catalogue.all(kind) if one.facts.status != "withdrawn")


def _use(catalogue: Catalogue, document: Document, reference: str, record: str, through: frozenset[str]) -> Use | None:
    versions = [document, *(version.document for version in document.scheduled)]
    in_facts = any(_names(one, reference, record, through) for one in versions)
    shown = {
        code: body for one in versions for code, body in one.bodies.items() if _embeds(body.embeds, reference, record)
    }
    if not in_facts and not shown:
        return None
    boxes = [key for body in shown.values() for key, parts in body.inline.items() if _in(parts, reference, record)]
    # In the order of the site: the primary language first.
    codes = [code for code in catalogue.site.language_codes if code in document.words]
    languages = tuple(code for code in codes if in_facts or code in shown)
    return Use(document, languages, tuple(dict.fromkeys(boxes)), in_facts)


def _in(parts: Iterable[Any], reference: str, record: str) -> bool:
    return _embeds([one for one in parts if isinstance(one, Embed)], reference, record)


def _embeds(embeds: Iterable[Embed], reference: str, record: str) -> bool:
    return any(one.kind in _EMBEDS[reference] and record in one.id.split() for one in embeds)


def _ids(value: Any, keys: frozenset[str]) -> set[str]:
    """Every id that stands under one of these keys, however deep; of a mapping under a key its keys count."""
    ids: set[str] = set()
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in keys:
                ids |= {inner} if isinstance(inner, str) else set(map(str, inner or ()))
            ids |= _ids(inner, keys)
    elif isinstance(value, list | tuple):
        for inner in value:
            ids |= _ids(inner, keys)
    return ids


def _names(document: Document, reference: str, record: str, through: frozenset[str]) -> bool:
    """Whether the facts of a page name the value, or a place or fee by which the page shows it."""
    plain = msgspec.to_builtins(document.facts, enc_hook=str)
    if record in _ids(plain, _KEYS[reference]):
        return True
    if reference == "contacts":
        return getattr(document.facts, "place", "") in tuple(through)
    return reference == "laws" and bool(_ids(plain, _KEYS["fees"]) & through)


def _through(catalogue: Catalogue, reference: str, record: str) -> frozenset[str]:
    """The places that show a contact, or the fees that rest on a rule: a page that names one shows the other."""
    if reference == "contacts":
        places = catalogue.reference("places")
        return frozenset(id_ for id_, place in places.items() if record in getattr(place, "contacts", ()))
    if reference == "laws":
        fees = catalogue.reference("fees")
        return frozenset(id_ for id_, fee in fees.items() if any(record in value.legal_basis for value in fee.values))
    return frozenset()


def _listed(catalogue: Catalogue, reference: str, record: str) -> tuple[Listed, ...]:
    listed = []
    for name, records in catalogue.references.items():
        for id_, row in records.items():
            if (name, id_) != (reference, record) and record in _ids(
                msgspec.to_builtins(row, enc_hook=str), _KEYS[reference]
            ):
                listed.append(Listed(name, str(id_), _label(row)))
    return tuple(listed)


def _label(record: Any) -> Mapping[str, str]:
    for key in ("name", "term", "title", "text", "explain"):
        words = getattr(record, key, None)
        if isinstance(words, Mapping) and words:
            return words
    return {}
