"""The pages of a week and of a month."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, abort, request

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.blueprint import bp, schedules_crumbs
from portal.schedules.views.filters import GROUP, group_chips
from portal.schedules.views.presentation.calendar_tables import (
    ONE_DAY,
    ONE_WEEK,
    month_link,
    month_weeks,
    week_link,
    week_table,
    week_title,
)
from portal.schedules.views.presentation.hours_presenters import weekday_names
from portal.schedules.views.queries import service_directory
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import public, render

# Pages are offered for days near enough that somebody may have planned them.
FARTHEST = timedelta(days=800)


@bp.get("/week/<int:year>-W<int(fixed_digits=2):number>")
@public(query=GROUP)
def week(year: int, number: int) -> Response:
    """A week: each service by day."""
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        abort(404)
    _require_near(monday)
    before, after = monday - ONE_WEEK, monday + ONE_WEEK
    return render(
        "schedules/week.html",
        title=week_title(monday),
        table=week_table(_services_of_group(), monday),
        groups=group_chips(service_directory(), "schedules.week", year=year, number=number),
        before=week_link(before, _("Week before")) if _is_near(before) else None,
        after=week_link(after, _("Week after")) if _is_near(after) else None,
        crumbs=schedules_crumbs(),
    )


@bp.get("/month/<int:year>-<int(fixed_digits=2):number>")
@public(query=GROUP)
def month(year: int, number: int) -> Response:
    """A month: holidays, sessions, and days with other hours."""
    if not (1 <= number <= 12 and 2000 < year < 2200):
        abort(404)
    first = date(year, number, 1)
    _require_near(first)
    before, after = (first - ONE_DAY).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    return render(
        "schedules/month.html",
        title=_("Schedule for %(month)s", month=formatting.month(first, language())),
        weekdays=weekday_names(short=True),
        weeks=month_weeks(first, _services_of_group()),
        groups=group_chips(service_directory(), "schedules.month", year=year, number=number),
        unannounced=[text_of(record.name) for record in service_directory().holidays.unannounced(year)],
        before=month_link(before) if _is_near(before) else None,
        after=month_link(after) if _is_near(after) else None,
        crumbs=schedules_crumbs(),
    )


def _services_of_group() -> list[Service]:
    """The services of the group in the query string; all of them where it names none."""
    group = request.args.get("group", "")
    services = list(service_directory().services)
    return [service for service in services if service.facts.group == group] or services


def _is_near(day: date) -> bool:
    return abs(day - request_clock().today()) <= FARTHEST


def _require_near(day: date) -> None:
    if not _is_near(day):
        abort(404)
