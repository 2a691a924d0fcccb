"""Signing in as a browser does it: passwords, app, recovery codes, slowing down, forms that come late."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.accounts.audit import every_entry
from portal.accounts.authentication import forms
from portal.accounts.models import Attempt, Staff
from portal.accounts.people import add_staff
from portal.database import writing
from portal.web.transactions import sessions
from tests.accounts.conftest import NOW
from tests.accounts.signing import PASSWORD, code_of, make_staff, sign_in, signed_in

SIGN_IN = "/id/staff/sign-in"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def send(client: FlaskClient, path: str, page: str = "", **fields: str) -> TestResponse:
    """Open the page with the form, then send it as a browser does."""
    shown = client.get(page or path)
    token = TOKEN.search(shown.get_data(as_text=True))
    assert token, f"{page or path}: {shown.status_code} without a form"
    return client.post(path, data={"csrf_token": token[1], **fields}, headers={"Origin": "http://localhost"})


def give_password(client: FlaskClient, staff: Staff, password: str = PASSWORD, **fields: str) -> TestResponse:
    return send(client, SIGN_IN, email=staff.email, password=password, **fields)


def sign_in_wholly(client: FlaskClient, staff: Staff, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Give the password, then the code of the app, which is taken for one that was not used yet."""
    asked = give_password(client, staff, password, **fields)
    assert urlsplit(asked.headers["Location"]).path == "/id/staff/code"
    app = client.application
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(tf_last_counter=None))
    return send(client, asked.headers["Location"], code=code_of(app, staff))


def at(app: Flask, minutes: float) -> None:
    app.config["REAL_CLOCK"] = NOW + timedelta(minutes=minutes)


def recorded(app: Flask, staff: Staff) -> Staff:
    with app.app_context(), sessions()() as database:
        return database.get_one(Staff, staff.id)


def test_a_password_opens_the_desk_and_signing_out_closes_it(office: Flask) -> None:
    client, staff = office.test_client(), make_staff(office, "registrar")
    answer = client.get("/id/staff/events/?q=a")
    assert answer.headers["Location"] == f"{SIGN_IN}?next=/id/staff/events/?q%3Da"
    assert sign_in_wholly(client, staff, next="/id/staff/events/").headers["Location"] == "/id/staff/events/"
    assert client.get("/id/staff/events/").status_code == 200
    cookie = client.get_cookie("desk")
    assert cookie is not None
    assert cookie.http_only
    assert send(client, "/id/staff/sign-out", "/id/staff/account").status_code == 302
    assert client.get("/id/staff/events/").status_code == 303
    # A cookie that somebody kept opens nothing either.
    client.set_cookie("desk", cookie.value)
    assert client.get("/id/staff/events/").status_code == 303
    with office.app_context(), sessions()() as database:
        assert [one.action for one in every_entry(database)] == ["accounts.sign-in", "accounts.sign-out"]


def test_nobody_learns_whether_an_account_exists(office: Flask) -> None:
    staff = make_staff(office, "author")
    closed = make_staff(office, "author", email="closed@example.org")
    with office.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == closed.id).values(active=False))
    message = set()
    for email, password in [(staff.email, "wrong"), ("nobody@example.org", PASSWORD), (closed.email, PASSWORD)]:
        answer = send(office.test_client(), SIGN_IN, email=email, password=password)
        assert answer.status_code == 422
        message.add("".join(re.findall(r'<ul>\s*<li><a href="#field.*?</ul>', answer.get_data(as_text=True), re.S)))
    assert len(message) == 1
    assert "tidak tepat" in message.pop()


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away_after_signing_in(office: Flask, to: str) -> None:
    answer = sign_in_wholly(office.test_client(), make_staff(office, "author"), next=to)
    to = urlsplit(answer.headers["Location"])
    assert (answer.status_code, to.path[:2].strip("\\")) == (302, to.path[:2])
    assert (to.scheme, to.netloc) in {("", ""), ("http", "localhost")}


def test_wrong_passwords_are_slowed_and_the_count_lies_in_the_database(any_office: Flask) -> None:
    client, staff = any_office.test_client(), make_staff(any_office, "author")
    for _ in range(5):
        assert give_password(client, staff, "wrong").status_code == 422
    refused = give_password(client, staff)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    assert "Coba lagi dalam 1 menit" in refused.get_data(as_text=True)
    at(any_office, 1)
    assert sign_in_wholly(any_office.test_client(), staff).status_code == 302
    with any_office.app_context(), sessions()() as database:
        assert database.scalars(select(Attempt)).all() == []
        actions = [one.action for one in every_entry(database)]
    assert actions == ["accounts.failed"] * 5 + ["accounts.sign-in"]


