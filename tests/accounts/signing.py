"""Members of staff in tests: made, signed in, and a client that sends the desk's token as its forms do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.accounts.models import Staff, StaffSession, fresh_id
from portal.accounts.people import add_staff
from portal.database import writing
from portal.mail import delete_messages
from portal.web.clock import real_instant
from portal.web.transactions import sessions
from tests.client import CheckedClient

PASSWORD = "sirih pinang kapur"


def make_staff(app: Flask, *roles: str, email: str = "", name: str = "Maria Bria", ready: bool = True) -> Staff:
    """Add a member of staff whose account is wholly set up, unless told otherwise."""
    address = email or f"{'-'.join(roles) or 'nobody'}@example.org"
    with app.app_context(), sessions()() as database:
        result, _password = add_staff(
            database, email=address, name=name, roles=frozenset(roles), now=datetime.now(UTC), password=PASSWORD
        )
        with writing(database):
            # Tests look at the mail that they caused themselves.
            delete_messages(database, about=f"staff/{result.id}")
        if ready:
            changed: dict[str, Any] = {
                "must_change_password": False,
                "tf_primary_method": "authenticator",
                "tf_totp_secret": current_app.extensions["security"].totp_factory.generate_totp_secret(),
                "mf_recovery_codes": ["x"],
            }
            with writing(database):
                database.execute(update(Staff).where(Staff.id == result.id).values(**changed))
            database.refresh(result)
        return result


def sign_in(client: FlaskClient, staff: Staff, *, paa: float | None = None) -> None:
    """Put the session of a person who has just signed in into the client."""
    with client.application.app_context(), sessions()() as database:
        now = real_instant()
        row = StaffSession(id=fresh_id(), staff=staff.id, began_at=now, seen_at=now)
        with writing(database):
            database.add(row)
    with client.session_transaction("/id/staff/") as session:
        session.clear()
        session.update(
            {
                "_user_id": staff.fs_uniquifier,
                "_fresh": True,
                "fs_paa": time.time() if paa is None else paa,
                "desk": row.id,
                "csrf_token": "t" * 40,
            }
        )


def code_of(app: Flask, staff: Staff) -> str:
    """The code that this person's authenticator app shows now."""
    with app.app_context():
        code: str = current_app.extensions["security"].totp_factory.generate_totp_password(staff.tf_totp_secret)
    return code


def confirm_both(app: Flask, client: FlaskClient, staff: Staff, *, to: str = "") -> TestResponse:
    """Give password and code once more, as the pages that replace a factor ask for them."""
    data = {"password": PASSWORD, "code": code_of(app, staff), "next": to}
    return client.post("/id/staff/confirm-both", data=data)


class DeskClient(CheckedClient):
    """A checked client that sends the token of its session with every form for the desk."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; below /staff a POST carries the token in its header."""
        method, path = str(kwargs.get("method", "GET")), str(args[0] if args else kwargs.get("path", ""))
        if method != "GET" and re.match(r"/\w+/staff", path):
            token = token_of(self.application)
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": token}
        return super().open(*args, **kwargs)


def token_of(app: Flask) -> str:
    """The signed token of the session that sign_in makes."""
    with app.test_request_context("/id/staff/"):
        from flask import session

        session["csrf_token"] = "t" * 40
        return generate_csrf()


def signed_in(app: Flask, roles: Iterable[str], *, email: str = "") -> DeskClient:
    """A client of a new member of staff with these roles."""
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, make_staff(app, *roles, email=email))
    return client
