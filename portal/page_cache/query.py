"""The query parameters of public pages: one spelling for each meaning, before a value is part of a key.

A view declares for each of its parameters how a value is read (`public(query={"bom": flag()})`). What the declaration
does not know is absent, so that no stranger can make the cache keep, or the application render, more pages than the
content has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from portal.content.catalogue import Catalogue

LONGEST_QUERY, MOST_PARAMETERS, LONGEST_VALUE = 4000, 50, 200
MOST_PAGE_DIGITS = 6


class CanonicalValue(Protocol):
    """How one parameter is read: its canonical value, or None where the value counts as absent.

    `now` is in seconds since the epoch. The result is read again by the view and must then mean the same.
    """

    def __call__(self, text: str, catalogue: Catalogue, now: float, /) -> str | None: ...


QueryDeclaration = Mapping[str, CanonicalValue]


def one_of(*values: str) -> CanonicalValue:
    """A parameter that takes one of these values."""
    return lambda text, _catalogue, _now: text if text in values else None


def flag() -> CanonicalValue:
    """A parameter that is `1` or absent."""
    return one_of("1")


def record_of(reference: str) -> CanonicalValue:
    """A parameter that names a record of a reference by its id."""
    return lambda text, catalogue, _now: text if text in catalogue.reference(reference) else None


def found_in(values_of: Callable[[Catalogue], Collection[str]]) -> CanonicalValue:
    """A parameter that takes one of the values that the content gives."""
    return lambda text, catalogue, _now: text if text in values_of(catalogue) else None


def page_of_list(kind: str, page_length: int) -> CanonicalValue:
    """The number of a page of a list of documents, moved into the pages that there can be; the first one is absent."""

    def number(text: str, catalogue: Catalogue, _now: float) -> str | None:
        typed = text.strip()
        if not typed.isdecimal() or len(typed) > MOST_PAGE_DIGITS:
            return None
        last = -(-len(catalogue.documents.get(kind, {})) // page_length)
        page = min(int(typed), last)
        return str(page) if page > 1 else None

    return number


def canonical_query(query: str, declaration: QueryDeclaration, catalogue: Catalogue, now: float) -> str:
    """The query in the order and with the values of its declaration; of a repeated parameter the first one counts."""
    if not declaration:
        return ""
    try:
        pairs = parse_qsl(query[:LONGEST_QUERY], keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return ""
    submitted = dict(reversed(pairs))
    kept = []
    for name, canonical in declaration.items():
        text = submitted.get(name)
        value = canonical(text, catalogue, now) if text is not None and len(text) <= LONGEST_VALUE else None
        if value is not None:
            kept.append((name, value))
    return urlencode(kept)
