"""Forms of signing in: those of Flask-Security, each try counted before it is judged, every entry bounded."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

from flask import current_app, request
from flask_login import current_user
from flask_security.forms import ChangePasswordForm, Form, LoginForm, TwoFactorVerifyCodeForm, VerifyForm
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message, validate_redirect_url
from sqlalchemy import update
from wtforms import HiddenField, StringField

from portal.accounts.authentication import attempts, devices
from portal.accounts.models import Staff
from portal.database import writing
from portal.web.clock import real_instant
from portal.web.forms import rate_limits
from portal.web.transactions import sessions

# Failures of one network in an hour; a whole office may stand behind one address.
MOST_FAILURES = 60
LONGEST_ENTRY = 200
LONGEST_APP_CODE = 8
SECRETS = frozenset({"email", "password", "new_password", "new_password_confirm", "code"})
PURPOSE = "sign-in"


class Tried:
    """What a form that asks for a secret has in common: it is refused while its subject has to wait."""

    form_errors: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait = timedelta(0)

    # What is tried: each kind of secret of an account has a count of its own.
    kind = "password"

    def account(self) -> str:
        """The account of this try, or nothing when the form is not filled in."""
        raise NotImplementedError

    def validate(self, **kwargs: Any) -> bool:
        """Judge the try; a refused one is neither judged nor counted."""
        if any(len(value) > LONGEST_ENTRY for name, value in request.form.items() if name in SECRETS):
            self.form_errors.append(get_message("INVALID_INPUT")[0])
            return False
        account = self.account()
        if not account:
            # What is not filled in is no try; the fields say what is missing.
            return bool(super().validate(**kwargs)) and False  # type: ignore[misc]
        self.wait = take_try(self.kind, account)
        if self.wait:
            return False
        if super().validate(**kwargs):  # type: ignore[misc]
            forgive(self.kind, account)
            return True
        count_failure()
        return False


def account_of(typed: str) -> str:
    """What tries at a typed address count for: the account to which it leads, else its normal form.

    The address is brought to the form in which Flask-Security looks it up, so that all spellings of one address, of
    an account or of none, have one count.
    """
    security = current_app.extensions["security"]
    try:
        address = security.mail_util.normalize(typed)
    except ValueError:
        # It leads to no account however it is spelled.
        address = typed
    staff = security.datastore.find_user(case_insensitive=True, email=address)
    return staff.id if staff else unicodedata.normalize("NFKC", address)


def digest_of(kind: str, account: str) -> str:
    """The digest under which tries at this account are counted: the id of one of staff, or an address of nobody."""
    return attempts.subject_of(kind, account, key=str(current_app.config["SECRET_KEY"]))


def take_try(kind: str, account: str) -> timedelta:
    """Count one try of this account, or give how long to wait.

    That is also so when its network failed too often, unless the browser is a known device of the account.
    """
    now = real_instant()
    with sessions()() as database:
        failures = rate_limits.counted(database, PURPOSE, address=request.remote_addr or "", now=now)
        if failures >= MOST_FAILURES and not devices.is_known(account):
            return timedelta(minutes=60 - now.minute)
        return attempts.take(database, digest_of(kind, account), now=now)


def forgive(kind: str, account: str) -> None:
    """Forget the tries of whoever has just got it right."""
    with sessions()() as database:
        attempts.forgive(database, digest_of(kind, account))


def count_failure() -> None:
    """Count one failure of this network."""
    with sessions()() as database:
        rate_limits.count(database, PURPOSE, address=request.remote_addr or "", now=real_instant())


class SignInForm(Tried, LoginForm):
    """E-mail address and password; no browser is remembered beyond the day."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is shown again must be something that a page can hold.
        self.email.data = "".join(sign for sign in self.email.data or "" if sign.isprintable())

    def validate_next(self, field: Any) -> None:
        """Whoever was led here by an address of another site signs in and stays."""
        if not validate_redirect_url(field.data or ""):
            field.data = ""

    def account(self) -> str:
        """The account to which the typed address leads."""
        filled = self.email.data and self.password.data
        return account_of(self.email.data) if filled else ""

    def validate(self, **kwargs: Any) -> bool:
        """Judge the try; a first password that was given and used is worth nothing any more."""
        if not super().validate(**kwargs):
            return False
        staff: Any = self.user
        if staff.must_change_password and not _use_first_password(staff):
            count_failure()
            # Errors of the fields would be made one that tells a stranger nothing; here the password was right.
            self.form_errors.append(get_message("FIRST_PASSWORD_USED")[0])
            return False
        return True


def _use_first_password(staff: Staff) -> bool:
    """Use up the first password; False when it was used before, also at the same moment."""
    unused = (Staff.id == staff.id, Staff.must_change_password, Staff.first_password_used.is_(False))
    with sessions()() as database, writing(database):
        used = database.execute(update(Staff).where(*unused).values(first_password_used=True))
    return bool(used.rowcount)  # type: ignore[attr-defined]


class ConfirmForm(Tried, VerifyForm):
    """The password once more, before a dangerous act."""

    def validate_next(self, field: Any) -> None:
        """Whoever was led here by an address of another site stays."""
        if not validate_redirect_url(field.data or ""):
            field.data = ""

    def account(self) -> str:
        """Whoever is signed in."""
        return str(self.user.id) if self.password.data else ""


class BothForm(ConfirmForm):
    """The password and the second factor once more, before a factor is replaced."""

    code = StringField()

    def validate(self, **kwargs: Any) -> bool:
        """Judge the password, then the code of the app or a recovery code, which is used up."""
        if not super().validate(**kwargs):
            return False
        typed = "".join(str(self.code.data or "").split())
        kind = "code" if typed.isdecimal() and len(typed) <= LONGEST_APP_CODE else "recovery"
        self.wait = take_try(kind, self.account()) if typed else timedelta(0)
        if self.wait:
            return False
        if typed and has_second_factor(self.user, kind, typed):
            forgive(kind, self.account())
            return True
        if typed:
            count_failure()
        message = "INVALID_RECOVERY_CODE" if kind == "recovery" and typed else "INVALID_CODE"
        self.code.errors = [get_message(message)[0]]
        return False


def has_second_factor(staff: Any, kind: str, typed: str) -> bool:
    """Whether this is this person's code of that kind; it is used up by the question."""
    security = current_app.extensions["security"]
    if kind == "recovery":
        return bool(security.mf_recovery_codes_util.check_recovery_code(staff, typed))
    window = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
    return bool(security.totp_factory.verify_totp(typed, staff.tf_totp_secret, staff, window))


class NewPasswordForm(Tried, ChangePasswordForm):
    """The old password and twice the new one."""

    def account(self) -> str:
        """Whoever is signed in."""
        return str(current_user.id) if self.password.data else ""


class CodeForm(Tried, TwoFactorVerifyCodeForm):
    """Six digits from the authenticator app."""

    kind = "code"

    def account(self) -> str:
        """Whoever has just given the right password."""
        if self.code.data:
            self.code.data = "".join(str(self.code.data).split())
        return str(self.user.id) if self.code.data and self.user else ""


class NoRescueForm(Form):
    """What Flask-Security would offer to whoever has no code; the page has a plain link instead."""

    help_setup = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_setup.choices = []


class RecoveryForm(Tried, MfRecoveryForm):
    """One of the recovery codes that were printed."""

    kind = "recovery"

    def account(self) -> str:
        """Whoever has just given the right password."""
        return str(self.user.id) if self.code.data and self.user else ""
