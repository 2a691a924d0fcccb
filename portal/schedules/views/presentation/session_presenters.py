"""Sessions as lists, their own page and the staff pages show them, in the language of the request."""

from __future__ import annotations

from typing import TypedDict

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.views import sharing
from portal.schedules.views.presentation.status_text import session_state, state_words, time_range
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url


class SessionRow(TypedDict):
    """A session in a list, as `components/session_list.html` takes it."""

    weekday: str
    day: int
    month: str
    date: str
    iso: str
    title: str
    href: str
    line: str
    time: str
    state: str
    words: str
    was: str
    reason: str
    sample: bool
    where: str


class PlacesLeft(TypedDict):
    """The places as staff last reported them."""

    left: int
    capacity: int
    as_of: str
    note: str


def session_row(directory: ServiceDirectory, service: Service, session: Occurrence) -> SessionRow:
    """The session in a list; the page that shows it expires at the session's next transition."""
    code, day = language(), session.start.date()
    state = session_state(session)
    time = time_range(session.start, session.end, code, catalogue().site.zone_label)
    line = [time, sharing.location_text(directory, service, session, with_address=False)]
    if session.quota is not None:
        quota = session.quota
        line.append(_("%(left)d of %(capacity)d places left", left=quota.left, capacity=quota.total))
    return {
        "weekday": formatting.weekday(day, code, short=True),
        "day": day.day,
        "month": formatting.short_day(day, code, year=False).split()[-1],
        "date": formatting.day(day, code, weekday=True),
        "iso": session.start.isoformat(),
        "title": service.document.title(code),
        "href": session_href(service, session),
        "line": " · ".join(line),
        "time": time,
        "state": state,
        "words": state_words(state),
        "was": _previous_appointment(session),
        "reason": session.reason.text(code),
        "sample": session.sample or service.facts.sample,
        "where": sharing.location_text(directory, service, session),
    }


def session_href(service: Service, session: Occurrence) -> str:
    """The path of a session's page."""
    return url("schedules.session", slug=service.slug, key=session.key)


def places_left(session: Occurrence) -> PlacesLeft | None:
    """The places as staff last reported them, with the time of the report; None where nobody reported any."""
    quota = session.quota
    if quota is None:
        return None
    code, at = language(), quota.as_of.astimezone(request_clock().zone)
    day, time = formatting.short_day(at.date(), code, year=False), formatting.clock(at, code)
    note = _("Noted by staff; not a live figure of M-Paspor.")
    source = quota.source.text(code)
    return {
        "left": quota.left,
        "capacity": quota.total,
        "as_of": f"{day}, {time} {catalogue().site.zone_label}",
        "note": " ".join([note, _("Source: %(source)s", source=source)]) if source else note,
    }


def _previous_appointment(session: Occurrence) -> str:
    """When and where the session was to be before it moved: only what differs from now."""
    before, now = session.previous_appointment, session.appointment
    if before is None:
        return ""
    code = language()
    parts = []
    if before.start.date() != now.start.date():
        parts.append(formatting.day(before.start.date(), code, weekday=True))
    if (before.start.time(), before.end.time()) != (now.start.time(), now.end.time()):
        parts.append(time_range(before.start, before.end, code))
    if (before.place, before.venue) != (now.place, now.venue):
        place = catalogue().reference("places").get(before.place)
        parts.append(text_of(place.name) if place else before.venue.text(code))
    return ", ".join(filter(None, parts))
