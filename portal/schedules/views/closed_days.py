"""On which days the office itself is closed, for features that count working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.schedules.views.queries import service_directory
from portal.web.pages import catalogue


def closed_days() -> Callable[[date], bool] | None:
    """Tells whether every service with weekly hours at the office's place is closed on a day; None without such."""
    place = catalogue().site.place
    services = [item for item in service_directory().services if item.has_weekly and item.facts.place == place]
    if not services:
        return None

    def is_closed(day: date) -> bool:
        intervals = (interval for service in services for interval in service.timetable.intervals(day))
        return all(interval.state == "closed" for interval in intervals)

    return is_closed
