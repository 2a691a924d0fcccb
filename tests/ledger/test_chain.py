"""The chain of digests: order, altered, lost and added rows, rows of before; on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import portal.migrations
from portal.accounts.audit import LEDGER_SOURCE, record
from portal.accounts.models import AuditEntry
from portal.database import WRITES, sessions_for
from portal.ledger.chain import START, content_digest, entry_digest
from portal.ledger.models import LedgerEnd, LedgerEntry
from portal.ledger.verification import Chain, follow
from portal.migrations import is_current, upgrade
from portal.publishing.models import BEGUN, DONE, ENDED, Publication
from tests.accounts.conftest import NOW

SOURCES = (LEDGER_SOURCE, BEGUN, ENDED)


def fill(session: Session, number: int) -> None:
    for count in range(number):
        record(session, who="w", action=f"events.{count}", subject="x", now=NOW, network_class="inside")


def followed(session: Session) -> Chain:
    session.rollback()
    return follow(session, SOURCES)


def without_guards(engine: Engine, *statements: str) -> None:
    """What the owner of the database can do: drop the triggers, then anything."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("accounts_audit", "ledger_entry"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


def test_canonical_json_knows_no_order_of_keys_and_no_zone() -> None:
    east = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    one = content_digest({"at": east, "who": "é", "paths": ["b", "a"], "draft": None})
    assert one == content_digest({"draft": None, "paths": ["b", "a"], "who": "é", "at": east.astimezone(UTC)})
    assert one != content_digest({"draft": None, "paths": ["a", "b"], "who": "é", "at": east})
    assert entry_digest("0" * 64, 1, "audit", "12", one) != entry_digest("0" * 64, 1, "audit", "1", f"2{one}")


def test_every_row_has_its_place(session: Session) -> None:
    fill(session, 3)
    chain = followed(session)
    assert (chain.length, chain.findings, chain.started_with) == (3, [], 0)
    assert [chain.entries[position][:2] for position in (1, 2, 3)] == [("audit", "1"), ("audit", "2"), ("audit", "3")]


def test_writers_at_once_get_one_order(engine: Engine) -> None:
    sessions, errors = sessions_for(engine), list[BaseException]()

    def write() -> None:
        try:
            with sessions() as own:
                fill(own, 6)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as own:
        chain = followed(own)
        assert (errors, chain.length, chain.findings) == ([], 36, [])


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE accounts_audit SET who = 'nobody' WHERE id = 2", "audit 2 (position 2): altered"),
        ("DELETE FROM accounts_audit WHERE id = 3", "audit 3 (position 3): missing"),
        (
            "INSERT INTO accounts_audit SELECT 77, at, who, deed, subject, 'x' FROM accounts_audit WHERE id = 1",
            "audit 77: inserted, it has no entry in the chain",
        ),
        ("UPDATE ledger_entry SET content = digest WHERE position = 2", "audit 2 (position 2): altered"),
        ("DELETE FROM ledger_entry WHERE position = 2", "entry 2 (position 2): missing, 1 entries are gone"),
        ("DELETE FROM ledger_entry WHERE position = 4", "entry 4 (position 4): missing, the chain ends at 3"),
    ],
)
def test_the_owner_of_the_database_is_seen(
    engine: Engine,
    session: Session,
    statement: str,
    expected: str,
) -> None:
    fill(session, 4)
    without_guards(engine, statement)
    assert str(followed(session).findings[0]).startswith(expected)


def test_whoever_verifies_beside_writers_finds_nothing(engine: Engine) -> None:
    sessions, done = sessions_for(engine), threading.Event()

    def write() -> None:
        try:
            with sessions() as own:
                fill(own, 60)
        finally:
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    findings = []
    with sessions() as own:
        while not done.is_set():
            findings += followed(own).findings
        writer.join()
        assert (findings, followed(own).length) == ([], 60)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET key = 'x'", "DELETE FROM ledger_entry"])
def test_the_ledger_only_grows(engine: Engine, session: Session, statement: str) -> None:
    fill(session, 2)
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text(statement))
    assert followed(session).length == 2


def test_an_action_and_its_entry_are_written_together_or_not_at_all(engine: Engine, session: Session) -> None:
    fill(session, 1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger_end SET position = 0"))
    with pytest.raises(DBAPIError):
        fill(session, 1)
    session.rollback()
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_rows_of_before_are_chained_after_a_marked_start(engine: Engine, session: Session) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(portal.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "ledger@base")
        row = {"at": NOW, "who": "w", "deed": "accounts.add", "subject": "é", "network_class": "machine"}
        for at in (NOW, NOW + timedelta(microseconds=7)):
            connection.execute(insert(AuditEntry.__table__).values(**{**row, "at": at}))
        begun = {"author": "m", "reason": "r", "paths": ["b", "a"], "started_at": NOW}
        done = {"state": DONE, "commit": "c" * 40, "finished_at": NOW}
        connection.execute(insert(Publication).values(revision="a" * 32, **begun, **done))
        connection.execute(insert(Publication).values(revision="b" * 32, **begun, state="publishing"))
    assert not is_current(engine)
    upgrade(engine)
    chain = followed(session)
    assert (chain.findings, chain.length, chain.started_with) == ([], 6, 6)
    assert chain.entries[1][0] == START
    fill(session, 1)
    chain = followed(session)
    assert (chain.findings, chain.length, chain.started_with) == ([], 7, 6)
    without_guards(engine, "UPDATE accounts_audit SET subject = 'e' WHERE id = 1")
    assert str(followed(session).findings[0]) == "audit 1 (position 2): altered"
    assert session.scalar(select(LedgerEnd.position)) == session.scalar(
        select(LedgerEntry.position).order_by(LedgerEntry.position.desc()).limit(1)
    )
