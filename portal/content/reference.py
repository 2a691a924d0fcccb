"""Facts without pages, shared by every language; each value knows from when and until when it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from portal.content.document import Certainty, LocalText, Source

UNKNOWN = "unknown"
RECENT = timedelta(days=14)


class DatedValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value and the days, both included, on which it holds; `unknown` is a value that nobody confirmed."""

    value: int | str
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: tuple[str, ...] = ()
    source: str = ""
    checked_on: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether the value itself is known."""
        return self.value != UNKNOWN

    def holds_on(self, day: date) -> bool:
        """Whether the value holds on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class DatedView:
    """What a reader should see on a day: the value that holds, the one announced, the one just ended."""

    current: DatedValue | None
    upcoming: DatedValue | None
    recent: DatedValue | None
    changes_on: date | None


def on_day(values: Sequence[DatedValue], day: date) -> DatedView:
    """The view of dated values on `day`; `changes_on` is the next day on which the view differs."""
    ordered = sorted(values, key=lambda value: value.valid_from or date.min)
    current = next((value for value in ordered if value.holds_on(day)), None)
    upcoming = next((value for value in ordered if value.valid_from and value.valid_from > day), None)
    recent = None
    if current and current.valid_from and day < current.valid_from + RECENT:
        before = current.valid_from - timedelta(days=1)
        recent = next((value for value in ordered if value.is_known and value.holds_on(before)), None)
    changes_on = min((change for change in change_days(ordered) if change > day), default=None)
    return DatedView(current, upcoming, recent, changes_on)


def change_days(values: Iterable[DatedValue]) -> Iterator[date]:
    """The days on which the view of these values can differ from the day before."""
    for value in values:
        if value.valid_from:
            yield from (value.valid_from, value.valid_from + RECENT)
        if value.valid_to:
            yield value.valid_to + timedelta(days=1)


class Fee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tariff in whole rupiah; `common` ones are those that most people ask for."""

    name: LocalText
    values: tuple[DatedValue, ...]
    unit: LocalText = LocalText()
    note: LocalText = LocalText()
    common: bool = False
    facts: tuple[str, ...] = ()


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, by the number under which people cite it."""

    number: str
    title: LocalText
    year: int | None = None
    governs: LocalText = LocalText()
    since: date | None = None
    until: date | None = None
    amended_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    url: str = ""
    note: LocalText = LocalText()
    facts: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on that day; a day that nobody recorded is no bound."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class ContactLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address at which a channel is to be had, such as an app in a store."""

    name: str
    url: str


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel of the office or of another authority.

    One at which something can be done at once has the words of a button (`action`), the key of our own page about it
    (`guide`), and the day on which its address was last found in public sources (`looked_up`).
    """

    name: LocalText
    kind: str
    values: tuple[DatedValue, ...]
    official: bool = False
    note: LocalText = LocalText()
    action: LocalText = LocalText()
    guide: str = ""
    links: tuple[ContactLink, ...] = ()
    looked_up: date | None = None
    facts: tuple[str, ...] = ()


class District(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A regency or city and the office that covers it: a place id, or words where it is none of ours."""

    name: LocalText
    kind: str
    office: str | dict[str, str]
    certainty: Certainty = "check"
    note: LocalText = LocalText()
    facts: tuple[str, ...] = ()


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of the field with its plain meaning; the word is written as it stands inside a sentence."""

    term: LocalText
    definition: LocalText
    also: dict[str, tuple[str, ...]] = {}
    legal_basis: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def capitalised(text: str) -> str:
    """The text as a sentence begins; the rest keeps its capitals."""
    return text[:1].upper() + text[1:]


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic or an audience."""

    name: LocalText
    summary: LocalText = LocalText()


class Country(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the standard names of a country lack: other ways of writing it, and what its people are called."""

    variants: dict[str, tuple[str, ...]] = {}
    people: tuple[str, ...] = ()
    name: LocalText = LocalText()


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of the register: the figures and dates on which documents rest, with their sources."""

    values: dict[str, Any] = {}
    legal_basis: tuple[str, ...] = ()
    effective_from: str | None = None
    sources: tuple[Source, ...] = ()
    certainty: Certainty = "check"


@dataclass(frozen=True)
class ReferenceType:
    """A reference: the file `reference/<name>.yaml`, or every file of the folder of that name, merged.

    A feature that keeps records beside its documents names another `path`, without the ending.
    """

    name: str
    record: Any
    path: str = ""

    @property
    def stem(self) -> str:
        """The path of the file without its ending, which is also that of the folder."""
        return self.path or f"reference/{self.name}"

    def holds(self, path: str) -> bool:
        """Whether that file belongs to this reference."""
        return path == f"{self.stem}.yaml" or path.startswith(f"{self.stem}/")


REFERENCES = (
    ReferenceType("fees", Fee),
    ReferenceType("laws", Law),
    ReferenceType("contacts", Contact),
    ReferenceType("districts", District),
    ReferenceType("glossary", Term),
    ReferenceType("topics", Label),
    ReferenceType("audiences", Label),
    ReferenceType("countries", Country),
    ReferenceType("facts", Fact),
)
