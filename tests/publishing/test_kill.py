"""kill -9 in the middle of publications: no commit is half, no draft is lost, the index equals the content."""

from __future__ import annotations

import multiprocessing
import os
import random
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.drafts.models import APPROVED, PUBLISHED, Draft
from portal.publishing.models import DONE, FAILED, Publication
from portal.publishing.reconcile import reconcile
from portal.search.engine.index.entry import Entry
from portal.search.indexing import Indexer
from portal.search.live import LiveIndex
from portal.search.sources import SearchSource
from tests.conftest import FULL
from tests.content.tree import FILES
from tests.killing import kill_after, steps_of, tell_steps
from tests.publishing.office import NOW, PAGE, Office

pytestmark = pytest.mark.system

KILLS = 200 if FULL else 20
# Kills fall within the work of so many publications, so that they meet each part of one.
SPAN = 4


def words(number: int) -> dict[str, Any]:
    """Both languages of the page as the publication of that number leaves them."""
    return {
        f"{code}_md": f"{FILES[f'{PAGE}/{code}.md']}\nnomor{number:06d}.\n" + "Panjang. " * 300 + "\n"
        for code in ("id", "en")
    }


def publish_on_and_on(folder: Path, connection: Connection, steps: int) -> None:
    """Publish one draft after the other and tell of each; ends only by being killed."""
    office = Office(folder)
    with office.session() as session:
        waiting = session.scalars(select(Draft.id).where(Draft.state == APPROVED)).all()
        number = max((number_in(draft.files["id.md"]) for draft in session.scalars(select(Draft))), default=0) + 1
    tell_steps(steps)
    for id_ in waiting:
        office.publish(id_)
    while True:
        draft = office.draft(**words(number))
        connection.send(("drafted", number))
        office.publish(draft)
        connection.send(("published", number))
        number += 1


def number_in(text: str | None) -> int:
    return int((text or "").partition("nomor")[2][:6] or 0)


def test_nothing_is_half_and_nothing_is_lost(tmp_path: Path) -> None:
    chance, forking = random.Random(9), multiprocessing.get_context("fork")
    span = SPAN * steps_of_one(tmp_path)
    drafted: set[int] = set()
    published: set[int] = set()
    interrupted = out = 0
    index = Indexer(tmp_path / "search", [SearchSource(kind="faq", label="")], ())
    for _kill in range(KILLS):
        ours, theirs = forking.Pipe()
        steps, writes = os.pipe()
        child = forking.Process(target=publish_on_and_on, args=(tmp_path, theirs, writes), daemon=True)
        child.start()
        theirs.close()
        os.close(writes)
        kill_after(child, steps, chance.randint(1, span))
        try:
            while True:
                what, number = ours.recv()
                (drafted if what == "drafted" else published).add(number)
        except EOFError:
            ours.close()
        settled, out = look(tmp_path, drafted, published)
        interrupted += settled
        assert_index_equals_content(tmp_path, index)
    print(f"{KILLS} kills, {out} publications, {interrupted} interrupted ones settled")
    assert out > KILLS / 2
    assert interrupted > 0


def steps_of_one(folder: Path) -> int:
    """How much work a publication is, counted at the second, for which nothing is made ready any more."""
    office = Office(folder)
    office.publish(office.draft(**words(1)))
    steps = steps_of(lambda: office.publish(office.draft(**words(2))))
    office.close()
    return steps


def look(folder: Path, drafted: set[int], published: set[int]) -> tuple[int, int]:
    """Start again over what the kill left, and hold it to what was promised.

    Gives how many publications were interrupted and settled now, and how many are out altogether.
    """
    office = Office(folder)
    with office.session() as session:
        settled = reconcile(office.publisher, session, now=NOW)
        drafts = session.scalars(select(Draft)).all()
        rows = {row.revision: row for row in session.scalars(select(Publication))}
    assert office.is_sound()
    numbers = {number_in(draft.files["id.md"]): draft for draft in drafts}
    assert drafted <= numbers.keys(), "a draft was lost"
    assert {draft.state for draft in drafts} <= {APPROVED, PUBLISHED}
    assert {row.state for row in rows.values()} <= {DONE, FAILED}
    repository = office.repository()
    history = repository.history(PAGE, limit=100_000)
    done = {row.commit for row in rows.values() if row.state == DONE}
    assert {revision.id for revision in history if revision.author == "Maria"} == done
    for revision in history[:3]:
        pair = [(repository.read(revision.id, f"{PAGE}/{code}.md") or b"").decode() for code in ("id", "en")]
        assert number_in(pair[0]) == number_in(pair[1]), "a commit holds half of a change"
    repository.close()
    out = {number for number, draft in numbers.items() if draft.state == PUBLISHED}
    assert published <= out, "a publication that was confirmed is gone"
    assert number_in(office.text(f"{PAGE}/id.md")) == max(out, default=0)
    assert all(draft.files["id.md"].endswith("Panjang. \n") for draft in drafts)
    office.close()
    return len(settled), len(out)


def assert_index_equals_content(folder: Path, indexer: Indexer) -> None:
    office = Office(folder)
    catalogue = office.live.current()
    indexer.update(catalogue)
    wanted: list[Entry] = indexer.entries(catalogue)
    searcher = LiveIndex(folder / "search").searcher()
    assert searcher.view.entries(range(searcher.view.count)) == wanted
    office.close()
