"""Password and second factor once more, before a factor is replaced."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.authentication import forms, sessions
from portal.accounts.layout import render_account
from portal.accounts.people import current_staff
from portal.accounts.views.blueprint import bp
from portal.web.clock import real_instant
from portal.web.pages import url

# Where this page leads; anything else leads to the account.
NEXT = ("accounts.authenticator", "passkeys.own", "security.mf_recovery_codes")


@bp.route("/confirm-both", methods=("GET", "POST"))
def confirm_both() -> AnyResponse:
    """Ask for both and lead on; good for ten minutes and one factor."""
    wanted = request.values.get("next", "")[:200]
    form = forms.BothForm(request.form if request.method == "POST" else None, user=current_staff())
    if request.method == "POST" and form.validate():
        sessions.confirm_both(real_instant())
        # Flask-Security asks for the password before these pages as well; it has just been given.
        session["fs_paa"] = real_instant().timestamp()
        allowed = [url(endpoint) for endpoint in NEXT]
        return redirect(wanted if wanted in allowed else url("accounts.account"), 303)
    return render_account("accounts/confirm_both.html", form=form, next=wanted)
