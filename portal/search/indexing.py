"""Keeping the index equal to the content: one builder, in the process of `flask work`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.content.catalogue import Catalogue
from portal.search.engine.analysis.thesaurus import Thesaurus, compile_thesaurus
from portal.search.engine.index import generations
from portal.search.engine.index.building import BuildResult, bring_up_to_date, was_made_from
from portal.search.engine.index.entry import Entry
from portal.search.sources import ReferenceSource, SearchSource, entries_of

_VERIFIED_EVERY = 120


class Indexer:
    """Builds the index of one instance; cheap to call again and again."""

    def __init__(self, root: Path, sources: Sequence[SearchSource], references: Sequence[ReferenceSource]) -> None:
        """Bind the folder of the index and the sources of its entries."""
        self.root = root
        self._sources, self._references = sources, references
        self._built_from: Catalogue | None = None
        self._calls = 0

    def entries(self, catalogue: Catalogue) -> list[Entry]:
        """Every entry that the index of this content holds."""
        return list(entries_of(catalogue, self._sources, self._references))

    def update(self, catalogue: Catalogue, *, anew: bool = False) -> BuildResult | None:
        """Bring the index up to this content; None when there was nothing to look at.

        An index that is missing or damaged is built anew. Its files are compared with their hashes now and then.
        """
        self._calls += 1
        if not anew and catalogue is self._built_from and self._is_whole():
            return None
        built = bring_up_to_date(
            self.root, self.entries(catalogue), thesaurus_of(catalogue), made_from=catalogue.version, anew=anew
        )
        self._built_from = catalogue
        return built

    def fits(self, catalogue: Catalogue) -> bool:
        """Whether there is a whole index of this content; told without making its entries again.

        The builder compares entry by entry when it starts; a web process only asks for what would leave it without.
        """
        return was_made_from(self.root, catalogue.version, thesaurus_of(catalogue))

    def _is_whole(self) -> bool:
        try:
            folder = self.root / generations.current_name(self.root)
            if self._calls % _VERIFIED_EVERY == 0:
                generations.verify(folder)
        except generations.IndexMissing:
            return False
        return True


def thesaurus_of(catalogue: Catalogue) -> Thesaurus:
    """The thesaurus that the content holds."""
    return compile_thesaurus(catalogue.reference("synonyms"))
