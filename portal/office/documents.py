"""The documents that belong to the site as a whole: pages of the office, and alerts."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from portal.content.document import DocumentFacts, DocumentType, Instant

Severity = Literal["emergency", "major", "notice"]


class AlertFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How grave it is, from when to when it holds, and on which pages: `site`, or keys and kinds."""

    severity: Severity
    starts: Instant
    ends: Instant
    on: Literal["site"] | Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = "site"


PAGE = DocumentType("pages")
ALERT = DocumentType("alerts", AlertFacts)
