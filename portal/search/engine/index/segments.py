"""Segments: documents written with Whoosh, and beside each segment the arrays read back from its postings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from whoosh import fields, formats, index
from whoosh.analysis import Analyzer, Token

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.analyser import Analysed, analysed
from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.arrays import pack_words, pointers, write_arrays
from portal.search.engine.index.entry import Entry

FIELD = "terms"


class PreparedTerms(Analyzer):  # type: ignore[misc]
    """Whoosh's side of an analysis already done: passes terms on with their counts and weights."""

    def __call__(self, value: object, **_: object) -> Iterator[Token]:
        """One token per term; `value` maps a term to its count and weight."""
        token = Token()
        for text, (_count, weight) in value.items():  # type: ignore[attr-defined]
            token.text, token.boost, token.stopped = text, weight, False
            yield token


class WeightedTerms(fields.FieldType):  # type: ignore[misc]
    """A scorable field whose value is the terms of an analysed entry."""

    def __init__(self) -> None:
        """The field takes no options: what is weighed how much was decided in the analysis."""
        super().__init__(format=formats.Frequency(), analyzer=PreparedTerms(), scorable=True, stored=False)

    def index(self, value: dict[str, tuple[int, float]], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The postings of one document: bytes of the term, its count, its weight, no further value."""
        for term, (count, weight) in value.items():
            yield term.encode(), count, weight, formats.pack_uint(count)


SCHEMA = fields.Schema(key=fields.ID(stored=True), entry=fields.STORED, terms=WeightedTerms())


def write_segment(folder: Path, entries: Sequence[Entry], thesaurus: Thesaurus, *, drop: Iterable[int]) -> None:
    """Add entries to the Whoosh index of a folder as one new segment; `drop` are document numbers that go."""
    path = str(folder)
    opened = index.open_dir(path) if index.exists_in(path) else index.create_in(path, SCHEMA)
    with closing(opened):
        writer = opened.writer(limitmb=256)
        for number in drop:
            writer.delete_document(number)
        analyses = [analysed(entry, thesaurus) for entry in entries]
        for entry, analysis in zip(entries, analyses, strict=True):
            writer.add_document(key=entry.key, entry=msgspec.msgpack.encode(entry), terms=analysis.terms)
        name = str(writer.newsegment.segid)
        # A segment without live documents is left out; the others stay as they are, byte for byte.
        writer.commit(mergetype=lambda _writer, segments: [s for s in segments if s.doc_count() > 0])
    if entries:
        _write_side(folder, name, entries, analyses)


def live_documents(folder: Path) -> dict[str, list[int]]:
    """For each segment id, in the order of their documents, the local numbers of documents that were not deleted."""
    with closing(index.open_dir(str(folder))) as opened, closing(opened.reader()) as reader:
        return {
            str(leaf.segment().segid): [n for n in range(leaf.doc_count_all()) if not leaf.is_deleted(n)]
            for leaf, _offset in reader.leaf_readers()
            if leaf.doc_count_all()
        }


def side_path(folder: Path, name: str) -> Path:
    """Where the arrays of one segment are kept."""
    return folder / f"{name}.side"


def _write_side(folder: Path, name: str, entries: Sequence[Entry], analyses: Sequence[Analysed]) -> None:
    arrays, terms = _postings(folder, name, len(entries))
    number = {term: place for place, term in enumerate(terms)}
    written = sorted({word for analysis in analyses for word in analysis.written})
    arrays |= _written_arrays(written, analyses, number)
    for language in LANGUAGES:
        arrays |= _title_arrays(language, analyses, number)
    arrays["terms"], arrays["terms_at"] = pack_words(terms)
    arrays["words"], arrays["words_at"] = pack_words(written)
    for column in ("shows_from", "shows_until", "fades_at", "prior"):
        arrays[column] = np.array([getattr(entry, column) for entry in entries], dtype=np.float64)
    notes: dict[str, Any] = {
        "keys": [entry.key for entry in entries],
        "fingerprints": [entry.fingerprint for entry in entries],
        "kinds": [entry.kind for entry in entries],
        "slugs": [entry.slug for entry in entries],
        "topics": [entry.topics for entry in entries],
        "audiences": [entry.audiences for entry in entries],
        "pins": [entry.pins for entry in entries],
    }
    temporary = side_path(folder, name).with_suffix(".part")
    write_arrays(temporary, arrays, notes)
    temporary.replace(side_path(folder, name))


def _postings(folder: Path, name: str, count: int) -> tuple[dict[str, Any], list[str]]:
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


def _written_arrays(written: list[str], analyses: Sequence[Analysed], number: dict[str, int]) -> dict[str, Any]:
    meanings: dict[str, set[int]] = {word: set() for word in written}
    found_in: dict[str, list[int]] = {word: [] for word in written}
    for document, analysis in enumerate(analyses):
        for word, terms in analysis.written.items():
            meanings[word].update(number[term] for term in terms)
            found_in[word].append(document)
    return {
        "meanings_at": pointers(np.array([len(meanings[word]) for word in written], dtype=np.int64)),
        "meanings": np.array([term for word in written for term in sorted(meanings[word])], dtype=np.int32),
        "found_at": pointers(np.array([len(found_in[word]) for word in written], dtype=np.int64)),
        "found": np.array([document for word in written for document in found_in[word]], dtype=np.int32),
    }


def _title_arrays(language: str, analyses: Sequence[Analysed], number: dict[str, int]) -> dict[str, Any]:
    # A title is flat: term numbers, and -1 after each place, so that a reader can tell places apart.
    rows = [
        [value for place in analysis.titles[language] for value in (*(number[term] for term in place), -1)]
        for analysis in analyses
    ]
    return {
        f"title_{language}_at": pointers(np.array([len(row) for row in rows], dtype=np.int64)),
        f"title_{language}": np.array([value for row in rows for value in row], dtype=np.int32),
    }
