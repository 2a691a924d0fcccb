"""The week as a table of services by day, and the month as a table of days by week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypedDict

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.presentation.hours_presenters import DayHours, day_hours
from portal.schedules.views.presentation.session_presenters import session_href
from portal.schedules.views.presentation.status_text import holiday_words, session_state, state_words, time_range
from portal.schedules.views.queries import service_directory
from portal.timetable.layers import Reason
from portal.timetable.sessions.series import Occurrence, SessionState
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue, url

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)


class WeekColumn(TypedDict):
    """A day of the week: `label` is short, `full` the whole date."""

    label: str
    full: str
    iso: str
    current: bool
    holiday: str


class CellSession(TypedDict):
    """A session in a cell of the week."""

    href: str
    time: str
    state: SessionState
    words: str


class WeekCell(DayHours):
    """A service on a day; the template adds the cell's `html`, since it shows each cell twice."""

    sessions: list[CellSession]


class WeekRow(TypedDict):
    """A service with its seven days."""

    name: str
    href: str
    sample: bool
    cells: list[WeekCell]


class WeekTable(TypedDict):
    """Seven days; `next` and `month` lead to the pages of the next week and of the first day's month."""

    caption: str
    columns: list[WeekColumn]
    rows: list[WeekRow]
    next: Link
    month: Link


class MonthSession(CellSession):
    """A session on a day of the month."""

    name: str
    sample: bool


class MonthSpecialHours(DayHours):
    """A service with other hours on a day of the month."""

    name: str
    href: str
    sample: bool


class MonthDay(TypedDict):
    """A day of the month; the template adds its `html`, since it shows each day twice."""

    number: int
    iso: str
    date: str
    current: bool
    holiday: str
    sessions: list[MonthSession]
    special: list[MonthSpecialHours]


def week_table(services: Iterable[Service], first: date) -> WeekTable:
    """Seven days from `first` on: a row per service, a cell per day."""
    today = request_clock().today()
    days = [first + timedelta(days=offset) for offset in range(7)]
    columns: list[WeekColumn] = [
        {
            "label": f"{formatting.weekday(day, language(), short=True)} {day.day}",
            "full": formatting.day(day, language(), weekday=True),
            "iso": day.isoformat(),
            "current": day == today,
            "holiday": _holiday_name(day),
        }
        for day in days
    ]
    rows: list[WeekRow] = [
        {
            "name": service.document.title(language()),
            "href": url("schedules.show", slug=service.slug),
            "sample": service.facts.sample,
            "cells": [_week_cell(service, day) for day in days],
        }
        for service in services
    ]
    return {
        "caption": week_title(first),
        "columns": columns,
        "rows": rows,
        "next": week_link(first + timedelta(days=7 - first.weekday()), _("Next week")),
        "month": month_link(first),
    }


def week_title(first: date) -> str:
    """The words for the seven days from `first` on."""
    days = [formatting.day(day, language()) for day in (first, first + timedelta(days=6))]
    return _("%(first)s to %(last)s (%(zone)s)", first=days[0], last=days[1], zone=catalogue().site.zone_label)


def week_link(monday: date, label: str) -> Link:
    """A link to the page of that week."""
    year, number, _weekday = monday.isocalendar()
    return {"label": label, "href": url("schedules.week", year=year, number=number)}


def month_link(day: date) -> Link:
    """A link to the page of that day's month."""
    href = url("schedules.month", year=day.year, number=day.month)
    return {"label": formatting.month(day.replace(day=1), language()), "href": href}


def month_weeks(first: date, services: list[Service]) -> list[list[MonthDay | None]]:
    """The month that begins on `first`, by weeks of seven days; None stands for days of other months."""
    today = request_clock().today()
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    cells: list[MonthDay | None] = [None] * first.weekday()
    cells += [_month_day(first + timedelta(days=offset), today, services) for offset in range((last - first).days + 1)]
    cells += [None] * (-len(cells) % 7)
    return [cells[index : index + 7] for index in range(0, len(cells), 7)]


def _week_cell(service: Service, day: date) -> WeekCell:
    sessions = [_cell_session(service, session) for session in service.sessions_by_day.get(day, ())]
    cell: WeekCell = {**day_hours(service, day), "sessions": sessions}
    if cell["reason"] == _holiday_name(day):
        # The head of the column names the holiday already.
        cell["reason"] = ""
    if sessions and not service.has_weekly:
        cell["hours"] = []
    return cell


def _cell_session(service: Service, session: Occurrence) -> CellSession:
    state = session_state(session)
    return {
        "href": session_href(service, session),
        "time": time_range(session.start, session.end, language()),
        "state": state,
        "words": state_words(state),
    }


def _month_day(day: date, today: date, services: list[Service]) -> MonthDay:
    sessions = [(service, session) for service in services for session in service.sessions_by_day.get(day, ())]
    sessions.sort(key=lambda pair: (pair[1].start, pair[0].slug))
    return {
        "number": day.day,
        "iso": day.isoformat(),
        "date": formatting.day(day, language(), weekday=True),
        "current": day == today,
        "holiday": _holiday_name(day),
        "sessions": [
            {
                **_cell_session(service, session),
                "name": service.document.title(language()),
                "sample": session.sample or service.facts.sample,
            }
            for service, session in sessions
        ],
        "special": [
            {
                **day_hours(service, day),
                "name": service.document.title(language()),
                "href": url("schedules.show", slug=service.slug),
                "sample": service.facts.sample,
            }
            for service in services
            if day in service.timetable.layers.exceptions or day in service.timetable.layers.moves
        ],
    }


def _holiday_name(day: date) -> str:
    holiday = service_directory().holidays.on(day)
    return holiday_words(Reason("holiday", holiday.name, holiday.estimated), language()) if holiday else ""
