"""What events lend to other rooms: the next ones on the front page, and those of a district."""

from __future__ import annotations

from flask import request

from portal.events.event import Event
from portal.events.views.presenters import view_of
from portal.events.views.queries import events
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.pages import catalogue, url

SHOWN = 3


def _coming(district: str = "") -> list[Event]:
    now = request_clock()
    found = []
    for event in events():
        now.expires_at(event.occurrence.next_transition(now.now))
        if event.is_upcoming(now.now) and district in ("", event.facts.district):
            found.append(event)
    return found


def home_card() -> Card | None:
    """The next events, for the front page."""
    coming = _coming()[:SHOWN]
    if not coming:
        return None
    items = [view_of(event).item() for event in coming]
    return Card("events/card.html", {"events": items, "href": url("events.index"), "district": ""})


def coverage_card() -> Card | None:
    """The next events of the district that the reader chose."""
    chosen = request.args.get("district", "")
    if chosen not in catalogue().reference("districts"):
        return None
    items = [view_of(event).item() for event in _coming(chosen)[:SHOWN]]
    context = {"events": items, "href": url("events.index", district=chosen), "district": chosen}
    return Card("events/card.html", context, where="main")
