"""The blueprint of the staff pages on closings, mounted at /<lang>/staff/closings."""

from __future__ import annotations

from flask import Blueprint

from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import url

staff = Blueprint("closures", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {f"{staff.name}.{view}": "schedule" for view in ("index", "new", "check", "publish", "show", "undo")}


def breadcrumb() -> list[Link]:
    """The way to a page below the list of closings."""
    return [{"label": _("Closings"), "href": url("closures.index")}]
