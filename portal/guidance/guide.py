"""A guide: a summary box of facts, then parts."""

from __future__ import annotations

from portal.content.document import DocumentFacts, DocumentType, DocumentWords

BOX = ("who", "cost", "time", "how", "where", "bring")


class GuideFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fees that the guide names and the questions that belong to it."""

    fees: tuple[str, ...] = ()


class GuideWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The summary box in inline Markdown, and what the office has still to confirm."""

    box: dict[str, str] = {}
    unconfirmed: tuple[str, ...] = ()


GUIDE = DocumentType("guidance", GuideFacts, GuideWords, has_parts=True)
