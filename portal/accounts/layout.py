"""What stands around every staff page: the menu of what a person may open, and who is signed in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import generate_csrf

from portal.accounts.models import Staff
from portal.accounts.people import current_staff, is_signed_in
from portal.accounts.permissions import PermissionTable
from portal.accounts.role_labels import role_label
from portal.web.languages import gettext as _
from portal.web.pages import private, render, url
from portal.web.staff import StaffLayout, StaffMenuEntry, StaffMenuGroup, StaffMenuItem, StaffMenuSection
from portal.web.transactions import temporary_session

_MENU = "portal.staff.menu"
_TABLE = "portal.staff.permissions"


def install(app: Flask, table: PermissionTable, menu: Iterable[StaffMenuEntry]) -> None:
    """Keep the table of permissions and the staff menu with the application."""
    app.extensions[_TABLE] = table
    groups = list(StaffMenuGroup)
    app.extensions[_MENU] = tuple(sorted(menu, key=lambda entry: (groups.index(entry.group), entry.position)))


def permission_table() -> PermissionTable:
    """The table of this application."""
    table: PermissionTable = current_app.extensions[_TABLE]
    return table


def open_menu(staff: Staff) -> list[StaffMenuEntry]:
    """The entries of the staff menu that this person may open, in their order."""
    menu: tuple[StaffMenuEntry, ...] = current_app.extensions[_MENU]
    return [entry for entry in menu if staff.may(permission_table().needed(entry.endpoint))]


def layout_context() -> StaffLayout:
    """The variables of staff.html: `desk` and `person`; both empty for whoever is not wholly signed in yet."""
    if not is_signed_in() or current_staff().must_change_password or lacks_second_factor(current_staff()):
        return {"desk": [], "person": None}
    staff = current_staff()
    roles = ", ".join(role_label(role.name) for role in staff.roles)
    return {
        "desk": _menu_sections(open_menu(staff)),
        "person": {"name": staff.name, "role": roles, "href": url("accounts.account")},
    }


def lacks_second_factor(staff: Staff) -> bool:
    """Whether this person's authenticator app or recovery codes are still to be set up."""
    return not (staff.has_second_factor and staff.mf_recovery_codes)


def _menu_sections(entries: list[StaffMenuEntry]) -> list[StaffMenuSection]:
    """The staff menu by groups; the entries come in the order of these."""
    pairs = zip(entries, _menu_items(entries), strict=True)
    return [
        {"label": _(group.value) if group.value else "", "items": [item for _entry, item in members]}
        for group, members in groupby(pairs, key=lambda pair: pair[0].group)
    ]


def _menu_items(entries: list[StaffMenuEntry]) -> list[StaffMenuItem]:
    """The staff menu; the entry with the longest address that leads to this page is the current one."""
    # The menu stands on answers to forms too, whose transaction must not be left open by a count.
    with temporary_session():
        items: list[StaffMenuItem] = [
            {"label": _(entry.label), "href": url(entry.endpoint), "count": entry.count() if entry.count else None}
            for entry in entries
        ]
    around = [item for item in items if _leads_to(item["href"], request.path)]
    if around:
        nearest = max(around, key=lambda item: len(item["href"]))
        nearest["current"] = "page" if nearest["href"] == request.path else True
    return items


def _leads_to(href: str, path: str) -> bool:
    is_home = href.rstrip("/").endswith("/staff")
    return path == href or (not is_home and path.startswith(href.rstrip("/") + "/"))


def render_account(template: str, **context: Any) -> Response:
    """A page of signing in or of one's account, as Flask-Security asks for it."""
    forms = [form for form in context.values() if hasattr(form, "errors")]
    waits = [form.wait for form in forms if getattr(form, "wait", None)]
    wrong = any(form.errors for form in forms)
    status = 429 if waits else 422 if wrong else 200
    minutes = max(1, round(waits[0].total_seconds() / 60)) if waits else 0
    own = {name: value for name, value in context.items() if name != "security"}
    response = private(
        render(
            template,
            status=status,
            **layout_context(),
            csrf=generate_csrf(),
            minutes=minutes,
            username=current_staff().email if is_signed_in() else "",
            canonical=None,
            **own,
        )
    )
    if waits:
        response.headers["Retry-After"] = str(max(1, round(waits[0].total_seconds())))
    return response
