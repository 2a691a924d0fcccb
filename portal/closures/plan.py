"""The plan of a closing: which services, sessions and events it affects and what happens to each; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from portal.content.document import LocalText
from portal.events.event import Event
from portal.schedules.directory import Service, ServiceDirectory
from portal.timetable.opening_hours_spec import Closure
from portal.timetable.sessions.series import Occurrence

Action = Literal["cancel", "move", "keep"]
ACTIONS: tuple[Action, ...] = ("cancel", "move", "keep")


class SessionPlan(msgspec.Struct, frozen=True):
    """What happens to one session: `day` is the date that its series gives, `to` the day to which it moves.

    Records keep the action under its first name, `deed`.
    """

    slug: str
    series: str
    day: date
    action: Action = msgspec.field(name="deed")
    to: date | None = None


class EventPlan(msgspec.Struct, frozen=True):
    """What happens to one event; `to` is its new start. Records keep the action under `deed`."""

    slug: str
    action: Action = msgspec.field(name="deed")
    to: datetime | None = None


class AlertPlan(msgspec.Struct, frozen=True):
    """The alert that readers see: `on` is `site` or a kind of pages; words hold title and summary by language."""

    slug: str
    on: str
    words: Mapping[str, Mapping[str, str]]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A closing as it is to be published; `starts` and `ends` are aware."""

    starts: datetime
    ends: datetime
    services: tuple[str, ...]
    reason: LocalText
    sessions: tuple[SessionPlan, ...] = ()
    events: tuple[EventPlan, ...] = ()
    alert: AlertPlan | None = None

    @property
    def facts_paths(self) -> list[str]:
        """The facts files that change, each once."""
        services = [*self.services, *(session.slug for session in self.sessions if session.action != "keep")]
        events = [event.slug for event in self.events if event.action != "keep"]
        paths = [f"schedules/{slug}/facts.yaml" for slug in services] + [f"events/{slug}/facts.yaml" for slug in events]
        return list(dict.fromkeys(paths))


def with_followers(directory: ServiceDirectory, chosen: Collection[str]) -> list[Service]:
    """The chosen services, those that have the hours of one of them, and those that have the hours of these."""
    services = [service for service in directory.services if service.slug in chosen or service.facts.follows in chosen]
    slugs = {service.slug for service in services}
    return services + [
        service for service in directory.services if service.facts.follows in slugs and service.slug not in slugs
    ]


def sessions_in(
    services: Iterable[Service], starts: datetime, ends: datetime, now: datetime
) -> list[tuple[Service, Occurrence]]:
    """The sessions of these services within the interval, without those that were cancelled or are over."""
    sessions = [
        (service, item)
        for service in services
        for item in service.occurrences
        if not item.cancelled and item.end > now and item.start < ends and starts < item.end
    ]
    return sorted(sessions, key=lambda pair: (pair[1].start, pair[0].slug, pair[1].key))


def events_in(events: Iterable[Event], starts: datetime, ends: datetime, now: datetime) -> list[Event]:
    """The events within the interval, without those that were cancelled or are over."""
    return [
        event
        for event in events
        if not event.facts.cancelled
        and event.facts.ends > now
        and event.facts.starts < ends
        and starts < event.facts.ends
    ]


def overlapping(service: Service, starts: datetime, ends: datetime) -> Closure | None:
    """The closure that the service has already within the interval."""
    return next((closure for closure in service.hours.closures if closure.first < ends and starts < closure.last), None)
