"""The pages of passkeys: one's own, and signing in with one, alone or as the second step after the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, session
from flask_security.tf_plugin import tf_clean_session
from flask_security.utils import login_user, validate_redirect_url
from webauthn.helpers import bytes_to_base64url
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.actions import record_action
from portal.accounts.authentication.forms import count_failure, forgive, take_try
from portal.accounts.layout import render_account
from portal.accounts.models import Passkey, Staff
from portal.accounts.passkeys import ceremonies, store
from portal.accounts.passkeys.ceremonies import PasskeyRefused
from portal.accounts.people import current_staff
from portal.accounts.permissions import ANYBODY, ONESELF
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import staff_time

KIND = "passkey"
MOST = 10
LONGEST_NAME = 60

bp = Blueprint("passkeys", __name__)
PERMISSIONS = {"passkeys.own": ONESELF, "passkeys.enter": ANYBODY}


@dataclass
class Judged:
    """What was wrong with a form, as the pages of accounts show it."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    form_errors: list[str] = field(default_factory=list)
    wait: timedelta = timedelta(0)


@bp.route("/passkeys", methods=("GET", "POST"))
def own() -> AnyResponse:
    """One's own passkeys: add one, or remove one."""
    staff = current_staff()
    if request.method == "GET":
        return _own_page(Judged())
    if "remove" in request.form:
        store.remove(staff, request.form["remove"][:32])
        return redirect(url("accounts.account"), 303)
    name = " ".join(request.form.get("name", "").split())
    judged = Judged(_wrong_name(staff, name))
    if not judged.errors:
        try:
            store.add(staff, name, ceremonies.registered(request.form.get("credential", "")))
        except PasskeyRefused:
            judged.errors["passkey"] = [_("No passkey was added. Try again, and confirm it on your device.")]
    return _own_page(judged, name) if judged.errors else redirect(url("accounts.account"), 303)


def _wrong_name(staff: Staff, name: str) -> dict[str, list[str]]:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return {"name": [_("Give the passkey a name of 1 to %(number)s characters.", number=LONGEST_NAME)]}
    if name.casefold() in {one.name.casefold() for one in staff.passkeys}:
        return {"name": [_("You have a passkey of this name already. Choose another name.")]}
    if len(staff.passkeys) >= MOST:
        return {"passkey": [_("You have %(number)s passkeys. Remove one first.", number=MOST)]}
    return {}


def _own_page(judged: Judged, name: str = "") -> Response:
    staff = current_staff()
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "added": staff_time(one.added_at),
            "used": staff_time(one.used_at) if one.used_at else "",
        }
        for one in staff.passkeys
    ]
    shown = "".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME]
    options = ceremonies.registration_options(staff)
    return render_account("accounts/passkeys.html", form=judged, rows=rows, name=shown, options=options)


@bp.route("/passkey", methods=("GET", "POST"))
def enter() -> AnyResponse:
    """Sign in with a passkey: alone, or as the second step of whoever has just given the right password."""
    if request.args.get("alone"):
        tf_clean_session()  # type: ignore[no-untyped-call]
    first = _who_gave_the_password()
    if request.method == "GET":
        return _enter_page(Judged(), first)
    judged = Judged()
    staff = _judge(judged, request.form.get("credential", ""), first)
    if staff is None:
        return _enter_page(judged, first)
    if first:
        current_app.extensions["security"].two_factor_plugins.tf_complete(staff, True)
    else:
        login_user(staff, remember=False, authn_via=[KIND])
    return redirect(_wanted() or url("accounts.welcome"), 303)


def _who_gave_the_password() -> Staff | None:
    """Whoever stands before the second step."""
    if session.get("tf_state") != "ready" or "tf_user_id" not in session:
        return None
    staff: Staff | None = _staff(fs_uniquifier=session["tf_user_id"])
    return staff if staff is not None and staff.active else None


def _staff(**named: Any) -> Any:
    return current_app.extensions["security"].datastore.find_user(**named)


def _judge(judged: Judged, typed: str, first: Staff | None) -> Staff | None:
    """The person whom this answer signs in, counted before it is judged; else the errors are filled."""
    refused = [_("This passkey was not accepted. Try again, or sign in with password and code.")]
    try:
        answer = ceremonies.parsed(typed)
    except PasskeyRefused:
        judged.errors["passkey"] = refused
        return None
    passkey = store.find(answer.raw_id)
    account = first.id if first else passkey.staff if passkey else bytes_to_base64url(answer.raw_id)
    judged.wait = take_try(KIND, account)
    if judged.wait:
        return None
    staff = _owner(passkey, first)
    if passkey is not None and staff is not None and _is_right(answer, passkey):
        forgive(KIND, account)
        return staff
    count_failure()
    if staff is not None:
        record_action(staff, "accounts.failed")
    judged.errors["passkey"] = refused
    return None


def _owner(passkey: Passkey | None, first: Staff | None) -> Staff | None:
    """Whose passkey it is: as a second step nobody's but of who gave the password; of no closed account."""
    if passkey is None or (first is not None and passkey.staff != first.id):
        return None
    staff: Staff | None = _staff(id=passkey.staff)
    return staff if staff is not None and staff.active else None


def _is_right(answer: Any, passkey: Passkey) -> bool:
    try:
        verified, asked_at = ceremonies.authenticated(answer, passkey)
    except PasskeyRefused:
        return False
    return store.use(passkey, verified, asked_at=asked_at)


def _enter_page(judged: Judged, first: Staff | None) -> Response:
    return render_account(
        "accounts/passkey.html",
        form=judged,
        is_second=first is not None,
        has_app=first is not None and first.has_app,
        next=_wanted(),
        options=ceremonies.authentication_options(first),
    )


def _wanted() -> str:
    """The page of this site from which somebody was led here, else nothing."""
    wanted = request.values.get("next", "")[:1000]
    return wanted if wanted and validate_redirect_url(wanted) else ""
