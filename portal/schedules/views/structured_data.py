"""Services, places and sessions for machines (schema.org); hours that nobody confirmed are left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.views import sharing
from portal.schedules.views.presentation import presenters
from portal.schedules.views.presentation.status_text import session_state
from portal.timetable.hours import Slot
from portal.timetable.layers import week_of
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage
from portal.web.documents.structured_data import Node, named_office
from portal.web.languages import language
from portal.web.pages import absolute, catalogue

SPECIAL_AHEAD = 180
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATUS = {
    "planned": "EventScheduled",
    "confirmed": "EventScheduled",
    "full": "EventScheduled",
    "done": "EventScheduled",
    "moved": "EventRescheduled",
    "cancelled": "EventCancelled",
}


def service(directory: ServiceDirectory, found: Service, page: DocumentPage) -> list[Node]:
    """A service with the hours that are known, and its coming sessions."""
    node: Node = {
        "@type": "GovernmentService",
        "@id": absolute(f"{page.href}#service"),
        "name": page.title,
        "description": page.summary,
        "provider": named_office(),
        "url": absolute(page.href),
    }
    channel: Node = {"@type": "ServiceChannel", "serviceUrl": absolute(page.href)}
    if found.facts.place in directory.places:
        channel["serviceLocation"] = _place(directory, found.facts.place)
    node["availableChannel"] = channel
    hours = hours_available(found)
    if hours:
        node["hoursAvailable"] = hours
    return [node, *(session(directory, found, item) for item in found.listed(request_clock().now))]


def place(directory: ServiceDirectory, id_: str) -> Node:
    """A place; its hours are those of the services there that are known."""
    node = _place(directory, id_)
    services = [one for one in directory.services if one.facts.place == id_ and not one.facts.sample]
    regular = [row for one in services for row in regular_hours(one)]
    special = [row for one in services for row in special_hours(one)]
    if regular:
        node["openingHoursSpecification"] = _once(regular)
    if special:
        node["specialOpeningHoursSpecification"] = _once(special)
    return node


def session(directory: ServiceDirectory, found: Service, item: Occurrence) -> Node:
    """A session as an event with its true status, and its former start where it moved."""
    state = session_state(item)
    if item.previous_appointment is not None and state in ("full", "planned", "confirmed"):
        state = "moved"
    node: Node = {
        "@type": "Event",
        "name": found.document.title(language()),
        "startDate": item.start.isoformat(),
        "endDate": item.end.isoformat(),
        "eventStatus": f"https://schema.org/{STATUS[state]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": sharing.location_text(directory, found, item)},
        "organizer": named_office(),
        "url": absolute(presenters.session_href(found, item)),
    }
    if item.previous_appointment is not None:
        node["previousStartDate"] = item.previous_appointment.start.isoformat()
    return node


def hours_available(found: Service) -> list[Node]:
    """The known weekly hours, and the days on which other hours hold."""
    return [*regular_hours(found), *special_hours(found)]


def regular_hours(found: Service) -> list[Node]:
    """The known hours of the ordinary week and of seasons; a weekday that nobody confirmed is left out."""
    rows = _week(week_of(found.hours.weekly))
    for season in found.hours.seasons:
        bounds = {"validFrom": season.first.isoformat(), "validThrough": season.last.isoformat()}
        rows += [{**row, **bounds} for row in _week(week_of(season.weekly))]
    return rows


def special_hours(found: Service) -> list[Node]:
    """The holidays and exceptions of the coming months; a closed day opens and closes at midnight."""
    today = request_clock().today()
    rows: list[Node] = []
    for offset in range(SPECIAL_AHEAD if found.has_weekly else 0):
        day = today + timedelta(days=offset)
        if not _is_special(found, day):
            continue
        bounds = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        openings = presenters.openings_on(found, day)
        spans = [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in openings] or [("00:00", "00:00")]
        rows += [_specification(opens, closes, **bounds) for opens, closes in spans]
    return rows


def _is_special(found: Service, day: Any) -> bool:
    plan = found.timetable.plan(day)
    if plan.is_unknown:
        return False
    start, end = request_clock().midnight(day), request_clock().midnight(day + timedelta(days=1))
    is_closed = any(item.first < end and start < item.last for item in found.timetable.layers.closures)
    return is_closed or plan.source in ("holiday", "exception")


def _week(week: Any) -> list[Node]:
    by_slot: dict[Slot, list[str]] = {}
    for index, slots in enumerate(week):
        for slot in slots or ():
            by_slot.setdefault(slot, []).append(f"https://schema.org/{WEEKDAYS[index]}")
    return [
        _specification(f"{slot.opens_at:%H:%M}", f"{slot.closes_at:%H:%M}", dayOfWeek=days)
        for slot, days in sorted(by_slot.items())
    ]


def _specification(opens: str, closes: str, **more: Any) -> Node:
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes, **more}


def _place(directory: ServiceDirectory, id_: str) -> Node:
    found = directory.places[id_]
    node: Node = {
        "@type": "GovernmentOffice" if found.kind in ("office", "border-post") else "Place",
        "@id": absolute(f"/#place-{id_}"),
        "name": text_of(found.name),
    }
    if found.address:
        node["address"] = {"@type": "PostalAddress", "streetAddress": text_of(found.address)}
    district = catalogue().reference("districts").get(found.district)
    if district:
        node["containedInPlace"] = {"@type": "AdministrativeArea", "name": text_of(district.name)}
    if found.coordinates:
        node["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": found.coordinates.latitude,
            "longitude": found.coordinates.longitude,
        }
    return node


def _once(rows: list[Node]) -> list[Node]:
    kept: list[Node] = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return kept
