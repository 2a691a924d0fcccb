"""One's own account, and the first page after signing in."""

from __future__ import annotations

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.layout import open_places, render_account
from portal.accounts.people import current_staff
from portal.accounts.roles import role_hint, role_label
from portal.accounts.views.blueprint import staff
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import language
from portal.web.pages import url


@staff.get("/welcome")
def welcome() -> AnyResponse:
    """Go to the first place of the desk that this person may open, else to the own account."""
    places = open_places(current_staff())
    return redirect(url(places[0].endpoint if places else "accounts.account"), 303)


@staff.get("/account")
def account() -> Response:
    """Who one is here: roles, password, authenticator app, signing out."""
    found = current_staff()
    changed = found.password_changed_at
    return render_account(
        "accounts/account.html",
        staff=found,
        roles=[{"label": role_label(role.name), "hint": role_hint(role.name)} for role in found.roles],
        password_changed=formatting.day_clock(changed.astimezone(request_clock().zone), language()) if changed else "",
        codes_left=len(found.mf_recovery_codes),
    )
