"""The engine's promises: safe pragmas, aware instants, writers that queue instead of failing."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from portal.database import engine_for, scrub, sessions_for, writing
from portal.mail import OutgoingMail
from portal.migrations import all_tables, is_current, upgrade
from tests.databases import fresh_postgres, sqlite_url


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(sqlite_url(tmp_path))
    upgrade(made)
    return made


def mail_row(key: str, now: datetime) -> OutgoingMail:
    return OutgoingMail(
        key=key, about="events/a", kind="k", language="id", message_token="t", created_at=now, due_at=now
    )


def modes_below(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("*sqlite3*")}


def test_the_file_and_its_journals_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        engine = engine_for(sqlite_url(tmp_path))
        upgrade(engine)
        with sessions_for(engine)() as session, writing(session):
            session.add(mail_row("a", datetime(2026, 1, 1, tzinfo=UTC)))
            modes = modes_below(tmp_path)
        assert len(modes) == 4
        assert set(modes.values()) == {0o600}
        for name in modes:
            (tmp_path / name).chmod(0o644)
        engine_for(sqlite_url(tmp_path))
        assert set(modes_below(tmp_path).values()) == {0o600}
        engine.dispose()
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1)]
)
def test_every_connection_has_the_safe_settings(engine: Engine, pragma: str, value: object) -> None:
    for _ in range(2):
        with engine.connect() as first, engine.connect() as second:
            assert {first.scalar(text(f"PRAGMA {pragma}")), second.scalar(text(f"PRAGMA {pragma}"))} == {value}


def test_an_instant_comes_back_aware_and_in_utc(engine: Engine) -> None:
    written = datetime(2026, 12, 3, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    with sessions_for(engine)() as session:
        with writing(session):
            session.add(mail_row("a", written))
        session.expire_all()
        read = session.query(OutgoingMail).one().created_at
        assert read == written
        assert read.tzinfo is UTC


def test_a_naive_instant_is_refused(engine: Engine) -> None:
    with sessions_for(engine)() as session, pytest.raises(Exception, match="has no zone"), writing(session):
        session.add(mail_row("a", datetime(2026, 12, 3, 9, 0)))


def test_writing_rolls_back_on_any_error(engine: Engine, now: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
    with sessions_for(engine)() as session:
        with pytest.raises(KeyboardInterrupt), writing(session):
            session.add(mail_row("a", now))
            session.flush()
            raise KeyboardInterrupt
        assert session.query(OutgoingMail).count() == 0


def test_writing_refuses_work_begun_outside(engine: Engine) -> None:
    with sessions_for(engine)() as session:
        session.add(mail_row("a", datetime(2026, 1, 1, tzinfo=UTC)))
        with pytest.raises(RuntimeError, match="pending work"), writing(session):
            pass
        session.rollback()


def test_writers_in_many_threads_read_then_write_without_an_error(engine: Engine) -> None:
    sessions = sessions_for(engine)
    with sessions() as session, writing(session):
        session.execute(text("CREATE TABLE tally (n INTEGER)"))
        session.execute(text("INSERT INTO tally VALUES (0)"))
    errors: list[BaseException] = []

    def add_ten() -> None:
        try:
            for _ in range(10):
                with sessions() as session, writing(session):
                    before = session.scalar(text("SELECT n FROM tally"))
                    session.execute(text("UPDATE tally SET n = :n"), {"n": before + 1})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=add_ten) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert (errors, session.scalar(text("SELECT n FROM tally"))) == ([], 80)


def test_a_deleted_text_is_gone_from_file_and_log_after_a_scrub(engine: Engine, tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with sessions_for(engine)() as session:
        with writing(session):
            session.add(mail_row("rahasia-yang-panjang", now))
        with writing(session):
            session.query(OutgoingMail).delete()
    assert scrub(engine)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"rahasia-yang-panjang" not in raw


def assert_migrations_match_models(engine: Engine) -> None:
    assert not is_current(engine)
    upgrade(engine)
    upgrade(engine)
    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


def test_migrations_make_the_tables_of_the_models_on_sqlite(tmp_path: Path) -> None:
    assert_migrations_match_models(engine_for(sqlite_url(tmp_path)))


@pytest.mark.postgres
def test_migrations_make_the_tables_of_the_models_on_postgresql(postgres_url: str) -> None:
    with fresh_postgres(postgres_url) as url:
        engine = engine_for(url)
        assert_migrations_match_models(engine)
        assert scrub(engine)
        engine.dispose()
