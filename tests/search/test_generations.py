"""Generations: published whole or not at all, whatever dies or is damaged, while others read."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import threading
import time
from functools import partial
from pathlib import Path

import msgspec
import pytest

from portal.search.engine.index import building, generations
from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.view import View
from portal.search.live import LiveIndex
from tests.conftest import FULL
from tests.killing import kill_after, steps_of, tell_steps
from tests.search.corpus import ENTRIES, NOW, THESAURUS, by_chance, entry, keys, searcher_of
from tests.waiting import until


def test_nothing_changed_publishes_nothing(tmp_path: Path) -> None:
    first = bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    again = bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    assert (again.name, again.added, again.dropped) == (first.name, 0, 0)


def test_a_publish_writes_its_own_document_and_shares_the_other_files(tmp_path: Path) -> None:
    first = bring_up_to_date(tmp_path, by_chance(60, seed=1), THESAURUS)
    changed = [
        msgspec.structs.replace(by_chance(60, seed=1)[0], title={"id": "judul baru"}),
        *by_chance(60, seed=1)[1:],
    ]
    second = bring_up_to_date(tmp_path, changed, THESAURUS)
    assert (second.added, second.dropped, second.is_rebuilt) == (1, 1, False)
    before, after = tmp_path / first.name, tmp_path / second.name
    segments = [path.name for path in before.glob("*.seg")]
    assert segments
    assert all((after / name).stat().st_ino == (before / name).stat().st_ino for name in segments)


def test_a_withdrawn_page_leaves_at_once_and_the_old_generation_is_untouched(tmp_path: Path) -> None:
    held = bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    old = View(tmp_path / held.name)
    searcher = searcher_of(tmp_path, ENTRIES[1:])
    assert "faq/lost" not in keys(searcher, "paspor hilang")
    assert old.count == 5
    generations.verify(tmp_path / held.name)


def test_many_small_segments_become_one(tmp_path: Path) -> None:
    entries = by_chance(80, seed=2)
    bring_up_to_date(tmp_path, entries[:60], THESAURUS)
    for count in range(61, 80):
        built = bring_up_to_date(tmp_path, entries[:count], THESAURUS)
    assert not built.is_rebuilt
    assert len(list((tmp_path / built.name).glob("*.seg"))) <= building._MOST_SEGMENTS
    assert View(tmp_path / built.name).count == 79


def test_another_thesaurus_builds_anew(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    from portal.search.engine.analysis.thesaurus import compile_thesaurus

    assert bring_up_to_date(tmp_path, ENTRIES, compile_thesaurus({})).is_rebuilt


@pytest.mark.parametrize("damage", ["manifest", "scores", "segment", "current", "everything"])
def test_what_is_damaged_is_built_anew(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / bring_up_to_date(tmp_path, ENTRIES, THESAURUS).name
    if damage == "everything":
        for path in folder.iterdir():
            path.unlink()
    elif damage == "current":
        (tmp_path / generations.CURRENT).write_text("gen-999999")
    else:
        name = {"manifest": generations.MANIFEST, "scores": "scores.arrays"}.get(damage)
        path = folder / name if name else next(folder.glob("*.seg"))
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(bytes(raw) if damage == "segment" else bytes(raw)[: len(raw) // 2])
    built = bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    assert built.is_rebuilt
    assert keys(searcher_of(tmp_path), "paspor hilang")[0] == "faq/lost"


def test_old_generations_and_orphans_are_swept(tmp_path: Path) -> None:
    (tmp_path / "build-orphan").mkdir(parents=True)
    for count in range(1, 6):
        bring_up_to_date(tmp_path, ENTRIES[:count], THESAURUS)
    assert len(list(tmp_path.glob("gen-*"))) == 3
    assert not list(tmp_path.glob("build-*"))


def test_the_folder_is_the_builders(tmp_path: Path) -> None:
    root = tmp_path / "index"
    folder = root / bring_up_to_date(root, ENTRIES, THESAURUS).name
    assert root.stat().st_mode & 0o007 == 0
    assert folder.stat().st_mode & 0o007 == 0


def test_a_reader_keeps_the_last_good_generation_until_there_is_a_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(time.monotonic())
    # Each look at the clock is a second after the one before, so that a look at the folder is always due.
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    live = LiveIndex(tmp_path)
    with pytest.raises(generations.IndexMissing):
        live.searcher()
    bring_up_to_date(tmp_path, ENTRIES, THESAURUS)
    first = live.searcher()
    assert first.view.name == "gen-000001"
    (tmp_path / generations.CURRENT).write_text("gen-000777")
    assert live.searcher() is first
    bring_up_to_date(tmp_path, ENTRIES[:3], THESAURUS)
    assert (live.searcher().view.name, live.searcher().view.count) == ("gen-000002", 3)


def _publish_for_ever(root: Path, steps: int) -> None:
    tell_steps(steps)
    for turn in itertools.count():
        _publish(root, turn)


def _publish(root: Path, turn: int) -> None:
    entries = [*by_chance(30, seed=5), entry(f"turn-{turn}", f"Giliran {turn}")]
    bring_up_to_date(root, entries, THESAURUS, anew=turn % 3 == 0)


@pytest.mark.system
def test_kill_9_at_any_moment_leaves_a_whole_generation(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path, by_chance(30, seed=5), THESAURUS)
    chance = random.Random(6)
    spawn = multiprocessing.get_context("fork")
    # Within one publication that builds anew and two that do not.
    span = sum(steps_of(partial(_publish, tmp_path, turn)) for turn in range(3))
    for _ in range(30 if FULL else 6):
        steps, writes = os.pipe()
        process = spawn.Process(target=_publish_for_ever, args=(tmp_path, writes))
        process.start()
        os.close(writes)
        kill_after(process, steps, chance.randint(1, span))
        name = generations.current_name(tmp_path)
        generations.verify(tmp_path / name)
        assert View(tmp_path / name).count in (30, 31)
    # The lock died with its holder, and the next build sweeps what was left.
    bring_up_to_date(tmp_path, by_chance(31, seed=5), THESAURUS)
    assert not list(tmp_path.glob("build-*"))


def test_readers_see_whole_answers_while_generations_change(tmp_path: Path) -> None:
    entries = by_chance(40, seed=7)
    bring_up_to_date(tmp_path, [*entries, entry("mark", "tanda nol")], THESAURUS)
    live, stop, errors, reads = LiveIndex(tmp_path), threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            try:
                searcher = live.searcher()
                result = searcher.find("tanda", now=NOW)
                assert [one.slug for one in searcher.entries(result.documents)] == ["mark"]
                reads.append(1)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(40 if FULL else 8):
        bring_up_to_date(tmp_path, [*entries, entry("mark", f"tanda {turn}")], THESAURUS, anew=turn % 4 == 0)
    until(lambda: len(reads) > 50 or bool(errors))
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
