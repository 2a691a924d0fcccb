"""What changed last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.content.document import Document


def latest(documents: Iterable[tuple[Document, date]], count: int) -> list[tuple[Document, date]]:
    """The `count` documents with the newest days; those of one day in the order in which they are given."""
    return sorted(documents, key=lambda pair: pair[1], reverse=True)[:count]
