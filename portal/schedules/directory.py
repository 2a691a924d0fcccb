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
    """A service with everything computed of it that does not depend on the time of asking.

    `hours` are its own with those of the service that it follows.
    """

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
        sessions: dict[date, list[Occurrence]] = {}
        for session in self.occurrences:
            sessions.setdefault(session.start.date(), []).append(session)
        return sessions

    def listed(self, now: datetime) -> list[Occurrence]:
        """The sessions that stand among the coming ones."""
        return [session for session in self.occurrences if session.is_listed_at(now)]

    def next_session(self, now: datetime) -> Occurrence | None:
        """The first session that has not ended and was not cancelled."""
        return next_session(self.occurrences, now)

    def occurrence(self, key: str) -> Occurrence | None:
        """The session of that key."""
        return next((session for session in self.occurrences if session.key == key), None)


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

    def district_of(self, service: Service, session: Occurrence | None = None) -> str:
        """The district of a session or of a service; empty when no place is known."""
        id_ = (session.appointment.place if session is not None else "") or service.facts.place
        return self.places[id_].district if id_ in self.places else ""

    def upcoming(self, now: datetime) -> list[tuple[Service, Occurrence]]:
        """All listed sessions of all services, by time."""
        sessions = [(service, session) for service in self.services for session in service.listed(now)]
        return sorted(sessions, key=lambda pair: (pair[1].start, pair[0].slug, pair[1].key))


def directory_of(
    documents: Iterable[Document],
    *,
    parents: Mapping[str, Document],
    places: Mapping[str, Place],
    holidays: HolidayCalendar,
    zone: ZoneInfo,
) -> ServiceDirectory:
    """The directory of these documents; `parents` are those that others may follow, by slug."""
    services = [
        compile_service(document, parents.get(document.facts.follows), holidays, zone) for document in documents
    ]
    ordered = sorted(services, key=lambda service: (service.facts.order, service.slug))
    return ServiceDirectory(tuple(ordered), places, holidays, zone)


# Key: document and parent (by identity, so an edited one compiles anew and its neighbours do not), holidays, zone; the
# oldest of 2,048 goes first.
@lru_cache(maxsize=2048)
def compile_service(document: Document, parent: Document | None, holidays: HolidayCalendar, zone: ZoneInfo) -> Service:
    """The service of one document, with the hours of the one that it follows."""
    facts: ServiceFacts = document.facts
    hours = facts.hours if parent is None else inherit_hours(facts.hours, parent.facts.hours)
    sessions = [item for series in facts.sessions for item in occurrences(series, zone=zone, holidays=holidays)]
    sessions.sort(key=lambda session: (session.start, session.key))
    timetable = Timetable(hours, zone=zone, holidays=holidays, sessions=session_openings(sessions))
    skipped = tuple(item for series in facts.sessions for item in exception_dates(series, holidays))
    return Service(document, timetable, tuple(sessions), skipped, hours)


class CalendarCache:
    """The holiday calendar of one state of the records: one value, replaced when another mapping is given."""

    def __init__(self) -> None:
        self._records: Mapping[str, HolidayRecord] | None = None
        self._calendar = HolidayCalendar()

    def of(self, records: Mapping[str, HolidayRecord]) -> HolidayCalendar:
        """The calendar of these records."""
        if self._records is not records:
            self._calendar = calendar_of(records.values())
            self._records = records
        return self._calendar
