"""Publishing: one commit as the person, refused as a whole or done as a whole."""

from __future__ import annotations

import errno
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dulwich.object_store import DiskObjectStore
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository, Person
from portal.drafts.models import APPROVED, PUBLISHED, PUBLISHING, REVIEW, WITHDRAWN, Draft, fresh_id
from portal.publishing import publish
from portal.publishing.edits import Edit, EditConflict, NotReady, NotWritten
from portal.publishing.models import DONE, FAILED, Publication
from portal.publishing.reconcile import reconcile
from tests.content.tree import FILES
from tests.publishing.office import MARIA, NOW, PAGE, Office

TEXT = FILES[f"{PAGE}/id.md"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def rows(office: Office) -> list[Publication]:
    with office.session() as session:
        return list(session.scalars(select(Publication).order_by(Publication.started_at)))


def edit(office: Office, path: str, text: str | None, **other: Any) -> Edit:
    seen = {path: office.text(path)}
    return Edit(author="maria", person=MARIA, reason="Lebih jelas", changes={path: text}, seen=seen, **other)


def test_a_draft_becomes_one_commit_as_its_author(office: Office) -> None:
    draft = office.draft(id_md=TEXT + "\nTambahan.\n")
    done = office.publish(draft)
    assert (done.state, done.paths) == (DONE, [f"{PAGE}/id.md"])
    assert office.held(draft).state == PUBLISHED
    log = subprocess.run(
        ["git", "-C", str(office.path), "log", "-1", "--format=%an <%ae>|%cn|%s|%(trailers:key=Revision,valueonly)"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert log.split("|")[:3] == ["Maria <maria@kantor.example>", "Yohanis", f"{PAGE}: Lebih jelas"]
    assert log.split("|")[3].strip() == done.revision
    assert "Tambahan." in (office.text(f"{PAGE}/id.md") or "")
    document = office.live.current().find(PAGE)
    assert document is not None and "Tambahan" in str(document.bodies["id"].segments)


def test_what_the_site_could_not_read_is_refused_before_anything_is_written(office: Office) -> None:
    draft = office.draft(id_md="---\ntitel: x\n---\n{{ fee:tidak-ada }}\n")
    before = office.commits()
    with pytest.raises(ContentError) as refused:
        office.publish(draft)
    assert {problem.path for problem in refused.value.problems} == {f"{PAGE}/id.md"}
    assert (office.commits(), rows(office), office.held(draft).state) == (before, [], APPROVED)


def test_a_link_that_would_die_elsewhere_is_refused(office: Office) -> None:
    gone = {f"{PAGE}/{name}": None for name in ("facts.yaml", "id.md", "en.md")}
    with pytest.raises(ContentError, match="faq/biaya"):
        office.publish(Edit(author="maria", person=MARIA, reason="Hapus", changes=gone))


def test_nobody_publishes_what_nobody_approved(office: Office) -> None:
    for state in (REVIEW, "writing", PUBLISHED, "discarded"):
        draft = office.draft(state=state, id_md=TEXT + f"\n{state}\n")
        with pytest.raises(NotReady):
            office.publish(draft)
        with office.session() as session:
            session.delete(session.get_one(Draft, draft))
            session.commit()


def test_a_version_saved_after_the_approval_is_not_published(office: Office) -> None:
    draft = office.draft(id_md=TEXT + "\nA\n")
    chosen = office.edit(draft)
    with office.session() as session:
        session.get_one(Draft, draft).version += 1
        session.commit()
    with pytest.raises(NotReady):
        office.publish(chosen)


def test_a_page_published_meanwhile_is_a_conflict_and_another_page_is_not(office: Office) -> None:
    mine = edit(office, f"{PAGE}/id.md", TEXT + "\nSaya.\n")
    other = edit(office, "guidance/panduan/en.md", FILES["guidance/panduan/en.md"] + "\nOther.\n")
    office.publish(edit(office, f"{PAGE}/id.md", TEXT + "\nDia.\n"))
    with pytest.raises(EditConflict) as conflict:
        office.publish(mine)
    assert conflict.value.paths == [f"{PAGE}/id.md"]
    office.publish(other)
    assert "Dia." in (office.text(f"{PAGE}/id.md") or "")
    assert "Other." in (office.text("guidance/panduan/en.md") or "")


def test_a_ref_that_moves_under_the_commit_is_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    save = ContentRepository.save

    def pushed_between(self: Any, changes: Any, **given: Any) -> str:
        if not moved:
            moved.append(push(office, "guidance/panduan/en.md", FILES["guidance/panduan/en.md"] + "\nPushed.\n"))
        return save(self, changes, **given)

    def push(office: Office, path: str, text: str) -> str:
        repository = office.repository()
        head = repository.head()
        commit = save(
            repository, {path: text.encode()}, author=Person("Git", ""), message="pushed", at=NOW, expected=head
        )
        repository.close()
        return commit

    monkeypatch.setattr(ContentRepository, "save", pushed_between)
    office.publish(edit(office, f"{PAGE}/id.md", TEXT + "\nSaya.\n"))
    assert len(moved) == 1
    assert "Saya." in (office.text(f"{PAGE}/id.md") or "")
    assert "Pushed." in (office.text("guidance/panduan/en.md") or "")


def test_two_publishers_at_the_same_moment_both_succeed_on_different_pages(office: Office) -> None:
    paths = [f"{PAGE}/id.md", f"{PAGE}/en.md", "guidance/panduan/id.md", "guidance/panduan/en.md"]
    edits = [
        Edit(author="maria", person=MARIA, reason=path, changes={path: FILES[path] + "\nLagi.\n"}) for path in paths
    ]
    failures: list[Exception] = []

    def run(one: Edit) -> None:
        try:
            office.publish(one)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all("Lagi." in (office.text(path) or "") for path in paths)
    assert len(office.commits()) == 5


def test_of_two_publishers_of_one_page_the_second_is_told(office: Office) -> None:
    edits = [edit(office, f"{PAGE}/id.md", TEXT + f"\nTulisan {number}.\n") for number in range(4)]
    messages: list[str] = []

    def run(one: Edit) -> None:
        try:
            office.publish(one)
            messages.append("done")
        except EditConflict:
            messages.append("conflict")

    threads = [threading.Thread(target=run, args=(one,)) for one in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(messages) == ["conflict", "conflict", "conflict", "done"]


@pytest.mark.parametrize("refused", range(5))
def test_a_full_disk_leaves_page_and_draft(office: Office, monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    draft = office.draft(id_md=TEXT + "\nPenuh.\n", en_md=FILES[f"{PAGE}/en.md"] + "\nFull.\n")
    before = office.commits()
    add, written = DiskObjectStore.add_object, []

    def full(self: Any, made: Any) -> None:
        written.append(made)
        if len(written) > refused:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, made)

    with monkeypatch.context() as patch:
        patch.setattr(DiskObjectStore, "add_object", full)
        with pytest.raises(NotWritten, match="No space left"):
            office.publish(draft)
    assert office.commits() == before
    assert office.is_sound()
    assert (office.held(draft).state, [row.state for row in rows(office)]) == (APPROVED, [FAILED])
    office.publish(draft)
    assert office.held(draft).state == PUBLISHED


def test_a_database_that_refuses_after_the_commit_is_put_right_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.draft(id_md=TEXT + "\nKeluar.\n")

    def full(*_given: Any, **_named: Any) -> Publication:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(publish, "finish", full)
        office.publish(draft)
    assert "Keluar." in (office.text(f"{PAGE}/id.md") or "")
    assert office.held(draft).state == PUBLISHING
    with office.session() as session:
        settled = reconcile(office.publisher, session, now=NOW)
    assert [row.state for row in settled] == [DONE]
    assert office.held(draft).state == PUBLISHED


def test_a_publication_without_its_commit_waits_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = office.draft(id_md=TEXT + "\nHilang.\n")
    monkeypatch.setattr(publish, "_commit", lambda *_given, **_named: (_ for _ in ()).throw(KeyboardInterrupt()))
    monkeypatch.setattr(publish, "_give_up", lambda *_given, **_named: None)
    with pytest.raises(KeyboardInterrupt):
        office.publish(draft)
    assert office.held(draft).state == PUBLISHING
    with office.session() as session:
        assert [row.state for row in reconcile(office.publisher, session, now=NOW)] == [FAILED]
        assert reconcile(office.publisher, session, now=NOW) == []
    assert office.held(draft).state == APPROVED


def test_locks_of_a_killed_process_are_cleared(office: Office) -> None:
    import os

    lock = office.path / "refs" / "heads" / "main.lock"
    lock.touch()
    chosen = edit(office, f"{PAGE}/id.md", TEXT + "\nA.\n")
    with pytest.raises(NotWritten):
        office.publish(chosen)
    os.utime(lock, (1, 1))
    for folder in (office.path / "objects").iterdir():
        if len(folder.name) == 2:
            (folder / ("0" * 38 + ".lock")).touch()
    office.publish(replace(chosen, revision=fresh_id()))
    assert not lock.exists()


@pytest.mark.parametrize(
    "path", ["../x", "faq/../../x", "/etc/x", "faq//x", "media/a\nb.png", ".git/config", "faq/.x", ""]
)
def test_no_path_leads_out_of_the_content(office: Office, path: str) -> None:
    before = office.commits()
    with pytest.raises(ContentError):
        office.publish(Edit(author="maria", person=MARIA, reason="x", changes={path: b"x"}))
    assert office.commits() == before


def test_taking_a_page_back_is_told_by_its_state(office: Office) -> None:
    facts = "status: withdrawn\nwithdrawn: {reason: {id: Tidak berlaku lagi}}\ntopics: [paspor]\n"
    draft = office.draft(facts_yaml=facts)
    office.publish(draft)
    assert office.held(draft).state == WITHDRAWN


def test_a_message_cannot_fake_a_trailer(office: Office) -> None:
    reason = "Alasan\n\nRevision: " + "0" * 32
    chosen = Edit(author="maria", person=MARIA, reason=reason, changes={f"{PAGE}/id.md": TEXT + "\nX.\n"})
    office.publish(chosen, now=NOW + timedelta(hours=1))
    repository = office.repository()
    assert repository.commit_of("Revision: " + "0" * 32) == ""
    assert repository.commit_of(f"Revision: {chosen.revision}") == repository.head()
    repository.close()
