"""A view: one generation opened for reading, shared by all threads; nothing in it changes after it is opened."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from whoosh import index

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.thesaurus import unpacked
from portal.search.engine.index import generations
from portal.search.engine.index.arrays import Array, read_arrays, unpack_words
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.merging import SCORES, THESAURUS

Places = tuple[float, dict[int, tuple[tuple[int, float], ...]]]
"""A title: the mass of all its places, and for each term the places where it stands with their masses."""

_NEVER = float("inf")


class View:
    """One generation: its postings as arrays, its words, and its entries as Whoosh stored them."""

    def __init__(self, folder: Path) -> None:
        """Open the generation in a folder; raises IndexMissing or DamagedFile."""
        self.folder = folder
        self.name = folder.name
        self.manifest = generations.read_manifest(folder)
        arrays, notes = read_arrays(folder / SCORES)
        self.thesaurus = unpacked((folder / THESAURUS).read_bytes())
        self.arrays = arrays
        self.total: int = notes["total"]
        self.keys: list[str] = notes["keys"]
        self.slugs: list[str] = notes["slugs"]
        self.pins: list[list[str]] = notes["pins"]
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
        self._places: dict[int, tuple[Places, ...]] = {}
        self._boundaries = _boundaries(arrays, self.live)
        self._shown: tuple[float, float, Array] = (_NEVER, -_NEVER, self.live)
        self._local = threading.local()

    def visible_at(self, now: float) -> Array:
        """Which documents may be found at a moment (seconds since the epoch)."""
        start, end, shown = self._shown
        if start <= now < end:
            return shown
        place = int(np.searchsorted(self._boundaries, now, side="right"))
        start = float(self._boundaries[place - 1]) if place else -_NEVER
        end = float(self._boundaries[place]) if place < len(self._boundaries) else _NEVER
        shown = self.live & (self.arrays["shows_from"] <= now) & (now < self.arrays["shows_until"])
        self._shown = (start, end, shown)
        return shown

    def postings(self, term: int) -> tuple[Array, Array]:
        """The documents of a term and its impact in each."""
        start, end = self.postings_at[term], self.postings_at[term + 1]
        return self.documents_of[start:end], self.impacts[start:end]

    def word_counts(self, now: float) -> Array:
        """In how many documents that may be found now each written word stands."""
        shown = self.visible_at(now)
        if shown is self._counted[0]:
            return self._counted[1]
        counts = _row_sums(shown[self.arrays["found"]], self.arrays["found_at"])
        self._counted = (shown, counts)
        return counts

    @cached_property
    def _counted(self) -> tuple[Array | None, Array]:
        return (None, np.zeros(0, dtype=np.int64))

    def meanings(self, word: int) -> list[int]:
        """The terms that a written word stands for."""
        at = self.arrays["meanings_at"]
        listed: list[int] = self.arrays["meanings"][int(at[word]) : int(at[word + 1])].tolist()
        return listed

    @cached_property
    def words_meaning(self) -> dict[int, list[str]]:
        """The written words that stand for each term, for highlighting."""
        listed: dict[int, list[str]] = {}
        at = self.arrays["meanings_at"].tolist()
        terms = self.arrays["meanings"].tolist()
        for number, word in enumerate(self.words):
            for term in terms[at[number] : at[number + 1]]:
                listed.setdefault(term, []).append(word)
        return listed

    def title_places(self, document: int) -> tuple[Places, ...]:
        """The titles of a document, one per language that it has."""
        place = self._places.get(document)
        if place is None:
            place = tuple(places for at, flat in self._titles if (places := self._read_title(document, at, flat))[0])
            self._places[document] = place
        return place

    def _read_title(self, document: int, at: Array, flat: Array) -> Places:
        places: dict[int, dict[int, float]] = {}
        whole, number, here = 0.0, 0, []
        for term in flat[int(at[document]) : int(at[document + 1])].tolist():
            if term >= 0:
                here.append(term)
                continue
            mass = self.rarity[here[0]]
            whole += mass
            for one in here:
                places.setdefault(one, {})[number] = mass
            number, here = number + 1, []
        return whole, {term: tuple(listed.items()) for term, listed in places.items()}

    def entries(self, documents: Sequence[int]) -> list[Entry]:
        """The entries of documents, as stored."""
        reader = self._reader()
        return [msgspec.msgpack.decode(reader.stored_fields(document)["entry"], type=Entry) for document in documents]

    def _reader(self) -> Any:
        # Whoosh's readers are not safe to share, so every thread opens its own.
        reader = getattr(self._local, "reader", None)
        if reader is None:
            reader = index.open_dir(str(self.folder)).reader()
            self._local.reader = reader
        return reader


def _row_sums(values: Array, starts: Array) -> Array:
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    result: Array = sums[starts[1:]] - sums[starts[:-1]]
    return result


def _boundaries(arrays: dict[str, Array], live: Array) -> Array:
    times = np.concatenate([arrays["shows_from"][live], arrays["shows_until"][live]])
    return np.unique(times[np.isfinite(times)])


def _tags(notes: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (f"kind:{kind}", *(f"topic:{topic}" for topic in topics), *(f"audience:{one}" for one in audiences))
        for kind, topics, audiences in zip(notes["kinds"], notes["topics"], notes["audiences"], strict=True)
    ]


def _documents_by_tag(tags: list[tuple[str, ...]]) -> dict[str, Array]:
    documents: dict[str, list[int]] = {}
    for number, names in enumerate(tags):
        for name in names:
            documents.setdefault(sys.intern(name), []).append(number)
    return {name: np.array(listed, dtype=np.int64) for name, listed in documents.items()}
