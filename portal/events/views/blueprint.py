"""The blueprint that the public views of events share, and what several of them use."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect

from portal.events.event import Event
from portal.events.views.queries import KIND, event_of
from portal.web.documents.page import published_or_404
from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb
from portal.web.pages import private, url

bp = Blueprint(KIND, __name__)


def event_or_404(slug: str) -> Event:
    """The event that readers may see now."""
    return event_of(published_or_404(KIND, slug))


def registrable_or_404(slug: str) -> Event:
    """An event that takes registrations at all, now or at another time."""
    event = event_or_404(slug)
    if event.facts.registration is None:
        abort(404)
    return event


def crumbs(event: Event | None = None, *, title: str = "") -> list[Link]:
    """The breadcrumb from the home page to the list of events, or to one event."""
    links: list[Link] = [home_crumb(), {"label": _("Events"), "href": url("events.index")}]
    if event is not None:
        links.append({"label": title, "href": url("events.show", slug=event.slug)})
    return links


def private_redirect(location: str) -> Response:
    """See Other, kept by no cache."""
    return private(make_response(redirect(location, 303)))
