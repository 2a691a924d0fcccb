"""Cards of schedules on other pages: open today, coming sessions, sessions by district, a status line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import request
from markupsafe import Markup

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.views.closed_days import closed_days
from portal.schedules.views.presentation.presenters import folded, service_status, today_words
from portal.schedules.views.presentation.session_presenters import session_row
from portal.schedules.views.queries import holidays, service_directory
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, environment, url

HOME_SERVICES = 6
SESSIONS = 3
CLOSURES_AHEAD = timedelta(days=3)
# The front page must stay small, so a stored one shows its own status for a shorter time.
HOME_STATUS_HORIZON = timedelta(days=2)
SHEETS, SCRIPTS = ("schedules",), ("status",)


def home_card() -> Card | None:
    """What is open today, for the front page."""
    services = [service for service in service_directory().services if service.facts.on_home]
    if not services:
        return None
    statuses = [service_status(service, horizon=HOME_STATUS_HORIZON) for service in services[:HOME_SERVICES]]
    context = {
        "today": today_words(),
        **folded(statuses),
        "closed": _coming_closures(),
        "href": url("schedules.index"),
    }
    return Card("schedules/home_card.html", context, where="top", sheets=SHEETS, scripts=SCRIPTS)


def _coming_closures() -> str:
    """The closed holidays from today to three days ahead in a line; "" without any, or where hours tell none."""
    is_closed, today = closed_days(), request_clock().today()
    if is_closed is None:
        return ""
    coming = [holiday for holiday in holidays().between(today, today + CLOSURES_AHEAD) if is_closed(holiday.day)]
    code = language()
    days = [
        f"{formatting.weekday(item.day, code)} {formatting.short_day(item.day, code, year=False)}" for item in coming
    ]
    names = dict.fromkeys(item.name.text(code) for item in coming)
    return _("Closed: %(days)s (%(names)s)", days=", ".join(days), names=", ".join(names)) if days else ""


def sessions_card() -> Card | None:
    """The next sessions, for the front page."""
    directory = service_directory()
    # An invented session never stands before a real one.
    upcoming = sorted(directory.upcoming(request_clock().now), key=_is_sample)
    if not upcoming:
        return None
    context = {
        "sessions": [session_row(directory, *pair) for pair in upcoming[:SESSIONS]],
        "href": url("schedules.index"),
    }
    return Card("schedules/home_sessions.html", context, sheets=SHEETS)


def _is_sample(pair: tuple[Service, Occurrence]) -> bool:
    service, session = pair
    return bool(service.facts.sample or session.sample)


def coverage_card() -> Card | None:
    """The services and the coming sessions of the district that the reader chose."""
    directory, districts = service_directory(), catalogue().reference("districts")
    chosen = request.args.get("district", "")
    if chosen not in districts:
        return None
    office = districts[chosen].office
    services = [
        service
        for service in directory.services
        if directory.district_of(service) == chosen or (isinstance(office, str) and service.facts.place == office)
    ]
    sessions = [pair for pair in directory.upcoming(request_clock().now) if directory.district_of(*pair) == chosen]
    is_filtered = services or sessions
    context = {
        "services": [service_status(service) for service in services if not service.facts.sample],
        "sessions": [session_row(directory, *pair) for pair in sessions[:SESSIONS]],
        "href": url("schedules.index", district=chosen) if is_filtered else url("schedules.index"),
    }
    return Card("schedules/coverage_card.html", context, sheets=SHEETS, scripts=SCRIPTS)


def status_pill(slug: str) -> Markup:
    """The status of a service as a line of HTML, for wherever it is named; nothing for an unknown slug."""
    service = service_directory().get(slug)
    if service is None:
        return Markup("")
    module: Any = environment(language()).get_template("schedules/status.html").module
    return Markup(module.status_pill(service_status(service)))  # noqa: S704 - a macro that escapes


TEMPLATE_GLOBALS: dict[str, Callable[..., Any]] = {"service_status": status_pill}
