"""Adding people, changing roles, closing accounts: on both databases, never without an administrator."""

from __future__ import annotations

import re

import pytest
from alembic import command
from flask import Flask
from flask_security import hash_password
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.accounts import people
from portal.accounts.models import Staff, StaffRole, StaffSession
from portal.accounts.people import (
    StaffRefused,
    add_staff,
    change_roles,
    close,
    person_of,
    reopen_account,
    staff_by_email,
)
from portal.database import WRITES, engine_for, sessions_for
from portal.migrations import _configuration, upgrade
from tests.accounts.conftest import NOW
from tests.conftest import AppFactory


@pytest.fixture(autouse=True)
def _in_app(app: Flask) -> object:
    # Passwords are hashed by the application's settings.
    with app.app_context():
        yield


def add(session: Session, email: str, *roles: str, name: str = "Maria Bria") -> Staff:
    return add_staff(session, email=email, name=name, roles=frozenset(roles), now=NOW)[0]


def test_a_person_is_added_and_found(session: Session) -> None:
    staff, password = add_staff(
        session, email=" Maria@Example.ORG ", name="  Maria   Bria ", roles=frozenset({"author"}), now=NOW
    )
    assert (staff.email, staff.name, staff.must_change_password) == ("maria@example.org", "Maria Bria", True)
    assert len(password) == 23
    assert password not in (staff.password or "")
    assert (staff.password or "").startswith("$argon2")
    result = staff_by_email(session, "MARIA@example.org")
    assert result is not None
    assert result.role_names == {"author"}
    assert (result.may("write"), result.may("publish")) == (True, False)
    assert person_of(result).line() == b"Maria Bria <maria@example.org>"


@pytest.mark.parametrize(
    ("email", "name", "roles", "reason"),
    [
        ("maria", "Maria", {"author"}, "email"),
        ("maria@example.org\nBcc: x@example.org", "Maria", {"author"}, "email"),
        ("maria@example.org", " ", {"author"}, "name"),
        ("maria@example.org", "M" * 101, {"author"}, "name"),
        ("maria@example.org", "Ma\u202eria", {"author"}, "name"),
        ("maria@example.org", "Maria", set(), "roles"),
        ("maria@example.org", "Maria", {"king"}, "roles"),
        ("TAKEN@example.org", "Maria", {"author"}, "taken"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, email: str, name: str, roles: set[str], reason: str) -> None:
    add(session, "taken@example.org", "author")
    with pytest.raises(StaffRefused) as refused:
        add_staff(session, email=email, name=name, roles=frozenset(roles), now=NOW)
    assert refused.value.reason == reason
    assert len(people.every_staff(session)) == 1


def test_roles_change_and_the_last_administrator_stays(session: Session) -> None:
    first, other = add(session, "a@example.org", "admin"), add(session, "b@example.org", "author", "registrar")
    change_roles(session, other.id, frozenset({"registrar", "scheduler"}), now=NOW)
    assert session.get_one(Staff, other.id).role_names == {"registrar", "scheduler"}
    for attempt in (
        lambda: change_roles(session, first.id, frozenset({"author"}), now=NOW),
        lambda: close(session, first.id),
    ):
        with pytest.raises(StaffRefused, match="Nobody else is an administrator"):
            attempt()
    change_roles(session, other.id, frozenset({"admin"}), now=NOW)
    close(session, first.id)
    with pytest.raises(StaffRefused):
        change_roles(session, other.id, frozenset({"author"}), now=NOW)
    assert {role.name for role in session.query(StaffRole)} == {"admin"}


def test_a_closed_account_opens_with_a_new_password_and_no_app(session: Session) -> None:
    add(session, "keeper@example.org", "admin")
    staff = add(session, "a@example.org", "admin")
    id_, old = staff.id, (staff.password, staff.fs_uniquifier)
    close(session, id_)
    assert not session.get_one(Staff, id_).active
    reopen_account(session, id_, now=NOW)
    result = session.get_one(Staff, id_)
    assert (result.active, result.must_change_password, result.has_second_factor) == (True, True, False)
    assert result.password != old[0]
    assert result.fs_uniquifier != old[1]


def test_outside_of_tests_a_hash_withstands_guessing(make_app: AppFactory) -> None:
    with make_app(hashes={}).app_context():
        hashed = hash_password("sirih pinang kapur")
    match = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", hashed)
    assert match is not None, hashed
    memory, turns, _lanes = map(int, match.groups())
    assert memory >= 19 * 1024
    assert turns >= 2


def test_an_account_of_before_is_migrated(database_url: str) -> None:
    engine = engine_for(database_url)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config = _configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "accounts_0001")
        columns = "id, email, name, must_change_password, active, fs_uniquifier, mf_recovery_codes, created_at"
        values = "'a', 'a@example.org', 'Maria', false, true, 'u', '[]', '2026-01-01 00:00:00+00'"
        connection.execute(text(f"INSERT INTO accounts_staff ({columns}) VALUES ({values})"))
        moments = "'2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00'"
        connection.execute(
            text(f"INSERT INTO accounts_session (id, staff, began_at, seen_at) VALUES ('s', 'a', {moments})")
        )
    upgrade(engine)
    with sessions_for(engine)() as database:
        staff, row = database.get_one(Staff, "a"), database.get_one(StaffSession, "s")
        assert (staff.language, staff.first_password_used, row.device) == ("", False, "")
        database.delete(row)
        database.commit()
    engine.dispose()
