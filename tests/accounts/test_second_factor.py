"""A code works once, also when it is sent many times at one moment, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import update

from portal.accounts.models import Staff
from portal.database import writing
from portal.web.transactions import sessions
from tests.accounts.signing import make_staff


def at_once(app: Flask, ask: Callable[[], bool], times: int = 8) -> list[bool]:
    """Ask in so many threads at the same moment and give the answers."""
    together, answers = threading.Barrier(times), []

    def one() -> None:
        with app.app_context():
            together.wait()
            answers.append(ask())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == times
    return answers


def security() -> Any:
    return current_app.extensions["security"]


@pytest.fixture
def staff(any_office: Flask) -> Staff:
    """Somebody with an app and eight recovery codes, whose first is `aaaa-bbbb-cccc`."""
    made = make_staff(any_office, "admin")
    with any_office.app_context(), sessions()() as database:
        with writing(database):
            secret = security().totp_factory.generate_totp_secret()
            codes = security().mf_recovery_codes_util._encrypt_codes(["aaaa-bbbb-cccc", "1111-2222-3333"])
            database.execute(
                update(Staff).where(Staff.id == made.id).values(tf_totp_secret=secret, mf_recovery_codes=codes)
            )
        return database.get_one(Staff, made.id)


def test_a_code_of_the_app_is_taken_by_one_alone(any_office: Flask, staff: Staff) -> None:
    secret = staff.tf_totp_secret
    with any_office.app_context():
        code = security().totp_factory.generate_totp_password(secret)
    answers = at_once(any_office, lambda: bool(security().totp_factory.verify_totp(code, secret, staff, 30)))
    assert sum(answers) == 1


def test_a_recovery_code_is_taken_by_one_alone(any_office: Flask, staff: Staff) -> None:
    answers = at_once(
        any_office, lambda: bool(security().mf_recovery_codes_util.check_recovery_code(staff, "AAAA bbbb cccc"))
    )
    assert sum(answers) == 1
    with any_office.app_context(), sessions()() as database:
        assert len(database.get_one(Staff, staff.id).mf_recovery_codes) == 1


@pytest.mark.parametrize("code", ["", "-", "aaaa-bbbb", "zzzz-zzzz-zzzz", "a" * 10_000, "\x00"])
def test_what_is_no_recovery_code_is_refused(any_office: Flask, staff: Staff, code: str) -> None:
    with any_office.app_context():
        assert not security().mf_recovery_codes_util.check_recovery_code(staff, code)


@pytest.mark.parametrize("code", ["", "abcdef", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "12345\x00"])
def test_what_is_no_code_of_the_app_is_refused(any_office: Flask, staff: Staff, code: str) -> None:
    with any_office.app_context():
        assert not security().totp_factory.verify_totp(code, staff.tf_totp_secret, staff, 30)
