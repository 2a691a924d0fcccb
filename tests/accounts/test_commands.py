"""The first account, and the way back in for whoever lost everything."""

from __future__ import annotations

import json

from flask import Flask

from portal.accounts.audit import every_entry
from portal.web.transactions import sessions


def test_the_first_account_is_made_by_a_command(office: Flask) -> None:
    runner = office.test_cli_runner()
    made = runner.invoke(args=["add-staff", "a@example.org", "--name", "Maria Bria", "--role", "admin", "--json"])
    assert set(json.loads(made.output)) == {"id", "email", "password"}
    again = runner.invoke(args=["add-staff", "A@example.org", "--name", "Maria", "--role", "author"])
    assert again.exit_code == 1
    assert "already an account" in again.output
    assert runner.invoke(args=["reset-staff", "nobody@example.org"]).exit_code == 1
    reset = json.loads(runner.invoke(args=["reset-staff", "a@example.org", "--json"]).output)
    assert reset["password"] != json.loads(made.output)["password"]
    with office.app_context(), sessions()() as database:
        assert [one.action for one in every_entry(database)] == ["accounts.add", "accounts.reset"]
