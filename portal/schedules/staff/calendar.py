"""The sessions of a month on the staff desk; each leads to its row with the quick actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, request

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.staff.sessions import LISTED_FOR, anchor_of, staff
from portal.schedules.views.presentation.hours_presenters import weekday_names
from portal.schedules.views.presentation.session_presenters import SessionRow, session_href, session_row
from portal.schedules.views.queries import service_directory
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import render_staff

FARTHEST = timedelta(days=800)


@dataclass(frozen=True)
class CalendarDay:
    """A day of the month with its sessions, each with the address of its row."""

    number: int
    label: str
    is_today: bool
    sessions: list[tuple[str, SessionRow]]


@staff.get("/calendar")
def calendar() -> Response:
    """The month that `?month=2026-12` names, else this one."""
    today = request_clock().now.date()
    first = _month(request.args.get("month", ""), today)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    cells: list[CalendarDay | None] = [None] * first.weekday()
    cells += [_day(first + timedelta(days=offset), today) for offset in range(last.day)]
    cells += [None] * (-len(cells) % 7)
    here = url("schedules_staff.calendar")
    return render_staff(
        "schedules/staff/calendar.html",
        title=formatting.month(first, language()),
        before=f"{here}?month={first - timedelta(days=1):%Y-%m}",
        after=f"{here}?month={last + timedelta(days=1):%Y-%m}",
        weekdays=weekday_names(),
        weeks=[cells[index : index + 7] for index in range(0, len(cells), 7)],
    )


def _month(text: str, today: date) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first - today) < FARTHEST else today.replace(day=1)


def _day(day: date, today: date) -> CalendarDay:
    directory = service_directory()
    pairs = [(service, one) for service in directory.services for one in service.sessions_by_day.get(day, ())]
    pairs.sort(key=lambda pair: (pair[1].start, pair[0].slug))
    rows = [(_address(service, one, today), session_row(directory, service, one)) for service, one in pairs]
    return CalendarDay(day.day, formatting.day(day, language(), weekday=True), day == today, rows)


def _address(service: Service, session: Occurrence, today: date) -> str:
    """The row of a session that the list holds, else its public page."""
    if today <= session.start.date() and session.start <= request_clock().now + LISTED_FOR:
        return f"{url('schedules_staff.index')}#{anchor_of(service, session)}"
    return session_href(service, session)
