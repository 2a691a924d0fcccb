"""Drafts are saved onto the version that was read; what somebody else overtook is kept and merged by field."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.database import engine_for, sessions_for
from portal.drafts.drafts import (
    DraftClosed,
    DraftOvertaken,
    Opened,
    begin,
    conflict_copies_of,
    discard,
    files_at,
    finalize,
    forget_versions,
    read_version,
    record_presence,
    save,
    to_be_published,
)
from portal.drafts.merge import BOTH, MINE, THEIRS, differences, joined, merged
from portal.drafts.models import APPROVED, REVIEW, WRITING, Draft, DraftVersion
from portal.drafts.word_diff import spaced_words
from portal.migrations import upgrade
from tests.content_forms.filling import FORMS, SAMPLE, files_of, sent_of
from tests.databases import fresh_postgres, sqlite_url

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BASE = files_of(SAMPLE / "faq" / "berapa-biaya")
FORM = FORMS["faq"]


def changed(files: Mapping[str, str], **fields: str) -> dict[str, str]:
    """The texts after these fields were typed; `id_title` stands for id.title."""
    typed = {name.replace("_", ".", 1): [text] for name, text in fields.items()}
    return FORM.put(files, sent_of(FORM, dict(files)) | typed)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(sqlite_url(tmp_path))
    upgrade(made)
    return made


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with sessions_for(engine)() as opened:
        yield opened


def begun(session: Session, *, who: str = "maria", slug: str = "berapa-biaya") -> Draft:
    return begin(session, kind="faq", slug=slug, files=BASE, base_files=BASE, base="b" * 40, who=who, now=NOW)


def typed(session: Session, draft: Draft, version: int, who: str, **fields: str) -> Draft:
    base = read_version(session, draft.id, version)
    return save(session, draft.id, version=version, files=changed(base, **fields), base_files=base, who=who, now=NOW)


def test_a_page_has_one_open_draft(session: Session) -> None:
    first = begun(session)
    assert begun(session, who="yohanis").id == first.id
    discard(session, first.id, now=NOW)
    assert begun(session).id != first.id


def test_many_beginners_at_the_same_moment_get_one_draft(engine: Engine) -> None:
    _race_to_begin(engine)


@pytest.mark.postgres
def test_many_beginners_at_the_same_moment_get_one_draft_on_postgres(postgres_url: str) -> None:
    with fresh_postgres(postgres_url) as url:
        made = engine_for(url)
        upgrade(made)
        _race_to_begin(made)
        made.dispose()


def _race_to_begin(engine: Engine) -> None:
    results: list[str] = []
    barrier = threading.Barrier(6)

    def run(who: str) -> None:
        barrier.wait()
        with sessions_for(engine)() as own:
            results.append(begun(own, who=who).id)

    threads = [threading.Thread(target=run, args=(f"p{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(results), len(set(results))) == (6, 1)


def test_saving_what_did_not_change_writes_nothing(session: Session) -> None:
    draft = begun(session)
    assert typed(session, draft, 1, "yohanis").version == 1
    assert session.query(DraftVersion).count() == 0


def test_each_save_keeps_the_text_before_it(session: Session) -> None:
    draft = begun(session)
    typed(session, draft, 1, "maria", id_title="Satu")
    draft = typed(session, draft, 2, "maria", id_title="Dua")
    assert draft.version == 3
    earlier = files_at(session, draft, 2)
    assert earlier is not None
    assert "title: Satu" in earlier["id.md"]
    assert files_at(session, draft, 1) == BASE


def test_an_overtaken_save_changes_nothing_and_keeps_its_text(session: Session) -> None:
    draft = begun(session)
    typed(session, draft, 1, "maria", id_title="Dari Maria")
    with pytest.raises(DraftOvertaken) as moved:
        typed(session, draft, 1, "yohanis", id_title="Dari Yohanis", id_summary="Ringkas")
    assert "Dari Maria" in session.get_one(Draft, draft.id).files["id.md"]
    assert "Dari Yohanis" in moved.value.conflict_copy.files["id.md"]
    # A form that saves by itself comes again with the same base: still one text to merge, the newest.
    with pytest.raises(DraftOvertaken):
        typed(session, draft, 1, "yohanis", id_title="Dari Yohanis lagi")
    waiting = conflict_copies_of(session, draft.id, "yohanis")
    assert ["Dari Yohanis lagi" in one.files["id.md"] for one in waiting] == [True]
    assert conflict_copies_of(session, draft.id, "maria") == []


def test_a_closed_draft_takes_no_text_and_gives_it_back(session: Session) -> None:
    draft = begun(session)
    discard(session, draft.id, now=NOW)
    with pytest.raises(DraftClosed) as closed:
        typed(session, draft, 1, "maria", id_title="Terlambat")
    assert "Terlambat" in closed.value.files["id.md"]


@pytest.mark.parametrize("state", [REVIEW, APPROVED])
def test_a_change_after_review_has_to_be_reviewed_again(session: Session, state: str) -> None:
    draft = begun(session)
    draft.state, draft.reviewer = state, "ani"
    session.commit()
    after = typed(session, draft, 1, "maria", id_title="Lain")
    assert (after.state, after.reviewer) == (WRITING, "")


def test_earlier_texts_go_a_month_after_their_draft_was_closed(session: Session) -> None:
    draft = begun(session)
    typed(session, draft, 1, "maria", id_title="Satu")
    assert forget_versions(session, now=NOW + timedelta(days=400)) == 0
    discard(session, draft.id, now=NOW)
    assert forget_versions(session, now=NOW + timedelta(days=20)) == 0
    assert forget_versions(session, now=NOW + timedelta(days=40)) == 1
    assert session.query(DraftVersion).count() == 0
    assert "Satu" in session.get_one(Draft, draft.id).files["id.md"]


def test_two_people_see_each_other_until_they_leave(session: Session) -> None:
    draft = begun(session)
    assert record_presence(session, draft.id, "maria", now=NOW) == []
    others = record_presence(session, draft.id, "yohanis", now=NOW + timedelta(seconds=30))
    assert [(one.person, one.since) for one in others] == [("maria", NOW)]
    assert [one.person for one in record_presence(session, draft.id, "maria", now=NOW + timedelta(seconds=60))] == [
        "yohanis"
    ]
    assert record_presence(session, draft.id, "maria", now=NOW + timedelta(minutes=5)) == []


def test_a_page_that_was_kept_back_is_let_out() -> None:
    before = {"facts.yaml": "status: draft\nowner: konten\nbased_on: abc\n", "id.md": "x"}
    assert to_be_published(before)["facts.yaml"] == "status: published\nowner: konten\n"
    assert to_be_published(BASE) == BASE


def test_what_only_one_changed_is_taken_and_what_both_changed_is_asked() -> None:
    mine = changed(BASE, id_title="Judul saya", id_body="Isi.\n\nSaya.", facts_owner="saya")
    theirs = changed(BASE, id_title="Judul mereka", id_summary="Ringkas.", id_body="Isi.\n\nMereka.")
    results = {one.name: one for one in differences(FORM, BASE, mine, theirs)}
    assert {name: one.suggestion for name, one in results.items()} == {
        "id.title": "",
        "id.summary": THEIRS,
        "id.body": BOTH,
        "facts.owner": MINE,
    }
    with pytest.raises(KeyError, match=r"id\.title"):
        merged(FORM, results.values(), theirs, {}, {})
    files = merged(FORM, results.values(), theirs, {"id.title": MINE}, {})
    assert "title: Judul saya" in files["id.md"]
    assert "summary: Ringkas." in files["id.md"]
    assert files["id.md"].endswith("---\nIsi.\n\nSaya.\n\nMereka.\n")
    assert "owner: saya" in files["facts.yaml"]


def test_rows_that_only_one_side_has_are_taken_out_with_the_other() -> None:
    rows = {
        f"id.changes.{at}.{key}": [text] for at in (0, 1) for key, text in (("on", "2026-01-01"), ("note", f"n{at}"))
    }
    theirs = FORM.put(BASE, sent_of(FORM, BASE) | rows)
    mine = FORM.put(BASE, sent_of(FORM, BASE) | {name: texts for name, texts in rows.items() if ".0." in name})
    result = differences(FORM, BASE, mine, theirs)
    assert [one.name for one in result] == ["id.changes"]
    assert merged(FORM, result, theirs, {"id.changes": MINE}, {})["id.md"].count("note:") == 1
    assert merged(FORM, result, theirs, {"id.changes": THEIRS}, {}) == theirs


def test_a_merge_with_the_published_page_begins_from_it(session: Session) -> None:
    draft = typed(session, begun(session), 1, "maria", id_title="Dari draf")
    served = Opened(changed(BASE, id_summary="Terbit lain."), "c" * 40)
    result = differences(FORM, draft.base_files, draft.files, served.files)
    files = merged(FORM, result, served.files, {}, {})
    after = finalize(session, draft.id, version=2, files=files, who="maria", now=NOW, served=served)
    assert (after.base, after.base_files) == (served.base, served.files)
    assert "title: Dari draf" in after.files["id.md"]
    assert "summary: Terbit lain." in after.files["id.md"]


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d e"]), max_size=6).map("\n".join)


@given(base=LINES, mine=LINES, theirs=LINES)
def test_a_joined_text_loses_no_line_that_somebody_wrote(base: str, mine: str, theirs: str) -> None:
    both = joined(base, mine, theirs).split("\n")
    for side in (mine, theirs):
        assert {line for line in side.split("\n") if line not in base.split("\n")} <= set(both)


@given(before=LINES, after=LINES)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    result = spaced_words(before, after)
    for side, kinds in ((before, ("same", "removed")), (after, ("same", "added"))):
        shown = "".join(piece.text for piece in result if piece.kind in kinds)
        assert shown.split() == side.split()
