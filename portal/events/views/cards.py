"""What events show on pages of other features: the next ones on the front page, and those of a district."""

from __future__ import annotations

from flask import request

from portal.events.views.presenters import view_of
from portal.events.views.queries import events_listed
from portal.web.documents.cards import Card
from portal.web.pages import catalogue, url

MOST_EVENTS = 3


def home_card() -> Card | None:
    """The next events, for the front page."""
    # An invented entry never stands before a real one.
    listed = sorted(events_listed(), key=lambda event: event.facts.sample)
    items = [view_of(event).item() for event in listed[:MOST_EVENTS]]
    if not items:
        return None
    return Card("events/card.html", {"events": items, "href": url("events.index"), "district": ""})


def coverage_card() -> Card | None:
    """The next events of the district that the reader chose."""
    district = request.args.get("district", "")
    if district not in catalogue().reference("districts"):
        return None
    upcoming = [event for event in events_listed() if event.facts.district == district]
    items = [view_of(event).item() for event in upcoming[:MOST_EVENTS]]
    context = {"events": items, "href": url("events.index", district=district), "district": district}
    return Card("events/card.html", context, where="main")
