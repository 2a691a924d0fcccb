"""Everything of accounts added to the application at once; create_app hands in what the rooms bring along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask

from portal.accounts import layout
from portal.accounts.authentication import guard, sign_in
from portal.accounts.permissions import PermissionTable
from portal.accounts.staff_services import AccountServices
from portal.web.staff import StaffMenuEntry, connect_staff_services


def install(
    app: Flask,
    *,
    permissions: Iterable[Mapping[str, str]],
    recent: Iterable[str] = (),
    menu: Iterable[StaffMenuEntry] = (),
) -> None:
    """Add signing in, the table of permissions, the guard and a desk that knows accounts alone."""
    table = PermissionTable((sign_in.PERMISSIONS, *permissions), fresh=tuple(recent))
    layout.install(app, table, menu)
    sign_in.install(app)
    guard.install(app)
    connect_staff_services(app, AccountServices())
