"""Making a backup and bringing one back, for one database and one content; whoever calls has stopped the site."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, inspect, select
from sqlalchemy.schema import Table

from portal.backup import archive, contents, encryption, staging, tables
from portal.backup.archive import FORMAT, ArchiveDamaged, Manifest
from portal.backup.held_mail import hold_messages
from portal.database import WRITES
from portal.migrations import all_tables, current_revisions, empty, unknown_revisions, upgrade

TABLES = "tables/"


class NotEmpty(Exception):
    """The place that a backup would be brought back to holds something; the message says what."""


class WrongVersion(Exception):
    """The backup was made by another version of the site."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a backup is made of: the database, the content and the secret key; and who can read it.

    `recipients` are public keys of age; none means that the file is not encrypted.
    """

    engine: Engine
    content: Path
    is_repository: bool
    secret_key: str
    recipients: tuple[str, ...] = ()

    def key(self) -> str:
        """A fingerprint of the secret key."""
        return hmac.new(self.secret_key.encode(), b"backup", hashlib.sha256).hexdigest()[:16]


def make(place: Place, to: Path, *, now: datetime) -> Manifest:
    """Write a backup into the file `to` and read it once more to its end; gives its manifest.

    With recipients the file is encrypted, and nothing of it is ever written plainly beside it. Raises OSError when it
    cannot be written, ArchiveDamaged when what was written is not what was meant, and WrongKey.
    """
    encryption.require_recipients(place.recipients)
    to.parent.mkdir(parents=True, exist_ok=True)
    staging.sweep(to.parent)
    with staging.staging(place.content.parent if place.recipients else to.parent, ".backup-") as folder:
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
        whole = folder / "archive.tar.gz"
        archive.write(whole, manifest, folder)
        verified = archive.verify(whole)
        if place.recipients:
            encryption.encrypt(whole, to, place.recipients)
        else:
            whole.rename(to)
    return verified


@contextmanager
def plain(source: Path, place: Place, *, identity: Path | None = None) -> Iterator[Path]:
    """The archive as a plain file: itself, or decrypted into a folder that is gone afterwards; raises WrongKey."""
    if not source.is_file() or not encryption.is_encrypted(source):
        yield source
        return
    with staging.staging(place.content.parent, ".restore-") as folder:
        encryption.decrypt(source, folder / "archive.tar.gz", identity)
        yield folder / "archive.tar.gz"


def restore(source: Path, place: Place, *, now: datetime, replace: bool = False) -> Manifest:
    """Bring a backup back into this place, which must be empty unless `replace`; gives its manifest.

    What is not as it was written raises ArchiveDamaged, a newer version's tables WrongVersion and anything that
    would be lost NotEmpty, all before the first change. What is replaced is backed up beside the content first. The
    tables of an older version are loaded as they were and then brought up. Letters that were waiting are held.
    """
    manifest = archive.verify(source)
    if manifest.content != ("repository" if place.is_repository else "folder"):
        raise WrongVersion(f"the backup holds its content as a {manifest.content}; set PORTAL_CONTENT accordingly")
    if unknown := unknown_revisions(manifest.revisions):
        raise WrongVersion(
            f"the backup's tables are newer ({', '.join(unknown)}); run the version of the site that made it"
        )
    try:
        _refuse_to_lose(place)
    except NotEmpty:
        if not replace:
            raise
        suffix = encryption.SUFFIX if place.recipients else ""
        make(place, place.content.with_name(f"replaced-{now:%Y%m%dT%H%M%SZ}.tar.gz{suffix}"), now=now)
    with staging.staging(place.content.parent, ".restore-") as folder:
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
            digests_by_table[table.name] = _digest(connection, table)
    return digests_by_table


def _digest(connection: Connection, table: Table) -> str:
    digest = hashlib.sha256()
    for line in tables.lines_of(connection, table):
        digest.update(line)
    return digest.hexdigest()


def _known(engine: Engine) -> list[Table]:
    present = set(inspect(engine).get_table_names())
    return [table for table in all_tables().sorted_tables if table.name in present and tables.is_backed_up(table)]


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
    upgrade(engine, to=manifest.revisions)
    loaded = {}
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        for table in metadata.sorted_tables:
            path = folder / f"{table.name}.jsonl"
            if path.exists() and tables.is_backed_up(table):
                # What a migration itself puts into a table is in the backup as well.
                if connection.execute(select(table.primary_key.columns[0]).limit(1)).first() is not None:
                    connection.execute(table.delete())
                with path.open("rb") as lines:
                    loaded[table.name] = _digest(connection, tables.load(connection, table, lines))
    # Backups of before hold tables that no backup has any longer.
    left_out = {table.name for table in metadata.sorted_tables if not tables.is_backed_up(table)}
    wanted = {name: manifest.files[f"{TABLES}{name}.jsonl"].sha256 for name in manifest.rows.keys() - left_out}
    if loaded != wanted:
        raise ArchiveDamaged("the tables are not the same after they were loaded")
    upgrade(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        tables.set_counters(connection, metadata)
        hold_messages(connection)
