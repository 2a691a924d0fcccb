"""Segments: documents written with Whoosh, and beside each segment a file with the arrays read from its postings.

A segment and its file of arrays (`<segment id>.side`) never change; deletions are kept by Whoosh's table of contents.
For n documents, t terms and w written words a file holds:

| arrays | dtype | content |
|---|---|---|
| `terms`, `terms_at`; `words`, `words_at` | uint8, int64 | sorted terms and written words, see `pack_words` |
| `postings_at` | int64[t + 1] | bounds of the rows of `documents` and `weights`, one row per term |
| `documents`, `weights` | int32, float32 | local document numbers, and the summed weights of the term in them |
| `lengths` | float32[n] | the summed weights of all terms of a document |
| `meanings_at`, `meanings` | int64[w + 1], int32 | per written word the numbers of the terms that it stands for |
| `found_at`, `found` | int64[w + 1], int32 | per written word the documents in which it stands |
| `title_<language>_at`, `title_<language>` | int64[n + 1], int32 | per document its title, -1 after each position |
| `shows_from`, `shows_until`, `fades_at` | float64[n] | seconds since the epoch, as in `Entry` |
| `prior` | float64[n] | the factor of the score |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
from whoosh import fields, formats, index
from whoosh.analysis import Analyzer, Token

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.analyser import AnalysedEntry, analyse_entry
from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.arrays import Array, pack_words, pointers, write_arrays
from portal.search.engine.index.entry import Entry

FIELD = "terms"


class SegmentNotes(msgspec.Struct, frozen=True):
    """What the file of arrays keeps of each document beside the arrays; every list has one item per document."""

    keys: list[str]
    fingerprints: list[str]
    kinds: list[str]
    slugs: list[str]
    topics: list[tuple[str, ...]]
    audiences: list[tuple[str, ...]]
    pins: list[tuple[str, ...]]


class PreparedTerms(Analyzer):  # type: ignore[misc]
    """A Whoosh analyzer for terms that are analysed already: passes them on with their counts and weights."""

    def __call__(self, value: object, **_: object) -> Iterator[Token]:
        """One token per term; `value` maps a term to its count and weight."""
        token = Token()
        for text, (_count, weight) in value.items():  # type: ignore[attr-defined]
            token.text, token.boost, token.stopped = text, weight, False
            yield token


class WeightedTerms(fields.FieldType):  # type: ignore[misc]
    """A scorable field whose value is the terms of an analysed entry."""

    def __init__(self) -> None:
        """The field has no options: the analysis gives the weights."""
        super().__init__(format=formats.Frequency(), analyzer=PreparedTerms(), scorable=True, stored=False)

    def index(self, value: dict[str, tuple[int, float]], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The postings of one document: bytes of the term, its count, its weight, no further value."""
        for term, (count, weight) in value.items():
            yield term.encode(), count, weight, formats.pack_uint(count)


SCHEMA = fields.Schema(key=fields.ID(stored=True), entry=fields.STORED, terms=WeightedTerms())


def write_segment(folder: Path, entries: Sequence[Entry], thesaurus: Thesaurus, *, drop: Iterable[int]) -> None:
    """Add entries to the Whoosh index of a folder as one segment, and delete the document numbers in `drop`."""
    path = str(folder)
    whoosh_index = index.open_dir(path) if index.exists_in(path) else index.create_in(path, SCHEMA)
    with closing(whoosh_index):
        writer = whoosh_index.writer(limitmb=256)
        for number in drop:
            writer.delete_document(number)
        analyses = [analyse_entry(entry, thesaurus) for entry in entries]
        for entry, analysis in zip(entries, analyses, strict=True):
            writer.add_document(key=entry.key, entry=msgspec.msgpack.encode(entry), terms=analysis.terms)
        name = str(writer.newsegment.segid)
        # A segment without live documents is left out; the others stay as they are, byte for byte.
        writer.commit(mergetype=lambda _writer, segments: [s for s in segments if s.doc_count() > 0])
    if entries:
        _write_arrays(folder, name, entries, analyses)


