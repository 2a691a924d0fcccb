"""Building: brings the index in line with the entries, at the cost of the difference.

The index of an instance is a folder with one folder per published state, called a generation:

1. *Build*: one process at a time (`LOCK`) makes a folder `build-*`: an empty one, or one with hard links to the files
   of the current generation. It adds a segment with the changed entries, marks deleted documents and writes the file
   for the scorer (`merging`). It builds everything anew when there is no usable generation, when the rules of analysis
   or the thesaurus changed, or when more than 30 % of the documents are deleted; small segments are rewritten as one
   when there are 12.
2. *Publish*: the build is checked, hashed into its `MANIFEST.json`, renamed to `gen-NNNNNN`, and named in `CURRENT`.
   Each step is synced to disk, so that a crash leaves either the old or the new generation.
3. *Sweep*: the last three generations are kept for readers that still use them; older ones and abandoned builds are
   removed.

Files of a generation never change, so readers need no lock (`view`, `portal.search.live`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from portal.search.engine.analysis.thesaurus import Thesaurus, encode_thesaurus
from portal.search.engine.index import generations
from portal.search.engine.index.arrays import DamagedFile, read_arrays
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.merging import SCORES, THESAURUS, IndexNotes, merge_segments
from portal.search.engine.index.segments import SegmentNotes, arrays_path, live_documents, write_segment

RULES = "3"
"""Changes whenever words are analysed differently, so that an index of older rules is built anew."""

_MOST_SEGMENTS = 12
_MOST_DELETED_SHARE = 0.3


@dataclass(frozen=True)
class BuildResult:
    """What one build did: the generation in use now, the numbers of entries, and whether it was built anew."""

    name: str
    added: int
    dropped: int
    is_rebuilt: bool
    documents: int


@dataclass
class _IndexedDocuments:
    """The live documents of a generation: their numbers by fingerprint of the entry.

    `total` counts the deleted ones too; `small` are the numbers of documents in segments that should become one.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    total: int = 0
    small: set[int] = field(default_factory=set)


def bring_up_to_date(
    root: Path, entries: Iterable[Entry], thesaurus: Thesaurus, *, made_from: str = "", anew: bool = False
) -> BuildResult:
    """Publish a generation with exactly these entries; nothing is written when the current one already has them.

    `made_from` is the version of the content; `anew` builds everything anew. Waits for another builder.
    """
    target = {entry.fingerprint: entry for entry in entries}
    rules = _rules(thesaurus)
    with generations.build_lock(root):
        current = None if anew else _usable(root, rules)
        indexed = _indexed_documents(current) if current else _IndexedDocuments()
        add = {fingerprint: entry for fingerprint, entry in target.items() if fingerprint not in indexed.numbers}
        drop = [number for fingerprint, number in indexed.numbers.items() if fingerprint not in target]
        if current and not add and not drop:
            return BuildResult(current.name, 0, 0, False, len(target))
        live = len(indexed.numbers) - len(drop)
        if current is None or live < indexed.total * (1 - _MOST_DELETED_SHARE):
            is_rebuilt, build = True, generations.new_build(root)
            changed_entries, deleted_numbers = list(target.values()), []
        else:
            is_rebuilt, build = False, generations.linked_build(root, current)
            merged = [f for f, number in indexed.numbers.items() if number in indexed.small and f in target]
            changed_entries = [*add.values(), *(target[fingerprint] for fingerprint in merged)]
            deleted_numbers = [*drop, *(indexed.numbers[fingerprint] for fingerprint in merged)]
        name = _publish(root, build, changed_entries, deleted_numbers, thesaurus, made_from)
        generations.sweep(root)
        return BuildResult(name, len(add), len(drop), is_rebuilt, len(target))


def was_made_from(root: Path, version: str, thesaurus: Thesaurus) -> bool:
    """Whether the index in use is whole and was built from that state of the content, by these rules."""
    folder = _usable(root, _rules(thesaurus))
    return folder is not None and bool(version) and generations.read_manifest(folder).made_from == version


def _rules(thesaurus: Thesaurus) -> str:
    return f"{RULES}-{thesaurus.fingerprint}"


def _publish(root: Path, build: Path, add: list[Entry], drop: list[int], thesaurus: Thesaurus, made_from: str) -> str:
    if not (build / THESAURUS).exists():
        (build / THESAURUS).write_bytes(encode_thesaurus(thesaurus))
    write_segment(build, add, thesaurus, drop=drop)
    live = live_documents(build)
    for path in build.glob("*.side"):
        if path.stem not in live:
            path.unlink()
    merge_segments(build)
    documents = sum(len(numbers) for numbers in live.values())
    return generations.publish(
        root,
        build,
        documents=documents,
        thesaurus=_rules(thesaurus),
        made_from=made_from,
        check=lambda folder: _check(folder, documents),
    )


def _check(folder: Path, documents: int) -> None:
    arrays, notes = read_arrays(folder / SCORES, IndexNotes)
    if int(arrays["live"].sum()) != documents or len(notes.keys) != len(arrays["live"]):
        raise DamagedFile(f"{folder / SCORES} does not hold the {documents} documents of its index.")


def _usable(root: Path, rules: str) -> Path | None:
    """The current generation, when it is undamaged and was made by these rules."""
    try:
        folder = root / generations.current_name(root)
        if generations.read_manifest(folder).thesaurus != rules:
            return None
        generations.verify(folder)
    except generations.IndexMissing:
        return None
    return folder


def _indexed_documents(folder: Path) -> _IndexedDocuments:
    indexed = _IndexedDocuments()
    segments: list[tuple[range, int]] = []
    for name, numbers in live_documents(folder).items():
        _arrays, notes = read_arrays(arrays_path(folder, name), SegmentNotes)
        start = indexed.total
        indexed.numbers |= {notes.fingerprints[number]: start + number for number in numbers}
        indexed.total += len(notes.keys)
        segments.append((range(start, indexed.total), len(numbers)))
    if len(segments) >= _MOST_SEGMENTS:
        # The many small segments become one; the few large ones stay as they are.
        largest = max(size for _range, size in segments)
        indexed.small = {number for documents, size in segments if size < largest / 4 for number in documents}
    return indexed
