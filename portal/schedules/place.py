"""Places that people are sent to: the office, counters, border posts, halls of the mobile service."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import msgspec

from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.content.reference import Label, ReferenceType
from portal.timetable.holidays import HolidayRecord

PlaceKind = Literal["office", "mpp", "border-post", "counter", "venue"]


class Coordinates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Degrees north and east."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("latitude must be within 90 and longitude within 180 degrees")


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address with its district; `under` is the place that is responsible for it."""

    name: LocalText
    kind: PlaceKind
    address: LocalText = LocalText()
    district: str = ""
    coordinates: Coordinates | None = None
    under: str = ""
    access: LocalText = LocalText()
    contacts: tuple[str, ...] = ()
    note: LocalText = LocalText()
    facts: tuple[str, ...] = ()
    sample: bool = False

    @property
    def geo(self) -> str:
        """A `geo:` link for the phone's own map, where the coordinates are known."""
        point = self.coordinates
        return f"geo:{point.latitude},{point.longitude}" if point else ""

    def map_link(self, language: str) -> str:
        """A link to a map: the point, or else a search for the name and address."""
        point = self.coordinates
        if point:
            at = f"{point.latitude}/{point.longitude}"
            return f"https://www.openstreetmap.org/?mlat={point.latitude}&mlon={point.longitude}#map=17/{at}"
        name, address = self.name.text(language), self.address.text(PRIMARY_LANGUAGE)
        query = quote(f"{name}, {address}" if address else name)
        return f"https://www.openstreetmap.org/search?query={query}"


PLACE = ReferenceType("places", Place)
HOLIDAYS = ReferenceType("holidays", HolidayRecord)
GROUPS = ReferenceType("service-groups", Label)
