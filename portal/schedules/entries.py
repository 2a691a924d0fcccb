"""Calendar entries of a service: its weekly hours as rules with the odd days taken out, and its sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.content.document import PRIMARY_LANGUAGE
from portal.schedules.directory import Service
from portal.schedules.place import Place
from portal.timetable.calendar_file import Entry
from portal.timetable.holidays import HolidayCalendar
from portal.timetable.hours import DAYS, Slot
from portal.timetable.layers import week_of
from portal.timetable.sessions.calendar_entries import series_entries
from portal.timetable.sessions.series import Occurrence
from portal.timetable.timetable import Opening, Timetable

ONE_DAY = timedelta(days=1)
# Used for a service that never said when its times last changed, so that its file still has fixed bytes.
FIRST_MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class EntryWords:
    """The words of a service's entries: title and description, and the address of its page."""

    title: str
    description: str
    url: str
    uid_domain: str
    location: str = ""
    language: str = PRIMARY_LANGUAGE


def service_entries(
    service: Service, words: EntryWords, *, place: Place | None, holidays: HolidayCalendar, zone: ZoneInfo
) -> list[Entry]:
    """Every entry of the service. A withdrawn service keeps its sessions, each of them cancelled.

    The entries depend on the content alone, so equal content gives equal files.
    """
    base = _base(service, words, place)
    if service.facts.status == "withdrawn":
        sessions = _sessions(service, base, words, holidays=holidays, zone=zone)
        return [replace(entry, status="CANCELLED") for entry in sessions]
    return [*_hours(service, base), *_sessions(service, base, words, holidays=holidays, zone=zone)]


def _base(service: Service, words: EntryWords, place: Place | None) -> Entry:
    point = place.coordinates if place else None
    modified = service.facts.modified or FIRST_MODIFIED
    return Entry(
        uid=f"{service.slug}@{words.uid_domain}",
        start=modified,
        end=modified,
        summary=words.title,
        sequence=service.facts.sequence,
        modified=modified,
        description=words.description,
        location=words.location,
        geo=(point.latitude, point.longitude) if point else None,
        url=words.url,
    )


def _sessions(
    service: Service, base: Entry, words: EntryWords, *, holidays: HolidayCalendar, zone: ZoneInfo
) -> list[Entry]:
    found = []
    for series in service.facts.sessions:

        def entry_of(item: Occurrence, id_: str = series.id) -> Entry:
            where = item.appointment.venue.text(words.language) or words.location
            uid = base.uid.replace("@", f".{id_}@", 1)
            description = "\n".join(filter(None, (item.reason.text(words.language), base.description)))
            return replace(base, uid=uid, start=item.start, end=item.end, location=where, description=description)

        found += series_entries(series, zone=zone, holidays=holidays, entry_of=entry_of)
    return found


def _hours(service: Service, base: Entry) -> Iterator[Entry]:
    weekly = week_of(service.hours.weekly)
    first, last = _range(service)
    by_slot: dict[Slot, list[int]] = defaultdict(list)
    for weekday, slots in enumerate(weekly):
        for slot in slots or ():
            by_slot[slot].append(weekday)
    zone = service.timetable.zone
    # Sessions have entries of their own and must not make a day of weekly hours look odd.
    hours = Timetable(service.hours, zone=zone, holidays=service.timetable.layers.holidays)
    regular: dict[Slot, set[date]] = {slot: set() for slot in by_slot}
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    irregular: list[tuple[datetime, datetime]] = []
    for day in days:
        expected = set(weekly[day.weekday()] or ())
        if _is_ordinary(hours, day):
            for slot in expected:
                regular[slot].add(day)
            continue
        spans = [_span(slot, day, zone) for slot in sorted(expected)]
        real = [(one.start, one.end) for one in _openings(hours, day)]
        if spans == real and expected:
            for slot in expected:
                regular[slot].add(day)
        else:
            irregular += real
    for number, (slot, weekdays) in enumerate(sorted(by_slot.items())):
        yield from _rule(base, slot, weekdays, number=number, days=days, regular=regular[slot], zone=zone)
    for start, end in irregular:
        uid = base.uid.replace("@", f".day-{start:%Y%m%d-%H%M}@", 1)
        yield replace(base, uid=uid, start=start, end=end)


def _rule(
    base: Entry, slot: Slot, weekdays: list[int], *, number: int, days: list[date], regular: set[date], zone: ZoneInfo
) -> Iterator[Entry]:
    recurrence_date = [day for day in days if day.weekday() in weekdays]
    if not recurrence_date:
        return
    start, end = _span(slot, recurrence_date[0], zone)
    until = datetime.combine(recurrence_date[-1], time(23, 59, 59), zone).astimezone(UTC)
    yield replace(
        base,
        uid=base.uid.replace("@", f".hours-{number}@", 1),
        start=start,
        end=end,
        rule={
            "FREQ": "WEEKLY",
            "UNTIL": until,
            "BYDAY": [DAYS[weekday][:2].upper() for weekday in weekdays],
            "WKST": "MO",
        },
        excluded=tuple(_span(slot, day, zone)[0] for day in recurrence_date if day not in regular),
    )


def _range(service: Service) -> tuple[date, date]:
    modified = (service.facts.modified or FIRST_MODIFIED).astimezone(service.timetable.zone).date()
    first = max(modified, service.hours.since or modified)
    last_year = max(service.timetable.layers.holidays.last_year or modified.year, modified.year)
    return first, date(last_year, 12, 31)


def _is_ordinary(hours: Timetable, day: date) -> bool:
    # Only a day above whose weekly hours another layer lies has to be computed.
    if hours.plan(day).source != "weekly" or hours.plan(day - ONE_DAY).closed_slots:
        return False
    start, end = (datetime.combine(one, time(0), hours.zone) for one in (day, day + 2 * ONE_DAY))
    return not any(item.first < end and start < item.last for item in hours.layers.closures)


def _openings(hours: Timetable, day: date) -> list[Opening]:
    start, end = (datetime.combine(one, time(0), hours.zone) for one in (day, day + ONE_DAY))
    return [one for one in hours.openings(start, end) if one.start.date() == day]


def _span(slot: Slot, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = slot.on(day, zone)
    return start.astimezone(zone), end.astimezone(zone)
