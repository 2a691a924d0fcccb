"""Services and places as pages show them, in the language of the request."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TypedDict

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.presentation.hours_presenters import time_ranges
from portal.schedules.views.presentation.status_text import (
    STATUS_HORIZON,
    TimedStatus,
    current_status_text,
    time_range,
    upcoming_status_texts,
)
from portal.timetable.zones import zone_named
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.state import portal


class ServiceStatus(TypedDict):
    """A service with its status now, and the statuses by which a stored page shows a later one.

    `until` is the time to which `times` reach, in seconds since the epoch; 0 where there are none. `lang` is the
    language of the name where it is not that of the page.
    """

    name: str
    href: str
    state: str
    words: str
    detail: str
    times: list[TimedStatus]
    until: int
    sample: bool
    lang: str | None


class BorderHours(TypedDict):
    """Both sides' hours of a crossing today."""

    here: list[str]
    there: list[str]
    name: str
    offset: str
    closes: str
    since: str
    checked: str


class PlaceCard(TypedDict):
    """A place with its address and links to maps."""

    id: str
    name: str
    address: str
    district: str
    under: str
    access: str
    note: str
    map: str
    geo: str
    href: str


def today_words() -> str:
    """Today's date with the label of the office's zone."""
    return f"{formatting.day(request_clock().today(), language(), weekday=True)} ({catalogue().site.zone_label})"


def service_status(service: Service, *, horizon: timedelta = STATUS_HORIZON) -> ServiceStatus:
    """The service with its status now, and the statuses of the time up to `horizon` from now."""
    now, status = request_clock().now, current_status_text(service)
    # Under a clock that stands still the browser's own clock would contradict the page.
    times = [] if portal().settings.clock else upcoming_status_texts(service, now, horizon)
    words = service.document.words_in(language())
    return {
        "name": service.document.title(language()),
        "href": address_of(service.document),
        "state": status.state,
        "words": status.words,
        "detail": status.detail,
        "times": times,
        "until": int((now + horizon).timestamp()) if times else 0,
        "sample": service.facts.sample,
        "lang": words.language if words.is_fallback else None,
    }


class Board(TypedDict):
    """The services of a board: those with a row of their own, and those of unknown hours that share one."""

    services: list[ServiceStatus]
    unknown: list[ServiceStatus]


def folded(statuses: list[ServiceStatus]) -> Board:
    """The board on which services whose hours are unknown throughout share one row, when there are several."""
    unknown = [status for status in statuses if status["state"] == "unknown" and len(status["times"]) <= 1]
    if len(unknown) < 2:
        return {"services": statuses, "unknown": []}
    return {"services": [status for status in statuses if status not in unknown], "unknown": unknown}


def border_hours(service: Service) -> BorderHours | None:
    """Both sides' hours of a crossing today, and since when they hold; None for a service that is no crossing."""
    border = service.facts.border
    if border is None:
        return None
    code, zone = language(), zone_named(border.zone)
    openings = service.timetable.openings_on(request_clock().today())
    return {
        "here": time_ranges(openings, code, catalogue().site.zone_label),
        "there": [time_range(o.start.astimezone(zone), o.end.astimezone(zone), code) for o in openings],
        "name": border.name.text(code),
        "offset": _utc_offset(request_clock().now, border.zone),
        "closes": _clock_of(border.closes, code),
        "since": border.since_words.text(code) or (formatting.day(border.since, code) if border.since else ""),
        "checked": border.checked.text(code),
    }


def _clock_of(written: str, code: str) -> str:
    if not written:
        return ""
    return formatting.clock(datetime.combine(request_clock().today(), time.fromisoformat(written)), code)


def place_card(id_: str) -> PlaceCard | None:
    """The place of that id; None where there is none."""
    places = catalogue().reference("places")
    place = places.get(id_) if id_ else None
    if place is None:
        return None
    district = catalogue().reference("districts").get(place.district)
    responsible = places.get(place.under) if place.under else None
    return {
        "id": id_,
        "name": text_of(place.name),
        "address": text_of(place.address) if place.address else "",
        "district": text_of(district.name) if district else "",
        "under": text_of(responsible.name) if responsible else "",
        "access": text_of(place.access) if place.access else "",
        "note": text_of(place.note) if place.note else "",
        "map": place.map_link(language()),
        "geo": place.geo,
        "href": url("schedules.place", place=id_),
    }


def _utc_offset(now: datetime, zone: str) -> str:
    offset = now.astimezone(zone_named(zone)).utcoffset()
    assert offset is not None
    return f"UTC{offset / timedelta(hours=1):+g}"
