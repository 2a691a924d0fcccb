"""What accounts add to the application: signing in, the table of permissions, the guard before staff pages."""

from __future__ import annotations

from flask import Flask

from portal.accounts import layout
from portal.accounts.authentication import guard, sign_in
from portal.accounts.permissions import PermissionTable
from portal.accounts.staff_services import AccountServices
from portal.web.staff import connect_staff_services
from portal.web.state import portal_of


def install(app: Flask) -> None:
    """Collect permissions and staff menu of all features, set up signing in and the guard."""
    features = portal_of(app).features
    tables = (sign_in.PERMISSIONS, *(feature.permissions for feature in features))
    fresh = [endpoint for feature in features for endpoint in feature.recent]
    layout.install(
        app, PermissionTable(tables, fresh=fresh), [entry for feature in features for entry in feature.staff_menu]
    )
    sign_in.install(app)
    guard.install(app)
    # The desk replaces these by services that publish.
    connect_staff_services(app, AccountServices())
