"""The guard before every staff page: nothing below `/<language>/staff` opens unless the table says so."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, redirect, request
from flask_security.utils import check_and_update_authn_fresh, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.authentication import sessions
from portal.accounts.authentication.resubmission import interrupted
from portal.accounts.authentication.sign_in import FRESH
from portal.accounts.layout import permission_table
from portal.accounts.models import Staff
from portal.accounts.people import current_staff, is_signed_in
from portal.accounts.permissions import ANYBODY, NOBODY, ONESELF, is_staff_path
from portal.web.clock import real_instant
from portal.web.pages import url
from portal.web.transactions import sessions as new_sessions

RULES = "/<lang:lang>/staff"
# Where a person goes who is not wholly signed in yet, and what they need there.
PASSWORD = ("security.change_password", "security.logout")
SECOND_FACTOR = ("accounts.authenticator", "passkeys.own", "security.logout", "security.verify")
RECOVERY_CODES = ("security.mf_recovery_codes", "security.logout", "security.verify")
# What replaces a factor asks for the password and for the factor that is there.
REPLACES_FACTOR = frozenset({"accounts.authenticator", "passkeys.own", "security.mf_recovery_codes"})
# The second step of signing in; whoever is signed in already goes on to the desk, and stays signed in.
SECOND_STEP = frozenset({"security.two_factor_token_validation", "security.mf_recovery", "passkeys.enter"})


def install(app: Flask) -> None:
    """Put the guard before the staff pages of the application."""
    app.before_request(_check_access)
    app.after_request(_forbid_caching)


def is_staff_rule() -> bool:
    """Whether this request reached a staff endpoint."""
    return request.url_rule is not None and request.url_rule.rule.startswith(RULES)


def _check_access() -> AnyResponse | None:
    if not is_staff_rule():
        return None
    needed = permission_table().needed(request.endpoint or "")
    if needed == NOBODY:
        abort(404 if request.endpoint in permission_table().endpoints() else 403)
    if needed != ANYBODY:
        refused = _signed_in_for(needed)
        if refused is not None:
            return refused
    return _check_token() or _second_step() or _replacement()


def _second_step() -> AnyResponse | None:
    if request.endpoint not in SECOND_STEP or not is_signed_in():
        return None
    if _is_alive(current_staff()):
        return redirect(url("accounts.welcome"), 303)
    logout_user()
    return to_sign_in()


def _replacement() -> AnyResponse | None:
    if request.endpoint not in REPLACES_FACTOR or _unfinished(current_staff()):
        return None
    if sessions.has_confirmed_both(real_instant()):
        return None
    return redirect(url("accounts.confirm_both", next=request.path), 303)


def _signed_in_for(needed: str) -> AnyResponse | None:
    if is_signed_in() and not _is_alive(current_staff()):
        logout_user()
    if not is_signed_in():
        return to_sign_in()
    staff = current_staff()
    unfinished = _unfinished(staff)
    if unfinished:
        return None if request.endpoint in unfinished else redirect(url(unfinished[0]), 303)
    if needed != ONESELF and not staff.may(needed):
        abort(403)
    # Where both are asked for, the password is one of them.
    if request.endpoint in permission_table().fresh - REPLACES_FACTOR:
        return _fresh()
    return None


def _is_alive(staff: Staff) -> bool:
    with new_sessions()() as database:
        return sessions.is_alive(database, staff, now=real_instant())


def _unfinished(staff: Staff) -> tuple[str, ...]:
    """The endpoints that are open before everything else is in order; nothing when it is."""
    if staff.must_change_password:
        return PASSWORD
    if not staff.has_second_factor:
        return SECOND_FACTOR
    if not staff.mf_recovery_codes:
        return RECOVERY_CODES
    return ()


def _fresh() -> AnyResponse | None:
    if check_and_update_authn_fresh(FRESH, FRESH, "session"):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url("security.verify", next=_here()), 303)
    return interrupted("stale")


def to_sign_in() -> AnyResponse:
    """Lead a stranger to the page of signing in and back; whoever was sending a form keeps what was typed."""
    if request.method in ("GET", "HEAD"):
        return redirect(url("security.login", next=_here()), 303)
    return interrupted("signed-out")


def _here() -> str:
    return request.full_path.rstrip("?")[:1000]


def _check_token() -> AnyResponse | None:
    if request.method not in current_app.config["WTF_CSRF_METHODS"]:
        return None
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return interrupted("token")
    g.csrf_valid = True
    return None


def _forbid_caching(response: Response) -> Response:
    if is_staff_path(request.path):
        response.headers["Cache-Control"] = "private, no-store"
    return response
