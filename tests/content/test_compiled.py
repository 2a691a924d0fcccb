"""What an earlier process compiled: a restart parses nothing and walks no folder, and trusts no other state."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content.loading.compiled import CompiledStore, PackedBodies
from portal.content.sources.source import FolderSource
from tests.content.tree import reader, write


class Closed(FolderSource):
    """A folder of which only the marks of files may be asked, and site.yaml read."""

    def read(self, path: str) -> bytes:
        if path in ("site.yaml", "redirects.yaml"):
            return super().read(path)
        raise AssertionError(f"{path} was read")


def test_a_restart_reads_no_document(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "content"), tmp_path / "store"
    before = reader(store).read(FolderSource(folder))
    after = reader(store).read(Closed(folder))
    assert [d.key for kind in before.kinds() for d in before.all(kind)] == [
        d.key for kind in after.kinds() for d in after.all(kind)
    ]
    for kind in before.kinds():
        for old, new in zip(before.all(kind), after.all(kind), strict=True):
            assert (old.facts, old.words, dict(old.bodies), old.hash) == (
                new.facts,
                new.words,
                dict(new.bodies),
                new.hash,
            )


def test_a_change_since_then_is_read(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "content"), tmp_path / "store"
    first = reader(store).read(FolderSource(folder))
    kind = first.kinds()[0]
    slug = first.all(kind)[0].slug
    path = folder / kind / slug / "id.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nKalimat baru.\n", encoding="utf-8")
    again = reader(store).read(FolderSource(folder)).get(kind, slug)
    assert again is not None
    assert "Kalimat baru." in again.bodies["id"].text


@pytest.mark.parametrize("damage", [b"", b"\x93", b"no snapshot at all"])
def test_a_damaged_snapshot_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    folder, store = write(tmp_path / "content"), tmp_path / "store"
    before = reader(store).read(FolderSource(folder))
    (kept,) = store.iterdir()
    kept.write_bytes(damage)
    after = reader(store).read(FolderSource(folder))
    kind = before.kinds()[0]
    assert [d.hash for d in after.all(kind)] == [d.hash for d in before.all(kind)]


def test_bodies_are_unpacked_once_and_only_when_asked(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "content"), tmp_path / "store"
    catalogue = reader(store).read(FolderSource(folder))
    document = catalogue.all(catalogue.kinds()[0])[0]
    compiled = CompiledStore(store).get(document.hash)
    assert compiled is not None
    bodies = PackedBodies(compiled.words)
    assert set(bodies) == set(document.bodies)
    assert bodies["id"] is bodies["id"]
    assert bodies["id"] == document.bodies["id"]
    assert "xx" not in bodies
