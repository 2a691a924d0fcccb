"""Codes as people write them: E33G, e-33-g and E33 G are one; old codes know what followed them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from portal.content.document import Document


def bare(written: str) -> str:
    """A code without case, spaces and hyphens."""
    return re.sub(r"[^A-Z0-9]", "", written.upper())


class CodeBook:
    """Finds permits by any spelling of their code, and by codes that are no longer valid."""

    def __init__(self, permits: Iterable[Document]) -> None:
        self.permits = tuple(permits)

    @cached_property
    def _by_code(self) -> dict[str, Document]:
        return {bare(permit.facts.code): permit for permit in self.permits}

    @cached_property
    def _by_slug(self) -> dict[str, Document]:
        return {bare(permit.slug): permit for permit in self.permits}

    def find(self, written: str) -> Document | None:
        """The permit of that code or name, however it is written."""
        return self._by_code.get(bare(written)) or self._by_slug.get(bare(written))

    def successors(self, written: str) -> list[Document]:
        """The permits that followed an old code."""
        wanted = bare(written)
        return [permit for permit in self.permits if wanted in map(bare, permit.facts.old_codes)]

    def old_codes(self) -> list[str]:
        """All codes that are no longer valid, in order."""
        return sorted({code for permit in self.permits for code in permit.facts.old_codes})
