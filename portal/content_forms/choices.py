"""The pick lists of the forms: ids of references and names of pages, each with words by which people know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from portal.content.catalogue import Catalogue
from portal.content.document import Document, LocalText
from portal.content_forms import schema
from portal.languages import formatting

# Lists this short are shown as boxes to tick; longer ones are searched by typing.
TICKED = 20
LONGEST_LABEL = 90


class Choice(NamedTuple):
    """An id and the words by which people know it."""

    id: str
    label: str


def choices_of(catalogue: Catalogue, reference: str, language: str) -> list[Choice]:
    """Every choice of a reference, of the slugs of a kind (`slugs:kind`), or of all pages (`keys`)."""
    if reference == schema.KEYS:
        found = [Choice(one.key, one.title(language)) for kind in catalogue.kinds() for one in catalogue.all(kind)]
        return sorted(found, key=lambda choice: choice.label.casefold())
    if reference.startswith("slugs:"):
        return [Choice(one.slug, one.title(language)) for one in catalogue.all(reference.removeprefix("slugs:"))]
    records = catalogue.reference(reference)
    return [Choice(str(id_), _label(record, language) or str(id_)) for id_, record in records.items()]


def labels_of(choices: Iterable[Choice]) -> Mapping[str, str]:
    """The words of each id."""
    return {choice.id: choice.label for choice in choices}


def inserted(catalogue: Catalogue, language: str) -> dict[str, list[Choice]]:
    """What the buttons above a text can insert, by the word that its embed begins with."""
    names = {"fee": "fees", "law": "laws", "contact": "contacts", "place": "places", "term": "glossary"}
    found = {word: choices_of(catalogue, name, language) for word, name in names.items()}
    return found | {"link": [Choice(one.key, one.title(language)) for one in _public(catalogue)]}


def _public(catalogue: Catalogue) -> list[Document]:
    documents = (one for kind in catalogue.kinds() if kind != "alerts" for one in catalogue.all(kind))
    return [one for one in documents if one.facts.status == "published"]


def _label(record: Any, language: str) -> str:
    number = getattr(record, "number", "")
    names = getattr(record, "name", None) or getattr(record, "term", None) or getattr(record, "title", None)
    name = names.text(language) if isinstance(names, LocalText) else ""
    pieces = [number, name, _value(record, language)]
    words = " – ".join(piece for piece in pieces if piece)
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1].rstrip() + "…"


def _value(record: Any, language: str) -> str:
    """The newest amount of a fee, by which people recognise it."""
    values = getattr(record, "values", None)
    newest = values[-1] if isinstance(values, tuple) and values else None
    if newest is None or not isinstance(newest.value, int):
        return ""
    return formatting.money(newest.value, language)
