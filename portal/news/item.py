"""A news item: what kind of news, of which day and place, and which item it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from portal.content.document import Document, DocumentFacts, DocumentType, DocumentWords, LocalText

Form = Literal["press-release", "announcement", "story", "correction"]


class NewsFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day on which it was published, its number and place, and the slug of the item that it corrects."""

    form: Form
    published_on: date
    place: LocalText = LocalText()
    number: str = ""
    corrects: str = ""


NEWS = DocumentType("news", NewsFacts, DocumentWords)


def newest_first(items: Iterable[Document]) -> list[Document]:
    """News items by the day of publication, the newest first; those of one day by slug."""
    return sorted(sorted(items, key=lambda item: item.slug), key=lambda item: item.facts.published_on, reverse=True)


def corrections_of(slug: str, items: Iterable[Document]) -> list[Document]:
    """The items that correct the one of that slug, the newest first."""
    return newest_first(item for item in items if item.facts.corrects == slug)
