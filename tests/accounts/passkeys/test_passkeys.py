"""Adding, using and removing passkeys, and everything with which nobody gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts.audit import every_entry
from portal.accounts.models import Passkey, Staff
from portal.accounts.people import close, reset_access
from portal.database import writing
from portal.mail import OutgoingMail
from portal.web.transactions import sessions
from tests.accounts.conftest import NOW
from tests.accounts.passkeys.device import PRESENT, Device, options_in
from tests.accounts.signing import DeskClient, confirm_both, make_staff, sign_in
from tests.accounts.test_sign_in import TOKEN, give_password

OWN, ENTER, ACCOUNT = "/id/staff/passkeys", "/id/staff/passkey", "/id/staff/account"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def later(app: Flask, minutes: float = 1) -> None:
    app.config["REAL_CLOCK"] += timedelta(minutes=minutes)


def client_of(app: Flask, staff: Staff) -> DeskClient:
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, staff)
    return client


def next_code(app: Flask, staff: Staff) -> None:
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(tf_last_counter=None))


def add(app: Flask, staff: Staff, device: Device, name: str = "Ponsel", **wrong: object) -> TestResponse:
    """Add a passkey as its person does: both first, then the name and the device."""
    client = client_of(app, staff)
    next_code(app, staff)
    assert confirm_both(app, client, staff, to=OWN).headers["Location"] == OWN
    made = device.create(options_in(text_of(client.get(OWN))), **wrong)  # type: ignore[arg-type]
    return client.post(OWN, data={"name": name, "credential": made})


def enter(client: FlaskClient, device: Device, path: str = f"{ENTER}?alone=1", **wrong: object) -> TestResponse:
    """Answer the page of signing in by that device."""
    shown = text_of(client.get(path))
    token = TOKEN.search(shown)
    assert token
    credential = device.get(options_in(shown), **wrong)  # type: ignore[arg-type]
    return client.post(
        ENTER, data={"csrf_token": token[1], "credential": credential}, headers={"Origin": "http://localhost"}
    )


def without_app(app: Flask, staff: Staff) -> None:
    with app.app_context(), sessions()() as database, writing(database):
        values = {"tf_totp_secret": None, "tf_primary_method": None}
        database.execute(update(Staff).where(Staff.id == staff.id).values(**values))


def passkeys_of(app: Flask, staff: Staff) -> list[Passkey]:
    with app.app_context(), sessions()() as database:
        return list(database.scalars(select(Passkey).where(Passkey.staff == staff.id)))


def test_a_passkey_is_added_signs_in_alone_and_is_removed(any_office: Flask) -> None:
    staff, device = make_staff(any_office, "author"), Device()
    assert add(any_office, staff, device).status_code == 303
    later(any_office)
    client = any_office.test_client()
    assert enter(client, device).headers["Location"] == "/id/staff/welcome"
    assert "Ponsel" in text_of(client.get(ACCOUNT))
    (kept,) = passkeys_of(any_office, staff)
    assert kept.used_at == any_office.config["REAL_CLOCK"]
    desk = client_of(any_office, staff)
    next_code(any_office, staff)
    confirm_both(any_office, desk, staff, to=OWN)
    assert "Ponsel" in text_of(desk.get(OWN))
    assert desk.post(OWN, data={"remove": kept.id}).status_code == 303
    assert passkeys_of(any_office, staff) == []
    later(any_office)
    assert enter(any_office.test_client(), device).status_code == 422
    with any_office.app_context(), sessions()() as database:
        actions = [entry.action for entry in every_entry(database) if entry.who == staff.id]
        kinds = [row.kind for row in database.scalars(select(OutgoingMail)) if row.about == f"staff/{staff.id}"]
    assert actions == ["accounts.passkey-added", "accounts.sign-in", "accounts.passkey-removed"]
    assert sorted(kinds) == ["account-passkey", "account-passkey-gone"]


@pytest.mark.parametrize("has_app", [True, False])
def test_a_passkey_is_the_second_step_of_its_person_alone(any_office: Flask, has_app: bool) -> None:
    staff, other = make_staff(any_office, "author"), make_staff(any_office, "admin", email="other@example.org")
    device, foreign = Device(), Device(b"of somebody else")
    add(any_office, staff, device)
    add(any_office, other, foreign)
    later(any_office)
    if not has_app:
        without_app(any_office, staff)
    client = any_office.test_client()
    place = give_password(client, staff).headers["Location"]
    assert place.startswith("/id/staff/code" if has_app else ENTER), "a password alone opens nothing"
    assert client.get(ACCOUNT).status_code == 303
    assert enter(client, foreign, ENTER).status_code == 422, "the passkey of somebody else"
    assert client.get(ACCOUNT).status_code == 303
    assert enter(client, device, ENTER).status_code == 303
    assert staff.email in text_of(client.get(ACCOUNT))


@pytest.mark.parametrize(
    "wrong", [{"flags": PRESENT}, {"flags": 0}, {"origin": "https://evil.example"}], ids=["no PIN", "nobody", "origin"]
)
def test_an_unproved_answer_neither_adds_nor_signs_in(office: Flask, wrong: dict[str, object]) -> None:
    staff, device = make_staff(office, "author"), Device()
    assert add(office, staff, device, **wrong).status_code == 422
    assert passkeys_of(office, staff) == []
    add(office, staff, device)
    later(office)
    assert enter(office.test_client(), device, **wrong).status_code == 422
    stranger = Device(device.id)
    stranger.handle = device.handle
    assert enter(office.test_client(), stranger).status_code == 422, "another key under the same id"


def test_an_answer_counts_once_and_for_five_minutes(office: Flask) -> None:
    staff, device = make_staff(office, "author"), Device()
    add(office, staff, device)
    later(office)
    client = office.test_client()
    shown = text_of(client.get(ENTER))
    cookie, token = client.get_cookie("desk"), TOKEN.search(shown)
    assert cookie
    assert token
    fields = {"csrf_token": token[1], "credential": device.get(options_in(shown))}
    thief, late = office.test_client(), office.test_client()
    for one in (thief, late):
        one.set_cookie("desk", cookie.value)
    headers = {"Origin": "http://localhost"}
    assert client.post(ENTER, data=fields, headers=headers).status_code == 303
    assert thief.post(ENTER, data=fields, headers=headers).status_code == 422, "a recorded answer"
    shown = text_of(late.get(ENTER))
    fields["credential"] = device.get(options_in(shown))
    later(office, 6)
    assert late.post(ENTER, data=fields, headers=headers).status_code == 422


def test_a_closed_account_and_a_reset_make_passkeys_worthless(any_office: Flask) -> None:
    make_staff(any_office, "admin")
    staff, device = make_staff(any_office, "author"), Device()
    add(any_office, staff, device)
    later(any_office)
    with any_office.app_context(), sessions()() as database:
        close(database, staff.id)
    assert enter(any_office.test_client(), device).status_code == 422
    with any_office.app_context(), sessions()() as database:
        reset_access(database, database.get_one(Staff, staff.id), and_second_factor=True, now=NOW)
    assert passkeys_of(any_office, staff) == []


def test_a_stolen_cookie_adds_and_removes_no_passkey(office: Flask) -> None:
    staff, device = make_staff(office, "author"), Device()
    add(office, staff, device)
    thief = client_of(office, staff)
    for answer in (thief.get(OWN), thief.post(OWN, data={"remove": passkeys_of(office, staff)[0].id})):
        assert answer.headers["Location"].startswith("/id/staff/confirm-both")
    assert len(passkeys_of(office, staff)) == 1


def test_nobody_removes_the_passkey_of_somebody_else(office: Flask) -> None:
    staff, other = make_staff(office, "author"), make_staff(office, "admin", email="other@example.org")
    add(office, staff, Device())
    client = client_of(office, other)
    confirm_both(office, client, other, to=OWN)
    client.post(OWN, data={"remove": passkeys_of(office, staff)[0].id})
    assert len(passkeys_of(office, staff)) == 1


def test_names_are_told_apart_and_devices_are_known_once(office: Flask) -> None:
    staff, device = make_staff(office, "author"), Device()
    add(office, staff, device)
    for name, other in (
        ("ponsel", Device(b"other")),
        ("", Device(b"other")),
        ("x" * 61, Device(b"o")),
        ("Lain", device),
    ):
        answer = add(office, staff, other, name)
        assert answer.status_code == 422, name
        assert name in text_of(answer) or len(name) > 60
    assert len(passkeys_of(office, staff)) == 1


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", "[]", "null", '{"id":"","rawId":"","response":{}}', "x" * 20_000]
)
def test_what_is_no_answer_is_refused(office: Flask, credential: str) -> None:
    client = office.test_client()
    token = TOKEN.search(text_of(client.get(ENTER)))
    assert token
    fields = {"csrf_token": token[1], "credential": credential}
    assert client.post(ENTER, data=fields, headers={"Origin": "http://localhost"}).status_code == 422


def test_tries_are_slowed(office: Flask) -> None:
    staff, device = make_staff(office, "author"), Device()
    add(office, staff, device)
    later(office)
    statuses = [enter(office.test_client(), device, flags=PRESENT).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert enter(office.test_client(), device).status_code == 429


def test_who_has_no_app_yet_may_begin_with_a_passkey(office: Flask) -> None:
    office.config["REAL_CLOCK"] = datetime.now(UTC)
    staff, device = make_staff(office, "author"), Device()
    without_app(office, staff)
    client = client_of(office, staff)
    assert client.get(ACCOUNT).headers["Location"] == "/id/staff/authenticator"
    made = device.create(options_in(text_of(client.get(OWN))))
    assert client.post(OWN, data={"name": "Ponsel", "credential": made}).status_code == 303
    assert client.get(ACCOUNT).status_code == 200
    assert client.get(OWN).status_code == 303, "the next one needs both"
