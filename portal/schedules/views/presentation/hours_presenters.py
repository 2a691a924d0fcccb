"""Opening hours as pages show them: by weekday, by date, and on the next days that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.presentation.status_text import holiday_words, time_range
from portal.timetable.hours import Slot, clock_time
from portal.timetable.layers import Reason, Week, week_of
from portal.timetable.timetable import Opening
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue

ONE_DAY = timedelta(days=1)
SPECIAL_DAYS = timedelta(days=60)
# A Monday, from which the weekdays get their names.
MONDAY = date(2026, 1, 5)


class WeekdayRow(TypedDict):
    """A weekday with its lines of hours."""

    day: str
    hours: list[str]


class HoursTable(TypedDict):
    """The hours of a week; the title is empty for the ordinary week."""

    title: str
    rows: list[WeekdayRow]


class DayHours(TypedDict):
    """The hours of one day: `state` is open, closed, unknown or planned; `words` stand in where no hours are."""

    state: str
    hours: list[str]
    words: str
    reason: str


class DatedHours(DayHours):
    """A day on which other hours hold than in an ordinary week."""

    date: str
    iso: str


class NextDay(TypedDict):
    """A day on which the service surely opens."""

    date: str
    iso: str
    hours: list[str]


def weekday_names(*, short: bool = False) -> list[str]:
    """The names of the weekdays from Monday on."""
    return [formatting.weekday(MONDAY + timedelta(days=offset), language(), short=short) for offset in range(7)]


def hours_tables(service: Service) -> list[HoursTable]:
    """The weekly hours by weekday, once for the ordinary week and once for each season ahead."""
    if not service.has_weekly:
        return []
    today = request_clock().today()
    tables: list[HoursTable] = [{"title": "", "rows": _weekday_rows(week_of(service.hours.weekly))}]
    for season in service.hours.seasons:
        if season.last >= today:
            first, last = (formatting.short_day(day, language()) for day in (season.first, season.last))
            title = f"{season.name.text(language())}: {first} – {last}"
            tables.append({"title": title, "rows": _weekday_rows(week_of(season.weekly))})
    return tables


def special_days(service: Service) -> list[DatedHours]:
    """The days of the next two months on which other hours hold than in an ordinary week."""
    today = request_clock().today()
    days = (today + timedelta(days=offset) for offset in range(SPECIAL_DAYS.days))
    return [
        {**day_hours(service, day), "date": formatting.day(day, language(), weekday=True), "iso": day.isoformat()}
        for day in days
        if service.timetable.plan(day).source in ("holiday", "exception")
    ]


def day_hours(service: Service, day: date) -> DayHours:
    """The hours of one day in words: lines of hours, why it is closed, or that nobody confirmed it."""
    code, plan = language(), service.timetable.plan(day)
    hours = time_ranges(service.timetable.openings_on(day), code)
    holiday = service.timetable.layers.holidays.on(day)
    reason = holiday_words(Reason("holiday", holiday.name, holiday.estimated), code) if holiday else ""
    exception = service.timetable.layers.exceptions.get(day)
    if exception is not None and exception.reason:
        reason = exception.reason.text(code)
    if hours:
        return {"state": "open", "hours": hours, "words": "", "reason": reason if plan.source != "weekly" else ""}
    if plan.is_unknown:
        return {"state": "unknown", "hours": [], "words": _("Not confirmed"), "reason": reason}
    if plan.planned:
        return {"state": "planned", "hours": [], "words": _("Planned"), "reason": ""}
    words = _("Closed") if service.has_weekly else ""
    return {"state": "closed", "hours": [], "words": words, "reason": reason if service.has_weekly else ""}


def next_days(service: Service, count: int = 5) -> list[NextDay]:
    """The next days on which the service surely opens, in words."""
    code, label = language(), catalogue().site.zone_label
    days: list[NextDay] = []
    asked_from: datetime = request_clock().now
    while len(days) < count:
        opens = service.timetable.next_opening(asked_from).opens
        if opens is None:
            break
        day = opens.date()
        hours = time_ranges(service.timetable.openings_on(day), code, label)
        days.append({"date": formatting.day(day, code, weekday=True), "iso": day.isoformat(), "hours": hours})
        asked_from = request_clock().midnight(day + ONE_DAY) - timedelta(seconds=1)
    return days


def time_ranges(openings: Iterable[Opening], code: str, label: str = "") -> list[str]:
    """The hours of each opening, with the label of the zone where it is given."""
    return [time_range(opening.start, opening.end, code, label) for opening in openings]


def _weekday_rows(week: Week) -> list[WeekdayRow]:
    return [{"day": name, "hours": _slot_lines(slots)} for name, slots in zip(weekday_names(), week, strict=True)]


def _slot_lines(slots: Sequence[Slot] | None) -> list[str]:
    if slots is None:
        return [_("Not confirmed")]
    return [_slot_words(slot) for slot in slots] or [_("Closed")]


def _slot_words(slot: Slot) -> str:
    code = language()
    hours = f"{formatting.clock(slot.opens_at, code)}–{formatting.end_clock(slot.closes_at, code)}"
    hours = hours.replace(" ", "\u00a0")
    if slot.last is None:
        return hours
    last_number = _("last number %(time)s", time=formatting.clock(clock_time(slot.last), code))
    return f"{hours} ({last_number})"
