"""The two steps of a closing as somebody fills them in: when, what and why; then what happens to each thing met."""

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
    reached,
    sessions_in,
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
    """What was typed so far, what the content holds, and what is wrong with each field."""

    sent: MultiDict[str, str]
    book: ServiceDirectory
    events: list[Event]
    languages: tuple[str, ...]
    now: datetime
    errors: dict[str, str] = field(default_factory=dict)
    starts: datetime | None = None
    ends: datetime | None = None

    def text(self, name: str, longest: int) -> str:
        """One line of text, bounded; a longer one is told."""
        words = " ".join(self.sent.get(name, "").split())
        if len(words) > longest:
            self.errors[name] = _("This is longer than %(num)d characters. Shorten it a little.", num=longest)
        return words[: longest * 2]

    @property
    def services(self) -> list[str]:
        """The chosen services that there are."""
        known = {one.slug for one in self.book.services}
        return [slug for slug in dict.fromkeys(self.sent.getlist("service")[:MOST_SERVICES]) if slug in known]

    @property
    def closed(self) -> list[Service]:
        """The chosen services and those that follow them."""
        return reached(self.book, self.services)

    @property
    def reason(self) -> LocalText:
        """Why it is closed, in each language that has words for it."""
        found = {code: self.text(f"reason-{code}", LONGEST_REASON) for code in self.languages}
        return LocalText({code: words for code, words in found.items() if words})

    def check_time(self) -> bool:
        """Whether the first step is answered; messages tell what is missing."""
        self._read_times()
        if not self.services:
            self.errors["service"] = _("Choose at least one service that is closed.")
        given = self.reason
        for code in self.languages:
            if code not in given:
                self.errors[f"reason-{code}"] = _("Say why, in this language too.")
        if self.starts and self.ends and not self.errors:
            self._check_overlap(self.starts, self.ends)
        return not self.errors

    def _read_times(self) -> None:
        first = _day(self.sent.get("date", ""))
        last = _day(self.sent.get("until-date", "")) if self.sent.get("until-date") else first
        opens, closes = _time(self.sent.get("from", ""), time(0)), _time(self.sent.get("until", ""), None)
        for name, found in (("date", first), ("until-date", last)):
            if found is None:
                self.errors[name] = _("Choose a day.")
        for name, read in (("from", opens), ("until", closes)):
            if read is False:
                self.errors[name] = _("Write a time such as 12:00.")
        if first is None or last is None or opens is False or closes is False:
            return
        zone = self.book.zone
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

    def _check_overlap(self, starts: datetime, ends: datetime) -> None:
        for service in self.closed:
            other = overlapping(service, starts, ends)
            if other is not None:
                when = span_words(other.first.astimezone(self.book.zone), other.last.astimezone(self.book.zone))
                self.errors["date"] = _(
                    "%(service)s is closed already: %(when)s. Undo that closing first, or leave this service out.",
                    service=service.document.title(language()),
                    when=when,
                )

    def met_sessions(self) -> list[tuple[Service, Occurrence]]:
        """The sessions that take place in that time."""
        assert self.starts is not None
        assert self.ends is not None
        return sessions_in(self.closed, self.starts, self.ends, self.now)

    def met_events(self) -> list[Event]:
        """The events that take place in that time."""
        assert self.starts is not None
        assert self.ends is not None
        return events_in(self.events, self.starts, self.ends, self.now)

    def deed(self, name: str, default: Action) -> Action:
        """What shall happen to one thing."""
        asked = self.sent.get(name, "")
        return next((deed for deed in ACTIONS if deed == asked), default)

    def default_for(self, event: Event) -> Action:
        """An event at a place that is closed is called off unless somebody says otherwise; others stay."""
        places = {service.facts.place for service in self.closed if service.facts.place}
        return "cancel" if event.facts.place in places else "keep"

    def plan(self, *, taken: set[str]) -> Plan | None:
        """The whole closing, or nothing when a field is wrong; `taken` are the names of alerts that there are."""
        if not self.check_time() or self.starts is None or self.ends is None:
            return None
        sessions = tuple(self._session(service, item) for service, item in self.met_sessions())
        events = tuple(self._event(one) for one in self.met_events())
        alert = self._alert(taken)
        if self.errors:
            return None
        return Plan(
            starts=self.starts,
            ends=self.ends,
            services=tuple(one.slug for one in self.closed),
            reason=self.reason,
            sessions=sessions,
            events=events,
            alert=alert,
        )

    def _session(self, service: Service, item: Occurrence) -> SessionPlan:
        name = f"session-{service.slug}-{item.key}"
        deed, to = self.deed(name, "cancel"), None
        if deed == "move":
            to = _day(self.sent.get(f"{name}-to", ""))
            if to is None:
                self.errors[f"{name}-to"] = _("Choose the new day.")
            else:
                self._check_new(
                    f"{name}-to", *(one.astimezone(self.book.zone) for one in item.slot.on(to, self.book.zone))
                )
        return SessionPlan(service.slug, item.series, item.original_date, deed, to)

    def _event(self, event: Event) -> EventPlan:
        name = f"event-{event.slug}"
        deed, to = self.deed(name, self.default_for(event)), None
        if deed == "move":
            try:
                to = datetime.fromisoformat(self.sent.get(f"{name}-to", "")).replace(tzinfo=self.book.zone)
            except ValueError:
                self.errors[f"{name}-to"] = _("Choose a day and a time.")
            else:
                self._check_new(f"{name}-to", to, to + (event.facts.ends - event.facts.starts))
        return EventPlan(event.slug, deed, to)

    def _check_new(self, name: str, starts: datetime, ends: datetime) -> None:
        assert self.starts is not None
        assert self.ends is not None
        if starts <= self.now:
            self.errors[name] = _("Choose a time that is still to come.")
        elif starts > self.now + FURTHEST:
            self.errors[name] = _("This day is too far away. Look at the year.")
        elif starts < self.ends and self.starts < ends:
            self.errors[name] = _("It is closed at that time as well. Choose another day.")

    def _alert(self, taken: set[str]) -> AlertPlan | None:
        on = self.sent.get("alert", "site")
        if on not in ALERTS or on == "none":
            return None
        words: dict[str, dict[str, str]] = {}
        for code in self.languages:
            title = self.text(f"title-{code}", LONGEST_TITLE) or self.alert_words(code)["title"]
            summary = (
                self.text(f"summary-{code}", LONGEST_SUMMARY)
                if f"summary-{code}" in self.sent
                else self.alert_words(code)["summary"]
            )
            words[code] = {"title": title} | ({"summary": summary} if summary else {})
        assert self.starts is not None
        base = f"closed-{self.starts:%Y%m%d-%H%M}"
        slug = next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        return AlertPlan(slug, on, words)

    def alert_words(self, code: str) -> dict[str, str]:
        """Title and summary of the alert as they are proposed in a language."""
        assert self.starts is not None
        assert self.ends is not None
        with force_locale(code):
            title = _("Closed %(when)s", when=span_words(self.starts, self.ends))
            names = [service.document.title(code) for service in self.closed]
            reason = self.reason.get(code, "").rstrip(".")
            summary = f"{reason}. " + _("Closed: %(services)s.", services=", ".join(names))
            if len(summary) > LONGEST_SUMMARY:
                summary = f"{reason}."
        return {"title": title[:LONGEST_TITLE], "summary": summary[:LONGEST_SUMMARY]}


def span_words(starts: datetime, ends: datetime) -> str:
    """A time from one moment to another: the day alone when it is whole, else with its clock times."""
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
    """A clock time; `empty` where nothing was written, False where it is none. 24:00 is the end of the day."""
    written = written.strip().replace(".", ":")
    if not written or written == "24:00":
        return empty
    matched = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", written)
    return time(int(matched[1]), int(matched[2])) if matched else False


def _midnight_after(day: date, starts: datetime) -> datetime:
    if day == date.max:
        return starts
    return datetime.combine(day + timedelta(days=1), time(0), starts.tzinfo)
