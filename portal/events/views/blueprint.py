"""The blueprint that the views of the room share, and the word that stands for the room."""

from __future__ import annotations

from flask import Blueprint, abort

from portal.events.event import Event
from portal.events.views.queries import KIND, event_of
from portal.web.documents.page import published_or_404
from portal.web.languages import gettext as _
from portal.web.pages import url

bp = Blueprint(KIND, __name__)


def label() -> str:
    """The word of the main navigation."""
    return str(_("Events"))


def event_or_404(slug: str) -> Event:
    """The event that readers may see now."""
    return event_of(published_or_404(KIND, slug))


def registrable_or_404(slug: str) -> Event:
    """An event that takes registrations at all, now or at another time."""
    event = event_or_404(slug)
    if event.facts.registration is None:
        abort(404)
    return event


def crumbs(event: Event | None = None, *, title: str = "") -> list[dict[str, str]]:
    """The way from the home page to this one."""
    links = [{"label": _("Home"), "href": url("office.index")}, {"label": label(), "href": url("events.index")}]
    if event is not None:
        links.append({"label": title, "href": url("events.show", slug=event.slug)})
    return links
