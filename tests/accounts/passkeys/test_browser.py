"""Passkeys in a browser whose device is Chromium's own virtual one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.serving import make_server

from portal.accounts.models import Staff
from portal.database import writing
from portal.web.transactions import sessions
from tests.accounts.signing import PASSWORD, code_of, make_staff, sign_in
from tests.conftest import AppFactory
from tests.test_accessibility import SIDEWAYS

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(make_app: AppFactory) -> Flask:
    return make_app()


@pytest.fixture
def address(desk: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # A passkey belongs to a name, never to a number.
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def next_code(app: Flask, staff: Staff) -> str:
    with app.app_context(), sessions()() as database, writing(database):
        database.execute(update(Staff).where(Staff.id == staff.id).values(tf_last_counter=None))
    return code_of(app, staff)


def press(page: Any, name: str) -> None:
    assert page.evaluate(SIDEWAYS) <= 0
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def confirm(page: Any, app: Flask, staff: Staff) -> None:
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", next_code(app, staff))
    press(page, "Confirm")


def test_a_passkey_from_adding_to_removing(browser: Any, desk: Flask, address: str) -> None:
    staff = make_staff(desk, "author")
    client = desk.test_client()
    sign_in(client, staff)
    cookie = client.get_cookie("desk")
    assert cookie
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "desk", "value": cookie.value, "url": address}])
    page, refused = context.new_page(), []
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.on("console", lambda message: "Content Security" in message.text and refused.append(message.text))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.goto(f"{address}/en/staff/passkeys")
    confirm(page, desk, staff)
    page.fill("[name=name]", "My telephone")
    press(page, "Add")
    assert page.url.endswith("/staff/account")
    assert "My telephone" in page.inner_text("main")

    context.clear_cookies()
    page.goto(f"{address}/en/staff/sign-in")
    page.fill("[name=email]", staff.email)
    page.fill("[name=password]", PASSWORD)
    press(page, "Sign in")
    page.get_by_role("link", name="Use a passkey instead").click()
    press(page, "Use a passkey")
    page.goto(f"{address}/en/staff/account")
    assert staff.email in page.inner_text("main"), "password and passkey"

    context.clear_cookies()
    page.goto(f"{address}/en/staff/account")
    page.get_by_role("link", name="Sign in with a passkey").click()
    press(page, "Use a passkey")
    assert page.url.endswith("/en/staff/account"), "led back to where it was asked for"
    assert staff.email in page.inner_text("main"), "the passkey alone"

    page.get_by_role("link", name="Add or remove a passkey").click()
    confirm(page, desk, staff)
    press(page, "Remove")
    assert "My telephone" not in page.inner_text("main")
    context.clear_cookies()
    page.goto(f"{address}/en/staff/passkey?alone=1")
    press(page, "Use a passkey")
    assert "was not accepted" in page.inner_text("main")
    context.close()
    assert not refused
