"""Times and places of events in words, the same on pages, in letters, on paper and in shared text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from portal.content.document import text_in
from portal.events.event import Event, Venue
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
class Where:
    """A place in words; `geo` is latitude and longitude where they are known."""

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
        return (
            f"https://www.openstreetmap.org/?mlat={self.geo[0]}&mlon={self.geo[1]}#map=17/{self.geo[0]}/{self.geo[1]}"
        )


def where_of(event: Event, language: str, *, places: Mapping[str, Any]) -> Where:
    """The place of the event."""
    return place_words(event.facts.place, event.facts.venue, language, places=places)


def place_words(place: str, venue: Venue | None, language: str, *, places: Mapping[str, Any]) -> Where:
    """A place of the reference or a free venue in words; the id itself where the reference lacks it."""
    if venue is not None:
        return Where(name=venue.name.text(language), address=venue.address.text(language), geo=venue.coordinates)
    record = places.get(place)
    if record is None:
        return Where(name=place)
    point = getattr(record, "coordinates", None)
    found = (float(point.latitude), float(point.longitude)) if point else None
    return Where(name=record.name.text(language), address=text_in(getattr(record, "address", ""), language), geo=found)


def chat_link(text: str) -> str:
    """The address that opens a chat application with this text ready to send."""
    return f"https://wa.me/?text={quote(text)}"
