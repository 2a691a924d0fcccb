"""A service as a document type: facts about time and place, and words about who may come and what to bring."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from portal.content.document import ContentRule, DocumentFacts, DocumentType, DocumentWords, Instant, LocalText
from portal.content.fields import Choices, Label, Marker, Subfields
from portal.messages import N_
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.series import Series
from portal.timetable.zones import zone_named

BOX = {
    "who": Label(N_("Who")),
    "booking": Label(N_("Booking")),
    "types": Label(N_("What can be had")),
    "bring": Label(N_("What to bring")),
    "handing_out": Label(N_("Handing out")),
    "documents": Label(N_("Documents")),
}
# Path segments of other pages, which no service may have as its slug.
RESERVED = frozenset({"week", "month", "places", "border", "calendar", "data"})


class Border(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The other side of a crossing: its zone and name, when it closes there, and since when this holds."""

    zone: Annotated[str, Label(N_("Time zone"), N_("As the international list names it."))]
    name: Annotated[LocalText, Label(N_("Name"))]
    closes: Annotated[str, Label(N_("Registration closes"))] = ""
    since: Annotated[date | None, Label(N_("Since"))] = None
    since_words: Annotated[LocalText, Label(N_("Since when, in words"))] = LocalText()
    checked: Annotated[LocalText, Label(N_("How it was checked"))] = LocalText()

    def __post_init__(self) -> None:
        zone_named(self.zone)


class ServiceFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and where. `follows` names a service whose hours hold where this one says nothing itself.

    `sequence` grows, and `modified` is set, with each published change of a time, place or state.
    """

    group: Annotated[str, Label(N_("Group of services")), Choices("service-groups")] = ""
    place: Annotated[str, Label(N_("Place")), Choices("places")] = ""
    follows: Annotated[str, Label(N_("Has the hours of")), Choices("slugs:schedules")] = ""
    order: Annotated[int, Label(N_("Place in the list"), N_("Small numbers come first."))] = 100
    on_home: Annotated[bool, Label(N_("On the home page"))] = False
    hours: Annotated[
        OpeningHoursSpec,
        Label(N_("Hours"), N_("As the schedule writes them. The page of schedules changes single days more easily.")),
        Marker.AS_YAML,
    ] = OpeningHoursSpec()
    sessions: Annotated[
        tuple[Series, ...],
        Label(
            N_("Sessions"), N_("As the schedule writes them. The page of schedules changes single days more easily.")
        ),
        Marker.AS_YAML,
    ] = ()
    border: Annotated[Border | None, Label(N_("The other side of the border"))] = None
    sequence: Annotated[int, Marker.KEPT_BY_DESK] = 0
    modified: Annotated[Instant | None, Marker.KEPT_BY_DESK] = None

    def __post_init__(self) -> None:
        ids = [series.id for series in self.sessions]
        repeated = {id_ for id_ in ids if ids.count(id_) > 1}
        if repeated:
            raise ValueError(f"sessions: the id '{min(repeated)}' is used twice; give each series its own")
        if self.sequence < 0:
            raise ValueError("sequence cannot be below zero")


class ServiceWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card of facts in inline Markdown (keys: who, booking, types, bring, handing_out, documents).

    `share_bring` is the plain list for messages; `unconfirmed` is what the office has still to confirm.
    """

    box: Annotated[
        dict[str, str],
        Label(N_("Summary box"), N_("Short answers at the top of the page. Leave out what does not apply.")),
        Subfields(BOX),
    ] = {}
    share_bring: Annotated[
        tuple[str, ...], Label(N_("What to bring, for messages"), N_("One thing a line, in plain words without signs."))
    ] = ()
    unconfirmed: Annotated[
        tuple[str, ...], Label(N_("What the office has still to confirm"), N_("One a line. Readers see it."))
    ] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.box) - set(BOX))
        if unknown:
            raise ValueError(f"box: '{unknown[0]}' is no key of it; allowed: {', '.join(BOX)}")


SERVICE = DocumentType(
    "schedules",
    ServiceFacts,
    ServiceWords,
    plural=N_("Services"),
    singular=N_("Service"),
    position=70,
    rules=frozenset({ContentRule.EMBEDDED_VALUES}),
)


def facts_path(slug: str) -> str:
    """Where the facts of the service of that slug are in the content."""
    return f"{SERVICE.kind}/{slug}/facts.yaml"
