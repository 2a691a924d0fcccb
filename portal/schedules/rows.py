"""The data of schedules as flat rows for CSV: sessions, and the hours of the coming days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from portal.content.document import LocalText
from portal.csv_files import csv_file
from portal.schedules.directory import Service, ServiceDirectory

COLUMNS = (
    "service",
    "kind",
    "date",
    "opens",
    "closes",
    "zone",
    "state",
    "reason",
    "place",
    "places_total",
    "places_taken",
    "places_as_of",
    "session",
    "sample",
)
DAYS_AHEAD = 60
Row = dict[str, str | int]


def rows_of(directory: ServiceDirectory, services: Iterable[Service], now: datetime, *, language: str) -> Iterator[Row]:
    """A row per opening, closed day and unconfirmed day of the next 60 days, and per listed session."""
    for service in services:
        yield from _days(service, now, language)
        for item in service.listed(now):
            place = directory.places.get(item.appointment.place or service.facts.place)
            venue = item.appointment.venue or (place.name if place else LocalText())
            quota = item.quota
            yield {
                **_row(service, "session", item.start, item.end),
                "state": item.state_at(now),
                "reason": item.reason.text(language),
                "place": venue.text(language),
                "places_total": quota.total if quota else "",
                "places_taken": quota.taken if quota else "",
                "places_as_of": quota.as_of.isoformat() if quota else "",
                "session": item.key,
                "sample": "yes" if item.sample or service.facts.sample else "",
            }


def csv_of(rows: Iterable[Row], *, with_mark: bool = False) -> bytes:
    """The rows as CSV in UTF-8; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    cells = ([row.get(column, "") for column in COLUMNS] for row in rows)
    return csv_file(COLUMNS, cells, byte_order_mark=with_mark)


def _days(service: Service, now: datetime, language: str) -> Iterator[Row]:
    if not service.has_weekly:
        return
    zone = service.timetable.zone
    for offset in range(DAYS_AHEAD):
        day = now.astimezone(zone).date() + timedelta(days=offset)
        start, end = (datetime.combine(day + timedelta(days=n), time(0), zone) for n in (0, 1))
        openings = [one for one in service.timetable.openings(start, end) if one.start.date() == day]
        plan = service.timetable.plan(day)
        for one in openings:
            yield {**_row(service, "hours", one.start, one.end), "state": "open"}
        if not openings:
            row = _row(service, "hours", start, start)
            state = "unknown" if plan.is_unknown else "closed"
            yield {**row, "opens": "", "closes": "", "state": state, "reason": plan.default_reason.words.text(language)}


def _row(service: Service, kind: str, start: datetime, end: datetime) -> Row:
    return {
        "service": service.slug,
        "kind": kind,
        "date": start.date().isoformat(),
        "opens": f"{start:%H:%M}",
        "closes": f"{end:%H:%M}",
        "zone": service.timetable.zone.key,
        "sample": "yes" if service.facts.sample else "",
    }
