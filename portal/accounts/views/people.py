"""The administrator's pages: who works here, adding somebody, roles, closing, letting in again."""

from __future__ import annotations

from typing import TypedDict

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts import people
from portal.accounts.layout import render_account
from portal.accounts.models import Staff
from portal.accounts.notices import first_passwords
from portal.accounts.people import StaffRefused, current_staff
from portal.accounts.permissions import ROLES
from portal.accounts.role_labels import role_hint, role_label
from portal.accounts.staff_services import AccountServices
from portal.accounts.views.blueprint import bp
from portal.accounts.views.first_page import sentence_of
from portal.languages import formatting
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.transactions import sessions


class StaffRow(TypedDict):
    """An account as the list of people and its own page show it; `seen` is empty before the first sign-in."""

    staff: Staff
    href: str
    roles: str
    seen: str


class TypedPerson(TypedDict, total=False):
    """What was typed into the form for a new account."""

    name: str
    email: str
    roles: list[str]


@bp.get("/people/")
def members() -> Response:
    """Everybody who has an account."""
    with sessions()() as session:
        rows = [_row(staff) for staff in people.every_staff(session)]
    return render_account("accounts/people.html", rows=rows)


@bp.route("/people/add", methods=("GET", "POST"))
def add_member() -> AnyResponse:
    """Add somebody; the answer shows the first password, once."""
    if request.method == "GET":
        return _adding({}, {"roles": []})
    name, email = request.form.get("name", "")[:200], request.form.get("email", "")[:300]
    chosen = frozenset(request.form.getlist("roles"))
    with sessions()() as session:
        try:
            made, password = people.add_staff(
                session, name=name, email=email, roles=chosen, now=real_instant(), by=current_staff().id
            )
        except StaffRefused as refused:
            field = "email" if refused.reason == "taken" else refused.reason
            return _adding({field: _refusal(refused.reason)}, {"name": name, "email": email, "roles": sorted(chosen)})
    AccountServices().record("accounts.add", f"staff/{made.id}")
    return _first_password(made, password)


@bp.get("/people/<id_>")
def member(id_: str) -> Response:
    """One person: roles, sign-in, what can be done."""
    return _page(id_)


@bp.post("/people/<id_>/roles")
def change_member(id_: str) -> AnyResponse:
    """Give the person other roles."""
    _staff_or_404(id_)
    chosen = frozenset(request.form.getlist("roles"))
    with sessions()() as session:
        try:
            people.change_roles(session, id_, chosen, now=real_instant(), by=current_staff().id)
        except StaffRefused as refused:
            return _page(id_, error=_refusal(refused.reason), chosen=sorted(chosen), status=422)
    AccountServices().record("accounts.roles", f"staff/{id_}: {', '.join(sorted(chosen))}")
    return redirect(url("accounts.member", id_=id_), 303)


@bp.post("/people/<id_>/close")
def close_member(id_: str) -> AnyResponse:
    """Close the account."""
    _staff_or_404(id_)
    if id_ == current_staff().id:
        return _page(id_, error=_("You cannot close your own account. Ask another administrator."), status=409)
    with sessions()() as session:
        try:
            people.close(session, id_)
        except StaffRefused as refused:
            return _page(id_, error=_refusal(refused.reason), status=409)
    AccountServices().record("accounts.close", f"staff/{id_}")
    return redirect(url("accounts.member", id_=id_), 303)


@bp.post("/people/<id_>/reset")
def reset_member(id_: str) -> AnyResponse:
    """Let in again whoever lost password or telephone, or whose account was closed; shows the first password, once."""
    staff = _staff_or_404(id_)
    now, by = real_instant(), current_staff().id
    with sessions()() as session:
        if staff.active:
            lost_app = request.form.get("app") == "yes"
            password = people.reset_access(session, staff, and_second_factor=lost_app, now=now, by=by)
        else:
            password = people.reopen_account(session, id_, now=now, by=by)
    AccountServices().record("accounts.reset", f"staff/{id_}")
    return _first_password(staff, password)


@bp.post("/people/<id_>/looked-at")
def look_at_first_password(id_: str) -> AnyResponse:
    """Say that one knows of the first password that another administrator made for this person."""
    _staff_or_404(id_)
    with sessions()() as session:
        looked = first_passwords.look_at(session, current_staff(), about=id_)
    if looked:
        AccountServices().record("accounts.looked-at", f"staff/{id_}")
    return redirect(url("accounts.member", id_=id_), 303)


def _staff_or_404(id_: str) -> Staff:
    with sessions()() as session:
        staff = people.staff_named(session, id_)
    if staff is None:
        abort(404)
    return staff


def _refusal(reason: str) -> str:
    return {
        "name": _("Type the name as it shall stand in the history of pages, at most 100 characters."),
        "email": _("Type the whole e-mail address, for instance name@example.org."),
        "taken": _("There is already an account with this address."),
        "roles": _("Choose at least one role."),
        "last-admin": _("Nobody else is an administrator. Make somebody one first."),
    }[reason]


def _row(staff: Staff) -> StaffRow:
    seen = staff.signed_in_at
    return {
        "staff": staff,
        "href": url("accounts.member", id_=staff.id),
        "roles": ", ".join(role_label(role.name) for role in staff.roles),
        "seen": formatting.day_clock(seen.astimezone(request_clock().zone), language()) if seen else "",
    }


def _role_choices() -> list[dict[str, str]]:
    return [{"value": role, "label": role_label(role), "help": role_hint(role)} for role in ROLES]


def _adding(errors: dict[str, str], typed: TypedPerson) -> Response:
    response = render_account("accounts/add_person.html", errors=errors, typed=typed, choices=_role_choices())
    if errors:
        response.status_code = 422
    return response


def _first_password(staff: Staff, password: str) -> Response:
    return render_account("accounts/first_password.html", staff=staff, password=password)


def _page(id_: str, *, error: str = "", chosen: list[str] | None = None, status: int = 200) -> Response:
    staff = _staff_or_404(id_)
    with sessions()() as session:
        notes = first_passwords.notes_for(session, current_staff(), about=id_)
    response = render_account(
        "accounts/person.html",
        row=_row(staff),
        staff=staff,
        error=error,
        notes=[sentence_of(note) for note in notes],
        choices=_role_choices(),
        chosen=sorted(staff.role_names) if chosen is None else chosen,
        is_oneself=id_ == current_staff().id,
    )
    response.status_code = status
    return response
