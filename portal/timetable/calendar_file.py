"""Calendar files (RFC 5545, RFC 7986) written with icalendar: equal entries give equal bytes, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vRecur
from icalendar.prop import vDuration

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//portal//schedules//EN"
REFRESH_INTERVAL = timedelta(hours=6)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Entry:
    """One VEVENT: `rule` holds the parts of its RRULE, `recurrence_dates` its RDATE, `exception_dates` its EXDATE.

    `recurrence_id` is the start that a series gave it; `status` is CONFIRMED, TENTATIVE or CANCELLED; `sequence` must
    grow with each published change of time or state. `modified` becomes DTSTAMP and LAST-MODIFIED. `alarms` are how
    long before the start the calendar reminds.
    """

    uid: str
    start: datetime
    end: datetime
    summary: str
    sequence: int
    modified: datetime
    status: str = "CONFIRMED"
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    url: str = ""
    rule: Mapping[str, str | int | datetime | list[str]] | None = None
    recurrence_dates: tuple[datetime, ...] = ()
    exception_dates: tuple[datetime, ...] = ()
    recurrence_id: datetime | None = None
    categories: tuple[str, ...] = ()
    is_busy: bool = False
    alarms: tuple[timedelta, ...] = ()


def calendar_file(
    entries: Iterable[Entry],
    *,
    name: str,
    description: str,
    zone: ZoneInfo,
    language: str,
) -> bytes:
    """The bytes of a calendar file: CRLF, folded, escaped, with the zone's VTIMEZONE."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _single_line(name), {"LANGUAGE": language})
    calendar.add("x-wr-calname", _single_line(name))
    if description:
        calendar.add("description", _text(description), {"LANGUAGE": language})
        # The library escapes no line breaks in a property that the standard does not know.
        calendar.add("x-wr-caldesc", _single_line(description))
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", vDuration(REFRESH_INTERVAL), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH_INTERVAL))
    for entry in sorted(entries, key=_sort_key):
        calendar.add_component(_event(entry, zone))
    if zone.key != "UTC":
        calendar.add_component(_timezone(zone.key))
    content: bytes = calendar.to_ical()
    return content


@lru_cache(maxsize=8)
def _timezone(key: str) -> Timezone:
    # Cached by zone name for the life of the process: finding a zone's changes costs more than a whole calendar.
    zone = Timezone.from_tzid(key)
    # Readers that follow RFC 5546 to the letter refuse a remark in a time zone.
    zone.pop("comment", None)
    return zone


def _sort_key(entry: Entry) -> tuple[str, bool, datetime]:
    return entry.uid, entry.recurrence_id is not None, entry.recurrence_id or entry.start


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.modified.astimezone(UTC))
    event.add("last-modified", entry.modified.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("summary", _single_line(entry.summary))
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    if entry.recurrence_id is not None:
        event.add("recurrence-id", entry.recurrence_id.astimezone(zone))
    if entry.rule is not None:
        event.add("rrule", vRecur(entry.rule))
    for key, starts in (("rdate", entry.recurrence_dates), ("exdate", entry.exception_dates)):
        if starts:
            event.add(key, [start.astimezone(zone) for start in sorted(starts)])
    for key, text in (("description", _text(entry.description)), ("location", _single_line(entry.location))):
        if text:
            event.add(key, text)
    if entry.geo is not None:
        event.add("geo", entry.geo)
    if entry.url:
        event.add("url", entry.url)
    if entry.categories:
        event.add("categories", [_single_line(item) for item in entry.categories])
    for before in entry.alarms:
        event.add_component(_alarm(entry.summary, before))
    return event


def _alarm(summary: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _single_line(summary))
    alarm.add("trigger", -before)
    return alarm


def _text(value: str) -> str:
    return _CONTROL.sub("", value.replace("\r\n", "\n")).strip()


def _single_line(value: str) -> str:
    return " ".join(_text(value).split())
