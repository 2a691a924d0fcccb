"""Keeping the index in line with the content, in the process of `flask work`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.content.catalogue import Catalogue
from portal.search.engine.analysis.thesaurus import Thesaurus, compile_thesaurus
from portal.search.engine.index import generations
from portal.search.engine.index.building import BuildResult, bring_up_to_date, was_made_from
from portal.search.engine.index.entry import Entry
from portal.search.sources import ReferenceSource, SearchSource, entries_of

_CALLS_PER_VERIFICATION = 120


class Indexer:
    """Builds the index of one instance; a call without a change of the content costs next to nothing."""

    def __init__(self, root: Path, sources: Sequence[SearchSource], references: Sequence[ReferenceSource]) -> None:
        """Bind the folder of the index and the sources of its entries."""
        self.root = root
        self._sources, self._references = sources, references
        self._built_from: Catalogue | None = None
        self._calls = 0

    def entries(self, catalogue: Catalogue) -> list[Entry]:
        """The entries of this content."""
        return list(entries_of(catalogue, self._sources, self._references))

    def update(self, catalogue: Catalogue, *, anew: bool = False) -> BuildResult | None:
        """Bring the index in line with this content; None when it was built from it already.

        An index that is missing or damaged is built anew. Its files are compared with their hashes at every 120th call.
        """
        self._calls += 1
        if not anew and catalogue is self._built_from and self._is_intact():
            return None
        build = bring_up_to_date(
            self.root, self.entries(catalogue), thesaurus_of(catalogue), made_from=catalogue.version, anew=anew
        )
        self._built_from = catalogue
        return build

    def fits(self, catalogue: Catalogue) -> bool:
        """Whether there is an undamaged index of this content, by its version: entries are not compared."""
        return was_made_from(self.root, catalogue.version, thesaurus_of(catalogue))

    def _is_intact(self) -> bool:
        try:
            folder = self.root / generations.current_name(self.root)
            if self._calls % _CALLS_PER_VERIFICATION == 0:
                generations.verify(folder)
        except generations.IndexMissing:
            return False
        return True


def thesaurus_of(catalogue: Catalogue) -> Thesaurus:
    """The thesaurus that the content holds."""
    return compile_thesaurus(catalogue.reference("synonyms"))
