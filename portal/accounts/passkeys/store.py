"""Passkeys in the database: adding, removing and using one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import bytes_to_base64url
from webauthn.registration.verify_registration_response import VerifiedRegistration

from portal.accounts.actions import record_action
from portal.accounts.authentication.sessions import use_confirmation
from portal.accounts.models import Passkey, Staff
from portal.accounts.notices import mail
from portal.accounts.passkeys.ceremonies import PasskeyRefused
from portal.database import writing
from portal.web.clock import real_instant
from portal.web.transactions import sessions


def add(staff: Staff, name: str, made: VerifiedRegistration) -> None:
    """Keep a new passkey and tell its person and the administrators; raises PasskeyRefused for one that is known."""
    now = real_instant()
    passkey = Passkey(
        staff=staff.id,
        name=name,
        credential=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        added_at=now,
    )
    with sessions()() as database:
        messages = mail.compose(database, mail.PASSKEY, database.get_one(Staff, staff.id), by=staff.id, now=now)
        try:
            with writing(database):
                database.add(passkey)
                mail.send(database, messages, now=now)
        except IntegrityError:
            raise PasskeyRefused from None
    use_confirmation()
    record_action(staff, "accounts.passkey-added")


def remove(staff: Staff, id_: str) -> bool:
    """Remove that passkey of this person and tell them and the administrators; says whether there was one."""
    now = real_instant()
    with sessions()() as database:
        messages = mail.compose(database, mail.PASSKEY_GONE, database.get_one(Staff, staff.id), by=staff.id, now=now)
        with writing(database):
            gone = database.execute(delete(Passkey).where(Passkey.id == id_, Passkey.staff == staff.id))
            if not gone.rowcount:  # type: ignore[attr-defined]
                return False
            mail.send(database, messages, now=now)
    use_confirmation()
    record_action(staff, "accounts.passkey-removed")
    return True


def find(credential: bytes) -> Passkey | None:
    """The passkey with that id of its own."""
    with sessions()() as database:
        return database.scalar(select(Passkey).where(Passkey.credential == bytes_to_base64url(credential)))


def use(passkey: Passkey, verified: VerifiedAuthentication, *, asked_at: datetime) -> bool:
    """Note its use; False when it answered a question as late as this one before, so that no answer counts twice."""
    unused = or_(Passkey.used_at.is_(None), Passkey.used_at < asked_at)
    values = {"used_at": real_instant(), "sign_count": verified.new_sign_count}
    with sessions()() as database, writing(database):
        used = database.execute(update(Passkey).where(Passkey.id == passkey.id, unused).values(**values))
    return bool(used.rowcount)  # type: ignore[attr-defined]
