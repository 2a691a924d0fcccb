"""The public pages of events: programme, one event, registering, requests for an outreach."""

from portal.events.views import calendars, outreach, pages, register, registration
from portal.events.views.blueprint import bp, label
from portal.events.views.cards import coverage_card, home_card

__all__ = [
    "bp",
    "calendars",
    "coverage_card",
    "home_card",
    "label",
    "outreach",
    "pages",
    "register",
    "registration",
]
