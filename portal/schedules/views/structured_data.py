"""Services, places and sessions for machines (schema.org); hours that nobody confirmed are left out."""

from __future__ import annotations

from datetime import date, timedelta

from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.views import sharing
from portal.schedules.views.presentation.session_presenters import session_href
from portal.schedules.views.presentation.status_text import session_state
from portal.timetable.hours import Slot
from portal.timetable.layers import Week, week_of
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage
from portal.web.documents.structured_data import Node, named_office
from portal.web.languages import language
from portal.web.pages import absolute, catalogue

SPECIAL_DAYS_AHEAD = 180
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATUS = {
    "planned": "EventScheduled",
    "confirmed": "EventScheduled",
    "full": "EventScheduled",
    "done": "EventScheduled",
    "moved": "EventRescheduled",
    "cancelled": "EventCancelled",
}


def service(directory: ServiceDirectory, service: Service, page: DocumentPage) -> list[Node]:
    """A service with the hours that are known, and its coming sessions."""
    channel: Node = {"@type": "ServiceChannel", "serviceUrl": absolute(page.href)}
    if service.facts.place in directory.places:
        channel["serviceLocation"] = _place_node(directory, service.facts.place)
    node: Node = {
        "@type": "GovernmentService",
        "@id": absolute(f"{page.href}#service"),
        "name": page.title,
        "description": page.summary,
        "provider": named_office(),
        "url": absolute(page.href),
        "availableChannel": channel,
    }
    hours = hours_available(service)
    if hours:
        node["hoursAvailable"] = hours
    return [node, *(session(directory, service, item) for item in service.listed(request_clock().now))]


def place(directory: ServiceDirectory, id_: str) -> Node:
    """A place; its hours are those of the services there that are known."""
    node = _place_node(directory, id_)
    services = [item for item in directory.services if item.facts.place == id_ and not item.facts.sample]
    regular = [hours for item in services for hours in regular_hours(item)]
    special = [hours for item in services for hours in special_hours(item)]
    if regular:
        node["openingHoursSpecification"] = _distinct(regular)
    if special:
        node["specialOpeningHoursSpecification"] = _distinct(special)
    return node


def session(directory: ServiceDirectory, service: Service, occurrence: Occurrence) -> Node:
    """A session as an event with its true status, and its former start where it moved."""
    state = session_state(occurrence)
    if occurrence.previous_appointment is not None and state in ("full", "planned", "confirmed"):
        state = "moved"
    node: Node = {
        "@type": "Event",
        "name": service.document.title(language()),
        "startDate": occurrence.start.isoformat(),
        "endDate": occurrence.end.isoformat(),
        "eventStatus": f"https://schema.org/{STATUS[state]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": sharing.location_text(directory, service, occurrence)},
        "organizer": named_office(),
        "url": absolute(session_href(service, occurrence)),
    }
    if occurrence.previous_appointment is not None:
        node["previousStartDate"] = occurrence.previous_appointment.start.isoformat()
    return node


def hours_available(service: Service) -> list[Node]:
    """The known weekly hours, and the days on which other hours hold."""
    return [*regular_hours(service), *special_hours(service)]


def regular_hours(service: Service) -> list[Node]:
    """The known hours of the ordinary week and of seasons; a weekday that nobody confirmed is left out."""
    nodes = _week_nodes(week_of(service.hours.weekly))
    for season in service.hours.seasons:
        bounds = {"validFrom": season.first.isoformat(), "validThrough": season.last.isoformat()}
        nodes += [{**node, **bounds} for node in _week_nodes(week_of(season.weekly))]
    return nodes


def special_hours(service: Service) -> list[Node]:
    """The holidays and exceptions of the coming months; a closed day opens and closes at midnight."""
    today = request_clock().today()
    nodes: list[Node] = []
    for day in (today + timedelta(days=offset) for offset in range(SPECIAL_DAYS_AHEAD if service.has_weekly else 0)):
        if _is_special(service, day):
            openings = service.timetable.openings_on(day)
            hours = [(f"{item.start:%H:%M}", f"{item.end:%H:%M}") for item in openings] or [("00:00", "00:00")]
            bounds = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
            nodes += [_hours_node(opens, closes, **bounds) for opens, closes in hours]
    return nodes


def _is_special(service: Service, day: date) -> bool:
    plan = service.timetable.plan(day)
    start, end = request_clock().midnight(day), request_clock().midnight(day + timedelta(days=1))
    is_other = plan.source in ("holiday", "exception") or service.timetable.layers.has_closure(start, end)
    return is_other and not plan.is_unknown


def _week_nodes(week: Week) -> list[Node]:
    days_by_slot: dict[Slot, list[str]] = {}
    for weekday, slots in zip(WEEKDAYS, week, strict=True):
        for slot in slots or ():
            days_by_slot.setdefault(slot, []).append(f"https://schema.org/{weekday}")
    return [
        _hours_node(f"{slot.opens_at:%H:%M}", f"{slot.closes_at:%H:%M}", dayOfWeek=days)
        for slot, days in sorted(days_by_slot.items())
    ]


def _hours_node(opens: str, closes: str, **more: object) -> Node:
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes, **more}


def _place_node(directory: ServiceDirectory, id_: str) -> Node:
    place = directory.places[id_]
    node: Node = {
        "@type": "GovernmentOffice" if place.kind in ("office", "border-post") else "Place",
        "@id": absolute(f"/#place-{id_}"),
        "name": text_of(place.name),
    }
    if place.address:
        node["address"] = {"@type": "PostalAddress", "streetAddress": text_of(place.address)}
    district = catalogue().reference("districts").get(place.district)
    if district:
        node["containedInPlace"] = {"@type": "AdministrativeArea", "name": text_of(district.name)}
    point = place.coordinates
    if point:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude}
    return node


def _distinct(nodes: list[Node]) -> list[Node]:
    return [node for index, node in enumerate(nodes) if node not in nodes[:index]]
