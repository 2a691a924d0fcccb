"""The public pages of events: programme, one event, registering, requests for an outreach."""

from portal.events.views import calendars, outreach, pages, registering, registrations
from portal.events.views.blueprint import bp, label

__all__ = ["bp", "calendars", "label", "outreach", "pages", "registering", "registrations"]
