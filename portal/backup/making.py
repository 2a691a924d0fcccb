"""Making a backup and bringing one back, for one database and one content; whoever calls has stopped the site."""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, MetaData, inspect, select
from sqlalchemy.schema import Table

from portal.backup import archive, contents, tables
from portal.backup.archive import FORMAT, ArchiveDamaged, Manifest
from portal.database import WRITES
from portal.migrations import all_tables, current_revisions, empty, newest_revisions, upgrade

TABLES = "tables/"


class NotEmpty(Exception):
    """The place that a backup would be brought back to holds something; the message says what."""


class WrongVersion(Exception):
    """The backup was made by another version of the site."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a backup is made of: the database, the content and the secret key."""

    engine: Engine
    content: Path
    is_repository: bool
    secret_key: str

    def key(self) -> str:
        """A fingerprint of the secret key."""
        return hmac.new(self.secret_key.encode(), b"backup", hashlib.sha256).hexdigest()[:16]


def make(place: Place, to: Path, *, now: datetime) -> Manifest:
    """Write a backup into the file `to` and read it once more to its end; gives its manifest.

    Raises OSError when it cannot be written and ArchiveDamaged when what was written is not what was meant.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".backup-") as name:
        folder = Path(name)
        # The tables first: a publication that is under way then is completed from the repository, by its trailer.
        rows = _dump(place.engine, folder / TABLES)
        commit, names = _pack(place, folder)
        names += [f"{TABLES}{table}.jsonl" for table in rows]
        manifest = Manifest(
            format=FORMAT,
            made_at=now,
            revisions=current_revisions(place.engine),
            content="repository" if place.is_repository else "folder",
            commit=commit,
            key=place.key(),
            rows=rows,
            files={one: archive.member_of(folder / one) for one in names},
        )
        archive.write(to, manifest, folder)
    return archive.verify(to)


def restore(source: Path, place: Place, *, now: datetime, replace: bool = False) -> Manifest:
    """Bring a backup back into this place, which must be empty unless `replace`; gives its manifest.

    What is not as it was written raises ArchiveDamaged, another version's tables WrongVersion and anything that
    would be lost NotEmpty, all before the first change. What is replaced is backed up beside the content first.
    """
    manifest = archive.verify(source)
    if manifest.content != ("repository" if place.is_repository else "folder"):
        raise WrongVersion(f"the backup holds its content as a {manifest.content}; set PORTAL_CONTENT accordingly")
    if manifest.revisions != newest_revisions():
        raise WrongVersion(
            f"the backup's tables are of {', '.join(manifest.revisions)}; run the version of the site that made it"
        )
    try:
        _refuse_to_lose(place)
    except NotEmpty:
        if not replace:
            raise
        make(place, place.content.with_name(f"replaced-{now:%Y%m%dT%H%M%SZ}.tar.gz"), now=now)
    place.content.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.content.parent, prefix=".restore-") as name:
        folder = Path(name)
        archive.unpack(source, folder)
        fresh = _unpack(place, folder, commit=manifest.commit)
        _load(place.engine, folder / TABLES, manifest)
        contents.swap_in(fresh, place.content, aside=folder / "replaced")
    return manifest


def digests(engine: Engine) -> dict[str, str]:
    """The digest of every table's lines: equal tables have equal digests, in whatever database."""
    digests_by_table = {}
    with engine.connect() as connection:
        for table in _known(engine):
            digest = hashlib.sha256()
            for line in tables.lines_of(connection, table):
                digest.update(line)
            digests_by_table[table.name] = digest.hexdigest()
    return digests_by_table


def _known(engine: Engine) -> list[Table]:
    present = set(inspect(engine).get_table_names())
    return [table for table in all_tables().sorted_tables if table.name in present]


def _dump(engine: Engine, folder: Path) -> dict[str, int]:
    folder.mkdir(parents=True)
    rows = {}
    # All tables are read as they are at one moment.
    is_sqlite = engine.dialect.name == "sqlite"
    isolated = engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    with isolated.connect() as connection:
        for table in _known(engine):
            with (folder / f"{table.name}.jsonl").open("wb") as file:
                # The first line names the columns.
                rows[table.name] = sum(file.write(line) > 0 for line in tables.lines_of(connection, table)) - 1
    return rows


def _pack(place: Place, folder: Path) -> tuple[str, list[str]]:
    if place.is_repository:
        return contents.pack_repository(place.content, folder / contents.BUNDLE), [contents.BUNDLE]
    names = contents.pack_folder(place.content, folder / contents.FOLDER)
    return "", [f"{contents.FOLDER}{name}" for name in names]


def _unpack(place: Place, folder: Path, *, commit: str) -> Path:
    fresh = folder / contents.FOLDER
    if place.is_repository:
        contents.unpack_repository(folder / contents.BUNDLE, fresh, commit=commit)
    return fresh


def _refuse_to_lose(place: Place) -> None:
    with place.engine.connect() as connection:
        rows = tables.filled(connection, all_tables())
    if rows:
        raise NotEmpty(f"the database has rows in {', '.join(rows)}")
    if not place.content.exists() or not any(place.content.iterdir()):
        return
    if not place.is_repository:
        raise NotEmpty(f"{place.content} holds files")
    if not contents.is_as_shipped(place.content):
        raise NotEmpty(f"{place.content} holds more than what the project ships")


def _load(engine: Engine, folder: Path, manifest: Manifest) -> None:
    metadata: MetaData = all_tables()
    empty(engine)
    upgrade(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        for table in metadata.sorted_tables:
            path = folder / f"{table.name}.jsonl"
            if path.exists():
                # What a migration itself puts into a table is in the backup as well.
                if connection.execute(select(table.primary_key.columns[0]).limit(1)).first() is not None:
                    connection.execute(table.delete())
                with path.open("rb") as lines:
                    tables.load(connection, table, lines)
        tables.set_counters(connection, metadata)
    wanted = {name: manifest.files[f"{TABLES}{name}.jsonl"].sha256 for name in manifest.rows}
    loaded = digests(engine)
    if {name: loaded.get(name) for name in wanted} != wanted:
        raise ArchiveDamaged("the tables are not the same after they were loaded")
