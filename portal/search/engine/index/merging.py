"""The file that the scorer reads: the arrays of all segments, in the document numbers of the whole index.

`scores.arrays` holds the arrays described in `segments`, with n documents of all segments, deleted ones included, and
with terms and words numbered anew. In place of `weights` it has `impacts` (float32), the BM25F score of each posting.
In addition it has `rarity` (float32[t]), the inverse document frequency, and `live` (bool[n]), False for deleted
documents. Postings of deleted documents are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from portal.languages.registry import LANGUAGES
from portal.search.engine.index.arrays import Array, pack_words, pointers, read_arrays, unpack_words, write_arrays
from portal.search.engine.index.segments import SegmentNotes, arrays_path, live_documents

SATURATION, LENGTH_SHARE = 1.2, 0.5
"""BM25F's k1 and b: short answers and long guides stand side by side, so length counts for half."""

SCORES = "scores.arrays"
THESAURUS = "thesaurus.json"
_COLUMNS = ("shows_from", "shows_until", "fades_at", "prior")


class IndexNotes(SegmentNotes, frozen=True):
    """The notes of all segments, and the number of documents with the deleted ones."""

    total: int


@dataclass(frozen=True)
class _Segment:
    """A segment opened: `base` is added to its document numbers, `live` (bool) masks those not deleted."""

    base: int
    live: Array
    arrays: dict[str, Array]
    notes: SegmentNotes
    terms: list[str]
    words: list[str]


def impact(weights: Array, lengths: Array, rarity: Array | float, *, average: float) -> Array:
    """BM25F of postings from their weights, the lengths of their documents and the rarity of their term.

    `average` is the mean length of documents. The arrays have one item per posting.
    """
    share = (1.0 - LENGTH_SHARE) + LENGTH_SHARE * lengths / average
    impacts: Array = rarity * weights * (SATURATION + 1.0) / (weights + SATURATION * share)
    return impacts


def rarity_of(document_counts: Array, documents: int) -> Array:
    """Whoosh's inverse document frequency of each term, from its number of live documents; at least 0.05."""
    rarity: Array = np.log(documents / (document_counts + 1.0)) + 1.0
    return np.maximum(rarity, 0.05)


def merge_segments(folder: Path) -> None:
    """Write the scorer's file for the segments of a folder, in document numbers of the whole index."""
    segments, total = _segments(folder)
    terms = sorted({term for segment in segments for term in segment.terms})
    words = sorted({word for segment in segments for word in segment.words})
    term_numbers = {term: number for number, term in enumerate(terms)}
    word_numbers = {word: number for number, word in enumerate(words)}
    # For each segment the number in the whole index of each of its terms.
    maps = [np.array([term_numbers[term] for term in segment.terms], dtype=np.int64) for segment in segments]
    arrays = _document_columns(segments, total)
    arrays |= _postings(segments, maps, arrays, terms=len(terms))
    arrays |= _word_arrays(segments, maps, word_numbers)
    for language in LANGUAGES:
        arrays |= _titles(segments, maps, language, total)
    arrays["terms"], arrays["terms_at"] = pack_words(terms)
    arrays["words"], arrays["words_at"] = pack_words(words)
    temporary = (folder / SCORES).with_suffix(".part")
    write_arrays(temporary, arrays, _notes(segments, total))
    temporary.replace(folder / SCORES)


def _segments(folder: Path) -> tuple[list[_Segment], int]:
    segments: list[_Segment] = []
    base = 0
    for name, live in live_documents(folder).items():
        arrays, notes = read_arrays(arrays_path(folder, name), SegmentNotes)
        count = len(notes.keys)
        mask = np.zeros(count, dtype=bool)
        mask[live] = True
        segments.append(
            _Segment(
                base=base,
                live=mask,
                arrays=arrays,
                notes=notes,
                terms=unpack_words(arrays["terms"], arrays["terms_at"]),
                words=unpack_words(arrays["words"], arrays["words_at"]),
            )
        )
        base += count
    return segments, base


