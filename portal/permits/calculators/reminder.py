"""A calendar file with alarms for the days of a stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from icalendar import Alarm, Calendar, Event

PRODUCT = "-//portal//permits//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Reminder:
    """A day to be reminded of; `days_before` are the alarms, each in the morning of its day."""

    key: str
    day: date
    summary: str
    description: str
    days_before: tuple[int, ...] = (0,)


def reminder_file(reminders: Iterable[Reminder], *, name: str, subject: str, stamp: datetime, language: str) -> bytes:
    """The bytes of a calendar with one all-day entry per reminder; `subject` makes the entries' ids its own."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name, {"LANGUAGE": language})
    calendar.add("x-wr-calname", name)
    for reminder in reminders:
        calendar.add_component(_event(reminder, subject=subject, stamp=stamp))
    to_ical: bytes = calendar.to_ical()
    return to_ical


def _event(reminder: Reminder, *, subject: str, stamp: datetime) -> Event:
    event = Event()
    digest = blake2b(f"{subject}:{reminder.key}".encode(), digest_size=12).hexdigest()
    event.add("uid", f"{digest}@permits.portal")
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", reminder.day)
    event.add("dtend", reminder.day + timedelta(days=1))
    event.add("summary", reminder.summary)
    event.add("description", reminder.description)
    event.add("transp", "TRANSPARENT")
    for days in reminder.days_before:
        event.add_component(_alarm(reminder.summary, days))
    return event


def _alarm(description: str, days_before: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", description)
    # All-day entries begin at midnight; eight hours later people are awake.
    alarm.add("trigger", timedelta(hours=8) - timedelta(days=days_before))
    return alarm
