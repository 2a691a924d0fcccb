"""When a form cannot be taken because the session is over: everything typed is shown again and can be sent again."""

from __future__ import annotations

from flask import Response, request
from flask_wtf.csrf import generate_csrf

from portal.accounts.layout import layout_context
from portal.accounts.people import is_signed_in
from portal.web.pages import private, render, url
from portal.web.security import is_same_origin

# Fields that are no words of a person, or that may not be shown again.
LEFT_OUT = ("csrf_token", "password", "new_password", "new_password_confirm", "code", "next")
STATUS = {"signed-out": 401, "stale": 401, "token": 400}


def interrupted(reason: str) -> Response:
    """The page (or, for a script, a small JSON object) that tells why and keeps what was typed.

    What came from another site is not offered for sending again.
    """
    status = STATUS[reason]
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return private(_as_json(reason, status=status))
    kept = (
        [(name, value) for name, value in request.form.items(multi=True) if name not in LEFT_OUT]
        if is_same_origin()
        else []
    )
    return private(
        render(
            "accounts/interrupted.html",
            status=status,
            reason=reason if reason != "token" or is_signed_in() else "signed-out",
            sign_in=url("security.verify") if reason == "stale" else url("security.login"),
            action=request.full_path.rstrip("?"),
            kept=kept,
            csrf=generate_csrf(),
            canonical=None,
            **layout_context(),
        )
    )


def _as_json(reason: str, *, status: int) -> Response:
    from flask import jsonify

    response: Response = jsonify(reason=reason, sign_in=url("security.login"))
    response.status_code = status
    return response
