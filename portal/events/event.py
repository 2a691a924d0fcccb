"""An event as content: when and where it is, who hosts it, and on which terms one may register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from portal.content.document import (
    PRIMARY_LANGUAGE,
    Document,
    DocumentFacts,
    DocumentType,
    DocumentWords,
    Instant,
    LocalText,
    TopicSection,
)
from portal.content.fields import KEYS, ChoiceLabels, Choices, Label, Marker
from portal.content.problems import InvalidValue, ProblemKind
from portal.events.registrations.terms import Terms
from portal.messages import N_
from portal.timetable.hours import Slot
from portal.timetable.sessions.series import Appointment, DeclaredState, Occurrence, SessionState

PartnerKind = Literal[
    "village",
    "ward",
    "school",
    "campus",
    "parish",
    "church",
    "mosque",
    "municipal-police",
    "supervision-team",
    "city-office",
    "company",
    "other",
]
PARTNER_LABELS = {
    "village": N_("Village"),
    "ward": N_("Ward"),
    "school": N_("School"),
    "campus": N_("Campus"),
    "parish": N_("Parish"),
    "church": N_("Church"),
    "mosque": N_("Mosque"),
    "municipal-police": N_("Municipal police"),
    "supervision-team": N_("Supervision team"),
    "city-office": N_("City office"),
    "company": N_("Company"),
    "other": N_("Other"),
}
RequestedField = Literal["district", "contact"]
REQUESTED_FIELD_LABELS = {"district": N_("Regency or city"), "contact": N_("Contact")}
STATE_LABELS = {"planned": N_("Planned"), "confirmed": N_("Confirmed"), "full": N_("Full")}

ENDS_BEFORE_START = ProblemKind("schema", "`ends` must come after `starts`", N_("The end has to come after the start."))
TOO_LONG = ProblemKind(
    "schema",
    "`ends` lies more than a month after `starts`; check the dates",
    N_("The end lies more than a month after the start. Check the dates."),
)
PLACE_OR_VENUE = ProblemKind(
    "schema",
    "give either `place` (an id) or `venue` (a name and an address)",
    N_("Choose a place from the list, or write the name of another one; not both."),
)
NO_REASON = ProblemKind(
    "schema", "an event that moved or was cancelled needs its `reason`", N_("Say why it moved or was cancelled.")
)


class Venue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place that is not in the reference."""

    name: Annotated[LocalText, Label(N_("Name"))]
    address: Annotated[LocalText, Label(N_("Address"))] = LocalText()
    coordinates: Annotated[
        tuple[float, float] | None,
        Label(N_("Coordinates"), N_("Degrees north and east in square brackets, with a comma.")),
        Marker.AS_YAML,
    ] = None


class EarlierSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and where an event was to be before it moved."""

    starts: Annotated[Instant, Label(N_("Starts"), N_("Time of the office."))]
    ends: Annotated[Instant, Label(N_("Ends"), N_("Time of the office."))]
    place: Annotated[str, Label(N_("Place")), Choices("places")] = ""
    venue: Annotated[Venue | None, Label(N_("A place that is not in the list"))] = None

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise InvalidValue(ENDS_BEFORE_START)


class Partner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who hosts the event with the office."""

    kind: Annotated[PartnerKind, Label(N_("Kind")), ChoiceLabels(PARTNER_LABELS)]
    name: Annotated[LocalText, Label(N_("Name"))]


