"""A news item: what kind of news, of which day and place, and which item it corrects."""

from __future__ import annotations

from datetime import date
from typing import Literal

from portal.content.document import DocumentFacts, DocumentType, DocumentWords, LocalText

Form = Literal["press-release", "announcement", "story", "correction"]


class NewsFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day on which it was published, its number and place, and the slug of the item that it corrects."""

    form: Form
    published_on: date
    place: LocalText = {}
    number: str = ""
    corrects: str = ""


NEWS = DocumentType("news", NewsFacts, DocumentWords)
