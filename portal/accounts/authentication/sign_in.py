"""Flask-Security under `/<language>/staff`: plain SQLAlchemy, Argon2, no registration and no mail."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, g
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.signals import password_changed, user_authenticated, user_failed_authn
from flask_wtf import CSRFProtect
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts.actions import record_action
from portal.accounts.authentication import devices, forms, passwords, sessions
from portal.accounts.authentication.messages import message_settings
from portal.accounts.authentication.second_factor import NUMBER_OF_CODES, RecoveryCodes, TotpCodes
from portal.accounts.layout import render_account
from portal.accounts.models import Staff, StaffRole
from portal.accounts.permissions import ANYBODY, NOBODY, ONESELF
from portal.database import sessions_for, writing
from portal.settings import PROJECT
from portal.web import transactions
from portal.web.clock import real_instant
from portal.web.state import portal

FRESH = timedelta(minutes=15)

# Flask-Security's own endpoints in the table of permissions.
PERMISSIONS = {
    "security.login": ANYBODY,
    "security.two_factor_token_validation": ANYBODY,
    "security.mf_recovery": ANYBODY,
    "security.logout": ONESELF,
    "security.verify": ONESELF,
    "security.change_password": ONESELF,
    "security.mf_recovery_codes": ONESELF,
    # Setting up an app is a page of ours; the others would send mail or choose between methods that we do not have.
    "security.two_factor_setup": NOBODY,
    "security.two_factor_setup_validate": NOBODY,
    "security.two_factor_rescue": NOBODY,
    "security.tf_select": NOBODY,
}


class _Database:
    """The session that Flask-Security works with, one per request."""

    @property
    def session(self) -> Session:
        if "accounts_session" not in g:
            g.accounts_session = sessions_for(transactions.engine())()
        opened: Session = g.accounts_session
        return opened


class StaffDatastore(SQLAlchemyUserDatastore):
    """Staff as Flask-Security finds them; no transaction stays open while a password is being judged."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Any:
        """The one member of staff with this attribute; addresses are in small letters, which SQLite cannot make."""
        if "email" in kwargs:
            kwargs["email"] = kwargs["email"].lower()
        staff = super().find_user(case_insensitive, **kwargs)
        self.db.session.commit()
        return staff


def install(app: Flask) -> None:
    """Add signing in to the application."""
    app.config.update(_settings(app))
    app.session_interface = sessions.DeskSessions()
    CSRFProtect(app)
    security = Security(
        app,
        StaffDatastore(_Database(), Staff, StaffRole),
        login_form=forms.SignInForm,
        verify_form=forms.ConfirmForm,
        change_password_form=forms.NewPasswordForm,
        two_factor_verify_code_form=forms.CodeForm,
        two_factor_rescue_form=forms.NoRescueForm,
        mf_recovery_form=forms.RecoveryForm,
        render_template=cast(Any, render_account),
        totp_cls=TotpCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        password_util_cls=passwords.PasswordRules,
    )
    security.want_json(lambda _request: False)
    # Sessions are the only way in, and identities of Flask-Principal would be looked up on every public page.
    security.login_manager.request_loader(lambda _request: None)
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.teardown_appcontext(_close)
    user_authenticated.connect(_signed_in, app)
    user_failed_authn.connect(_failed, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_changed_password, app)


def _settings(app: Flask) -> dict[str, Any]:
    is_https = _settings_of(app).base_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-desk" if is_https else "desk",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_PROTECTION": None,
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "WTF_CSRF_CHECK_DEFAULT": False,
        # A form is good for as long as the session is: nobody loses a text because it took long to write.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "SECURITY_URL_PREFIX": "/<lang:lang>/staff",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(PROJECT / "translations")],
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_DATETIME_FACTORY": _naive_instant,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "portal.accounts.passkeys.second_step.SecondStep"},
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": NUMBER_OF_CODES,
        "SECURITY_TOTP_SECRETS": {"1": _derived(app, "totp")},
        "SECURITY_TOTP_ISSUER": "Portal",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_VERIFY_URL": "/confirm",
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/code",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/setup",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/rescue",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/select",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery",
        "SECURITY_POST_LOGIN_VIEW": "accounts.welcome",
        "SECURITY_POST_LOGOUT_VIEW": "security.login",
        "SECURITY_POST_VERIFY_VIEW": "accounts.welcome",
        "SECURITY_POST_CHANGE_VIEW": "accounts.account",
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
        "SECURITY_VERIFY_TEMPLATE": "accounts/confirm.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "accounts/password.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/code.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "accounts/recovery_codes.html",
        **message_settings(),
    }


def _settings_of(app: Flask) -> Any:
    with app.app_context():
        return portal().settings


def _derived(app: Flask, purpose: str) -> str:
    """A key of its own for one purpose, made of the instance's secret."""
    return hmac.new(str(app.config["SECRET_KEY"]).encode(), f"accounts\x1f{purpose}".encode(), "sha256").hexdigest()


def _naive_instant() -> datetime:
    return real_instant().astimezone(UTC).replace(tzinfo=None)


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("accounts_session", None)
    if opened is not None:
        opened.close()


def _signed_in(_app: Flask, user: Staff, **_named: Any) -> None:
    with transactions.sessions()() as database:
        sessions.begin(database, user, now=real_instant())
    devices.remember(user)
    record_action(user, "accounts.sign-in")


def _failed(_app: Flask, user: Staff, **_named: Any) -> None:
    record_action(user, "accounts.failed")


def _signed_out(_app: Flask, user: Staff, **_named: Any) -> None:
    with transactions.sessions()() as database:
        was_open = sessions.end(database)
    if was_open and user is not None and user.is_authenticated:
        record_action(user, "accounts.sign-out")


def _changed_password(_app: Flask, user: Staff, **_named: Any) -> None:
    now = real_instant()
    with transactions.sessions()() as database, writing(database):
        database.execute(
            update(Staff).where(Staff.id == user.id).values(must_change_password=False, password_changed_at=now)
        )
    # The new password made every device unknown; this one has just proved itself.
    devices.remember(user)
    record_action(user, "accounts.password")
