"""Mail about accounts and notes about first passwords: once, in the recipient's language, without secrets."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select, update

from portal.accounts.models import Staff
from portal.accounts.people import add_staff, change_roles
from portal.database import writing
from portal.mail import OutgoingMail
from portal.web.transactions import sessions
from tests.accounts.conftest import NOW
from tests.accounts.signing import PASSWORD, DeskClient, code_of, confirm_both, make_staff, sign_in, signed_in
from tests.accounts.test_sign_in import SIGN_IN, give_password, send

PEOPLE = "/id/staff/people/"


def client_of(app: Flask, staff: Staff) -> DeskClient:
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, staff)
    return client


def speaks(app: Flask, staff: Staff, language: str) -> None:
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(language=language))


def outbox(app: Flask) -> list[OutgoingMail]:
    with app.app_context(), sessions()() as database:
        return list(database.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def recipients_of(app: Flask, kind: str) -> list[tuple[str, str]]:
    """Who was written to about that, and in which language."""
    return sorted((row.recipient, row.language) for row in outbox(app) if row.kind == f"account-{kind}")


def test_a_new_account_a_reset_and_other_roles_are_told_once_to_each(any_office: Flask) -> None:
    first, second = make_staff(any_office, "admin"), make_staff(any_office, "admin", email="second@example.org")
    speaks(any_office, second, "en")
    admin = client_of(any_office, first)
    answer = admin.post(
        f"{PEOPLE}add", data={"name": "Yohanis Tefa", "email": "y@example.org", "roles": ["author"]}
    ).get_data(as_text=True)
    password = re.search(r'class="key">([a-z0-9-]{23})<', answer)
    assert password
    everybody = [("admin@example.org", "id"), ("second@example.org", "en"), ("y@example.org", "id")]
    assert recipients_of(any_office, "added") == everybody
    with any_office.app_context(), sessions()() as database:
        made = database.scalars(select(Staff).where(Staff.email == "y@example.org")).one()
    for _ in range(2):
        admin.post(f"{PEOPLE}{made.id}/roles", data={"roles": ["registrar"]})
    assert recipients_of(any_office, "roles") == everybody, "the same roles again are no change"
    admin.post(f"{PEOPLE}{made.id}/reset")
    assert recipients_of(any_office, "reset") == everybody
    texts = "\n".join(f"{row.subject}\n{row.body}" for row in outbox(any_office))
    assert password[1] not in texts
    assert "Yohanis Tefa" in texts
    english = next(row for row in outbox(any_office) if row.kind == "account-roles" and row.language == "en")
    assert english.subject == "Changed roles at the staff desk: Yohanis Tefa"
    assert "Roles: Registrar" in english.body
    assert "Done by Maria Bria." in english.body
    assert "close the account" in english.body


def test_new_recovery_codes_and_a_new_app_are_told(office: Flask) -> None:
    # Flask-Security asks the machine's clock how long ago the password was given.
    office.config["REAL_CLOCK"] = datetime.now(UTC)
    make_staff(office, "admin")
    staff = make_staff(office, "author")
    client = client_of(office, staff)
    assert confirm_both(office, client, staff).status_code == 303
    codes = re.findall(
        r"<code>([0-9a-f-]{14})</code>",
        client.post("/id/staff/recovery-codes", data={"generate_new_codes": "1"}).get_data(True),
    )
    assert len(codes) == 8
    assert recipients_of(office, "codes") == [("admin@example.org", "id"), ("author@example.org", "id")]
    assert not [code for code in codes for row in outbox(office) if code in row.body]


def test_what_is_refused_is_told_to_nobody(office: Flask) -> None:
    admin = client_of(office, make_staff(office, "admin"))
    admin.post(f"{PEOPLE}add", data={"name": "Y", "email": "admin@example.org", "roles": ["author"]})
    assert outbox(office) == []


def test_mail_is_in_the_language_of_the_last_sign_in(office: Flask) -> None:
    staff, client = make_staff(office, "author"), office.test_client()
    asked = send(client, "/en/staff/sign-in", email=staff.email, password=PASSWORD)
    send(client, asked.headers["Location"], code=code_of(office, staff))
    with office.app_context(), sessions()() as database:
        assert database.get_one(Staff, staff.id).language == "en"
        change_roles(database, staff.id, frozenset({"registrar"}), now=NOW)
    assert recipients_of(office, "roles") == [("author@example.org", "en")]
    assert "Done by a command on the server." in outbox(office)[0].body


@pytest.mark.parametrize(("roles", "noted"), [(["reviewer"], True), (["admin"], True), (["author"], False)])
def test_a_first_password_of_the_powerful_waits_for_a_second_administrator(
    office: Flask, roles: list[str], noted: bool
) -> None:
    maker, other = make_staff(office, "admin"), make_staff(office, "admin", email="other@example.org", name="Ana Lopo")
    making = client_of(office, maker)
    making.post(f"{PEOPLE}add", data={"name": "Yohanis Tefa", "email": "y@example.org", "roles": roles})
    title = "Kata sandi awal yang dibuat rekan"
    assert title not in making.get("/id/staff/").get_data(as_text=True), "whoever made it cannot take the note away"
    looking = client_of(office, other)
    shown = looking.get("/id/staff/").get_data(as_text=True)
    assert (title in shown) is noted
    if noted:
        page = re.search(r'href="(/id/staff/people/[0-9a-f]{32})"', shown)
        assert page
        making.post(f"{page[1]}/looked-at")
        assert "Maria Bria membuat kata sandi awal" in looking.get(page[1]).get_data(as_text=True)
        looking.post(f"{page[1]}/looked-at")
        assert title not in looking.get("/id/staff/").get_data(as_text=True)
        assert "memeriksa kata sandi awal" in looking.get("/id/staff/audit/").get_data(as_text=True)


def test_a_first_password_opens_once(any_office: Flask) -> None:
    with any_office.app_context(), sessions()() as database:
        staff, first = add_staff(database, email="a@example.org", name="Maria", roles=frozenset({"author"}), now=NOW)
    thief = any_office.test_client()
    assert give_password(thief, staff, first).status_code == 302
    answer = give_password(any_office.test_client(), staff, first)
    assert answer.status_code == 422
    assert "Kata sandi awal ini sudah dipakai" in answer.get_data(as_text=True)
    new = {"new_password": PASSWORD, "new_password_confirm": PASSWORD}
    assert send(thief, "/id/staff/password", password=first, **new).status_code == 302
    assert SIGN_IN not in thief.get("/id/staff/account").headers["Location"]


def test_the_card_is_for_administrators(office: Flask) -> None:
    assert "Kata sandi awal" not in signed_in(office, ["registrar"]).get("/id/staff/").get_data(as_text=True)


def test_another_app_is_a_change_that_everybody_concerned_hears_of(office: Flask) -> None:
    office.config["REAL_CLOCK"] = datetime.now(UTC)
    make_staff(office, "admin")
    staff = make_staff(office, "author")
    client = client_of(office, staff)
    setup = "/id/staff/authenticator"
    assert confirm_both(office, client, staff, to=setup).headers["Location"] == setup
    text = client.get(setup).get_data(as_text=True)
    key, state = re.search(r'class="key">([A-Z2-7-]+)<', text), re.search(r'name="state" value="([^"]+)"', text)
    assert key
    assert state
    answer = client.post(setup, data={"state": state[1], "code": TOTP(key=key[1]).generate().token})
    assert answer.headers["Location"] == "/id/staff/recovery-codes"
    assert recipients_of(office, "app") == [("admin@example.org", "id"), ("author@example.org", "id")]
    assert not [row for row in outbox(office) if key[1] in row.body]
    assert client.get("/id/staff/recovery-codes").status_code == 200, "an app without codes is not asked for both again"
