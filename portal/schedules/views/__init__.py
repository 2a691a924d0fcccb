"""The pages, files and cards of schedules."""

from __future__ import annotations

from flask import Blueprint

from portal.web.languages import gettext as _

bp = Blueprint("schedules", __name__)
# Short addresses that fit into a message: /id/j/k3f9a
links = Blueprint("short", __name__)


def label() -> str:
    """The word of the main navigation."""
    return _("Schedule")


from portal.schedules.views import files, pages  # noqa: E402, F401 - their views join the blueprints above
from portal.schedules.views.cards import TEMPLATE_GLOBALS, coverage_card, home_card, sessions_card  # noqa: E402
from portal.schedules.views.presentation import tables  # noqa: E402, F401 - their views join the blueprints above

__all__ = ["TEMPLATE_GLOBALS", "bp", "coverage_card", "home_card", "label", "links", "sessions_card"]
