"""The addresses outside of the site that its content names, each with the pages that name it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urlsplit

from portal.content.catalogue import Catalogue
from portal.content.document import Document

_HREF = re.compile(r'href="(https?://[^"]+)"')
LONGEST = 1000


def outside_links(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Every outside address of published content with what names it, such as `faq/slug` or `reference/laws`."""
    keys_by_address: dict[str, set[str]] = defaultdict(set)
    for kind in catalogue.kinds():
        for document in catalogue.all(kind):
            if document.facts.status == "published":
                for address in _of_document(document):
                    keys_by_address[address].add(document.key)
    for name, address in _of_references(catalogue):
        keys_by_address[address].add(f"reference/{name}")
    kept = {address.partition("#")[0]: keys for address, keys in keys_by_address.items() if len(address) <= LONGEST}
    return {address: tuple(sorted(keys)) for address, keys in sorted(kept.items())}


def hosts_of(addresses: Mapping[str, object]) -> frozenset[str]:
    """The hosts of these addresses: the only ones that the check may ask for."""
    return frozenset(host for address in addresses if (host := host_of(address)))


def host_of(address: str) -> str:
    """The host of an address in small letters; empty when it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _of_document(document: Document) -> Iterator[str]:
    for body in document.bodies.values():
        for part in body.parts:
            for segment in part.segments:
                if isinstance(segment, str):
                    yield from map(unescape, _HREF.findall(segment))
    yield from (source.url for source in document.facts.sources if source.url.startswith("http"))


def _of_references(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for name, records in catalogue.references.items():
        for record in records.values():
            written = [getattr(record, "url", "")]
            written += [getattr(value, "value", "") for value in getattr(record, "values", None) or () if value]
            written += [getattr(source, "url", "") for source in getattr(record, "sources", ()) or ()]
            for address in written:
                if isinstance(address, str) and address.startswith(("http://", "https://")):
                    yield name, address
