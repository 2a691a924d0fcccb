"""Whatever lies in the content folder, the reader says what is wrong and the last good version stays up."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.catalogue import changed_tags
from portal.content.parsing import MAXIMUM_BYTES
from portal.content.sources.source import FolderSource
from tests.content.tree import FILES, read, reader, write

WORDS = "faq/biaya/id.md"
BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"

BROKEN: dict[str, tuple[bytes, str]] = {
    "malformed YAML": (b"---\ntitle: [x\n---\nIsi\n", "YAML"),
    "no front matter": (b"Isi saja\n", "---"),
    "another encoding": ("---\ntitle: Café\n---\n".encode("latin-1"), "UTF-8"),
    "a NUL": (b"---\ntitle: x\x00\n---\nIsi\n", "NUL"),
    "ten megabytes": (b"---\ntitle: x\n---\n" + b"a" * 10_000_000, str(MAXIMUM_BYTES)),
    "a YAML bomb": (f"---\n{BOMB}---\nIsi\n".encode(), "alias"),
    "code in YAML": (b"---\ntitle: !!python/object/apply:os.system [id]\n---\nIsi\n", "python"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_leaves_its_last_good_version_up(tmp_path: Path, name: str) -> None:
    before = read(write(tmp_path))
    raw, named = BROKEN[name]
    after = read(write(tmp_path, {WORDS: raw}), before)
    assert after.find("faq/biaya") is before.find("faq/biaya")
    assert any(problem.path == WORDS and named in str(problem) for problem in after.problems), after.problems


def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("---\ntitle: Rahasia\n---\nIsi\n")
    folder = write(tmp_path / "content")
    (folder / WORDS).unlink()
    (folder / WORDS).symlink_to(outside)
    catalogue = read(folder)
    assert catalogue.find("faq/biaya") is None
    assert any("Indonesian" in str(problem) for problem in catalogue.problems)


def test_a_path_that_leaves_the_tree_is_refused(tmp_path: Path) -> None:
    from portal.content.parsing import ContentError

    source = FolderSource(write(tmp_path / "content"))
    for path in ("../secret", "/etc/passwd", "faq/../../secret", ""):
        with pytest.raises(ContentError):
            source.read(path)


def test_a_folder_name_that_is_no_slug_is_named(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {"faq/Biaya Baru/facts.yaml": "status: draft\n"}
    catalogue = read(write(tmp_path, changes))
    assert any("faq/Biaya Baru" in problem.path for problem in catalogue.problems)


def test_an_edit_parses_one_document_and_shares_the_rest(tmp_path: Path) -> None:
    before = read(write(tmp_path))
    after = read(write(tmp_path, {WORDS: FILES[WORDS].replace("Biayanya", "Ongkosnya")}), before)
    assert after.find("guidance/panduan") is before.find("guidance/panduan")
    assert changed_tags(before, after) == {"faq", "faq/biaya"}


def test_a_changed_value_is_a_change_of_that_record_alone(tmp_path: Path) -> None:
    before = read(write(tmp_path))
    fees = FILES["reference/fees.yaml"].replace("650000", "700000")
    after = read(write(tmp_path, {"reference/fees.yaml": fees}), before)
    assert changed_tags(before, after) == {"reference/fees", "reference/fees/buku"}


def test_the_compiled_store_gives_what_parsing_gives(tmp_path: Path) -> None:
    folder = write(tmp_path / "content")
    parsed = reader(tmp_path / "store").read(FolderSource(folder))
    restored = reader(tmp_path / "store").read(FolderSource(folder))
    for kind in parsed.kinds():
        for document in parsed.all(kind):
            other = restored.get(kind, document.slug)
            assert other is not None
            assert (other.facts, dict(other.words), dict(other.bodies)) == (
                document.facts,
                dict(document.words),
                dict(document.bodies),
            )


@pytest.mark.parametrize("torn", [b"", b"\x81", b"not msgpack at all"])
def test_a_torn_compiled_store_is_made_anew(tmp_path: Path, torn: bytes) -> None:
    folder = write(tmp_path / "content")
    reader(tmp_path / "store").read(FolderSource(folder))
    for path in (tmp_path / "store").iterdir():
        path.write_bytes(torn)
    assert reader(tmp_path / "store").read(FolderSource(folder)).find("faq/biaya") is not None


def test_words_like_on_and_no_stay_words(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {
        WORDS: "---\ntitle: Ya\nchanges: [{on: 2026-01-02, note: Baru}]\nkeywords: [no, yes]\n---\nIsi.\n"
    }
    words = read(write(tmp_path, changes)).find("faq/biaya").words["id"]  # type: ignore[union-attr]
    assert words.keywords == ("no", "yes")


def test_a_scheduled_version_is_part_of_its_document(tmp_path: Path) -> None:
    below = "faq/biaya/next/2026-12-24T1200/"
    changes: dict[str, str | bytes | None] = {
        below + "facts.yaml": FILES["faq/biaya/facts.yaml"] + "based_on: x\n",
        below + "id.md": "---\ntitle: Judul baru\n---\nIsi.\n",
    }
    document = read(write(tmp_path, changes)).find("faq/biaya")
    assert document is not None
    at = document.scheduled[0].at
    assert at.isoformat() == "2026-12-24T12:00:00+08:00"
    assert document.version_at(at).title("id") == "Judul baru"
    assert document.version_at(at.replace(hour=11, minute=59)).title("id") == "Berapa biayanya?"


def test_a_scheduled_time_that_is_none_is_named(tmp_path: Path) -> None:
    changes: dict[str, str | bytes | None] = {"faq/biaya/next/2026-02-30T1200/facts.yaml": "status: draft\n"}
    catalogue = read(write(tmp_path, changes))
    assert any("2026-02-30T1200" in problem.path for problem in catalogue.problems)
