"""Codes of the authenticator app and recovery codes: each works once, also when it is sent twice at one moment."""

from __future__ import annotations

import hmac
from typing import Any

from flask import current_app
from flask_security import MfRecoveryCodesUtil, Totp
from passlib.totp import TOTP, TokenError
from sqlalchemy import or_, select, update

from portal.accounts.actions import record_action
from portal.accounts.authentication.sessions import use_confirmation
from portal.accounts.models import Staff
from portal.accounts.notices import mail
from portal.database import writing
from portal.web.clock import real_instant
from portal.web.languages import language
from portal.web.pages import catalogue
from portal.web.transactions import sessions

NUMBER_OF_CODES = 8
SIGNS_OF_CODE = frozenset("0123456789abcdef")


class TotpCodes(Totp):
    """Codes of the app. A code of a time step that was used, or of an earlier one, is refused."""

    _totp: type[TOTP]

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right now; it is used up when it is and the secret is the one in use."""
        try:
            match = self._totp.verify(token, totp_secret, window=window)
        except (TokenError, ValueError):
            return False
        if totp_secret != user.tf_totp_secret:
            return True
        unused = or_(Staff.tf_last_counter.is_(None), Staff.tf_last_counter < match.counter)
        with sessions()() as database, writing(database):
            used = update(Staff).where(Staff.id == user.id, unused).values(tf_last_counter=match.counter)
            return bool(database.execute(used).rowcount)  # type: ignore[attr-defined]

    def get_totp_uri(self, username: str, totp_secret: str) -> str:
        """The address from which an app is set up, under the office's own name."""
        issuer = catalogue().site.short_name.text(language())
        return str(self._totp.from_source(totp_secret).to_uri(username, issuer=issuer.replace(":", " ")))

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The same address: the page draws the picture itself."""
        return self.get_totp_uri(username, totp)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, kept as keyed digests: shown once when they are made and never again."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """Make new codes, which put the old ones out of use, and give them."""
        security = current_app.extensions["security"]
        made: list[str] = security.totp_factory.generate_recovery_codes(NUMBER_OF_CODES)
        # Kept before they are shown: a code on paper that the database does not know would be worth nothing.
        change_factor(user.id, mail.CODES, mf_recovery_codes=self._encrypt_codes(made))
        record_action(user, "accounts.recovery-codes")
        return made

    def get_recovery_codes(self, user: Any) -> list[str]:
        """Nothing: what is kept cannot be shown."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code is one of this person's; it is used up by the question."""
        digest = self._encrypt_codes([code])[0]
        with sessions()() as database, writing(database):
            kept = list(
                database.scalar(select(Staff.mf_recovery_codes).where(Staff.id == user.id).with_for_update()) or ()
            )
            if digest not in kept:
                return False
            kept.remove(digest)
            database.execute(update(Staff).where(Staff.id == user.id).values(mf_recovery_codes=kept))
        record_action(user, "accounts.recovery")
        return True

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Nothing is left to delete."""
        return True

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        key = str(current_app.config["SECRET_KEY"]).encode()
        plain = ["".join(sign for sign in code.lower() if sign in SIGNS_OF_CODE) for code in codes]
        return [hmac.new(key, f"recovery\x1f{code}".encode(), "sha256").hexdigest() for code in plain]


def change_factor(id_: str, kind: str, **values: Any) -> None:
    """Give this person other columns of the second factor, and tell them and the administrators."""
    now = real_instant()
    with sessions()() as database:
        messages = mail.compose(database, kind, database.get_one(Staff, id_), by=id_, now=now)
        with writing(database):
            database.execute(update(Staff).where(Staff.id == id_).values(**values))
            mail.send(database, messages, now=now)
    use_confirmation()


def setup_values(secret: str, staff: Staff) -> dict[str, str]:
    """What sets an app up: the key to type and the address to scan."""
    codes: TotpCodes = current_app.extensions["security"].totp_factory
    return {"key": codes.get_totp_pretty_key(secret), "uri": codes.get_totp_uri(staff.email, secret)}
