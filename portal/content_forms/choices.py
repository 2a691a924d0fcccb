"""The pick lists of the forms: ids of references and names of pages, each with words by which people know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from portal.content.catalogue import Catalogue
from portal.content.document import LocalText
from portal.content.fields import KEYS
from portal.languages import formatting

# Lists this short are shown as boxes to tick; longer ones are searched by typing.
TICKED = 20
LONGEST_LABEL = 90


class Choice(NamedTuple):
    """An id and the words by which people know it."""

    id: str
    label: str


def choices_of(catalogue: Catalogue, source: str, language: str) -> list[Choice]:
    """Every choice of a source: a reference, the documents of a kind (`slugs:<kind>`), or all documents (KEYS)."""
    if source == KEYS:
        documents = (document for kind in catalogue.kinds() for document in catalogue.all(kind))
        choices = [Choice(document.key, document.title(language)) for document in documents]
        return sorted(choices, key=lambda choice: choice.label.casefold())
    if source.startswith("slugs:"):
        documents_of_kind = catalogue.all(source.removeprefix("slugs:"))
        return [Choice(document.slug, document.title(language)) for document in documents_of_kind]
    records = catalogue.reference(source)
    return [Choice(str(id_), _label(record, language) or str(id_)) for id_, record in records.items()]


def labels_of(choices: Iterable[Choice]) -> Mapping[str, str]:
    """The words of each id."""
    return {choice.id: choice.label for choice in choices}


def _label(record: object, language: str) -> str:
    number = getattr(record, "number", "")
    names = getattr(record, "name", None) or getattr(record, "term", None) or getattr(record, "title", None)
    name = names.text(language) if isinstance(names, LocalText) else ""
    pieces = [number, name, _value(record, language)]
    words = " – ".join(piece for piece in pieces if piece)
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1].rstrip() + "…"


def _value(record: object, language: str) -> str:
    """The newest amount of a fee, by which people recognise it."""
    values = getattr(record, "values", None)
    newest = values[-1] if isinstance(values, tuple) and values else None
    if newest is None or not isinstance(newest.value, int):
        return ""
    return formatting.money(newest.value, language)
