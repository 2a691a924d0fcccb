"""Several processes publish at once, and the other copy of the content catches up when it can be reached again."""

from __future__ import annotations

import multiprocessing
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.content.sources.repository import SHIPPED, ContentRepository
from portal.database import writing
from portal.drafts.models import PUBLISHED, PUBLISHING, Draft
from portal.publishing.edits import Edit, EditConflict
from portal.publishing.models import DONE, Publication
from portal.publishing.reconcile import push, reconcile, unpushed
from tests.content.tree import FILES
from tests.databases import fresh_postgres
from tests.publishing.office import MARIA, NOW, PAGE, Office

EACH = 4
MINE = {0: f"{PAGE}/id.md", 1: "guidance/panduan/id.md", 2: f"{PAGE}/en.md", 3: "guidance/panduan/en.md"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def publish_own(folder: Path, number: int, path: str) -> None:
    office = Office(folder)
    for turn in range(EACH):
        seen = {path: office.text(path)}
        text = f"{FILES[path]}\n{number}.{turn}.\n"
        office.publish(Edit(author="maria", person=MARIA, reason=f"{number}.{turn}", changes={path: text}, seen=seen))
    office.close()


def publish_one(folder: Path, number: int, seen: str) -> None:
    office = Office(folder)
    path, text = f"{PAGE}/id.md", f"{seen}\nTulisan {number}.\n"
    edit = Edit(author="maria", person=MARIA, reason=str(number), changes={path: text}, seen={path: seen})
    try:
        office.publish(edit)
    except EditConflict:
        raise SystemExit(7) from None
    finally:
        office.close()


def test_processes_that_publish_at_once_lose_nothing(tmp_path: Path, office: Office) -> None:
    forking = multiprocessing.get_context("fork")
    running = [forking.Process(target=publish_own, args=(tmp_path, *one)) for one in MINE.items()]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * len(MINE)
    assert all(f"{number}.{EACH - 1}." in (office.text(path) or "") for number, path in MINE.items())
    assert len(office.commits()) == 1 + EACH * len(MINE)
    assert office.is_sound()


def test_of_processes_that_publish_one_page_all_but_the_first_are_told(tmp_path: Path, office: Office) -> None:
    forking, seen = multiprocessing.get_context("fork"), FILES[f"{PAGE}/id.md"]
    running = [forking.Process(target=publish_one, args=(tmp_path, number, seen)) for number in range(3)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert sorted(process.exitcode or 0 for process in running) == [0, 7, 7]


def test_a_remote_that_cannot_be_reached_is_waited_for(tmp_path: Path, office: Office) -> None:
    remote = tmp_path / "other.git"
    office.publish(office.draft(id_md=FILES[f"{PAGE}/id.md"] + "\nA.\n"))
    repository = office.repository()
    repository.save({"x": b""}, author=MARIA, message="x", at=NOW, expected="", ref=SHIPPED)
    repository.close()
    with office.session() as session:
        message = push(office.publisher, session, str(remote), now=NOW)
        assert "1 changes wait for the remote" in message
        waiting = unpushed(session)
        assert waiting is not None
        assert (waiting.count, waiting.since) == (1, NOW)
        ContentRepository.create(remote).close()
        assert push(office.publisher, session, str(remote), now=NOW) == "1 changes pushed"
        assert unpushed(session) is None
        assert push(office.publisher, session, str(remote), now=NOW) == ""
        assert [row.state for row in session.scalars(select(Publication))] == [DONE]
    revisions = [
        subprocess.run(["git", "-C", str(path), "rev-parse", "main"], capture_output=True, text=True, check=True).stdout
        for path in (office.path, remote)
    ]
    assert revisions[0] == revisions[1]


@pytest.mark.postgres
def test_a_publication_and_its_settling_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with fresh_postgres(postgres_url) as url:
        office = Office(tmp_path, database_url=url)
        draft = office.draft(id_md=FILES[f"{PAGE}/id.md"] + "\nA.\n")
        assert office.publish(draft).state == DONE
        assert office.held(draft).state == PUBLISHED
        with office.session() as session, writing(session):
            row = session.scalars(select(Publication)).one()
            row.state, session.get_one(Draft, draft).state = PUBLISHING, PUBLISHING
        with office.session() as session:
            assert [one.state for one in reconcile(office.publisher, session, now=NOW)] == [DONE]
        assert office.held(draft).state == PUBLISHED
        office.close()
