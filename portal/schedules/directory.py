"""All services of one catalogue with their timetables compiled, and their sessions in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from portal.content.document import Document
from portal.schedules.place import Place
from portal.schedules.service import ServiceFacts
from portal.timetable.holidays import HolidayCalendar, HolidayRecord, calendar_of
from portal.timetable.layers import inherit_hours
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.recurrence import RecurrenceDate
from portal.timetable.sessions.series import Occurrence, exception_dates, next_session, occurrences, session_openings
from portal.timetable.timetable import Timetable


@dataclass(frozen=True, eq=False)
class Service:
    """A service with everything computed of it that does not depend on the moment."""

    document: Document
    timetable: Timetable
    occurrences: tuple[Occurrence, ...]
    exception_dates: tuple[RecurrenceDate, ...]
    hours: OpeningHoursSpec

    @property
    def slug(self) -> str:
        """The name in its address."""
        return self.document.slug

    @property
    def facts(self) -> ServiceFacts:
        """The typed facts of its document."""
        facts: ServiceFacts = self.document.facts
        return facts

    @property
    def has_weekly(self) -> bool:
        """Whether it keeps weekly hours, known or not; a mobile service has only dated sessions."""
        return self.hours.weekly is not None

    @cached_property
    def sessions_by_day(self) -> Mapping[date, list[Occurrence]]:
        """The sessions of each day on which one starts, in order."""
        found: dict[date, list[Occurrence]] = {}
        for item in self.occurrences:
            found.setdefault(item.start.date(), []).append(item)
        return found

    def listed(self, now: datetime) -> list[Occurrence]:
        """The sessions that stand among the coming ones."""
        return [item for item in self.occurrences if item.is_listed_at(now)]

    def next_session(self, now: datetime) -> Occurrence | None:
        """The first session that has not ended and was not cancelled."""
        return next_session(self.occurrences, now)

    def occurrence(self, key: str) -> Occurrence | None:
        """The session of that key."""
        return next((item for item in self.occurrences if item.key == key), None)


@dataclass(frozen=True, eq=False)
class ServiceDirectory:
    """The services that readers may see, in the order in which they are shown."""

    services: tuple[Service, ...]
    places: Mapping[str, Place]
    holidays: HolidayCalendar
    zone: ZoneInfo

    def get(self, slug: str) -> Service | None:
        """The service of that slug."""
        return next((service for service in self.services if service.slug == slug), None)

    def place_of(self, service: Service) -> Place | None:
        """Where the service is, when it has one place."""
        return self.places.get(service.facts.place) if service.facts.place else None

    def district_of(self, service: Service, item: Occurrence | None = None) -> str:
        """The district of a session or of a service; empty when no place is known."""
        id_ = (item.appointment.place if item is not None else "") or service.facts.place
        return self.places[id_].district if id_ in self.places else ""

    def upcoming(self, now: datetime) -> list[tuple[Service, Occurrence]]:
        """All listed sessions of all services, by time."""
        found = [(service, item) for service in self.services for item in service.listed(now)]
        return sorted(found, key=lambda pair: (pair[1].start, pair[0].slug, pair[1].key))


def directory_of(
    documents: Iterable[Document],
    *,
    parents: Mapping[str, Document],
    places: Mapping[str, Place],
    holidays: HolidayCalendar,
    zone: ZoneInfo,
) -> ServiceDirectory:
    """The book of these documents; `parents` are those that others may follow, by slug."""
    services = [
        compile_service(document, parents.get(document.facts.follows), holidays, zone) for document in documents
    ]
    ordered = sorted(services, key=lambda service: (service.facts.order, service.slug))
    return ServiceDirectory(tuple(ordered), places, holidays, zone)


# A document equals only itself, so an edited one compiles anew and its neighbours do not.
@lru_cache(maxsize=2048)
def compile_service(document: Document, parent: Document | None, holidays: HolidayCalendar, zone: ZoneInfo) -> Service:
    """The service of one document, with the hours of the one that it follows."""
    facts: ServiceFacts = document.facts
    written = facts.hours if parent is None else inherit_hours(facts.hours, parent.facts.hours)
    found = [item for series in facts.sessions for item in occurrences(series, zone=zone, holidays=holidays)]
    found.sort(key=lambda item: (item.start, item.key))
    timetable = Timetable(written, zone=zone, holidays=holidays, sessions=session_openings(found))
    gone = tuple(recurrence_date for series in facts.sessions for recurrence_date in exception_dates(series, holidays))
    return Service(document, timetable, tuple(found), gone, written)


class CalendarCache:
    """Makes the holiday calendar once per state of the records."""

    def __init__(self) -> None:
        self._records: Mapping[str, HolidayRecord] | None = None
        self._calendar = HolidayCalendar()

    def of(self, records: Mapping[str, HolidayRecord]) -> HolidayCalendar:
        """The calendar of these records."""
        if self._records is not records:
            self._calendar = calendar_of(records.values())
            self._records = records
        return self._calendar
