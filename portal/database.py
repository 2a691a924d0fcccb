"""The engine, the base of all tables and the one writing transaction; SQL holds people's data only.

SQLite is the default and PostgreSQL a setting. Every instant is stored in UTC and read back aware.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

# A writer of SQLite waits this long for another one before the driver gives up.
BUSY_SECONDS = 15
SCRUB_SECONDS = 1
FILE_MODE = 0o600
# The execution option that turns SQLite's BEGIN into BEGIN IMMEDIATE.
WRITES = "portal_writes"
# `info` of a table that is in no backup, or of a text column that is blank there.
NOT_BACKED_UP = {"backup": False}

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A committed registration survives a power cut.
    "PRAGMA synchronous = FULL",
    # Deleted personal data is overwritten with zeros, not merely unlinked.
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
)

P = ParamSpec("P")
R = TypeVar("R")

NAMES_OF_CONSTRAINTS = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database; a naive datetime is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"The moment {value!r} has no zone; give an aware datetime.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table; constraints have predictable names for migrations."""

    metadata = MetaData(naming_convention=NAMES_OF_CONSTRAINTS)
    type_annotation_map = {datetime: Instant}


def engine_for(url: str) -> Engine:
    """Give the engine for a database address (sqlite:///path or postgresql://…), with safe settings."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            _keep_to_owner(Path(address.database))
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, hide_parameters=True)


def _keep_to_owner(path: Path) -> None:
    """Make the file of SQLite with mode 0600, or take an existing one away from everybody else.

    SQLite gives its journals (-wal, -shm) the mode of the database; those that stand there already are mended too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.touch(FILE_MODE, exist_ok=False)
    for name in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal", ".queue"))):
        # Another process may take a journal away at any moment; a file of another account is its administrator's.
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if name.stat().st_mode & 0o077:
                name.chmod(FILE_MODE)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions on its own: only then does BEGIN IMMEDIATE reach SQLite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sessions_for(engine: Engine) -> sessionmaker[Session]:
    """Give the factory of sessions on this engine; objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Hold one writing transaction: commits at the end of the block, rolls back on any error.

    On SQLite the block first queues at a lock file, because SQLite's own wait polls and starves, then
    begins IMMEDIATE, so what it reads cannot change before it writes. Work left pending in the session
    raises RuntimeError: it would have been begun without the queue.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Commit or drop the pending work of this session before writing().")
    session.rollback()
    with _queue(session):
        try:
            session.connection(execution_options={WRITES: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, FILE_MODE)


@contextmanager
def _queue(session: Session) -> Iterator[None]:
    address = session.get_bind().engine.url
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        yield
        return
    # Closing the file releases the lock, also when the process is killed.
    with open(address.database + ".queue", "a", opener=_owner_only) as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield


def transactional(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """Run a function in one writing transaction of the session that it takes first; an exception rolls it back."""

    @wraps(function)
    def run(session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
        with writing(session):
            return function(session, *args, **kwargs)

    return cast("Callable[Concatenate[Session, P], R]", run)


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Give an INSERT of this database's own dialect, which knows ON CONFLICT."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def scrub(engine: Engine) -> bool:
    """Bring the write-ahead log of SQLite into the file and empty it; True when nothing was left behind.

    On PostgreSQL the equivalent is VACUUM of the tables that hold personal data.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        # Long readers are not waited for: whoever scrubs tries again later.
        cursor.execute(f"PRAGMA busy_timeout = {SCRUB_SECONDS * 1000}")
        busy, _log, _done = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    finally:
        raw.close()
    return not busy
