"""An event as its pages show it: state, times, place and seats in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.events import labels
from portal.events.event import Event
from portal.events.views.queries import seat_state, seats_tag
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import document_link
from portal.web.pages import catalogue, live_tag, url
from portal.web.transactions import session


@dataclass(frozen=True)
class Status:
    """A state for a pill, and the words for it."""

    state: str
    words: str


@dataclass(frozen=True)
class EventView:
    """What templates ask of an event."""

    event: Event
    page: DocumentPage

    @property
    def facts(self) -> Any:
        """The facts of the event."""
        return self.event.facts

    @cached_property
    def zone_label(self) -> str:
        """The label of the office's zone."""
        return str(catalogue().site.zone_label)

    @cached_property
    def state(self) -> str:
        """planned, confirmed, full, moved, cancelled or done; the page flips when it changes."""
        now = request_clock()
        now.expires_at(self.event.occurrence.next_transition(now.now))
        return self.event.state_at(now.now)

    @cached_property
    def status(self) -> Status:
        """The state of the event itself."""
        words = {
            "planned": _("Planned"),
            "confirmed": _("Confirmed"),
            "full": _("Full"),
            "moved": _("Moved"),
            "cancelled": _("Cancelled"),
            "done": _("Held"),
        }
        return Status(self.state, str(words[self.state]))

    @cached_property
    def registration(self) -> Status | None:
        """Whether one can register now; None for an event without registration, or that is over or off."""
        terms, now = self.event.terms, request_clock()
        if not terms.takes_registrations or self.state in ("cancelled", "done"):
            return None
        for instant in (terms.opens, terms.closes_at):
            now.expires_at(instant)
        why = terms.refusal(now.now)
        if why == "early" and terms.opens is not None:
            opens = formatting.day_clock(terms.opens.astimezone(now.zone), language())
            return Status("planned", _("Registration opens %(when)s", when=f"{opens} {self.zone_label}"))
        if why:
            return Status("closed", _("Registration has closed"))
        live_tag(seats_tag(self.event.slug))
        return self._seats(seat_state(session(), terms))

    def _seats(self, state: str) -> Status:
        if state == "full":
            return Status("full", _("Full; you can join the waiting list"))
        if state == "few":
            return Status("soon", _("Registration open, few places left"))
        return Status("open", _("Registration open"))

    @property
    def is_open(self) -> bool:
        """Whether the form takes registrations now."""
        return self.registration is not None and self.registration.state in ("open", "soon", "full")

    @property
    def closes(self) -> str:
        """Until when one can register."""
        at = self.event.terms.closes_at.astimezone(request_clock().zone)
        return f"{formatting.day_clock(at, language())} {self.zone_label}"

    @property
    def days(self) -> str:
        """The day, with its weekday."""
        at = self.event.occurrence.appointment
        return labels.days_of(at.start, at.end, language())

    @property
    def hours(self) -> str:
        """The hours with the zone; empty where they are not known."""
        at = self.event.occurrence.appointment
        if not self.facts.hours_known:
            return ""
        return labels.hours_of(at.start, at.end, language(), label=self.zone_label)

    @property
    def was(self) -> str:
        """When it was to be before it moved."""
        return labels.was_of(self.event, language(), label=self.zone_label)

    @cached_property
    def where(self) -> labels.Where:
        """The place."""
        return labels.where_of(self.event, language(), places=catalogue().reference("places"))

    @property
    def was_where(self) -> str:
        """The place before it moved, when that changed."""
        was = self.facts.was
        if was is None or not (was.place or was.venue):
            return ""
        found = labels.place_words(was.place, was.venue, language(), places=catalogue().reference("places"))
        return found.line if found.line != self.where.line else ""

    @property
    def reason(self) -> str:
        """Why it moved or was cancelled."""
        return text_of(self.facts.reason)

    @property
    def district(self) -> str:
        """The name of its district."""
        return name_of("districts", self.facts.district)

    @property
    def audience(self) -> str:
        """For whom it is."""
        return ", ".join(name_of("audiences", one) for one in self.facts.audience)

    @property
    def questions(self) -> list[Any]:
        """The FAQ answers to what was asked there."""
        asked = self.facts.afterwards.questions if self.facts.afterwards else ()
        return [link for key in asked if (link := document_link(key if "/" in key else f"faq/{key}"))]

    @property
    def photos(self) -> list[dict[str, str]]:
        """Pictures whose people agreed."""
        photos = self.facts.afterwards.photos if self.facts.afterwards else ()
        return [{"file": one.file, "alt": text_of(one.alt), "credit": one.credit} for one in photos if one.consent]

    def _past_day(self) -> str:
        # The small block has no room for the year, and only past events need it.
        start = self.event.occurrence.start
        return formatting.day(start.date(), language()) if self.state == "done" else ""

    def item(self) -> dict[str, Any]:
        """The event as an entry of a list."""
        start = self.event.occurrence.start
        status = self.status
        if self.registration is not None and self.state in ("planned", "confirmed"):
            status = self.registration
        return {
            "weekday": formatting.weekday(start.date(), language(), short=True),
            "day": start.day,
            "month": formatting.short_day(start.date(), language(), year=False).partition(" ")[2],
            "date": self.days,
            "iso": start.date().isoformat() if not self.facts.hours_known else start.isoformat(timespec="minutes"),
            "title": self.page.title,
            "href": url("events.show", slug=self.event.slug),
            "line": " · ".join(part for part in (self._past_day(), self.hours, self.where.name, self.district) if part),
            "state": status.state,
            "words": status.words,
            "reason": self.reason,
            "was": self.was,
            "sample": self.facts.sample,
        }


def view_of(event: Event) -> EventView:
    """The event for this request's language."""
    return EventView(event, DocumentPage(event.document, language()))


def name_of(reference: str, id_: str) -> str:
    """The name of a record of a reference, or its id where the reference lacks it."""
    record = catalogue().reference(reference).get(id_) if id_ else None
    return text_of(record.name) if record is not None else id_