class Material(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file handed out, as a path below media/."""

    file: Annotated[str, Label(N_("File below media/"))]
    label: Annotated[LocalText, Label(N_("Name of the file"))]


class Photo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture of the event; shown only when everyone in it agreed."""

    file: Annotated[str, Label(N_("File below media/"))]
    alt: Annotated[LocalText, Label(N_("What the photo shows"))]
    consent: Annotated[bool, Label(N_("Everyone in it agreed"))]
    credit: Annotated[str, Label(N_("Taken by"))] = ""

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("a photo needs `alt`, what it shows, in each language")


class Afterwards(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known when the event is over; `questions` are keys of FAQ answers."""

    attendance: Annotated[int | None, Label(N_("How many came"))] = None
    photos: Annotated[tuple[Photo, ...], Label(N_("Photos"))] = ()
    questions: Annotated[tuple[str, ...], Label(N_("Questions that came up")), Choices(KEYS)] = ()

    def __post_init__(self) -> None:
        if self.attendance is not None and self.attendance < 0:
            raise ValueError("`attendance` cannot be below zero")


class RegistrationFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On which terms one may register; seats are counted in people, `capacity` includes the `walk_in` seats."""

    capacity: Annotated[
        int | None, Label(N_("Seats"), N_("Counted in heads. Leave blank when seats are not limited."))
    ] = None
    walk_in: Annotated[int, Label(N_("Seats for people without registration"))] = 0
    opens: Annotated[Instant | None, Label(N_("Registration opens"))] = None
    closes: Annotated[Instant | None, Label(N_("Registration closes"))] = None
    party_limit: Annotated[int, Label(N_("Largest party"))] = 50
    asks: Annotated[
        tuple[RequestedField, ...], Label(N_("What the form asks")), ChoiceLabels(REQUESTED_FIELD_LABELS)
    ] = ("district", "contact")
    hold_hours: Annotated[int, Label(N_("Hours for which an offered seat is held"))] = 24
    confirm_hours: Annotated[
        int,
        Label(N_("Hours to confirm an e-mail address"), N_("The seats are held as long. 0 asks for no confirmation.")),
    ] = 24
    network_limit: Annotated[
        int,
        Label(
            N_("Most people from one connection without a confirmed contact"),
            N_("A village can share one connection; a call or the code of the letter confirms a contact."),
        ),
    ] = 20
    anonymous_limit: Annotated[int, Label(N_("Most people from one connection without any contact"))] = 6
    retention_days: Annotated[int, Label(N_("Days until personal data are deleted"))] = 30

    def __post_init__(self) -> None:
        if self.capacity is not None and self.capacity < 1:
            raise ValueError("`capacity` must be 1 or more; leave it out where seats are not limited")
        if not 0 <= self.walk_in <= (self.walk_in if self.capacity is None else self.capacity):
            raise ValueError("`walk_in` seats are a part of `capacity`")
        if self.party_limit < 1 or self.hold_hours < 1:
            raise ValueError("`party_limit` and `hold_hours` must be 1 or more")
        if not 0 <= self.confirm_hours <= 720:
            raise ValueError("`confirm_hours` must lie between 0 and 720")
        if self.network_limit < 1 or self.anonymous_limit < 0:
            raise ValueError("`network_limit` must be 1 or more, `anonymous_limit` 0 or more")
        if not 1 <= self.retention_days <= 365:
            raise ValueError("`retention_days` must lie between 1 and 365")
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError("`closes` must come after `opens`")


class EventFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts of an event; `sequence` grows with every published change of time, place or state."""

    starts: Annotated[Instant, Label(N_("Starts"), N_("Time of the office."))]
    ends: Annotated[Instant, Label(N_("Ends"), N_("Time of the office."))]
    hours_known: Annotated[bool, Label(N_("The hours are known"))] = True
    state: Annotated[DeclaredState, Label(N_("State")), ChoiceLabels(STATE_LABELS)] = "planned"
    sequence: Annotated[int, Marker.KEPT_BY_DESK] = 0
    modified: Annotated[Instant | None, Marker.KEPT_BY_DESK] = None
    was: Annotated[
        EarlierSchedule | None,
        Label(N_("Before it moved"), N_("The page of the event’s registrations fills this in by itself.")),
    ] = None
    cancelled: Annotated[bool, Label(N_("It does not take place"))] = False
    reason: Annotated[LocalText, Label(N_("Reason"))] = msgspec.field(default_factory=LocalText)
    place: Annotated[str, Label(N_("Place")), Choices("places")] = ""
    venue: Annotated[Venue | None, Label(N_("A place that is not in the list"))] = None
    district: Annotated[str, Label(N_("Regency or city")), Choices("districts")] = ""
    partner: Annotated[Partner | None, Label(N_("Host"))] = None
    spoken: Annotated[LocalText, Label(N_("Languages spoken there"))] = msgspec.field(default_factory=LocalText)
    access: Annotated[LocalText, Label(N_("Access without steps"))] = msgspec.field(default_factory=LocalText)
    contacts: Annotated[tuple[str, ...], Label(N_("Contacts")), Choices("contacts"), Marker.ONE_LINE] = ()
    materials: Annotated[tuple[Material, ...], Label(N_("Files handed out"))] = ()
    registration: Annotated[
        RegistrationFacts | None, Label(N_("Registration"), N_("On which terms one may register."))
    ] = None
    afterwards: Annotated[Afterwards | None, Label(N_("When it is over"))] = None

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise InvalidValue(ENDS_BEFORE_START)
        if self.ends - self.starts > timedelta(days=31):
            raise InvalidValue(TOO_LONG)
        if bool(self.place) == (self.venue is not None):
            raise InvalidValue(PLACE_OR_VENUE)
        if (self.cancelled or self.was is not None) and not self.reason:
            raise InvalidValue(NO_REASON)
        if (self.cancelled or self.was is not None) and self.sequence < 1:
            raise ValueError("an event that moved or was cancelled needs a `sequence` of 1 or more")
        if self.registration is not None and not self.hours_known:
            raise ValueError("an event with `registration` needs known hours")
        closes = self.registration.closes if self.registration else None
        if closes is not None and closes > self.ends:
            raise ValueError("`registration.closes` lies after the event ends")


class EventWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of an event; `report` tells afterwards how it went, in plain sentences."""

    report: Annotated[
        str, Label(N_("Report"), N_("Afterwards: how it went, in plain sentences.")), Marker.LONG_TEXT
    ] = ""


EVENT = DocumentType(
    "events",
    EventFacts,
    EventWords,
    plural=N_("Events"),
    singular=N_("Event"),
    position=60,
    topic_section=TopicSection(N_("Events"), 40),
)


@dataclass(frozen=True)
class Event:
    """An event document with its time as the timetable sees it."""

    document: Document
    zone: ZoneInfo

    @property
    def slug(self) -> str:
        """The name in addresses and tables."""
        return self.document.slug

    @property
    def facts(self) -> EventFacts:
        facts: EventFacts = self.document.facts
        return facts

    @cached_property
    def occurrence(self) -> Occurrence:
        """The event as the one session that it is."""
        facts = self.facts
        appointment = _appointment(facts.starts, facts.ends, facts.place, facts.venue, self.zone)
        was = facts.was
        previous_appointment = _appointment(was.starts, was.ends, was.place, was.venue, self.zone) if was else None
        midnight = datetime.combine(appointment.start.date(), time(), tzinfo=self.zone)
        minutes = [int((instant - midnight).total_seconds() // 60) for instant in (appointment.start, appointment.end)]
        return Occurrence(
            series=self.slug,
            original_date=(previous_appointment or appointment).start.date(),
            slot=Slot(minutes[0], minutes[1]),
            appointment=appointment,
            previous_appointment=previous_appointment,
            declared_state=facts.state,
            cancelled=facts.cancelled,
            reason=facts.reason,
            sample=facts.sample,
        )

    def state_at(self, now: datetime) -> SessionState:
        """planned, confirmed, full, moved, cancelled or done."""
        return self.occurrence.state_at(now)

    def is_upcoming(self, now: datetime) -> bool:
        """Whether it stands among the coming events: until it ends, 14 days longer when cancelled."""
        return self.occurrence.is_listed_at(now)

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        return self.facts.cancelled or self.facts.status == "withdrawn"

    @property
    def schedule_text(self) -> str:
        """State, time and place in one line: when it changes, everybody registered is notified."""
        facts = self.facts
        location = facts.place or (facts.venue.name.text(PRIMARY_LANGUAGE) if facts.venue else "")
        times = [instant.astimezone(UTC).isoformat(timespec="minutes") for instant in (facts.starts, facts.ends)]
        return " ".join(["off" if self.is_off else "on", *times, location])[:300]

    @cached_property
    def terms(self) -> Terms:
        """The terms on which registrations for this event are judged."""
        facts = self.facts
        registration = facts.registration or RegistrationFacts()
        return Terms(
            event=self.slug,
            starts=facts.starts,
            ends=facts.ends,
            opens=registration.opens,
            closes=registration.closes,
            capacity=registration.capacity,
            walk_in=registration.walk_in,
            party_limit=registration.party_limit,
            hold=timedelta(hours=registration.hold_hours),
            confirm=timedelta(hours=registration.confirm_hours),
            network_limit=registration.network_limit,
            # Where no contact is asked for, having none tells nothing.
            anonymous_limit=registration.anonymous_limit
            if "contact" in registration.asks
            else registration.network_limit,
            retention=timedelta(days=registration.retention_days),
            is_cancelled=self.is_off,
            takes_registrations=facts.registration is not None,
            schedule_text=self.schedule_text,
        )


def _appointment(start: datetime, end: datetime, place: str, venue: Venue | None, zone: ZoneInfo) -> Appointment:
    words = venue.name if venue else LocalText()
    return Appointment(start.astimezone(zone), end.astimezone(zone), place, words)
