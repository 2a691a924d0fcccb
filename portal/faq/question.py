"""A question with its answer: words only, so its facts are those of every document."""

from __future__ import annotations

from portal.content.document import DocumentType

QUESTION = DocumentType("faq")
