"""What a stolen cookie, a replayed code, a closed account, a changed role and a locked network can and cannot do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.accounts.authentication import forms
from portal.accounts.authentication import sessions as staff_sessions
from portal.accounts.authentication.sessions import device_class
from portal.accounts.models import Staff, StaffSession
from portal.accounts.people import change_roles, close, reset_access
from portal.database import writing
from portal.web.transactions import sessions
from tests.accounts.conftest import NOW
from tests.accounts.signing import PASSWORD, DeskClient, code_of, confirm_both, make_staff, sign_in
from tests.accounts.test_sign_in import SIGN_IN, give_password, send, sign_in_wholly

AUTHENTICATOR, CODES = "/id/staff/authenticator", "/id/staff/recovery-codes"
CONFIRM = "/id/staff/confirm-both"


def client_of(app: Flask, staff: Staff) -> DeskClient:
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, staff)
    return client


def forget_codes(app: Flask, staff: Staff) -> None:
    """Take the code that the app shows now for one that was not used yet: the next time step has come."""
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(tf_last_counter=None))


@pytest.mark.parametrize("path", [AUTHENTICATOR, CODES])
def test_a_stolen_cookie_replaces_no_factor(office: Flask, path: str) -> None:
    staff = make_staff(office, "admin")
    thief = client_of(office, staff)
    for answer in (thief.get(path), thief.post(path, data={"generate_new_codes": "1", "code": "000000"})):
        assert answer.headers["Location"] == f"{CONFIRM}?next={path}"
    for fields in ({"password": PASSWORD}, {"code": code_of(office, staff)}, {"password": PASSWORD, "code": "000000"}):
        answer = thief.post(CONFIRM, data={"next": path, **fields})
        assert answer.status_code == 422
        assert thief.get(path).status_code == 303
    with office.app_context(), sessions()() as database:
        assert database.get_one(Staff, staff.id).mf_recovery_codes == ["x"]


def test_both_open_the_way_for_ten_minutes_and_one_factor(any_office: Flask) -> None:
    # Flask-Security asks the machine's clock how long ago the password was given.
    now = datetime.now(UTC)
    any_office.config["REAL_CLOCK"] = now
    staff = make_staff(any_office, "author")
    client = client_of(any_office, staff)
    assert confirm_both(any_office, client, staff, to=CODES).headers["Location"] == CODES
    any_office.config["REAL_CLOCK"] = now + timedelta(minutes=11)
    assert client.get(CODES).status_code == 303
    forget_codes(any_office, staff)
    assert (
        confirm_both(any_office, client, staff, to="https://evil.example/").headers["Location"] == "/id/staff/account"
    )
    made = client.post(CODES, data={"generate_new_codes": "1"}).get_data(as_text=True)
    codes = re.findall(r"<code>([0-9a-f-]{14})</code>", made)
    assert len(codes) == 8
    assert client.get(CODES).status_code == 303, "each factor needs a confirmation of its own"
    # Who lost the telephone shows a recovery code instead, which is used up.
    for status in (303, 422):
        answer = client.post(CONFIRM, data={"password": PASSWORD, "code": codes[0], "next": AUTHENTICATOR})
        assert answer.status_code == status
    assert client.get(AUTHENTICATOR).status_code == 200


def test_a_replayed_code_confirms_nothing(office: Flask) -> None:
    staff = make_staff(office, "author")
    client, thief = client_of(office, staff), client_of(office, staff)
    assert confirm_both(office, client, staff).status_code == 303
    assert confirm_both(office, thief, staff).status_code == 422


def test_guesses_at_the_confirmation_are_slowed(office: Flask) -> None:
    staff = make_staff(office, "author")
    thief = client_of(office, staff)
    for guess in range(5):
        thief.post(CONFIRM, data={"password": PASSWORD, "code": f"00000{guess}"})
    assert confirm_both(office, thief, staff).status_code == 429


def test_a_closed_account_and_a_changed_role_hold_at_once(any_office: Flask) -> None:
    make_staff(any_office, "admin")
    staff = make_staff(any_office, "registrar", email="r@example.org")
    client = client_of(any_office, staff)
    assert client.get("/id/staff/events/").status_code == 200
    with any_office.app_context(), sessions()() as database:
        change_roles(database, staff.id, frozenset({"author"}), now=NOW)
    assert client.get("/id/staff/events/").status_code == 403
    with any_office.app_context(), sessions()() as database:
        close(database, staff.id)
    assert client.get("/id/staff/account").headers["Location"].startswith(SIGN_IN)
    assert give_password(any_office.test_client(), staff).status_code == 422


def lock_network(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_FAILURES", 3)
    for number in range(3):
        assert send(app.test_client(), SIGN_IN, email=f"{number}@example.org", password="x").status_code == 422


def known(app: Flask, staff: Staff) -> FlaskClient:
    """A browser in which that person signed in and out again."""
    client = app.test_client()
    assert sign_in_wholly(client, staff).status_code == 302
    client.delete_cookie("desk")
    forget_codes(app, staff)
    return client


def test_a_locked_network_lets_known_devices_in(any_office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    staff, other = make_staff(any_office, "author"), make_staff(any_office, "author", email="other@example.org")
    client = known(any_office, staff)
    cookie = client.get_cookie("device")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    assert "author" not in cookie.value
    lock_network(any_office, monkeypatch)
    assert give_password(any_office.test_client(), staff).status_code == 429
    assert give_password(client, other).status_code == 429, "the device is known for one account"
    assert sign_in_wholly(client, staff).status_code == 302


def test_a_known_device_has_the_count_of_its_account(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = make_staff(office, "author")
    client = known(office, staff)
    lock_network(office, monkeypatch)
    assert [give_password(client, staff, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_reset_makes_devices_unknown(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = make_staff(office, "author")
    client = known(office, staff)
    with office.app_context(), sessions()() as database:
        first = reset_access(database, database.get_one(Staff, staff.id), and_second_factor=False, now=NOW)
    lock_network(office, monkeypatch)
    assert give_password(client, staff, first).status_code == 429


@pytest.mark.parametrize("value", ["", "x", "W10.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa", "." * 3000])
def test_a_forged_device_is_unknown(office: Flask, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    staff, client = make_staff(office, "author"), office.test_client()
    client.set_cookie("device", value)
    lock_network(office, monkeypatch)
    assert give_password(client, staff).status_code == 429


def test_own_sessions_are_listed_and_ended(any_office: Flask) -> None:
    staff, other = make_staff(any_office, "author"), make_staff(any_office, "author", email="other@example.org")
    here, there, third = (client_of(any_office, staff) for _ in range(3))
    stranger = client_of(any_office, other)
    with any_office.app_context(), sessions()() as database:
        rows = {row.id: row.staff for row in database.scalars(select(StaffSession))}
        with writing(database):
            database.execute(update(StaffSession).values(device="phone"))
    page = here.get("/id/staff/sessions").get_data(as_text=True)
    ends = re.findall(r'action="(/id/staff/sessions/[0-9a-f]{32}/end)"', page)
    assert len(ends) == 2
    assert page.count("Telepon</b>") == 3
    assert "127.0.0.1" not in page
    others = next(id_ for id_, owner in rows.items() if owner == other.id)
    here.post(f"/id/staff/sessions/{others}/end")
    assert stranger.get("/id/staff/account").status_code == 200, "nobody ends the sessions of others"
    here.post(ends[0])
    assert sorted(one.get("/id/staff/account").status_code for one in (there, third)) == [200, 303]
    here.post("/id/staff/sessions/end-others")
    assert [one.get("/id/staff/account").status_code for one in (there, third, here)] == [303, 303, 200]


def test_sessions_that_are_over_are_not_listed(office: Flask) -> None:
    staff = make_staff(office, "author")
    with office.app_context(), sessions()() as database, writing(database):
        database.add(StaffSession(staff=staff.id, began_at=NOW - timedelta(hours=20), seen_at=NOW))
    with office.app_context(), sessions()() as database:
        assert staff_sessions.open_of(database, staff, now=NOW) == []


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Version/16.0 Mobile/15E148 Safari/604.1", "tablet"),
        ("Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/126 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537.36", "computer"),
        ("", ""),
    ],
)
def test_a_session_knows_what_kind_of_device_it_is_on(agent: str, kind: str) -> None:
    assert device_class(agent) == kind
