"""What a form of hours or sessions comes to: a month of days, and the next sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.content.problems import ContentError
from portal.content_forms.document_form import FACTS_FILE
from portal.desk.blueprint import checker
from portal.desk.schedule_builder.drafting import KIND, ServiceTexts
from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.presentation.hours_presenters import day_hours
from portal.schedules.views.presentation.status_text import state_words, time_range
from portal.schedules.views.queries import holidays, service_of
from portal.timetable.sessions.series import Occurrence, Series, exception_dates, occurrences
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue

NEXT_DATES = 12
FARTHEST = timedelta(days=1100)


@dataclass(frozen=True)
class MonthCell:
    """A day of the month: its hours or words, why they differ, and whether they differ from the ordinary week."""

    number: int
    label: str
    lines: tuple[str, ...]
    reason: str
    state: str
    is_special: bool


@dataclass(frozen=True)
class MonthResult:
    """A month of a service; `before` and `after` name the months beside it, as `2026-12`."""

    title: str
    before: str
    after: str
    weeks: list[list[MonthCell | None]]


@dataclass(frozen=True)
class NextDate:
    """A session to come, or a date that the rule leaves out."""

    day: str
    time: str
    where: str
    words: str
    state: str
    note: str


def month_start(text: str) -> date:
    """The first day of the month that a form names, of this month where it names none."""
    today = request_clock().now.date()
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first - today) < FARTHEST else today.replace(day=1)


def month_result(texts: ServiceTexts, text: str, first: date) -> MonthResult | None:
    """The month of the service with these facts; None where they cannot be read yet."""
    try:
        document = checker().document(KIND, texts.slug, {**texts.files, FACTS_FILE: text})
    except ContentError:
        return None
    service = service_of(document)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    cells: list[MonthCell | None] = [None] * first.weekday()
    cells += [_cell(service, first + timedelta(days=offset)) for offset in range(last.day)]
    cells += [None] * (-len(cells) % 7)
    return MonthResult(
        title=formatting.month(first, language()),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{last + timedelta(days=1):%Y-%m}",
        weeks=[cells[index : index + 7] for index in range(0, len(cells), 7)],
    )


def _cell(service: Service, day: date) -> MonthCell:
    hours, plan = day_hours(service, day), service.timetable.plan(day)
    lines = tuple(hours["hours"]) or ((hours["words"],) if hours["words"] else ())
    return MonthCell(
        number=day.day,
        label=formatting.day(day, language(), weekday=True),
        lines=lines,
        reason=hours["reason"],
        state=hours["state"],
        is_special=plan.source in ("exception", "holiday", "season"),
    )


def next_dates(series: Series) -> list[NextDate]:
    """The next sessions of the series, with the dates between them that holidays leave out."""
    today, code = request_clock().now.date(), language()
    calendar = holidays()
    coming = [one for one in occurrences(series, zone=office_zone(), holidays=calendar) if one.start.date() >= today]
    rows = [(one.start.date(), _next_date(one)) for one in coming[:NEXT_DATES]]
    end = max((day for day, _row in rows), default=today)
    for skipped in exception_dates(series, calendar):
        if today <= skipped.original_date <= end:
            day = formatting.day(skipped.original_date, code, weekday=True)
            name = skipped.holiday.name.text(code) if skipped.holiday else ""
            rows.append((skipped.original_date, NextDate(day, "", "", _("Left out"), "cancelled", name)))
    return [row for _day, row in sorted(rows, key=lambda pair: pair[0])]


def _next_date(session: Occurrence) -> NextDate:
    code, state = language(), session.state_at(request_clock().now)
    place = plain_catalogue().reference("places").get(session.appointment.place)
    where = session.appointment.venue.text(code) or (place.name.text(code) if place else "")
    return NextDate(
        day=formatting.day(session.start.date(), code, weekday=True),
        time=time_range(session.start, session.end, code),
        where=where,
        words=state_words(state),
        state=state,
        note=session.reason.text(code),
    )
