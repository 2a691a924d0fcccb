"""A backup of one place brought back in another: byte-equal content with its history, and equal tables."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, Engine, Integer, LargeBinary, insert, inspect, select, text
from sqlalchemy.schema import Column, Table
from sqlalchemy.types import TypeDecorator

from portal.accounts.audit import record
from portal.backup.archive import ArchiveDamaged, verify
from portal.backup.making import NotEmpty, Place, WrongVersion, digests, make, restore
from portal.content.sources.bundled import ensure_repository
from portal.content.sources.repository import ContentRepository, Person
from portal.database import engine_for, sessions_for
from portal.migrations import all_tables, upgrade
from tests.conftest import FULL, SAMPLE_CONTENT
from tests.databases import fresh_postgres, sqlite_url

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
PAIRS = [
    ("sqlite", "sqlite"),
    pytest.param(("postgres", "postgres"), marks=pytest.mark.postgres),
    pytest.param(("sqlite", "postgres"), marks=pytest.mark.postgres),
    pytest.param(("postgres", "sqlite"), marks=pytest.mark.postgres),
]
Places = Callable[[str, str], Place]


@pytest.fixture
def places(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Places]:
    """Makes places: an empty database of that kind and a repository with the sample content, in a folder by name."""
    with ExitStack() as stack:

        def place(kind: str, name: str) -> Place:
            folder = tmp_path / name
            folder.mkdir()
            if kind == "sqlite":
                url = sqlite_url(folder)
            else:
                url = stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))
            engine = engine_for(url)
            stack.callback(engine.dispose)
            upgrade(engine)
            ensure_repository(folder / "content.git", SAMPLE_CONTENT, at=NOW)
            return Place(engine=engine, content=folder / "content.git", is_repository=True, secret_key=name * 10)

        yield place


def fill(engine: Engine, *, seed: int = 1) -> None:
    """Put rows with awkward values into every table."""
    chance = random.Random(seed)
    with engine.begin() as connection:
        for table in all_tables().sorted_tables:
            for number in range(1, 6):
                row = {column.name: _value(column, number, chance) for column in table.columns}
                for key in table.foreign_keys:
                    parent = key.column.table
                    row[key.parent.name] = connection.scalars(select(parent.c[key.column.name]).limit(1)).first()
                if table.name == "accounts_staff_role":
                    row["name"] = f"role{number}"
                if table.name == "ledger_end":
                    # What comes next must not collide with the entries above.
                    row["position"] = 5
                connection.execute(insert(table), row)
    if engine.dialect.name == "postgresql":
        # The rows above brought their own numbers; what comes next must not collide with them.
        with engine.begin() as connection:
            connection.execute(text("SELECT setval('accounts_audit_id_seq', 5)"))


def _value(column: Column[Any], number: int, chance: random.Random) -> Any:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if column.nullable and number == 3:
        return None
    if isinstance(kind, JSON):
        return [{"z": "Kupang ✓", "a": [1, None, True]}, [], "teks"][number % 3]
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, LargeBinary):
        return os.urandom(5)
    if isinstance(kind, Date):
        return date(2026, 12, number)
    if isinstance(kind, DateTime):
        return NOW + timedelta(microseconds=chance.randrange(10**12))
    words = [f"{number}\n\t\"'\\", f"{number} é 😀", f"{number};--", f"{number}", f"{number} \u202e"]
    return words[number - 1][: getattr(kind, "length", None) or 100]


def edited(place: Place) -> None:
    """Publish a page and files three times."""
    with closing(ContentRepository(place.content)) as repository:
        for number in range(3):
            repository.save(
                {f"media/{number}.bin": os.urandom(2000), "faq/x/id.md": f"teks {number}".encode()},
                author=Person("Maria Bria", "maria@example.org"),
                message="Baru\n\nRevision: abc",
                at=NOW + timedelta(hours=number),
                expected=repository.head(),
            )


def state_of(place: Place) -> tuple[str, dict[str, bytes | None], list[str], bool]:
    """What is served, every file of it, the history of one page, and whether the repository is whole."""
    with closing(ContentRepository(place.content)) as repository:
        head = repository.head()
        files = {path: repository.read(head, path) for path in repository.files(head)}
        messages = [one.message for one in repository.history("faq/x/id.md")]
        return head, files, messages, repository.is_sound()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-to-".join(pair))
def test_content_and_tables_are_equal_after_the_round_trip(
    places: Places, tmp_path: Path, pair: tuple[str, str]
) -> None:
    one, other = places(pair[0], "one"), places(pair[1], "other")
    fill(one.engine)
    edited(one)
    manifest = make(one, tmp_path / "b.tar.gz", now=NOW)
    assert min(manifest.rows.values()) == 5
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    restore(tmp_path / "b.tar.gz", other, now=NOW)
    assert digests(other.engine) == digests(one.engine)
    assert state_of(other) == state_of(one)
    assert state_of(other)[2:] == (["Baru\n\nRevision: abc"] * 3, True)
    # A second backup of what was brought back differs in nothing but its time and key.
    again = make(other, tmp_path / "again.tar.gz", now=NOW)
    assert again.rows == manifest.rows
    tables = [name for name in manifest.files if name.startswith("tables/")]
    assert {name: again.files[name] for name in tables} == {name: manifest.files[name] for name in tables}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_tables_work_on_after_a_restore(places: Places, tmp_path: Path, kind: str) -> None:
    one, other = places(kind, "one"), places(kind, "other")
    fill(one.engine)
    make(one, tmp_path / "b.tar.gz", now=NOW)
    restore(tmp_path / "b.tar.gz", other, now=NOW)
    with sessions_for(other.engine)() as session:
        record(session, who="w", action="x", subject="y", now=NOW, network_class="machine")
    with pytest.raises(Exception, match="only grows"), other.engine.begin() as connection:
        connection.execute(text("DELETE FROM accounts_audit"))
    assert set(inspect(other.engine).get_table_names()) == set(inspect(one.engine).get_table_names())


def test_what_is_there_is_not_lost(places: Places, tmp_path: Path) -> None:
    one, other = places("sqlite", "one"), places("sqlite", "other")
    fill(one.engine)
    edited(one)
    make(one, tmp_path / "b.tar.gz", now=NOW)
    edited(other)
    with pytest.raises(NotEmpty, match="more than what the project ships"):
        restore(tmp_path / "b.tar.gz", other, now=NOW)
    fill(other.engine, seed=2)
    before = digests(other.engine), state_of(other)[0]
    with pytest.raises(NotEmpty, match="rows in"):
        restore(tmp_path / "b.tar.gz", other, now=NOW)
    assert (digests(other.engine), state_of(other)[0]) == before
    restore(tmp_path / "b.tar.gz", other, now=NOW, replace=True)
    assert digests(other.engine) == digests(one.engine)
    (kept,) = other.content.parent.glob("replaced-*.tar.gz")
    restore(kept, other, now=NOW + timedelta(minutes=1), replace=True)
    assert (digests(other.engine), state_of(other)[0]) == before


def test_a_folder_of_content_comes_back_as_files(places: Places, tmp_path: Path) -> None:
    place = places("sqlite", "one")
    one = Place(engine=place.engine, content=SAMPLE_CONTENT, is_repository=False, secret_key="k")
    make(one, tmp_path / "b.tar.gz", now=NOW)
    other = Place(engine=place.engine, content=tmp_path / "files", is_repository=False, secret_key="k")
    restore(tmp_path / "b.tar.gz", other, now=NOW)
    assert _files(other.content) == _files(SAMPLE_CONTENT)
    with pytest.raises(WrongVersion, match="PORTAL_CONTENT"):
        restore(tmp_path / "b.tar.gz", place, now=NOW)


def _files(folder: Path) -> dict[Path, bytes]:
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in files.items() if not any(part.startswith(".") for part in name.parts)}


def test_a_damaged_backup_changes_nothing(places: Places, tmp_path: Path) -> None:
    one, other = places("sqlite", "one"), places("sqlite", "other")
    fill(one.engine)
    whole = tmp_path / "b.tar.gz"
    make(one, whole, now=NOW)
    before, data = digests(other.engine), whole.read_bytes()
    chance = random.Random(7)
    damaged = tmp_path / "damaged.tar.gz"
    for number in range(200 if FULL else 20):
        place = chance.randrange(20, len(data))
        changed = data[:place] if number % 4 == 0 else data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        damaged.write_bytes(changed)
        try:
            verify(damaged)
        except ArchiveDamaged:
            with pytest.raises(ArchiveDamaged):
                restore(damaged, other, now=NOW)
        else:
            # A flipped bit in the padding of the file is no damage: what is read is still the same.
            assert verify(damaged) == verify(whole)
    assert digests(other.engine) == before


def test_what_cannot_be_written_leaves_nothing_behind(places: Places, tmp_path: Path, monkeypatch: Any) -> None:
    one = places("sqlite", "one")

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tarfile.TarFile.add", full)
    with pytest.raises(OSError, match="No space left"):
        make(one, tmp_path / "folder" / "b.tar.gz", now=NOW)
    assert list((tmp_path / "folder").iterdir()) == []


def test_every_table_is_in_a_backup(places: Places, tmp_path: Path) -> None:
    one = places("sqlite", "one")
    manifest = make(one, tmp_path / "b.tar.gz", now=NOW)
    present = set(inspect(one.engine).get_table_names()) - {"alembic_version"}
    assert present == {table.name for table in all_tables().sorted_tables}
    left_out = {"accounts_session", "accounts_attempt", "network_keys", "network_counts"}
    assert set(manifest.rows) == present - left_out
    assert all(isinstance(table, Table) for table in all_tables().sorted_tables)
