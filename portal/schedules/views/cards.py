"""What schedules lend to other rooms: the board of the front page, sessions by district, a status line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import request
from markupsafe import Markup

from portal.schedules.views.presentation import presenters
from portal.schedules.views.queries import service_directory
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import language
from portal.web.pages import catalogue, environment, url

HOME_SERVICES = 6
SESSIONS = 3
# The front page must stay small, so a stored one tells its own status for a shorter time.
HOME_AHEAD = timedelta(days=2)
SHEETS, SCRIPTS = ("schedules",), ("status",)


def home_card() -> Card | None:
    """What is open today, for the front page."""
    listed = [service for service in service_directory().services if service.facts.on_home]
    if not listed:
        return None
    context = {
        "today": presenters.today_words(),
        "services": [presenters.status(service, ahead_for=HOME_AHEAD) for service in listed[:HOME_SERVICES]],
        "href": url("schedules.index"),
    }
    return Card("schedules/home_card.html", context, where="top", sheets=SHEETS, scripts=SCRIPTS)


def sessions_card() -> Card | None:
    """The next sessions, for the front page."""
    directory = service_directory()
    upcoming = directory.upcoming(request_clock().now)
    if not upcoming:
        return None
    context = {
        "sessions": [presenters.session(directory, service, item) for service, item in upcoming[:SESSIONS]],
        "href": url("schedules.index"),
    }
    return Card("schedules/home_sessions.html", context, sheets=SHEETS)


def coverage_card() -> Card | None:
    """The services and the coming sessions of the district that the reader chose."""
    directory = service_directory()
    chosen = request.args.get("district", "")
    districts = catalogue().reference("districts")
    if chosen not in districts:
        return None
    office = districts[chosen].office
    services = [
        service
        for service in directory.services
        if directory.district_of(service) == chosen or (isinstance(office, str) and service.facts.place == office)
    ]
    upcoming = [pair for pair in directory.upcoming(request_clock().now) if directory.district_of(*pair) == chosen]
    context = {
        "services": [presenters.status(service) for service in services if not service.facts.sample],
        "sessions": [presenters.session(directory, service, item) for service, item in upcoming[:SESSIONS]],
        "href": f"{url('schedules.index')}?district={chosen}" if services or upcoming else url("schedules.index"),
    }
    return Card("schedules/coverage_card.html", context, sheets=SHEETS, scripts=SCRIPTS)


def service_status(slug: str) -> Markup:
    """The status of a service as a line of HTML, for wherever it is named; nothing for an unknown slug."""
    service = service_directory().get(slug)
    if service is None:
        return Markup("")
    module: Any = environment(language()).get_template("schedules/status.html").module
    return Markup(module.status_pill(presenters.status(service)))  # noqa: S704 - a macro that escapes


TEMPLATE_GLOBALS: dict[str, Callable[..., Any]] = {"service_status": service_status}
