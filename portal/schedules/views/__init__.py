"""The public pages, files and cards of schedules."""

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


from portal.schedules.views import calendar_pages, files, pages  # noqa: E402, F401 - their views join the blueprints
from portal.schedules.views.cards import TEMPLATE_GLOBALS, coverage_card, home_card, sessions_card  # noqa: E402

__all__ = ["TEMPLATE_GLOBALS", "bp", "coverage_card", "home_card", "links", "schedules_crumbs", "sessions_card"]
