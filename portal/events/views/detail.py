"""The page of one event, its text for a chat and its data for machines."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from urllib.parse import quote

from flask import Response

from portal.events.event import Event
from portal.events.views.blueprint import bp, crumbs, event_or_404
from portal.events.views.presenters import EventView, view_of
from portal.events.views.queries import takes_personal_data
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.structured_data import Node, graph
from portal.web.languages import gettext as _
from portal.web.navigation import preview_words
from portal.web.pages import absolute, catalogue, public, render, url


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One event."""
    event = event_or_404(slug)
    view = view_of(event)
    text = share_text(view)
    return render(
        "events/show.html",
        is_refused=not takes_personal_data(event),
        **view.page.layout_context() | {"event": view, "crumbs": crumbs()},
        share_text=text,
        chat_link=f"https://wa.me/?text={quote(text)}",
        contacts=_contacts(event),
        structured=[] if event.facts.sample or view.page.withdrawal else graph(event_node(view)),
    )


class ContactRow(TypedDict):
    """A way to reach somebody about the event, as `components/facts.html` takes it."""

    label: str
    value: str
    detail: str


def _contacts(event: Event) -> list[ContactRow]:
    records = catalogue().reference("contacts")
    rows: list[ContactRow] = []
    for record in (records[id_] for id_ in event.facts.contacts if id_ in records):
        value = request_clock().view_of(record.values).current
        text = str(value.value) if value is not None and value.is_known else _("not yet confirmed by the office")
        rows.append({"label": text_of(record.name), "value": text, "detail": text_of(record.note)})
    return rows


def share_text(view: EventView) -> str:
    """The event in a few plain lines for a chat, with the short address and what kind of site says so."""
    lines = [f"*{view.page.title}*", ", ".join(part for part in (view.days, view.hours) if part), view.location.line]
    if view.state in ("cancelled", "moved"):
        was = f" ({_('Was: %(when)s', when=view.was)})" if view.was else ""
        lines.insert(1, f"{view.status.words}{was}. {view.reason}".strip())
    if view.is_open:
        lines.append(_("Register free of charge until %(when)s.", when=view.closes))
    lines.append(absolute(url("events.show", slug=view.event.slug)))
    if view.facts.sample:
        lines.insert(0, f"[{_('sample')}]")
    return "\n".join(line for line in (*lines, preview_words()) if line)


def event_node(view: EventView) -> Node:
    """The event for machines, with its true state and the date that it had before."""
    event, location = view.event, view.location
    appointment, previous = event.occurrence.appointment, event.occurrence.previous_appointment

    def iso(instant: datetime) -> str:
        return instant.isoformat(timespec="minutes") if event.facts.hours_known else instant.date().isoformat()

    place: Node = {"@type": "Place", "name": location.name, "address": location.address or location.name}
    if location.geo:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": location.geo[0], "longitude": location.geo[1]}
    status = "Cancelled" if event.facts.cancelled else "Rescheduled" if previous is not None else "Scheduled"
    node: Node = {
        "@type": "Event",
        "name": view.page.title,
        "description": view.page.summary,
        "inLanguage": view.page.document_text.language,
        "startDate": iso(appointment.start),
        "endDate": iso(appointment.end),
        "eventStatus": f"https://schema.org/Event{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "location": place,
        "organizer": {"@type": "GovernmentOffice", "name": text_of(catalogue().site.name)},
        "url": absolute(view.page.href),
    }
    if previous is not None:
        node["previousStartDate"] = iso(previous.start)
    return node
