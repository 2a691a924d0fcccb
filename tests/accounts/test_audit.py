"""The audit log only grows, on both databases and whatever SQL is tried; it holds ids and no addresses."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.accounts.audit import csv_lines, entries, every_entry, network_class, record
from portal.accounts.models import AuditEntry
from tests.accounts.conftest import NOW


def fill(session: Session, number: int = 3) -> None:
    for count in range(number):
        record(session, who=f"w{count % 2}", action=f"events.{count}", subject="x", now=NOW, network_class="inside")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_audit SET who = 'nobody'",
        "UPDATE accounts_audit SET deed = 'x' WHERE id = 1",
        "DELETE FROM accounts_audit",
        "DELETE FROM accounts_audit WHERE id = 1",
    ],
)
def test_no_line_is_changed_or_deleted(engine: Engine, session: Session, statement: str) -> None:
    fill(session)
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text(statement))
    assert [one.action for one in every_entry(session)] == ["events.0", "events.1", "events.2"]


def test_no_line_is_replaced_and_the_table_is_not_emptied(engine: Engine, session: Session) -> None:
    fill(session)
    if engine.dialect.name == "sqlite":
        how = "INSERT OR REPLACE INTO accounts_audit SELECT id, at, 'nobody', deed, subject, network_class "
        statement = how + "FROM accounts_audit WHERE id = 1"
    else:
        statement = "TRUNCATE accounts_audit"
    with pytest.raises(DBAPIError, match="only grows"), engine.begin() as connection:
        connection.execute(text(statement))
    assert [one.who for one in every_entry(session)] == ["w0", "w1", "w0"]


def test_the_log_is_read_newest_first_by_person_and_deed(session: Session) -> None:
    fill(session, 7)
    record(session, who="w1", action="accounts.sign-in", subject="staff/w1", now=NOW, network_class="machine")
    first = entries(session, limit=3)
    assert [one.action for one in first] == ["accounts.sign-in", "events.6", "events.5"]
    assert [one.action for one in entries(session, before=first[-1].id, limit=2)] == ["events.4", "events.3"]
    assert {one.who for one in entries(session, who="w1")} == {"w1"}
    assert [one.action for one in entries(session, action="accounts.")] == ["accounts.sign-in"]
    assert entries(session, action="%") == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", "machine"),
        ("::1", "machine"),
        ("10.1.2.3", "inside"),
        ("::ffff:192.168.1.9", "inside"),
        ("fe80::1", "inside"),
        ("36.95.1.2", "outside-4"),
        ("2404:c0:1::1", "outside-6"),
        ("", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_an_address_is_only_a_class(address: str, expected: str) -> None:
    assert network_class(address) == expected


def test_the_table_runs_no_formula() -> None:
    line = AuditEntry(id=1, at=NOW, who="w", action="=cmd()", subject="@x", network_class="inside")
    head, row = csv_lines([line], head=("Nomor", "Waktu"), words=lambda action: f"{action} dalam kata")
    assert head.startswith("\ufeffNomor,Waktu")
    assert row.strip() == "1,2026-12-01T01:00:00+00:00,w,'=cmd(),'@x,inside,'=cmd() dalam kata"
