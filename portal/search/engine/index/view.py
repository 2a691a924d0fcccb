"""A view: one generation opened for reading and shared by all threads.

The arrays are those of `merging`, mapped read only. Caches of a view, each for its lifetime and replaced whole, so that
threads need no lock: the mask of visible documents and the counts of words, both for the interval between two times at
which a document appears or disappears; the positions of titles by document number.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from whoosh import index
from whoosh.reading import IndexReader

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.thesaurus import decode_thesaurus
from portal.search.engine.index import generations
from portal.search.engine.index.arrays import Array, read_arrays, unpack_words
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.merging import SCORES, THESAURUS, IndexNotes

TitlePositions = tuple[float, dict[int, tuple[tuple[int, float], ...]]]
"""A title: the mass of all its positions, and by term number the positions where it stands with their masses."""

_NEVER = float("inf")


class View:
    """One generation: its postings, words, titles and entries. n are its documents, deleted ones included.

    `live` is bool[n]; `prior` float32[n]; `fades_at` float64[n] in seconds since the epoch; `impacts` float32 and
    `documents_of` int32 have one item per posting; `postings_at` and `rarity` one per term. `tags` gives the document
    numbers (int64) of each tag such as `kind:faq`, `tags_of` the tags of each document.
    """

    def __init__(self, folder: Path) -> None:
        """Open the generation in a folder; raises IndexMissing or DamagedFile."""
        self.folder = folder
        self.name = folder.name
        self.manifest = generations.read_manifest(folder)
        arrays, notes = read_arrays(folder / SCORES, IndexNotes)
        self.thesaurus = decode_thesaurus((folder / THESAURUS).read_bytes())
        self.arrays = arrays
        self.total = notes.total
        self.keys, self.slugs, self.pins = notes.keys, notes.slugs, notes.pins
        self.live: Array = arrays["live"]
        self.documents_of = arrays["documents"]
        self.impacts = arrays["impacts"]
        self.postings_at: list[int] = arrays["postings_at"].tolist()
        self.rarity: list[float] = arrays["rarity"].tolist()
        self.rarest = max(self.rarity, default=1.0)
        self.prior = arrays["prior"].astype(np.float32)
        self.fades_at = arrays["fades_at"]
        self.count = int(self.live.sum())
        self.terms = {term: number for number, term in enumerate(unpack_words(arrays["terms"], arrays["terms_at"]))}
        self.words = unpack_words(arrays["words"], arrays["words_at"])
        self.word_number = {word: number for number, word in enumerate(self.words)}
        self.tags_of = _tags(notes)
        self.tags = _documents_by_tag(self.tags_of)
        self._titles = [(arrays[f"title_{language}_at"], arrays[f"title_{language}"]) for language in LANGUAGES]
        self._title_positions: dict[int, tuple[TitlePositions, ...]] = {}
        self._boundaries = _boundaries(arrays, self.live)
        self._visible: tuple[float, float, Array] = (_NEVER, -_NEVER, self.live)
        self._word_counts: tuple[Array | None, Array] = (None, np.zeros(0, dtype=np.int64))
        self._local = threading.local()

    def visible_at(self, now: float) -> Array:
        """The documents that may be found at a time (seconds since the epoch), as bool[n]."""
        start, end, visible = self._visible
        if start <= now < end:
            return visible
        following = int(np.searchsorted(self._boundaries, now, side="right"))
        start = float(self._boundaries[following - 1]) if following else -_NEVER
        end = float(self._boundaries[following]) if following < len(self._boundaries) else _NEVER
        visible = self.live & (self.arrays["shows_from"] <= now) & (now < self.arrays["shows_until"])
        self._visible = (start, end, visible)
        return visible

    def postings(self, term: int) -> tuple[Array, Array]:
        """The documents of a term (int32) and its BM25F score in each (float32)."""
        start, end = self.postings_at[term], self.postings_at[term + 1]
        return self.documents_of[start:end], self.impacts[start:end]

    def word_counts(self, now: float) -> Array:
        """By word number the number of documents with that word that may be found at a time (int64)."""
        visible = self.visible_at(now)
        counted_for, counts = self._word_counts
        if counted_for is not visible:
            counts = _row_sums(visible[self.arrays["found"]], self.arrays["found_at"])
            self._word_counts = (visible, counts)
        return counts

    def meanings(self, word: int) -> list[int]:
        """The numbers of the terms that a written word stands for."""
        starts = self.arrays["meanings_at"]
        terms: list[int] = self.arrays["meanings"][int(starts[word]) : int(starts[word + 1])].tolist()
        return terms

    @cached_property
    def words_meaning(self) -> dict[int, list[str]]:
        """The written words that stand for each term, by term number, for highlighting."""
        words: dict[int, list[str]] = {}
        terms = self.arrays["meanings"].tolist()
        for word, (start, end) in zip(self.words, pairwise(self.arrays["meanings_at"].tolist()), strict=True):
            for term in terms[start:end]:
                words.setdefault(term, []).append(word)
        return words

    def title_positions(self, document: int) -> tuple[TitlePositions, ...]:
        """The titles of a document, one per language that it has."""
        titles = self._title_positions.get(document)
        if titles is None:
            read = (self._read_title(starts, values, document) for starts, values in self._titles)
            titles = tuple(title for title in read if title[0])
            self._title_positions[document] = titles
        return titles

    def _read_title(self, starts: Array, values: Array, document: int) -> TitlePositions:
        masses: dict[int, dict[int, float]] = {}
        total, position, terms = 0.0, 0, []
        for value in values[int(starts[document]) : int(starts[document + 1])].tolist():
            if value >= 0:
                terms.append(value)
                continue
            mass = self.rarity[terms[0]]
            total += mass
            for term in terms:
                masses.setdefault(term, {})[position] = mass
            position, terms = position + 1, []
        return total, {term: tuple(by_position.items()) for term, by_position in masses.items()}

    def entries(self, documents: Sequence[int]) -> list[Entry]:
        """The entries of documents, as stored."""
        reader = self._reader()
        return [msgspec.msgpack.decode(reader.stored_fields(document)["entry"], type=Entry) for document in documents]

    def _reader(self) -> IndexReader:
        # Whoosh's readers are not safe to share, so every thread opens its own.
        reader: IndexReader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = index.open_dir(str(self.folder)).reader()
            self._local.reader = reader
        return reader


def _row_sums(values: Array, starts: Array) -> Array:
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    row_sums: Array = sums[starts[1:]] - sums[starts[:-1]]
    return row_sums


def _boundaries(arrays: dict[str, Array], live: Array) -> Array:
    times = np.concatenate([arrays["shows_from"][live], arrays["shows_until"][live]])
    return np.unique(times[np.isfinite(times)])


def _tags(notes: IndexNotes) -> list[tuple[str, ...]]:
    return [
        (f"kind:{kind}", *(f"topic:{topic}" for topic in topics), *(f"audience:{audience}" for audience in audiences))
        for kind, topics, audiences in zip(notes.kinds, notes.topics, notes.audiences, strict=True)
    ]


def _documents_by_tag(tags: list[tuple[str, ...]]) -> dict[str, Array]:
    documents: dict[str, list[int]] = {}
    for number, names in enumerate(tags):
        for name in names:
            documents.setdefault(sys.intern(name), []).append(number)
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in documents.items()}
