"""Permits by their codes, however these are written (E33G, e-33-g, E33 G), and by codes that are no longer valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from portal.content.document import Document


def normalized_code(code: str) -> str:
    """A code without case, spaces and hyphens."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


class CodeIndex:
    """Finds permits by any spelling of their code, and by codes that are no longer valid."""

    def __init__(self, permits: Iterable[Document]) -> None:
        self.permits = tuple(permits)

    @cached_property
    def _by_code(self) -> dict[str, Document]:
        return {normalized_code(permit.facts.code): permit for permit in self.permits}

    @cached_property
    def _by_slug(self) -> dict[str, Document]:
        return {normalized_code(permit.slug): permit for permit in self.permits}

    def find(self, code: str) -> Document | None:
        """The permit of that code or name, however it is written."""
        return self._by_code.get(normalized_code(code)) or self._by_slug.get(normalized_code(code))

    def successors(self, code: str) -> list[Document]:
        """The permits that followed an old code."""
        old_code = normalized_code(code)
        return [permit for permit in self.permits if old_code in map(normalized_code, permit.facts.old_codes)]

    def old_codes(self) -> list[str]:
        """All codes that are no longer valid, in order."""
        return sorted({code for permit in self.permits for code in permit.facts.old_codes})