def test_a_network_that_fails_at_many_accounts_is_slowed(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_FAILURES", 3)
    client, staff = office.test_client(), make_staff(office, "author")
    for number in range(3):
        assert send(client, SIGN_IN, email=f"{number}@example.org", password="x").status_code == 422
    assert give_password(client, staff).status_code == 429
    at(office, 61)
    assert give_password(client, staff).status_code == 302


def test_the_first_password_opens_only_the_page_that_replaces_it(office: Flask) -> None:
    client = office.test_client()
    with office.app_context(), sessions()() as database:
        staff, first = add_staff(database, email="a@example.org", name="Maria", roles=frozenset({"registrar"}), now=NOW)
    give_password(client, staff, first)
    assert client.get("/id/staff/events/").headers["Location"] == "/id/staff/password"
    page = "/id/staff/password"
    for new, again, message in [
        ("pendek", "pendek", "sedikitnya 12 karakter"),
        ("sirih pinang kapur", "sirih pinang", "baru berbeda"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "mudah ditebak"),
        ("passwordpassword", "passwordpassword", "mudah ditebak"),
        ("ｐａｓｓｗｏｒｄ１２３４", "ｐａｓｓｗｏｒｄ１２３４", "mudah ditebak"),
        ("Qwertyuiop123", "Qwertyuiop123", "mudah ditebak"),
        ("LayananContoh1", "LayananContoh1", "mudah ditebak"),
        (first, first, "harus berbeda"),
    ]:
        answer = send(client, page, password=first, new_password=new, new_password_confirm=again)
        assert answer.status_code == 422, message
        assert message in answer.get_data(as_text=True)
        with office.app_context(), sessions()() as database, writing(database):
            database.query(Attempt).delete()
    new = {"new_password": "sirih pinang kapur", "new_password_confirm": "sirih pinang kapur"}
    assert send(client, page, password=first, **new).status_code == 302
    assert client.get("/id/staff/events/").headers["Location"] == "/id/staff/authenticator"
    assert give_password(office.test_client(), staff, first).status_code == 422
    assert give_password(office.test_client(), staff, "sirih pinang kapur").status_code == 302


@pytest.mark.parametrize("role", ["reviewer", "translator"])
def test_everybody_sets_up_the_app_and_the_codes_before_anything_opens(any_office: Flask, role: str) -> None:
    client, staff = any_office.test_client(), make_staff(any_office, role, ready=False)
    with any_office.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(must_change_password=False))
    give_password(client, staff)
    setup = "/id/staff/authenticator"
    assert client.get("/id/staff/welcome").headers["Location"] == setup
    text = client.get(setup).get_data(as_text=True)
    key = re.search(r'class="key">([A-Z2-7-]+)<', text)
    state, token = re.search(r'name="state" value="([^"]+)"', text), TOKEN.search(text)
    assert key
    assert state
    assert token
    assert "otpauth://totp/Layanan%20Contoh:" in text
    fields = {"csrf_token": token[1], "state": state[1]}
    wrong = client.post(setup, data={**fields, "code": "000000"})
    assert wrong.status_code == 422
    assert key[1] in wrong.get_data(as_text=True), "a wrong code shows the same key again"
    code = TOTP(key=key[1]).generate().token
    assert client.post(setup, data={**fields, "code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert client.get("/id/staff/welcome").headers["Location"] == "/id/staff/recovery-codes"
    made = send(client, "/id/staff/recovery-codes", generate_new_codes="1").get_data(as_text=True)
    codes = re.findall(r"<code>([0-9a-f-]{14})</code>", made)
    assert len(codes) == 8
    assert not set(codes) & set(recorded(any_office, staff).mf_recovery_codes)
    assert client.get("/id/staff/account").status_code == 200
    assert codes[0] not in client.get("/id/staff/recovery-codes").get_data(as_text=True)

    another = any_office.test_client()
    assert "/id/staff/code" in give_password(another, staff).headers["Location"]
    assert another.get("/id/staff/account").status_code == 303
    assert send(another, "/id/staff/code", code=code).status_code == 422, "the code that set it up is used"
    assert send(another, "/id/staff/recovery", code=codes[1].upper().replace("-", " ")).status_code == 302
    assert another.get("/id/staff/account").status_code == 200
    third = any_office.test_client()
    give_password(third, staff)
    assert send(third, "/id/staff/recovery", code=codes[1]).status_code == 422, "a recovery code works once"
    assert len(recorded(any_office, staff).mf_recovery_codes) == 7


def test_a_code_of_the_app_works_once(any_office: Flask) -> None:
    staff = make_staff(any_office, "admin")
    code = code_of(any_office, staff)
    first, second = any_office.test_client(), any_office.test_client()
    give_password(first, staff)
    give_password(second, staff)
    assert send(first, "/id/staff/code", code=code).status_code == 302
    assert send(second, "/id/staff/code", code=code).status_code == 422
    assert second.get("/id/staff/account").status_code == 303


def test_guessed_codes_are_slowed(office: Flask) -> None:
    staff, client = make_staff(office, "admin"), office.test_client()
    give_password(client, staff)
    for guess in ("000001", "000002", "000003", "000004", "000005"):
        send(client, "/id/staff/code", code=guess)
    assert send(client, "/id/staff/code", code=code_of(office, staff)).status_code == 429


def test_the_code_page_opens_only_after_the_password(office: Flask) -> None:
    for path in ("/id/staff/code", "/id/staff/recovery"):
        assert office.test_client().get(path).headers["Location"] == SIGN_IN


@pytest.mark.parametrize("path", ["/id/staff/code", "/id/staff/recovery"])
def test_the_code_page_signs_nobody_out(office: Flask, path: str) -> None:
    client = signed_in(office, ["author"])
    assert client.get(path).headers["Location"] == "/id/staff/welcome"
    assert client.post(path, data={"code": "000000"}).headers["Location"] == "/id/staff/welcome"
    assert client.get("/id/staff/account").status_code == 200


# Spellings of one address that Flask-Security looks up alike: case, width, composition, dots and blanks.
SPELLINGS = (
    "josé@example.org",
    "JOSÉ@EXAMPLE.ORG",
    "jose\u0301@example.org",
    "josé@example\u3002org",
    "josé@ｅｘａｍｐｌｅ.org",
    "josé@exam\u00adple.org",
    "JosÉ@Example\uff0eOrg",
    "josé@ⓔxample.org",
)


@pytest.mark.parametrize("exists", [True, False], ids=["an account", "nobody"])
def test_all_spellings_of_an_address_have_one_count(office: Flask, exists: bool) -> None:
    if exists:
        make_staff(office, "author", email="josé@example.org")
    answers = [send(office.test_client(), SIGN_IN, email=one, password="wrong").status_code for one in SPELLINGS]
    assert answers == [422] * 5 + [429] * (len(SPELLINGS) - 5)
    with office.app_context(), sessions()() as database:
        assert len(database.scalars(select(Attempt)).all()) == 1


def test_signing_in_gives_the_browser_a_session_of_its_own(office: Flask) -> None:
    client, staff = office.test_client(), make_staff(office, "author")
    client.get(SIGN_IN)
    with client.session_transaction(SIGN_IN) as session:
        before = session["csrf_token"]
        session["planted"] = "by somebody else"
    sign_in_wholly(client, staff)
    with client.session_transaction(SIGN_IN) as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_a_form_that_comes_after_the_session_keeps_what_was_typed(office: Flask) -> None:
    client = office.test_client()
    answer = client.post(
        "/id/staff/events/x/add",
        data={
            "name": "Maria <b>Bria</b>",
            "text": "satu baris\ndua baris " * 5,
            "password": "rahasia",
            "csrf_token": "x",
        },
        headers={"Origin": "http://localhost"},
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Ketikan Anda masih ada di sini" in text
    assert "Maria &lt;b&gt;Bria&lt;/b&gt;" in text
    assert "dua baris" in text
    assert "rahasia" not in text
    assert 'action="/id/staff/events/x/add"' in text


def test_what_another_site_sent_is_not_offered_again(office: Flask) -> None:
    plain = office.test_client()
    sign_in(plain, make_staff(office, "author"))
    answer = plain.post("/id/staff/sign-out", data={"name": "Maria"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "Maria" not in answer.get_data(as_text=True).split("<main")[1]


def test_a_script_learns_that_the_session_is_over(office: Flask) -> None:
    answer = office.test_client().post("/id/staff/events/x/add", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json() == {"reason": "signed-out", "sign_in": SIGN_IN}


@pytest.mark.parametrize("field", ["email", "password"])
def test_endless_and_strange_entries_are_answered(office: Flask, field: str) -> None:
    for value in ("x" * 100_000, "\x00", "<script>alert(1)</script>", "'; DROP TABLE accounts_staff; --", "\u202e"):
        fields = {"email": "a@example.org", "password": "x", field: value}
        answer = send(office.test_client(), SIGN_IN, **fields)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.get_data(as_text=True)
