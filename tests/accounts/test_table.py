"""Every staff route, every role, and strangers: the table of permissions decides, and it is the whole map."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.accounts.authentication.guard import (
    PASSWORD,
    RECOVERY_CODES,
    REPLACES_FACTOR,
    RULES,
    SECOND_FACTOR,
    SECOND_STEP,
)
from portal.accounts.layout import permission_table
from portal.accounts.models import Staff, StaffSession
from portal.accounts.people import close
from portal.accounts.permissions import ACCESS, ANYBODY, NOBODY, ONESELF, PERMISSIONS, ROLES, PermissionTable
from portal.database import writing
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.conftest import AppFactory

OPENED = "opened"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose staff views only tell that they were reached: what is tried here is the guard."""
    app = AppFactory(tmp_path_factory.mktemp("table"))()
    for rule in staff_rules(app):
        app.view_functions[rule.endpoint] = lambda **_values: (OPENED, {"Content-Type": "text/plain"})
    return app


def staff_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(RULES)]


def tries(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address for every staff route."""
    adapter = app.url_map.bind("localhost")
    for rule in staff_rules(app):
        values: dict[str, Any] = {
            name: 1 if type(converter).__name__ == "IntegerConverter" else "x"
            for name, converter in rule._converters.items()
        } | {"lang": "id"}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)


def table_of(app: Flask) -> PermissionTable:
    with app.app_context():
        return permission_table()


def client_of(app: Flask, staff: Staff | None = None, **how: Any) -> DeskClient:
    client = DeskClient(app, app.response_class, use_cookies=True)
    if staff is not None:
        sign_in(client, staff, **how)
    return client


def is_open(answer: TestResponse) -> bool:
    return answer.get_data(as_text=True) == OPENED


def changed(app: Flask, staff: Staff, **values: Any) -> None:
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(**values))


def test_the_table_is_the_map(desk: Flask) -> None:
    assert table_of(desk).endpoints() == {rule.endpoint for rule in staff_rules(desk)}


def test_every_staff_route_reads_or_posts(desk: Flask) -> None:
    assert {method for _endpoint, method, _path in tries(desk)} == {"GET", "POST"}


def test_dangerous_acts_are_in_the_table(desk: Flask) -> None:
    assert table_of(desk).fresh <= table_of(desk).endpoints()


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_opens_exactly_what_its_permissions_open(desk: Flask, role: str | None) -> None:
    staff = make_staff(desk, role) if role else None
    client, table = client_of(desk, staff), table_of(desk)
    wrong = []
    for endpoint, method, path in tries(desk):
        needed, answer = table.needed(endpoint), client.open(path, method=method)
        if needed == NOBODY:
            right = answer.status_code == 404
        elif role is None and needed == ANYBODY:
            # A stranger's POST has no token.
            right = is_open(answer) if method == "GET" else answer.status_code == 400
        elif endpoint in SECOND_STEP:
            right = answer.status_code == 303
            right &= answer.headers["Location"] == "/id/staff/welcome"
        elif role is None:
            right = answer.status_code == (303 if method == "GET" else 401)
        elif endpoint in REPLACES_FACTOR:
            right = answer.status_code == 303
            right &= answer.headers["Location"].startswith("/id/staff/confirm-both?next=")
        elif needed in (ANYBODY, ONESELF) or needed in ROLES[role]:
            right = is_open(answer)
        else:
            right = answer.status_code == 403
        if not right or "no-store" not in answer.headers["Cache-Control"]:
            wrong.append(f"{method} {path} ({endpoint} needs {needed}): {answer.status_code}")
    assert wrong == []


def test_every_permission_is_somebodys(desk: Flask) -> None:
    assert frozenset().union(*ROLES.values()) == PERMISSIONS
    assert all(permissions < PERMISSIONS for role, permissions in ROLES.items() if role != "admin")


def test_no_form_is_taken_without_its_token(desk: Flask) -> None:
    staff = make_staff(desk, "admin", email="token@example.org")
    client = desk.test_client()
    sign_in(client, staff)
    table = table_of(desk)
    forms = [path for endpoint, method, path in tries(desk) if method == "POST" and table.needed(endpoint) != NOBODY]
    assert [path for path in forms if client.post(path).status_code != 400] == []
    wrong = {"csrf_token": "IjEi.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa"}
    assert [path for path in forms if client.post(path, data=wrong).status_code != 400] == []


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({"must_change_password": True}, PASSWORD),
        ({"tf_totp_secret": None}, SECOND_FACTOR),
        ({"mf_recovery_codes": []}, RECOVERY_CODES),
    ],
    ids=["first password", "no app", "no recovery codes"],
)
def test_nothing_else_opens_before_the_account_is_in_order(
    desk: Flask, values: dict[str, Any], allowed: tuple[str, ...]
) -> None:
    staff = make_staff(desk, "reviewer", email=f"{next(iter(values))}@example.org")
    changed(desk, staff, **values)
    client, table = client_of(desk, staff), table_of(desk)
    opened = {endpoint for endpoint, method, path in tries(desk) if is_open(client.open(path, method=method))}
    everybodys = {one for one in table.endpoints() if table.needed(one) == ANYBODY} - SECOND_STEP
    assert opened == everybodys | set(allowed)


def test_dangerous_acts_ask_for_the_password_again(desk: Flask) -> None:
    staff = make_staff(desk, "admin", email="stale@example.org")
    client = client_of(desk, staff, paa=time.time() - 3600)
    for endpoint, method, path in tries(desk):
        if endpoint in table_of(desk).fresh - REPLACES_FACTOR:
            answer = client.open(path, method=method)
            assert answer.status_code == (303 if method == "GET" else 401), path
            assert method == "POST" or answer.headers["Location"].startswith("/id/staff/confirm?next="), path


@pytest.mark.parametrize("end", ["signed out", "closed", "too old", "idle", "forged", "another's", "password changed"])
def test_a_session_that_is_over_opens_nothing(desk: Flask, end: str) -> None:
    staff = make_staff(desk, "registrar", email=f"{end.replace(' ', '-').replace(chr(39), '')}@example.org")
    client = client_of(desk, staff)
    assert is_open(client.get("/id/staff/account"))
    now = datetime.now(UTC)
    other = make_staff(desk, "admin", email=f"other-{staff.id}@example.org")
    with desk.app_context(), sessions()() as database:
        if end == "closed":
            close(database, staff.id)
        with writing(database):
            row = update(StaffSession).where(StaffSession.staff == staff.id)
            if end == "signed out":
                database.query(StaffSession).filter_by(staff=staff.id).delete()
            elif end == "too old":
                database.execute(row.values(began_at=now - timedelta(hours=15), seen_at=now))
            elif end == "idle":
                database.execute(row.values(seen_at=now - timedelta(hours=5)))
            elif end == "another's":
                database.execute(row.values(staff=other.id))
    if end == "forged":
        client.set_cookie("desk", "eyJfdXNlcl9pZCI6IngifQ.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa")
    if end == "password changed":
        changed(desk, staff, fs_uniquifier="f" * 32)
    assert client.get("/id/staff/account").status_code == 303
    assert client.get("/id/staff/account").headers["Location"].startswith("/id/staff/sign-in")


def test_the_table_refuses_unknown_permissions_and_contradictions() -> None:
    with pytest.raises(ValueError, match="needs 'everything'"):
        PermissionTable([{"a.b": "everything"}])
    with pytest.raises(ValueError, match="twice"):
        PermissionTable([{"a.b": "read"}, {"a.b": "write"}])
    assert PermissionTable([]).needed("a.b") == NOBODY
    assert {"anybody", "oneself", "nobody"} < ACCESS


def test_an_endpoint_that_nobody_put_into_the_table_is_refused(tmp_path: Any) -> None:
    app = AppFactory(tmp_path)()
    app.add_url_rule("/<lang:lang>/staff/forgotten", "forgotten", lambda: OPENED)
    assert client_of(app, make_staff(app, "admin")).get("/id/staff/forgotten").status_code == 403
    assert client_of(app).get("/id/staff/forgotten").status_code == 403


def test_public_pages_know_no_session(desk: Flask) -> None:
    client = client_of(desk, make_staff(desk, "author", email="reader@example.org"))
    answer = client.get("/id/search?q=kartu")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