def live_documents(folder: Path) -> dict[str, list[int]]:
    """The local numbers of documents that are not deleted, by segment id, in the order of document numbers."""
    with closing(index.open_dir(str(folder))) as opened, closing(opened.reader()) as reader:
        return {
            str(leaf.segment().segid): [n for n in range(leaf.doc_count_all()) if not leaf.is_deleted(n)]
            for leaf, _offset in reader.leaf_readers()
            if leaf.doc_count_all()
        }


def arrays_path(folder: Path, name: str) -> Path:
    """The file of arrays of one segment."""
    return folder / f"{name}.side"


def _write_arrays(folder: Path, name: str, entries: Sequence[Entry], analyses: Sequence[AnalysedEntry]) -> None:
    arrays, terms = _postings(folder, name, len(entries))
    term_numbers = {term: number for number, term in enumerate(terms)}
    words = sorted({word for analysis in analyses for word in analysis.word_terms})
    arrays |= _word_arrays(words, analyses, term_numbers)
    for language in LANGUAGES:
        arrays |= _title_arrays(language, analyses, term_numbers)
    arrays["terms"], arrays["terms_at"] = pack_words(terms)
    arrays["words"], arrays["words_at"] = pack_words(words)
    for column in ("shows_from", "shows_until", "fades_at", "prior"):
        arrays[column] = np.array([getattr(entry, column) for entry in entries], dtype=np.float64)
    notes = SegmentNotes(
        keys=[entry.key for entry in entries],
        fingerprints=[entry.fingerprint for entry in entries],
        kinds=[entry.kind for entry in entries],
        slugs=[entry.slug for entry in entries],
        topics=[entry.topics for entry in entries],
        audiences=[entry.audiences for entry in entries],
        pins=[entry.pins for entry in entries],
    )
    temporary = arrays_path(folder, name).with_suffix(".part")
    write_arrays(temporary, arrays, notes)
    temporary.replace(arrays_path(folder, name))


def _postings(folder: Path, name: str, count: int) -> tuple[dict[str, Array], list[str]]:
    """The postings of a segment of `count` documents as Whoosh wrote them, and its terms in order."""
    with closing(index.open_dir(str(folder))) as opened, closing(opened.reader()) as reader:
        leaf = next(leaf for leaf, _ in reader.leaf_readers() if str(leaf.segment().segid) == name)
        terms: list[str] = []
        counts: list[int] = []
        documents: list[int] = []
        weights: list[float] = []
        for term in leaf.lexicon(FIELD):
            matcher = leaf.postings(FIELD, term)
            before = len(documents)
            while matcher.is_active():
                documents.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
            terms.append(term.decode())
            counts.append(len(documents) - before)
        lengths = [leaf.doc_field_length(number, FIELD) for number in range(count)]
    return {
        "postings_at": pointers(np.array(counts, dtype=np.int64)),
        "documents": np.array(documents, dtype=np.int32),
        "weights": np.array(weights, dtype=np.float32),
        "lengths": np.array(lengths, dtype=np.float32),
    }, terms


def _word_arrays(words: list[str], analyses: Sequence[AnalysedEntry], term_numbers: dict[str, int]) -> dict[str, Array]:
    meanings: dict[str, set[int]] = {word: set() for word in words}
    documents: dict[str, list[int]] = {word: [] for word in words}
    for document, analysis in enumerate(analyses):
        for word, terms in analysis.word_terms.items():
            meanings[word].update(term_numbers[term] for term in terms)
            documents[word].append(document)
    return {
        "meanings_at": pointers(np.array([len(meanings[word]) for word in words], dtype=np.int64)),
        "meanings": np.array([term for word in words for term in sorted(meanings[word])], dtype=np.int32),
        "found_at": pointers(np.array([len(documents[word]) for word in words], dtype=np.int64)),
        "found": np.array([document for word in words for document in documents[word]], dtype=np.int32),
    }


def _title_arrays(language: str, analyses: Sequence[AnalysedEntry], term_numbers: dict[str, int]) -> dict[str, Array]:
    rows = [
        [value for terms in analysis.titles[language] for value in (*(term_numbers[term] for term in terms), -1)]
        for analysis in analyses
    ]
    return {
        f"title_{language}_at": pointers(np.array([len(row) for row in rows], dtype=np.int64)),
        f"title_{language}": np.array([value for row in rows for value in row], dtype=np.int32),
    }
