"""Times and places of events in words, the same on pages, in notifications, on paper and in shared text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.content.document import text_in
from portal.events.event import EarlierSchedule, Event
from portal.languages import formatting


def days_of(start: datetime, end: datetime, language: str) -> str:
    """The day with its weekday, or the first and last one of several."""
    first = formatting.day(start.date(), language, weekday=True)
    # An event that ends at midnight does not reach into the next day.
    last_day = (end - timedelta(microseconds=1)).date()
    if last_day == start.date():
        return first
    return f"{first} – {formatting.day(last_day, language, weekday=True)}"


def hours_of(start: datetime, end: datetime, language: str, *, label: str) -> str:
    """Clock times with the label of the zone, such as 09.00–11.00 WITA."""
    return f"{formatting.clock(start, language)}–{formatting.clock(end, language)} {label}".strip()


def when_of(event: Event, language: str, *, label: str) -> str:
    """Day and hours in one line; only the day where the hours are not known."""
    at = event.occurrence.appointment
    days = days_of(at.start, at.end, language)
    return f"{days}, {hours_of(at.start, at.end, language, label=label)}" if event.facts.hours_known else days


def was_of(event: Event, language: str, *, label: str) -> str:
    """When the event was to be before it moved; empty when it did not move."""
    at = event.occurrence.previous_appointment
    if at is None:
        return ""
    return f"{days_of(at.start, at.end, language)}, {hours_of(at.start, at.end, language, label=label)}"


@dataclass(frozen=True, kw_only=True)
class Location:
    """A place in words; `geo` is latitude and longitude in degrees where they are known."""

    name: str
    address: str = ""
    geo: tuple[float, float] | None = None

    @property
    def line(self) -> str:
        """Name and address in one line."""
        return ", ".join(part for part in (self.name, self.address) if part)

    @property
    def map_link(self) -> str:
        """The address of a map of the place; empty where its position is not known."""
        if self.geo is None:
            return ""
        latitude, longitude = self.geo
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"


def location_of(event: Event | EarlierSchedule, language: str, *, places: Mapping[str, Any]) -> Location:
    """Where the event is, or was to be: a place of the reference by its id, or a free venue.

    The id itself where the reference lacks it.
    """
    facts = event.facts if isinstance(event, Event) else event
    venue, place = facts.venue, facts.place
    if venue is not None:
        return Location(name=venue.name.text(language), address=venue.address.text(language), geo=venue.coordinates)
    record = places.get(place)
    if record is None:
        return Location(name=place)
    point = getattr(record, "coordinates", None)
    geo = (float(point.latitude), float(point.longitude)) if point else None
    return Location(name=record.name.text(language), address=text_in(getattr(record, "address", ""), language), geo=geo)
