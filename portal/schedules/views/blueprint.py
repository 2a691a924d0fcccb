"""The blueprints of schedules, which the modules with views join, and the breadcrumb of their pages."""

from __future__ import annotations

from flask import Blueprint

from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb
from portal.web.pages import url

bp = Blueprint("schedules", __name__)
# Short addresses that fit into a message: /id/j/k3f9a
links = Blueprint("short", __name__)


def schedules_crumbs() -> list[Link]:
    """The breadcrumb down to the overview of schedules."""
    return [home_crumb(), {"label": _("Schedule"), "href": url("schedules.index")}]
