"""Commands about staff: the first account, and a way back in for whoever lost password and telephone."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from portal.accounts import audit
from portal.accounts.people import StaffRefused, add_staff, reset_access, staff_by_email
from portal.accounts.permissions import ROLES
from portal.web.operations.commands import answer, json_option
from portal.web.transactions import sessions


@click.command("add-staff")
@click.argument("email")
@click.option("--name", required=True, help="The name that stands in the history of pages.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="May be repeated.")
@json_option
@with_appcontext
def add(email: str, *, name: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Add a member of staff; prints the password with which they sign in once and then choose their own."""
    with sessions()() as session:
        try:
            staff, password = add_staff(session, email=email, name=name, roles=frozenset(roles), now=_now())
        except StaffRefused as refused:
            raise click.ClickException(str(refused)) from None
        _record("accounts.add", staff.id)
    text = f"{staff.name} signs in as {staff.email} with this password, once, and then chooses another:\n{password}"
    answer({"id": staff.id, "email": staff.email, "password": password}, as_json=as_json, text=text)


@click.command("reset-staff")
@click.argument("email")
@click.option("--keep-app", is_flag=True, help="Leave the authenticator app and the recovery codes as they are.")
@json_option
@with_appcontext
def reset(email: str, *, keep_app: bool, as_json: bool) -> None:
    """Let a member of staff in again who lost the password or the telephone; ends all their sessions."""
    with sessions()() as session:
        staff = staff_by_email(session, email)
        if staff is None:
            raise click.ClickException(f"There is no account for {email}.")
        password = reset_access(session, staff, and_second_factor=not keep_app, now=_now())
        _record("accounts.reset", staff.id)
    text = f"{staff.name} signs in as {staff.email} with this password, once, and then chooses another:\n{password}"
    answer({"id": staff.id, "email": staff.email, "password": password}, as_json=as_json, text=text)


def _record(action: str, id_: str) -> None:
    with sessions()() as session:
        audit.record(
            session, who=audit.SYSTEM, action=action, subject=f"staff/{id_}", now=_now(), network_class="machine"
        )


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS = (add, reset)
