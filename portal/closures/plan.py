"""What a closing reaches: the services and those that follow them, their sessions, the events of that time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from portal.content.document import LocalText
from portal.events.event import Event
from portal.schedules.directory import Service, ServiceDirectory
from portal.timetable.opening_hours_spec import Closure
from portal.timetable.sessions.series import Occurrence

Action = Literal["cancel", "move", "keep"]
ACTIONS: tuple[Action, ...] = ("cancel", "move", "keep")


@dataclass(frozen=True)
class SessionPlan:
    """What happens to one session: `day` is the date that its series gives, `to` the day to which it moves."""

    slug: str
    series: str
    day: date
    deed: Action
    to: date | None = None


@dataclass(frozen=True)
class EventPlan:
    """What happens to one event; `to` is its new start."""

    slug: str
    deed: Action
    to: datetime | None = None


@dataclass(frozen=True)
class AlertPlan:
    """The alert that readers see: `on` is `site` or a kind of pages; words hold title and summary by language."""

    slug: str
    on: str
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A closing as it is to be published."""

    starts: datetime
    ends: datetime
    services: tuple[str, ...]
    reason: LocalText
    sessions: tuple[SessionPlan, ...] = ()
    events: tuple[EventPlan, ...] = ()
    alert: AlertPlan | None = None

    @property
    def facts_paths(self) -> list[str]:
        """The facts of everything that changes."""
        services = [*self.services, *(one.slug for one in self.sessions if one.deed != "keep")]
        events = [one.slug for one in self.events if one.deed != "keep"]
        found = [f"schedules/{slug}/facts.yaml" for slug in services] + [f"events/{slug}/facts.yaml" for slug in events]
        return list(dict.fromkeys(found))


def reached(book: ServiceDirectory, chosen: Collection[str]) -> list[Service]:
    """The chosen services and those that follow one of them: a closing of the one closes the other."""
    found = [one for one in book.services if one.slug in chosen or one.facts.follows in chosen]
    known = {one.slug for one in found}
    return found + [one for one in book.services if one.facts.follows in known and one.slug not in known]


def sessions_in(
    services: Iterable[Service], starts: datetime, ends: datetime, now: datetime
) -> list[tuple[Service, Occurrence]]:
    """The sessions that a closing of these services meets; cancelled ones and those that are over do not count."""
    found = [
        (service, item)
        for service in services
        for item in service.occurrences
        if not item.cancelled and item.end > now and item.start < ends and starts < item.end
    ]
    return sorted(found, key=lambda pair: (pair[1].start, pair[0].slug, pair[1].key))


def events_in(events: Iterable[Event], starts: datetime, ends: datetime, now: datetime) -> list[Event]:
    """The events that take place while it is closed."""
    return [
        one
        for one in events
        if not one.facts.cancelled and one.facts.ends > now and one.facts.starts < ends and starts < one.facts.ends
    ]


def overlapping(service: Service, starts: datetime, ends: datetime) -> Closure | None:
    """The closing that the service has already in that time."""
    return next((one for one in service.hours.closures if one.first < ends and starts < one.last), None)
