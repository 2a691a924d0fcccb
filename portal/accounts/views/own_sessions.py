"""One's own sessions: where one is signed in, ending one of them or all others."""

from __future__ import annotations

from typing import TypedDict

from flask import Response, redirect, session
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.authentication import sessions as staff_sessions
from portal.accounts.layout import render_account
from portal.accounts.models import StaffSession
from portal.accounts.people import current_staff
from portal.accounts.staff_services import AccountServices
from portal.accounts.views.blueprint import bp
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import staff_time
from portal.web.transactions import sessions


class SessionRow(TypedDict):
    """A session as the page shows it: no network, no address, no browser."""

    id: str
    device: str
    since: str
    seen: str
    is_here: bool


@bp.get("/sessions")
def own_sessions() -> Response:
    """Where one is signed in, this browser first."""
    with sessions()() as database:
        rows = staff_sessions.open_of(database, current_staff(), now=real_instant())
    shown = sorted((_row(row) for row in rows), key=lambda row: not row["is_here"])
    return render_account("accounts/sessions.html", rows=shown)


@bp.post("/sessions/<id_>/end")
def end_session(id_: str) -> AnyResponse:
    """End one other session of one's own."""
    return _end(id_)


@bp.post("/sessions/end-others")
def end_other_sessions() -> AnyResponse:
    """End every session of one's own but this one."""
    return _end("")


def _end(only: str) -> AnyResponse:
    with sessions()() as database:
        ended = staff_sessions.end_others(database, current_staff(), only=only)
    if ended:
        AccountServices().record("accounts.end-sessions", f"staff/{current_staff().id}")
    return redirect(url("accounts.own_sessions"), 303)


def _row(row: StaffSession) -> SessionRow:
    kinds = {"phone": _("Telephone"), "tablet": _("Tablet"), "computer": _("Computer")}
    return {
        "id": row.id,
        "device": kinds.get(row.device, _("Unknown device")),
        "since": staff_time(row.began_at),
        "seen": staff_time(row.seen_at),
        "is_here": row.id == session.get(staff_sessions.KEY),
    }
