"""A service as content: its facts about time and place, and the words about who may come and what to bring."""

from __future__ import annotations

from datetime import date

import msgspec

from portal.content.document import DocumentFacts, DocumentType, DocumentWords, Instant, LocalText
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.series import Series
from portal.timetable.zones import zone_named

BOX = ("who", "booking", "types", "bring", "handing_out", "documents")
# Words that stand in addresses where a service's slug could stand.
RESERVED = frozenset({"week", "month", "places", "border", "calendar", "data"})


class Border(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The other side of a crossing: its zone and name, when it closes there, and since when this holds."""

    zone: str
    name: LocalText
    closes: str = ""
    since: date | None = None
    since_words: LocalText = LocalText()
    checked: LocalText = LocalText()

    def __post_init__(self) -> None:
        zone_named(self.zone)


class ServiceFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and where. `follows` names a service whose hours hold where this one says nothing itself.

    `sequence` grows, and `modified` is set, with each published change of a time, place or state.
    """

    group: str = ""
    place: str = ""
    follows: str = ""
    order: int = 100
    on_home: bool = False
    hours: OpeningHoursSpec = OpeningHoursSpec()
    sessions: tuple[Series, ...] = ()
    border: Border | None = None
    sequence: int = 0
    modified: Instant | None = None

    def __post_init__(self) -> None:
        ids = [series.id for series in self.sessions]
        twice = {id_ for id_ in ids if ids.count(id_) > 1}
        if twice:
            raise ValueError(f"sessions: the id '{min(twice)}' is used twice; give each series its own")
        if self.sequence < 0:
            raise ValueError("sequence cannot be below zero")


class ServiceWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card of facts in inline Markdown (keys: who, booking, types, bring, handing_out, documents).

    `share_bring` is the plain list for messages; `unconfirmed` is what the office has still to confirm.
    """

    box: dict[str, str] = {}
    share_bring: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        strange = sorted(set(self.box) - set(BOX))
        if strange:
            raise ValueError(f"box: '{strange[0]}' is no key of it; allowed: {', '.join(BOX)}")


SERVICE = DocumentType("schedules", ServiceFacts, ServiceWords)
