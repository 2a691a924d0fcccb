"""Building: brings the index from what it holds to what it should hold, at the cost of the difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from portal.search.engine.analysis.thesaurus import Thesaurus, packed
from portal.search.engine.index import generations
from portal.search.engine.index.arrays import DamagedFile, read_arrays
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.merging import SCORES, THESAURUS, merge_segments
from portal.search.engine.index.segments import live_documents, side_path, write_segment

RULES = "3"
"""Changes whenever words are analysed differently, so that an index of older rules is built anew."""

_MOST_SEGMENTS = 12
_MOST_DEAD = 0.3


@dataclass(frozen=True)
class Built:
    """What one build did: the generation in use now, and how many entries were added and dropped."""

    name: str
    added: int
    dropped: int
    whole: bool
    documents: int


@dataclass
class _Held:
    numbers: dict[str, int] = field(default_factory=dict)
    total: int = 0
    small: list[int] = field(default_factory=list)


def bring_up_to_date(
    root: Path, entries: Iterable[Entry], thesaurus: Thesaurus, *, made_from: str = "", anew: bool = False
) -> Built:
    """Publish a generation with exactly these entries; nothing is written when the current one already has them."""
    wanted = {entry.fingerprint: entry for entry in entries}
    rules = _rules(thesaurus)
    with generations.only_builder(root):
        current = None if anew else _usable(root, rules)
        held = _held(current) if current else _Held()
        add = [entry for fingerprint, entry in wanted.items() if fingerprint not in held.numbers]
        drop = [number for fingerprint, number in held.numbers.items() if fingerprint not in wanted]
        if current and not add and not drop:
            return Built(current.name, 0, 0, False, len(wanted))
        living = len(held.numbers) - len(drop)
        whole = current is None or living < held.total * (1 - _MOST_DEAD)
        if whole:
            name = _publish(root, generations.new_build(root), list(wanted.values()), [], thesaurus, made_from)
        else:
            assert current is not None
            again = _again(held, wanted, drop)
            rewritten = [*add, *(entry for entry, _ in again)]
            gone = [*drop, *(number for _, number in again)]
            name = _publish(root, generations.linked_build(root, current), rewritten, gone, thesaurus, made_from)
        generations.sweep(root)
        return Built(name, len(add), len(drop), whole, len(wanted))


def was_made_from(root: Path, version: str, thesaurus: Thesaurus) -> bool:
    """Whether the index in use is whole and was built from that state of the content, by these rules."""
    folder = _usable(root, _rules(thesaurus))
    return folder is not None and bool(version) and generations.read_manifest(folder).made_from == version


def _rules(thesaurus: Thesaurus) -> str:
    return f"{RULES}-{thesaurus.fingerprint}"


def _publish(root: Path, build: Path, add: list[Entry], drop: list[int], thesaurus: Thesaurus, made_from: str) -> str:
    if not (build / THESAURUS).exists():
        (build / THESAURUS).write_bytes(packed(thesaurus))
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
        thesaurus=f"{RULES}-{thesaurus.fingerprint}",
        made_from=made_from,
        check=lambda folder: _check(folder, documents),
    )


def _check(folder: Path, documents: int) -> None:
    arrays, notes = read_arrays(folder / SCORES)
    if int(arrays["live"].sum()) != documents or len(notes["keys"]) != len(arrays["live"]):
        raise DamagedFile(f"{folder / SCORES} does not hold the {documents} documents of its index.")


def _usable(root: Path, rules: str) -> Path | None:
    try:
        folder = root / generations.current_name(root)
        if generations.read_manifest(folder).thesaurus != rules:
            return None
        generations.verify(folder)
    except generations.IndexMissing:
        return None
    return folder


def _held(folder: Path) -> _Held:
    live = live_documents(folder)
    held = _Held()
    small: list[int] = []
    sizes: list[int] = []
    for name, numbers in live.items():
        _, notes = read_arrays(side_path(folder, name))
        for number in numbers:
            held.numbers[notes["fingerprints"][number]] = held.total + number
        sizes.append(len(numbers))
        small.append(held.total)
        held.total += len(notes["keys"])
    if len(sizes) >= _MOST_SEGMENTS:
        # The many small segments become one; the few large ones stay as they are.
        limit = max(sizes)
        bounds = [*small, held.total]
        for place, size in enumerate(sizes):
            if size < limit / 4:
                held.small.extend(range(bounds[place], bounds[place + 1]))
    return held


def _again(held: _Held, wanted: dict[str, Entry], drop: list[int]) -> list[tuple[Entry, int]]:
    small, gone = set(held.small), set(drop)
    return [
        (wanted[fingerprint], number)
        for fingerprint, number in held.numbers.items()
        if number in small and number not in gone
    ]
