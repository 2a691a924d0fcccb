"""On which days the office itself is closed, for rooms that count working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.schedules.views.queries import service_directory
from portal.web.pages import catalogue


def closed_days() -> Callable[[date], bool] | None:
    """Says of a day whether every service with weekly hours at the office's place is known to be closed."""
    place = catalogue().site.place
    services = [one for one in service_directory().services if one.has_weekly and one.facts.place == place]
    if not services:
        return None

    def is_closed(day: date) -> bool:
        return all(
            interval.state not in ("open", "unknown") for one in services for interval in one.timetable.intervals(day)
        )

    return is_closed
