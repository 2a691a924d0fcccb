"""The scorer's file of a whole generation, made from its segments with statistics of all documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from portal.languages.registry import LANGUAGES
from portal.search.engine.index.arrays import Array, pack_words, pointers, read_arrays, unpack_words, write_arrays
from portal.search.engine.index.segments import live_documents, side_path

SATURATION, LENGTH_SHARE = 1.2, 0.5
"""BM25F's k1 and b: short answers and long guides stand side by side, so length counts for half."""

SCORES = "scores.arrays"
THESAURUS = "thesaurus.json"
_COLUMNS = ("shows_from", "shows_until", "fades_at", "prior")
_NOTES = ("keys", "fingerprints", "kinds", "slugs", "topics", "audiences", "pins")


@dataclass(frozen=True)
class _Segment:
    base: int
    live: Array
    arrays: dict[str, Array]
    notes: dict[str, Any]
    terms: list[str]
    words: list[str]


def impact(weights: Array, lengths: Array, rarity: Array | float, *, average: float) -> Array:
    """BM25F of postings: their weights, the lengths of their documents and how rare their term is."""
    share = (1.0 - LENGTH_SHARE) + LENGTH_SHARE * lengths / average
    result: Array = rarity * weights * (SATURATION + 1.0) / (weights + SATURATION * share)
    return result


def rarity_of(found_in: Array, documents: int) -> Array:
    """Whoosh's inverse document frequency, counting live documents only."""
    result: Array = np.log(documents / (found_in + 1.0)) + 1.0
    return np.maximum(result, 0.05)


def merge_segments(folder: Path) -> None:
    """Write the scorer's file for the segments of a folder, in document numbers of the whole index."""
    segments, total = _segments(folder)
    terms = sorted({term for segment in segments for term in segment.terms})
    words = sorted({word for segment in segments for word in segment.words})
    term_number = {term: number for number, term in enumerate(terms)}
    word_number = {word: number for number, word in enumerate(words)}
    maps = [np.array([term_number[term] for term in segment.terms], dtype=np.int64) for segment in segments]
    arrays = _document_columns(segments, total)
    arrays |= _postings(segments, maps, arrays, terms=len(terms))
    arrays |= _written(segments, maps, word_number)
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
        arrays, notes = read_arrays(side_path(folder, name))
        count = len(notes["keys"])
        alive = np.zeros(count, dtype=bool)
        alive[live] = True
        segments.append(
            _Segment(
                base=base,
                live=alive,
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
        here = slice(segment.base, segment.base + len(segment.live))
        columns["live"][here] = segment.live
        for name in (*_COLUMNS, "lengths"):
            columns[name][here] = segment.arrays[name]
    return columns


def _postings(
    segments: Sequence[_Segment], maps: Sequence[Array], columns: dict[str, Array], *, terms: int
) -> dict[str, Array]:
    rows, documents, weights = [], [], []
    for segment, numbers in zip(segments, maps, strict=True):
        counts = np.diff(segment.arrays["postings_at"])
        local = segment.arrays["documents"]
        keep = segment.live[local]
        rows.append(np.repeat(numbers, counts)[keep])
        documents.append((local.astype(np.int64) + segment.base)[keep])
        weights.append(segment.arrays["weights"][keep])
    row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    document = np.concatenate(documents) if documents else np.zeros(0, dtype=np.int64)
    weight = np.concatenate(weights) if weights else np.zeros(0, dtype=np.float32)
    order = np.argsort(row, kind="stable")
    row, document, weight = row[order], document[order], weight[order]
    found_in = np.bincount(row, minlength=terms)
    live = columns["live"]
    count = int(live.sum())
    average = float(columns["lengths"][live].mean()) if count else 1.0
    rarity = rarity_of(found_in, max(count, 1))
    impacts = impact(weight, columns["lengths"][document], rarity[row], average=average)
    return {
        "postings_at": pointers(found_in),
        "documents": document.astype(np.int32),
        "impacts": impacts.astype(np.float32),
        "rarity": rarity.astype(np.float32),
    }


def _written(segments: Sequence[_Segment], maps: Sequence[Array], word_number: dict[str, int]) -> dict[str, Array]:
    meanings: list[set[int]] = [set() for _ in word_number]
    words: list[Array] = []
    documents: list[Array] = []
    for segment, numbers in zip(segments, maps, strict=True):
        own = np.array([word_number[word] for word in segment.words], dtype=np.int64)
        at = segment.arrays["meanings_at"].tolist()
        listed = numbers[segment.arrays["meanings"]].tolist()
        for place, number in enumerate(own.tolist()):
            meanings[number].update(listed[at[place] : at[place + 1]])
        keep = segment.live[segment.arrays["found"]]
        words.append(np.repeat(own, np.diff(segment.arrays["found_at"]))[keep])
        documents.append((segment.arrays["found"].astype(np.int64) + segment.base)[keep])
    word = np.concatenate(words) if words else np.zeros(0, dtype=np.int64)
    document = np.concatenate(documents) if documents else np.zeros(0, dtype=np.int64)
    order = np.argsort(word, kind="stable")
    return {
        "meanings_at": pointers(np.array([len(listed) for listed in meanings], dtype=np.int64)),
        "meanings": np.array([term for listed in meanings for term in sorted(listed)], dtype=np.int32),
        "found_at": pointers(np.bincount(word, minlength=len(word_number))),
        "found": document[order].astype(np.int32),
    }


def _titles(segments: Sequence[_Segment], maps: Sequence[Array], language: str, total: int) -> dict[str, Array]:
    counts = np.zeros(total, dtype=np.int64)
    flat: list[Array] = []
    for segment, numbers in zip(segments, maps, strict=True):
        here = slice(segment.base, segment.base + len(segment.live))
        counts[here] = np.diff(segment.arrays[f"title_{language}_at"])
        # The last number answers -1, the mark between places.
        flat.append(np.append(numbers, -1)[segment.arrays[f"title_{language}"]])
    joined = np.concatenate(flat) if flat else np.zeros(0, dtype=np.int64)
    return {f"title_{language}_at": pointers(counts), f"title_{language}": joined.astype(np.int32)}


def _notes(segments: Sequence[_Segment], total: int) -> dict[str, Any]:
    notes: dict[str, Any] = {name: [] for name in _NOTES}
    for segment in segments:
        for name in _NOTES:
            notes[name].extend(segment.notes[name])
    notes["total"] = total
    return notes
