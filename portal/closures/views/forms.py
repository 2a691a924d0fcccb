"""The form of a closing in two steps: when, which services and why; then what happens to each session and event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from werkzeug.datastructures import MultiDict

from portal.closures.plan import (
    ACTIONS,
    Action,
    AlertPlan,
    EventPlan,
    Plan,
    SessionPlan,
    events_in,
    overlapping,
    sessions_in,
    with_followers,
)
from portal.content.document import LocalText
from portal.events.event import Event
from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.timetable.sessions.series import Occurrence
from portal.web.languages import force_locale, language
from portal.web.languages import gettext as _

LONGEST = timedelta(days=31)
FURTHEST = timedelta(days=400)
LONGEST_REASON, LONGEST_TITLE, LONGEST_SUMMARY = 200, 80, 240
ALERTS = ("site", "schedules", "none")
MOST_SERVICES = 200


@dataclass
class ClosingForm:
    """The submitted fields, the services and events that they name, and the errors by field.

    `starts` and `ends` are set by `validate_first_step` when it finds no error.
    """

    submitted: MultiDict[str, str]
    directory: ServiceDirectory
    events: list[Event]
    languages: tuple[str, ...]
    now: datetime
    errors: dict[str, str] = field(default_factory=dict)
    starts: datetime | None = None
    ends: datetime | None = None

    def text(self, name: str, longest: int) -> str:
        """A field as one line; one of more characters than `longest` is an error."""
        words = " ".join(self.submitted.get(name, "").split())
        if len(words) > longest:
            self.errors[name] = _("This is longer than %(num)d characters. Shorten it a little.", num=longest)
        return words[: longest * 2]

    @property
    def chosen(self) -> list[str]:
        """The slugs of the chosen services."""
        known = {service.slug for service in self.directory.services}
        return [slug for slug in dict.fromkeys(self.submitted.getlist("service")[:MOST_SERVICES]) if slug in known]

    @property
    def services(self) -> list[Service]:
        """The chosen services and those that close with them."""
        return with_followers(self.directory, self.chosen)

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """Start and end; only after a first step without errors."""
        assert self.starts is not None
        assert self.ends is not None
        return self.starts, self.ends

    @property
    def reason(self) -> LocalText:
        """Why it is closed, in each language that has words for it."""
        reasons = {code: self.text(f"reason-{code}", LONGEST_REASON) for code in self.languages}
        return LocalText({code: words for code, words in reasons.items() if words})

    def validate_first_step(self) -> bool:
        """Whether the first step has no errors; fills `errors`, `starts` and `ends`."""
        self._read_interval()
        if not self.chosen:
            self.errors["service"] = _("Choose at least one service that is closed.")
        reason = self.reason
        for code in self.languages:
            if code not in reason:
                self.errors[f"reason-{code}"] = _("Say why, in this language too.")
        if self.starts and self.ends and not self.errors:
            self._refuse_overlap(self.starts, self.ends)
        return not self.errors

    def _read_interval(self) -> None:
        first = _day(self.submitted.get("date", ""))
        last = _day(self.submitted.get("until-date", "")) if self.submitted.get("until-date") else first
        opens, closes = _time(self.submitted.get("from", ""), time(0)), _time(self.submitted.get("until", ""), None)
        for name, day in (("date", first), ("until-date", last)):
            if day is None:
                self.errors[name] = _("Choose a day.")
        for name, clock in (("from", opens), ("until", closes)):
            if clock is False:
                self.errors[name] = _("Write a time such as 12:00.")
        if first is None or last is None or opens is False or closes is False:
            return
        zone = self.directory.zone
        starts = datetime.combine(first, opens or time(0), zone)
        ends = datetime.combine(last, closes, zone) if closes else _midnight_after(last, starts)
        if ends <= starts:
            self.errors["until"] = _("The end must come after the start.")
        elif ends <= self.now:
            self.errors["date"] = _("This time has passed. Choose a time that is still to come.")
        elif starts < self.now - timedelta(days=1):
            self.errors["date"] = _("This day has passed. Choose today or a later day.")
        elif ends - starts > LONGEST:
            self.errors["until-date"] = _("This is longer than a month. Change the hours of the services instead.")
        elif starts > self.now + FURTHEST:
            self.errors["date"] = _("This day is too far away. Look at the year.")
        else:
            self.starts, self.ends = starts, ends

    def _refuse_overlap(self, starts: datetime, ends: datetime) -> None:
        for service in self.services:
            other = overlapping(service, starts, ends)
            if other is not None:
                zone = self.directory.zone
                self.errors["date"] = _(
                    "%(service)s is closed already: %(when)s. Undo that closing first, or leave this service out.",
                    service=service.document.title(language()),
                    when=interval_label(other.first.astimezone(zone), other.last.astimezone(zone)),
                )

    def affected_sessions(self) -> list[tuple[Service, Occurrence]]:
        """The sessions of the closed services within the interval."""
        return sessions_in(self.services, *self.interval, self.now)

    def affected_events(self) -> list[Event]:
        """The events within the interval."""
        return events_in(self.events, *self.interval, self.now)

    def session_action(self, service: Service, item: Occurrence) -> Action:
        """What shall happen to a session: it is cancelled unless another action is chosen."""
        return self._action(session_field(service, item), "cancel")

    def event_action(self, event: Event) -> Action:
        """What shall happen to an event: one at a place that is closed is cancelled unless another action is chosen."""
        places = {service.facts.place for service in self.services if service.facts.place}
        return self._action(event_field(event), "cancel" if event.facts.place in places else "keep")

    def _action(self, name: str, default: Action) -> Action:
        submitted = self.submitted.get(name, "")
        return next((action for action in ACTIONS if action == submitted), default)

    def plan(self, *, taken: set[str]) -> Plan | None:
        """The whole closing, or None when a field is wrong; `taken` are the slugs of existing alerts."""
        if not self.validate_first_step():
            return None
        sessions = tuple(self._session_plan(service, item) for service, item in self.affected_sessions())
        events = tuple(self._event_plan(event) for event in self.affected_events())
        alert = self._alert_plan(taken)
        if self.errors:
            return None
        starts, ends = self.interval
        return Plan(
            starts=starts,
            ends=ends,
            services=tuple(service.slug for service in self.services),
            reason=self.reason,
            sessions=sessions,
            events=events,
            alert=alert,
        )

    def _session_plan(self, service: Service, item: Occurrence) -> SessionPlan:
        name = f"{session_field(service, item)}-to"
        action, to = self.session_action(service, item), None
        if action == "move":
            to = _day(self.submitted.get(name, ""))
            if to is None:
                self.errors[name] = _("Choose the new day.")
            else:
                zone = self.directory.zone
                self._validate_new_time(name, *(end.astimezone(zone) for end in item.slot.on(to, zone)))
        return SessionPlan(service.slug, item.series, item.original_date, action, to)

    def _event_plan(self, event: Event) -> EventPlan:
        name = f"{event_field(event)}-to"
        action, to = self.event_action(event), None
        if action == "move":
            try:
                to = datetime.fromisoformat(self.submitted.get(name, "")).replace(tzinfo=self.directory.zone)
            except ValueError:
                self.errors[name] = _("Choose a day and a time.")
            else:
                self._validate_new_time(name, to, to + (event.facts.ends - event.facts.starts))
        return EventPlan(event.slug, action, to)

    def _validate_new_time(self, name: str, starts: datetime, ends: datetime) -> None:
        closed_from, closed_until = self.interval
        if starts <= self.now:
            self.errors[name] = _("Choose a time that is still to come.")
        elif starts > self.now + FURTHEST:
            self.errors[name] = _("This day is too far away. Look at the year.")
        elif starts < closed_until and closed_from < ends:
            self.errors[name] = _("It is closed at that time as well. Choose another day.")

    def _alert_plan(self, taken: set[str]) -> AlertPlan | None:
        on = self.submitted.get("alert", "site")
        if on not in ALERTS or on == "none":
            return None
        words: dict[str, dict[str, str]] = {}
        for code in self.languages:
            proposed = self.proposed_alert(code)
            title = self.text(f"title-{code}", LONGEST_TITLE) or proposed["title"]
            summary = proposed["summary"]
            if f"summary-{code}" in self.submitted:
                summary = self.text(f"summary-{code}", LONGEST_SUMMARY)
            words[code] = {"title": title} | ({"summary": summary} if summary else {})
        base = f"closed-{self.interval[0]:%Y%m%d-%H%M}"
        slug = next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        return AlertPlan(slug, on, words)

    def proposed_alert(self, code: str) -> dict[str, str]:
        """Title and summary that the form proposes for the alert in a language."""
        with force_locale(code):
            title = _("Closed %(when)s", when=interval_label(*self.interval))
            names = [service.document.title(code) for service in self.services]
            reason = self.reason.get(code, "").rstrip(".")
            summary = f"{reason}. " + _("Closed: %(services)s.", services=", ".join(names))
            if len(summary) > LONGEST_SUMMARY:
                summary = f"{reason}."
        return {"title": title[:LONGEST_TITLE], "summary": summary[:LONGEST_SUMMARY]}


def session_field(service: Service, item: Occurrence) -> str:
    """The name of the field that holds the action for a session."""
    return f"session-{service.slug}-{item.key}"


def event_field(event: Event) -> str:
    """The name of the field that holds the action for an event."""
    return f"event-{event.slug}"


def interval_label(starts: datetime, ends: datetime) -> str:
    """An interval in words: whole days without clock times; both ends in the zone in which they are shown."""
    code = language()
    last = ends - timedelta(minutes=1)
    day = formatting.day(starts.date(), code)
    begins_at_midnight, ends_at_midnight = starts.time() == time(0), ends.time() == time(0)
    if starts.date() == last.date():
        if begins_at_midnight and ends_at_midnight:
            return day
        if ends_at_midnight:
            return _("%(day)s from %(time)s", day=day, time=formatting.clock(starts, code))
        return f"{day}, {formatting.clock(starts, code)}–{formatting.clock(ends, code)}"
    first = day if begins_at_midnight else formatting.day_clock(starts, code)
    until = formatting.day(last.date(), code) if ends_at_midnight else formatting.day_clock(ends, code)
    return _("%(first)s to %(last)s", first=first, last=until)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def _time(written: str, empty: time | None) -> time | Literal[False] | None:
    """A clock time; `empty` for nothing and for 24:00, the end of the day; False for what is no time."""
    written = written.strip().replace(".", ":")
    if not written or written == "24:00":
        return empty
    matched = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", written)
    return time(int(matched[1]), int(matched[2])) if matched else False


def _midnight_after(day: date, starts: datetime) -> datetime:
    if day == date.max:
        return starts
    return datetime.combine(day + timedelta(days=1), time(0), starts.tzinfo)
