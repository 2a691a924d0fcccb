"""Calendar entries of a service: weekly hours as rules with the days that differ as EXDATE, and its sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.content.document import PRIMARY_LANGUAGE
from portal.schedules.directory import Service
from portal.schedules.place import Place
from portal.timetable.calendar_file import Entry
from portal.timetable.holidays import HolidayCalendar
from portal.timetable.hours import DAYS, Slot
from portal.timetable.layers import week_of
from portal.timetable.sessions.calendar_entries import STATUS, series_entries
from portal.timetable.sessions.series import Occurrence
from portal.timetable.timetable import Timetable

ONE_DAY = timedelta(days=1)
# How long before a single session the calendar reminds of it.
ALARMS = (timedelta(days=1), timedelta(hours=2))
# Stands for a missing `modified`, so that the file still has fixed bytes.
FIRST_MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class EntryWords:
    """The words of a service's entries and the address of its page; `locations` are places by id, in one line each."""

    title: str
    description: str
    url: str
    uid_domain: str
    locations: Mapping[str, str] = field(default_factory=dict)
    language: str = PRIMARY_LANGUAGE


def service_entries(
    service: Service, words: EntryWords, *, places: Mapping[str, Place], holidays: HolidayCalendar, zone: ZoneInfo
) -> list[Entry]:
    """Every entry of the service. A withdrawn service keeps its sessions, each of them cancelled.

    The entries depend on the content alone, so equal content gives equal files.
    """
    sessions = _sessions(service, words, places=places, holidays=holidays, zone=zone)
    if service.facts.status == "withdrawn":
        return [replace(entry, status="CANCELLED") for entry in sessions]
    return [*_hours(service, _base(service, words, places)), *sessions]


def session_entry(
    service: Service, session: Occurrence, words: EntryWords, *, places: Mapping[str, Place], url: str
) -> Entry:
    """One session alone, with alarms; `url` is its page. It has an identity of its own beside that of its series."""
    entry = _session(service, session, words, places)
    is_off = session.cancelled or service.facts.status == "withdrawn"
    return replace(
        entry,
        uid=entry.uid.replace("@", f".{session.original_date:%Y%m%d}@", 1),
        status="CANCELLED" if is_off else STATUS[session.declared_state],
        url=url,
        alarms=() if is_off else ALARMS,
        is_busy=True,
    )


def _base(service: Service, words: EntryWords, places: Mapping[str, Place]) -> Entry:
    modified = service.facts.modified or FIRST_MODIFIED
    return Entry(
        uid=f"{service.slug}@{words.uid_domain}",
        start=modified,
        end=modified,
        summary=words.title,
        sequence=service.facts.sequence,
        modified=modified,
        description=words.description,
        location=words.locations.get(service.facts.place, ""),
        geo=_geo(places.get(service.facts.place)),
        url=words.url,
    )


def _geo(place: Place | None) -> tuple[float, float] | None:
    point = place.coordinates if place else None
    return (point.latitude, point.longitude) if point else None


def _sessions(
    service: Service, words: EntryWords, *, places: Mapping[str, Place], holidays: HolidayCalendar, zone: ZoneInfo
) -> list[Entry]:
    def entry_of(session: Occurrence) -> Entry:
        return _session(service, session, words, places)

    entries: list[Entry] = []
    for series in service.facts.sessions:
        entries += series_entries(series, zone=zone, holidays=holidays, entry_of=entry_of)
    return entries


def _session(service: Service, session: Occurrence, words: EntryWords, places: Mapping[str, Place]) -> Entry:
    """The session under the identity of its series; its own venue or place comes before that of the service."""
    base = _base(service, words, places)
    place, venue = session.appointment.place or service.facts.place, session.appointment.venue.text(words.language)
    return replace(
        base,
        uid=base.uid.replace("@", f".{session.series}@", 1),
        start=session.start,
        end=session.end,
        location=venue or words.locations.get(place, ""),
        geo=None if venue else _geo(places.get(place)),
        description="\n".join(filter(None, (session.reason.text(words.language), base.description))),
    )


def _hours(service: Service, base: Entry) -> Iterator[Entry]:
    """A weekly rule for each slot without the days that differ, and one entry for each opening of these days."""
    weekly, zone = week_of(service.hours.weekly), service.timetable.zone
    first, last = _first_and_last_day(service)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    # Sessions have entries of their own and must not make a day differ from the weekly hours.
    hours = Timetable(service.hours, zone=zone, holidays=service.timetable.layers.holidays)
    regular_days: set[date] = set()
    other_openings: list[tuple[datetime, datetime]] = []
    for day in days:
        if _has_weekly_hours(hours, day):
            regular_days.add(day)
            continue
        expected = [_start_and_end(slot, day, zone) for slot in sorted(set(weekly[day.weekday()] or ()))]
        actual = [(opening.start, opening.end) for opening in hours.openings_on(day)]
        if expected == actual and expected:
            regular_days.add(day)
        else:
            other_openings += actual
    weekdays_by_slot: dict[Slot, list[int]] = defaultdict(list)
    for weekday, slots in enumerate(weekly):
        for slot in slots or ():
            weekdays_by_slot[slot].append(weekday)
    for number, (slot, weekdays) in enumerate(sorted(weekdays_by_slot.items())):
        rule_days = [day for day in days if day.weekday() in weekdays]
        if rule_days:
            uid = base.uid.replace("@", f".hours-{number}@", 1)
            yield _weekly_rule(replace(base, uid=uid), slot, weekdays, rule_days, regular_days, zone)
    for start, end in other_openings:
        yield replace(base, uid=base.uid.replace("@", f".day-{start:%Y%m%d-%H%M}@", 1), start=start, end=end)


def _weekly_rule(
    base: Entry, slot: Slot, weekdays: list[int], rule_days: list[date], regular_days: set[date], zone: ZoneInfo
) -> Entry:
    start, end = _start_and_end(slot, rule_days[0], zone)
    return replace(
        base,
        start=start,
        end=end,
        rule={
            "FREQ": "WEEKLY",
            "UNTIL": datetime.combine(rule_days[-1], time(23, 59, 59), zone).astimezone(UTC),
            "BYDAY": [DAYS[weekday][:2].upper() for weekday in weekdays],
            "WKST": "MO",
        },
        exception_dates=tuple(_start_and_end(slot, day, zone)[0] for day in rule_days if day not in regular_days),
    )


def _first_and_last_day(service: Service) -> tuple[date, date]:
    modified = (service.facts.modified or FIRST_MODIFIED).astimezone(service.timetable.zone).date()
    first = max(modified, service.hours.since or modified)
    last_year = max(service.timetable.layers.holidays.last_year or modified.year, modified.year)
    return first, date(last_year, 12, 31)


def _has_weekly_hours(hours: Timetable, day: date) -> bool:
    # Only a day above whose weekly hours another layer lies has to be computed.
    if hours.plan(day).source != "weekly" or hours.plan(day - ONE_DAY).closed_slots:
        return False
    start, end = (datetime.combine(date_, time(0), hours.zone) for date_ in (day, day + 2 * ONE_DAY))
    return not hours.layers.has_closure(start, end)


def _start_and_end(slot: Slot, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = slot.on(day, zone)
    return start.astimezone(zone), end.astimezone(zone)
