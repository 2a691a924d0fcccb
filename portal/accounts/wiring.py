"""Everything of accounts added to the application at once; create_app hands in what the rooms bring along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask

from portal.accounts import frame, guard, sign_in, views
from portal.accounts.desk import AccountsDesk
from portal.accounts.frame import DeskPlace
from portal.accounts.permissions import PermissionTable
from portal.web.desk import connect


def install(
    app: Flask,
    *,
    permissions: Iterable[Mapping[str, str]],
    fresh: Iterable[str] = (),
    places: Iterable[DeskPlace] = (),
) -> None:
    """Add signing in, the table of permissions, the guard and a desk that knows accounts alone."""
    table = PermissionTable((sign_in.PERMISSIONS, views.PERMISSIONS, *permissions), fresh=(*views.FRESH, *fresh))
    frame.install(app, table, places)
    sign_in.install(app)
    guard.install(app)
    app.register_blueprint(views.staff, url_prefix="/<lang:lang>/staff")
    connect(app, AccountsDesk())
