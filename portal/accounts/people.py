"""Members of staff: the current one, look-ups, adding one, changing roles, resetting access, closing an account."""

from __future__ import annotations

import secrets
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask import abort
from flask_login import current_user
from flask_security import hash_password
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Staff, StaffRole, StaffSession, fresh_id
from portal.accounts.notices import first_passwords, mail
from portal.accounts.permissions import ROLES
from portal.content.sources.repository import Person
from portal.database import writing
from portal.web.languages import gettext as _
from portal.web.transactions import session as request_session

LONGEST_NAME = 100
ADMIN = "admin"


class StaffRefused(Exception):
    """A person cannot be added or changed like this; `reason` is one word, the message says what to mend."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def is_signed_in() -> bool:
    """Whether this request comes from a signed-in member of staff."""
    return bool(current_user) and bool(current_user.is_authenticated)


def current_staff() -> Staff:
    """Whoever is signed in; on a page that strangers may open as well this answers them with 403."""
    if not is_signed_in():
        abort(403)
    staff: Staff = current_user._get_current_object()
    return staff


def current_staff_id() -> str:
    """The id of whoever is signed in."""
    return current_staff().id


def may(permission: str) -> bool:
    """Whether whoever is signed in has that permission."""
    return current_staff().may(permission)


def staff_named(session: Session, id_: str) -> Staff | None:
    """The member of staff of that id, also one who was disabled."""
    return session.get(Staff, id_)


def staff_name(id_: str) -> str:
    """The name of the member of staff of that id, "somebody" where there is none; for staff pages."""
    staff = staff_named(request_session(), id_) if id_ else None
    return staff.name if staff else _("somebody")


def staff_by_email(session: Session, email: str) -> Staff | None:
    """The member of staff with that address, however its letters are written."""
    return session.scalar(select(Staff).where(func.lower(Staff.email) == email.strip().lower()))


def every_staff(session: Session) -> list[Staff]:
    """All members of staff by name, those who may sign in first."""
    return list(session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name)))


def person_of(staff: Staff) -> Person:
    """The author of this person's commits."""
    return Person(name=staff.name, email=staff.email)


def add_staff(
    session: Session, *, email: str, name: str, roles: frozenset[str], now: datetime, by: str = "", password: str = ""
) -> tuple[Staff, str]:
    """Add a person; gives them and the password with which they sign in once and then choose their own.

    `by` is the id of who adds them, empty for a command; the person and the administrators get a mail.

    Raises StaffRefused for an address or name that cannot be, an unknown role, or an address that is taken.
    """
    address, name = _address(email), " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StaffRefused("name", f"'{name[:40]}' is no name of 1 to {LONGEST_NAME} characters.")
    checked_roles(roles)
    if staff_by_email(session, address) is not None:
        raise StaffRefused("taken", f"There is already an account for {address}.")
    first = password or fresh_password()
    staff = Staff(
        id=fresh_id(),
        email=address,
        name=name,
        password=hash_password(first),
        must_change_password=True,
        active=True,
        fs_uniquifier=fresh_id(),
        mf_recovery_codes=[],
        created_at=now,
        roles=[StaffRole(name=role) for role in sorted(roles)],
    )
    messages = mail.compose(session, mail.ADDED, staff, by=by, now=now, roles=roles)
    with writing(session):
        session.add(staff)
        session.flush()
        first_passwords.note(session, staff, by=by, now=now)
        mail.send(session, messages, now=now)
    return staff, first


def reset_access(session: Session, staff: Staff, *, and_second_factor: bool, now: datetime, by: str = "") -> str:
    """Give a person who lost the password (or the telephone) a new first password; every session of theirs ends."""
    first, id_ = fresh_password(), staff.id
    hashed = hash_password(first)
    messages = mail.compose(session, mail.RESET, staff, by=by, now=now)
    with writing(session):
        staff = session.get_one(Staff, id_)
        staff.password, staff.must_change_password, staff.fs_uniquifier = hashed, True, fresh_id()
        staff.first_password_used = False
        if and_second_factor:
            staff.tf_primary_method = staff.tf_totp_secret = staff.tf_last_counter = None
            staff.mf_recovery_codes, staff.passkeys = [], []
        session.execute(delete(StaffSession).where(StaffSession.staff == id_))
        first_passwords.note(session, staff, by=by, now=now)
        mail.send(session, messages, now=now)
    return first


def change_roles(session: Session, id_: str, roles: frozenset[str], *, now: datetime, by: str = "") -> None:
    """Give a person these roles and no others; raises StaffRefused, also when no administrator would be left."""
    checked_roles(roles)
    messages = mail.compose(session, mail.ROLES, session.get_one(Staff, id_), by=by, now=now, roles=roles)
    with writing(session):
        staff = session.get_one(Staff, id_)
        if staff.role_names == roles:
            return
        if ADMIN in staff.role_names and ADMIN not in roles:
            _keep_an_administrator(session, without=id_)
        staff.roles = [
            *(role for role in staff.roles if role.name in roles),
            *(StaffRole(name=name) for name in sorted(roles - staff.role_names)),
        ]
        mail.send(session, messages, now=now)


def close(session: Session, id_: str) -> None:
    """Close an account: every session of it ends at once; raises StaffRefused for the last administrator."""
    with writing(session):
        staff = session.get_one(Staff, id_)
        if ADMIN in staff.role_names:
            _keep_an_administrator(session, without=id_)
        staff.active, staff.fs_uniquifier = False, fresh_id()
        session.execute(delete(StaffSession).where(StaffSession.staff == id_))


def reopen_account(session: Session, id_: str, *, now: datetime, by: str = "") -> str:
    """Open a closed account with a new first password, which it gives; an authenticator app is set up anew."""
    with writing(session):
        session.get_one(Staff, id_).active = True
    return reset_access(session, session.get_one(Staff, id_), and_second_factor=True, now=now, by=by)


def _keep_an_administrator(session: Session, *, without: str) -> None:
    # The rows stay locked until the change is made, so two administrators cannot remove each other at one moment.
    administrators = select(StaffRole.staff).where(StaffRole.name == ADMIN).with_for_update()
    others = [id_ for id_ in session.scalars(administrators) if id_ != without and session.get_one(Staff, id_).active]
    if not others:
        raise StaffRefused("last-admin", "Nobody else is an administrator; make somebody one first.")


def checked_roles(roles: frozenset[str]) -> frozenset[str]:
    """The roles, when there is at least one and each is known; raises StaffRefused."""
    if not roles or not roles <= ROLES.keys():
        unknown = ", ".join(sorted(roles - ROLES.keys())) or "none"
        raise StaffRefused("roles", f"Roles given: {unknown}. Choose from {', '.join(ROLES)}.")
    return roles


def fresh_password() -> str:
    """A password that is read over the telephone without mistakes: four groups of five letters and digits."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise StaffRefused("email", f"'{email[:80]}' is no e-mail address: {error}") from None
