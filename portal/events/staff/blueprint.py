"""The blueprint of the staff pages of events, and what several of its views use."""

from __future__ import annotations

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.events.event import Event
from portal.events.views.queries import KIND, event_named, seats_changed
from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import url
from portal.web.staff import staff_services

staff = Blueprint(f"{KIND}_staff", __name__)


def event_or_404(slug: str) -> Event:
    """The event of that slug that takes registrations, withdrawn or not."""
    event = event_named(slug)
    if event is None or event.facts.registration is None:
        abort(404)
    return event


def crumbs(event: Event | None = None, *, title: str = "") -> list[Link]:
    """The breadcrumb from the list of events."""
    links: list[Link] = [{"label": _("Registrations"), "href": url("events_staff.index")}]
    if event is not None:
        links.append({"label": title, "href": url("events_staff.event", slug=event.slug)})
    return links


def record_and_return(event: Event, action: str, target: str = "") -> AnyResponse:
    """Record the action in the audit log, refresh the public pages and go back to the event's registrations."""
    staff_services().record(f"events.{action}", f"{KIND}/{event.slug}{target}")
    seats_changed(event.slug)
    return back_to(event)


def back_to(event: Event) -> AnyResponse:
    """Go to the event's registrations."""
    return redirect(url("events_staff.event", slug=event.slug), 303)
