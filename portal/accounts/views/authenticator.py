"""Setting up the authenticator app: scan, then prove it with a code; a wrong code shows the same picture again."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.authentication import forms
from portal.accounts.authentication.second_factor import change_factor, setup_values
from portal.accounts.layout import render_account
from portal.accounts.notices import mail
from portal.accounts.people import current_staff
from portal.accounts.staff_services import AccountServices
from portal.accounts.views.blueprint import bp
from portal.web.documents.qr_codes import qr_code
from portal.web.languages import gettext as _
from portal.web.pages import url

SECONDS = 30 * 60


@bp.route("/authenticator", methods=("GET", "POST"))
def authenticator() -> AnyResponse:
    """Set up an app, or another one in its place."""
    security = current_app.extensions["security"]
    if request.method == "GET":
        return _page(security.totp_factory.generate_totp_secret())
    staff = current_staff()
    try:
        secret = _states().loads(request.form.get("state", "")[:2000], max_age=SECONDS)[staff.id]
    except (BadSignature, KeyError, TypeError):
        error = _("This page was open for too long. Scan the new picture.")
        return _page(security.totp_factory.generate_totp_secret(), error=error)
    form = forms.CodeForm(request.form)
    form.user, form.tf_totp_secret, form.primary_method, form.is_setup = staff, secret, "authenticator", True
    if not form.validate():
        error = "" if form.wait else next(iter(form.code.errors), _("Type the six digits that the app shows."))
        return _page(secret, error=error, form=form)
    change_factor(
        staff.id,
        mail.APP,
        tf_primary_method="authenticator",
        tf_totp_secret=secret,
        tf_last_counter=None,
        mf_recovery_codes=[],
    )
    # The code that proved the app is used up by it.
    staff.tf_totp_secret = secret
    security.totp_factory.verify_totp(form.code.data, secret, staff, window=form.window)
    AccountServices().record("accounts.second-factor", f"staff/{staff.id}")
    return redirect(url("security.mf_recovery_codes"), 303)


def _states() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="accounts.authenticator")


def _page(secret: str, *, error: str = "", form: Any = None) -> Response:
    staff = current_staff()
    values = setup_values(secret, staff)
    code = qr_code(values["uri"])
    response = render_account(
        "accounts/authenticator.html",
        staff=staff,
        key=values["key"],
        uri=values["uri"],
        code={"size": code.size, "path": code.path},
        state=_states().dumps({staff.id: secret}),
        error=error,
        code_form=form,
    )
    if error:
        response.status_code = 422
    return response
