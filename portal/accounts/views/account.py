"""One's own account, and the first page after signing in."""

from __future__ import annotations

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.layout import open_menu, render_account
from portal.accounts.people import current_staff
from portal.accounts.role_labels import role_hint, role_label
from portal.accounts.views.blueprint import bp
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import language
from portal.web.pages import url


@bp.get("/welcome")
def welcome() -> AnyResponse:
    """Go to the first place of the desk that this person may open, else to the own account."""
    places = open_menu(current_staff())
    return redirect(url(places[0].endpoint if places else "accounts.account"), 303)


@bp.get("/account")
def account() -> Response:
    """Who one is here: roles, password, authenticator app, signing out."""
    staff = current_staff()
    changed = staff.password_changed_at
    return render_account(
        "accounts/account.html",
        staff=staff,
        roles=[{"label": role_label(role.name), "hint": role_hint(role.name)} for role in staff.roles],
        password_changed=formatting.day_clock(changed.astimezone(request_clock().zone), language()) if changed else "",
        codes_left=len(staff.mf_recovery_codes),
    )
