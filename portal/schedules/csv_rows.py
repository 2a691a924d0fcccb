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
        yield from _day_rows(service, now, language)
        for session in service.listed(now):
            place = directory.places.get(session.appointment.place or service.facts.place)
            venue = session.appointment.venue or (place.name if place else LocalText())
            quota = session.quota
            yield {
                **_row(service, "session", session.start, session.end),
                "state": session.state_at(now),
                "reason": session.reason.text(language),
                "place": venue.text(language),
                "places_total": quota.total if quota else "",
                "places_taken": quota.taken if quota else "",
                "places_as_of": quota.as_of.isoformat() if quota else "",
                "session": session.key,
                "sample": "yes" if session.sample or service.facts.sample else "",
            }


def csv_of(rows: Iterable[Row], *, byte_order_mark: bool = False) -> bytes:
    """The rows as CSV in UTF-8; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    cells = ([row.get(column, "") for column in COLUMNS] for row in rows)
    return csv_file(COLUMNS, cells, byte_order_mark=byte_order_mark)


def _day_rows(service: Service, now: datetime, language: str) -> Iterator[Row]:
    if not service.has_weekly:
        return
    zone = service.timetable.zone
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=offset) for offset in range(DAYS_AHEAD)):
        openings = service.timetable.openings_on(day)
        for opening in openings:
            yield {**_row(service, "hours", opening.start, opening.end), "state": "open"}
        if not openings:
            plan, midnight = service.timetable.plan(day), datetime.combine(day, time(0), zone)
            yield {
                **_row(service, "hours", midnight, midnight),
                "opens": "",
                "closes": "",
                "state": "unknown" if plan.is_unknown else "closed",
                "reason": plan.default_reason.words.text(language),
            }


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
