"""The public pages, files and cards of schedules."""

from portal.schedules.views import calendar_pages, files, pages
from portal.schedules.views.blueprint import bp, links
from portal.schedules.views.cards import TEMPLATE_GLOBALS, coverage_card, home_card, sessions_card

__all__ = [
    "TEMPLATE_GLOBALS",
    "bp",
    "calendar_pages",
    "coverage_card",
    "files",
    "home_card",
    "links",
    "pages",
    "sessions_card",
]