def _document_columns(segments: Sequence[_Segment], total: int) -> dict[str, Array]:
    columns: dict[str, Array] = {name: np.zeros(total, dtype=np.float64) for name in _COLUMNS}
    columns["lengths"] = np.zeros(total, dtype=np.float32)
    columns["live"] = np.zeros(total, dtype=bool)
    for segment in segments:
        rows = slice(segment.base, segment.base + len(segment.live))
        columns["live"][rows] = segment.live
        for name in (*_COLUMNS, "lengths"):
            columns[name][rows] = segment.arrays[name]
    return columns


def _postings(
    segments: Sequence[_Segment], maps: Sequence[Array], columns: dict[str, Array], *, terms: int
) -> dict[str, Array]:
    term_parts, document_parts, weight_parts = [], [], []
    for segment, numbers in zip(segments, maps, strict=True):
        counts = np.diff(segment.arrays["postings_at"])
        local = segment.arrays["documents"]
        keep = segment.live[local]
        term_parts.append(np.repeat(numbers, counts)[keep])
        document_parts.append((local.astype(np.int64) + segment.base)[keep])
        weight_parts.append(segment.arrays["weights"][keep])
    term, document = _joined(term_parts, np.int64), _joined(document_parts, np.int64)
    order = np.argsort(term, kind="stable")
    term, document, weight = term[order], document[order], _joined(weight_parts, np.float32)[order]
    document_counts = np.bincount(term, minlength=terms)
    live = columns["live"]
    count = int(live.sum())
    average = float(columns["lengths"][live].mean()) if count else 1.0
    rarity = rarity_of(document_counts, max(count, 1))
    impacts = impact(weight, columns["lengths"][document], rarity[term], average=average)
    return {
        "postings_at": pointers(document_counts),
        "documents": document.astype(np.int32),
        "impacts": impacts.astype(np.float32),
        "rarity": rarity.astype(np.float32),
    }


def _joined(parts: Sequence[Array], dtype: type[np.generic]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=dtype)


def _word_arrays(segments: Sequence[_Segment], maps: Sequence[Array], word_numbers: dict[str, int]) -> dict[str, Array]:
    meanings: list[set[int]] = [set() for _ in word_numbers]
    word_parts: list[Array] = []
    document_parts: list[Array] = []
    for segment, numbers in zip(segments, maps, strict=True):
        words = np.array([word_numbers[word] for word in segment.words], dtype=np.int64)
        terms = numbers[segment.arrays["meanings"]].tolist()
        for number, (start, end) in zip(words.tolist(), pairwise(segment.arrays["meanings_at"].tolist()), strict=True):
            meanings[number].update(terms[start:end])
        keep = segment.live[segment.arrays["found"]]
        word_parts.append(np.repeat(words, np.diff(segment.arrays["found_at"]))[keep])
        document_parts.append((segment.arrays["found"].astype(np.int64) + segment.base)[keep])
    word, document = _joined(word_parts, np.int64), _joined(document_parts, np.int64)
    order = np.argsort(word, kind="stable")
    return {
        "meanings_at": pointers(np.array([len(terms) for terms in meanings], dtype=np.int64)),
        "meanings": np.array([term for terms in meanings for term in sorted(terms)], dtype=np.int32),
        "found_at": pointers(np.bincount(word, minlength=len(word_numbers))),
        "found": document[order].astype(np.int32),
    }


def _titles(segments: Sequence[_Segment], maps: Sequence[Array], language: str, total: int) -> dict[str, Array]:
    counts = np.zeros(total, dtype=np.int64)
    flat: list[Array] = []
    for segment, numbers in zip(segments, maps, strict=True):
        rows = slice(segment.base, segment.base + len(segment.live))
        counts[rows] = np.diff(segment.arrays[f"title_{language}_at"])
        # Indexed with -1, the end of a position, the appended -1 is the result.
        flat.append(np.append(numbers, -1)[segment.arrays[f"title_{language}"]])
    return {
        f"title_{language}_at": pointers(counts),
        f"title_{language}": _joined(flat, np.int64).astype(np.int32),
    }


def _notes(segments: Sequence[_Segment], total: int) -> IndexNotes:
    columns: dict[str, list[Any]] = {
        name: [value for segment in segments for value in getattr(segment.notes, name)]
        for name in SegmentNotes.__struct_fields__
    }
    return IndexNotes(**columns, total=total)
