"""An event as its pages show it: state, times, place and seats in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NotRequired, TypedDict

from portal.events import labels
from portal.events.event import Event, EventFacts
from portal.events.registrations import seats
from portal.events.views.forms import EMAIL, NO_CHANNEL, PHONE
from portal.events.views.queries import seats_tag
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link
from portal.web.pages import catalogue, live_tag, url
from portal.web.transactions import session

# The value of `district` for people who come from outside the districts of the reference.
OTHER_DISTRICT = "other"


@dataclass(frozen=True)
class Status:
    """A state for a pill, and the words for it."""

    state: str
    words: str


class Choice(TypedDict):
    """An option of a form field."""

    value: str
    label: str
    help: NotRequired[str]


class PhotoRow(TypedDict):
    """A picture: its path below media/, what it shows, who made it."""

    file: str
    alt: str
    credit: str


class EventItem(TypedDict):
    """An event as `components/session_list.html` takes it."""

    weekday: str
    day: int
    month: str
    date: str
    iso: str
    title: str
    href: str
    line: str
    state: str
    words: str
    reason: str
    was: str
    sample: bool


@dataclass(frozen=True)
class EventView:
    """What templates ask of an event."""

    event: Event
    page: DocumentPage

    @property
    def facts(self) -> EventFacts:
        return self.event.facts

    @cached_property
    def zone_label(self) -> str:
        return str(catalogue().site.zone_label)

    @cached_property
    def state(self) -> str:
        """planned, confirmed, full, moved, cancelled or done; the page expires when it changes."""
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
        refusal = terms.refusal(now.now)
        if refusal == "early" and terms.opens is not None:
            opens = formatting.day_clock(terms.opens.astimezone(now.zone), language())
            return Status("planned", _("Registration opens %(when)s", when=f"{opens} {self.zone_label}"))
        if refusal:
            return Status("closed", _("Registration has closed"))
        live_tag(seats_tag(self.event.slug))
        availability = seats.availability(seats.guest_counts(session(), terms.event), bookable=terms.bookable)
        if availability == "full":
            return Status("full", _("Full; you can join the waiting list"))
        if availability == "few":
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
    def delete_on(self) -> str:
        """When the personal data of its registrations is deleted."""
        return formatting.day(self.event.terms.delete_on.astimezone(request_clock().zone).date(), language())

    @property
    def days(self) -> str:
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
    def location(self) -> labels.Location:
        return labels.location_of(self.event, language(), places=catalogue().reference("places"))

    @property
    def was_location(self) -> str:
        """The place before it moved, when that changed."""
        was = self.facts.was
        if was is None or not (was.place or was.venue):
            return ""
        line = labels.location_of(was, language(), places=catalogue().reference("places")).line
        return line if line != self.location.line else ""

    @property
    def reason(self) -> str:
        return text_of(self.facts.reason)

    @property
    def district(self) -> str:
        return name_of("districts", self.facts.district)

    @property
    def audience(self) -> str:
        return ", ".join(name_of("audiences", audience) for audience in self.facts.audience)

    @property
    def questions(self) -> list[Link]:
        """The FAQ answers to what was asked there."""
        keys = self.facts.afterwards.questions if self.facts.afterwards else ()
        return [link for key in keys if (link := document_link(key if "/" in key else f"faq/{key}"))]

    @property
    def photos(self) -> list[PhotoRow]:
        """Pictures whose people agreed."""
        photos = self.facts.afterwards.photos if self.facts.afterwards else ()
        return [
            {"file": photo.file, "alt": text_of(photo.alt), "credit": photo.credit} for photo in photos if photo.consent
        ]

    def item(self) -> EventItem:
        """The event as an entry of a list."""
        start = self.event.occurrence.start
        # The small block has no space for the year, and only past events need it.
        past_day = formatting.day(start.date(), language()) if self.state == "done" else ""
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
            "line": " · ".join(part for part in (past_day, self.hours, self.location.name, self.district) if part),
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


def district_name(id_: str) -> str:
    """The name of a district, or that it is somewhere else."""
    return name_of("districts", id_) if id_ != OTHER_DISTRICT else _("Somewhere else")


def named_choices(reference: str) -> list[Choice]:
    """The records of a reference as choices, by name."""
    names = sorted((name_of(reference, id_), id_) for id_ in catalogue().reference(reference))
    choices: list[Choice] = [{"value": id_, "label": name} for name, id_ in names]
    return [{"value": "", "label": _("Choose")}, *choices]


def district_choices() -> list[Choice]:
    """The districts by name, and the choice for everywhere else."""
    return [*named_choices("districts"), {"value": OTHER_DISTRICT, "label": _("Somewhere else")}]


def channel_choices() -> list[Choice]:
    """How the office may reach who registers; none is a full answer."""
    return [
        {"value": PHONE, "label": _("WhatsApp or telephone")},
        {"value": EMAIL, "label": _("E-mail")},
        {"value": NO_CHANNEL, "label": _("Not needed"), "help": _("Note the code that appears on the screen")},
    ]
