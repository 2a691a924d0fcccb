"""The public pages of events: list, one event, registering, a registration by its code, requests for an outreach."""

from portal.events.views import calendars, detail, listing, outreach, register, registration
from portal.events.views.blueprint import bp
from portal.events.views.cards import coverage_card, home_card

__all__ = ["bp", "calendars", "coverage_card", "detail", "home_card", "listing", "outreach", "register", "registration"]
