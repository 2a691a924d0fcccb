"""Which services keep other hours under other holidays, for the staff page on a change of a holiday."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.schedules.directory import Service, compile_service
from portal.schedules.service import SERVICE
from portal.timetable.holidays import calendar_of


def services_differing(before: Catalogue, after: Catalogue, days: Collection[date]) -> list[Document]:
    """The services whose hours or sessions differ on one of these days between two states of the holidays."""
    old, new = _services(before), _services(after)
    return [new[slug].document for slug in sorted(new) if slug in old and _differs(old[slug], new[slug], days)]


def _differs(old: Service, new: Service, days: Collection[date]) -> bool:
    starts_before, starts_after = ({item.key: item.start for item in service.occurrences} for service in (old, new))
    if starts_before != starts_after:
        return True
    return any(old.timetable.plan(day) != new.timetable.plan(day) for day in days)


def _services(catalogue: Catalogue) -> dict[str, Service]:
    documents = {item.slug: item for item in catalogue.all(SERVICE.kind) if item.facts.status == "published"}
    holidays, zone = calendar_of(catalogue.reference("holidays").values()), ZoneInfo(catalogue.site.timezone)
    return {
        slug: compile_service(document, documents.get(document.facts.follows), holidays, zone)
        for slug, document in documents.items()
    }
