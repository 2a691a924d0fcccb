"""Week and month as tables: services by day, and a month by weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, request

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views import bp, label
from portal.schedules.views.presentation import presenters
from portal.schedules.views.presentation.status_text import holiday_words, session_state, state_words, time_range
from portal.schedules.views.queries import service_directory
from portal.timetable.layers import Reason
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, home_crumb
from portal.web.pages import catalogue, public, render, url

ONE_DAY = timedelta(days=1)
# Tables are offered for days near enough that somebody may have planned them.
FARTHEST = timedelta(days=800)


@bp.get("/week/<int:year>-W<int(fixed_digits=2):number>")
@public(query=("group",))
def week(year: int, number: int) -> Response:
    """A week: each service by day."""
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        abort(404)
    _require_near(monday)
    services = _grouped()
    before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    return render(
        "schedules/week.html",
        title=week_title(monday),
        table=week_of_services(services, monday),
        groups=_group_chips("schedules.week", year=year, number=number),
        before=_week_link(before, _("Week before")) if _is_near(before) else None,
        after=_week_link(after, _("Week after")) if _is_near(after) else None,
        crumbs=_crumbs(),
    )


@bp.get("/month/<int:year>-<int(fixed_digits=2):number>")
@public(query=("group",))
def month(year: int, number: int) -> Response:
    """A month: holidays, sessions, and days with other hours."""
    if not (1 <= number <= 12 and 2000 < year < 2200):
        abort(404)
    first = date(year, number, 1)
    _require_near(first)
    before = (first - ONE_DAY).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return render(
        "schedules/month.html",
        title=_("Schedule for %(month)s", month=formatting.month(first, language())),
        weekdays=[formatting.weekday(presenters.MONDAY + timedelta(days=n), language(), short=True) for n in range(7)],
        weeks=_weeks(first, _grouped()),
        groups=_group_chips("schedules.month", year=year, number=number),
        unannounced=[text_of(record.name) for record in service_directory().holidays.unannounced(year)],
        before=_month_link(before) if _is_near(before) else None,
        after=_month_link(after) if _is_near(after) else None,
        crumbs=_crumbs(),
    )


def week_of_services(services: Iterable[Service], first: date) -> dict[str, Any]:
    """Seven days from `first` on as a table: a row per service, a cell per day."""
    today = request_clock().today()
    days = [first + timedelta(days=offset) for offset in range(7)]
    columns = [
        {
            "label": f"{formatting.weekday(day, language(), short=True)} {day.day}",
            "full": formatting.day(day, language(), weekday=True),
            "iso": day.isoformat(),
            "current": day == today,
            "holiday": _holiday_name(day),
        }
        for day in days
    ]
    rows = [
        {
            "name": service.document.title(language()),
            "href": url("schedules.show", slug=service.slug),
            "sample": service.facts.sample,
            "cells": [_cell(service, day) for day in days],
        }
        for service in services
    ]
    return {
        "caption": week_title(first),
        "columns": columns,
        "rows": rows,
        "next": _week_link(first + timedelta(days=7 - first.weekday()), _("Next week")),
        "month": _month_link(first.replace(day=1)),
    }


def week_title(first: date) -> str:
    """The words for the seven days from `first` on."""
    last = first + timedelta(days=6)
    days = formatting.day(first, language()), formatting.day(last, language())
    return _("%(first)s to %(last)s (%(zone)s)", first=days[0], last=days[1], zone=presenters.zone_label())


def _cell(service: Service, day: date) -> dict[str, Any]:
    cell = presenters.day_words(service, day)
    if cell["reason"] == _holiday_name(day):
        # The head of the column names the holiday already.
        cell["reason"] = ""
    cell["sessions"] = [
        {
            "href": presenters.session_href(service, item),
            "time": time_range(item.start, item.end, language()),
            "state": (state := session_state(item)),
            "words": state_words(state),
        }
        for item in service.sessions_by_day.get(day, ())
    ]
    if cell["sessions"] and not service.has_weekly:
        cell["hours"] = []
    return cell


def _weeks(first: date, services: list[Service]) -> list[list[dict[str, Any] | None]]:
    today = request_clock().today()
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    cells: list[dict[str, Any] | None] = [None] * first.weekday()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        cells.append(
            {
                "number": day.day,
                "iso": day.isoformat(),
                "date": formatting.day(day, language(), weekday=True),
                "current": day == today,
                "holiday": _holiday_name(day),
                "sessions": [_listed(service, item) for service, item in sorted(_on(services, day), key=_start)],
                "special": [_special(service, day) for service in services if _is_special(service, day)],
            }
        )
    cells += [None] * (-len(cells) % 7)
    return [cells[index : index + 7] for index in range(0, len(cells), 7)]


def _on(services: list[Service], day: date) -> list[tuple[Service, Any]]:
    return [(service, item) for service in services for item in service.sessions_by_day.get(day, ())]


def _start(pair: tuple[Service, Any]) -> Any:
    return pair[1].start, pair[0].slug


def _listed(service: Service, item: Any) -> dict[str, Any]:
    state = session_state(item)
    return {
        "name": service.document.title(language()),
        "href": presenters.session_href(service, item),
        "time": time_range(item.start, item.end, language()),
        "state": state,
        "words": state_words(state),
        "sample": item.sample or service.facts.sample,
    }


def _is_special(service: Service, day: date) -> bool:
    return day in service.timetable.layers.exceptions or day in service.timetable.layers.moves


def _special(service: Service, day: date) -> dict[str, Any]:
    name = service.document.title(language())
    href = url("schedules.show", slug=service.slug)
    return {"name": name, "href": href, "sample": service.facts.sample, **presenters.day_words(service, day)}


def _holiday_name(day: date) -> str:
    holiday = service_directory().holidays.on(day)
    if holiday is None:
        return ""
    return holiday_words(Reason("holiday", holiday.name, holiday.estimated), language())


def _grouped() -> list[Service]:
    asked = request.args.get("group", "")
    services = list(service_directory().services)
    return [service for service in services if service.facts.group == asked] or services


def _group_chips(endpoint: str, **values: Any) -> list[dict[str, Any]]:
    here, asked = url(endpoint, **values), request.args.get("group", "")
    used = {service.facts.group for service in service_directory().services}
    groups = catalogue().reference("service-groups")
    known = [(id_, text_of(groups[id_].name)) for id_ in groups if id_ in used]
    everything = {"label": _("All"), "href": here, "current": asked not in used}
    return [everything] + [
        {"label": words, "href": f"{here}?group={id_}", "current": asked == id_} for id_, words in known
    ]


def _is_near(day: date) -> bool:
    return abs(day - request_clock().today()) <= FARTHEST


def _require_near(day: date) -> None:
    if not _is_near(day):
        abort(404)


def _week_link(monday: date, words: str) -> Link:
    year, number, _day = monday.isocalendar()
    return {"label": words, "href": url("schedules.week", year=year, number=number)}


def _month_link(first: date) -> Link:
    return {
        "label": formatting.month(first, language()),
        "href": url("schedules.month", year=first.year, number=first.month),
    }


def _crumbs() -> list[Link]:
    return [home_crumb(), {"label": label(), "href": url("schedules.index")}]
