"""The opening hours of a service as its facts.yaml holds them; each struct raises ValueError for bad values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec

from portal.content.document import Instant, LocalText
from portal.timetable.hours import UNKNOWN, day_hours, slots_of, weekly_of

Hours = tuple[str, ...] | str
Weekly = dict[str, Hours] | str
LONGEST = timedelta(days=366)


class Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that facts.yaml may hold about time."""


class Season(Struct, frozen=True):
    """Hours that replace the weekly ones from one day to another, both included."""

    name: LocalText
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    weekly: Weekly

    def __post_init__(self) -> None:
        _require_range(self.first, self.last)
        _require_weekly(self.weekly)


class HolidayRule(Struct, frozen=True, rename="kebab"):
    """What holds on each kind of holiday: 'closed', 'open' (as on other days), 'unknown', or slots."""

    national: Hours = "closed"
    collective_leave: Hours = "closed"
    regional: Hours = "closed"

    def __post_init__(self) -> None:
        for value in (self.national, self.collective_leave, self.regional):
            if value != "open":
                day_hours(value)

    def of(self, kind: str) -> Hours:
        """The rule for holidays of that kind."""
        value: Hours = getattr(self, kind.replace("-", "_"))
        return value


class DatedException(Struct, frozen=True):
    """Other hours on one day or on the days of a short range; exactly one thing happens to them.

    `closed: true` closes, with `between` only those slots; `hours` replaces; `extra` adds; `moved_to`
    gives the day's hours to another day; `unknown: true` says that nobody has confirmed them.
    """

    day: date | None = msgspec.field(default=None, name="date")
    first: date | None = msgspec.field(default=None, name="from")
    last: date | None = msgspec.field(default=None, name="to")
    closed: bool = False
    between: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    moved_to: date | None = None
    unknown: bool = False
    reason: LocalText = LocalText()

    def __post_init__(self) -> None:
        if (self.day is None) == (self.first is None or self.last is None):
            raise ValueError("give either `date`, or `from` and `to`")
        _require_range(*self.days)
        effects = [self.closed, bool(self.extra), self.moved_to is not None, self.unknown]
        if sum(effects) + (bool(self.hours) and self.moved_to is None) != 1:
            raise ValueError("give exactly one of `closed`, `hours`, `extra`, `moved_to`, `unknown`")
        if self.between and not self.closed:
            raise ValueError("`between` belongs to `closed: true`")
        if self.moved_to is not None and (self.day is None or self.moved_to == self.day):
            raise ValueError("`moved_to` needs one `date` and another day than it")
        for slots in (self.between, self.hours, self.extra):
            slots_of(slots)

    @property
    def closes_day(self) -> bool:
        """Whether the whole day is closed, whatever is added to it."""
        return self.closed and not self.between

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, both included."""
        if self.day is not None:
            return self.day, self.day
        assert self.first is not None
        assert self.last is not None
        return self.first, self.last


class Closure(Struct, frozen=True):
    """An emergency closure from one instant to another; it outranks everything."""

    first: Instant = msgspec.field(name="from")
    last: Instant = msgspec.field(name="until")
    reason: LocalText

    def __post_init__(self) -> None:
        if self.last <= self.first:
            raise ValueError("`until` is not after `from`")
        if self.last - self.first > LONGEST:
            raise ValueError("lasts more than a year; write the hours as unknown instead")


class OpeningHoursSpec(Struct, frozen=True):
    """The hours of one service. `weekly: unknown` says that the office has not confirmed them."""

    weekly: Weekly | None = None
    seasons: tuple[Season, ...] = ()
    holidays: HolidayRule | None = None
    exceptions: tuple[DatedException, ...] = ()
    closures: tuple[Closure, ...] = ()
    since: date | None = None

    def __post_init__(self) -> None:
        if self.weekly is not None:
            _require_weekly(self.weekly)
        _require_no_overlap([(s.first, s.last) for s in self.seasons], "seasons")
        _require_no_overlap([item.days for item in self.exceptions], "exceptions")
        targets = [item.moved_to for item in self.exceptions if item.moved_to]
        for day in targets:
            if targets.count(day) > 1 or any(i.days[0] <= day <= i.days[1] for i in self.exceptions):
                raise ValueError(f"exceptions: {day} is the target of a move and has another exception")
        _require_no_overlap([(c.first, c.last) for c in self.closures], "closures")


def _require_weekly(weekly: Weekly) -> None:
    if isinstance(weekly, str):
        if weekly != UNKNOWN:
            raise ValueError("write the hours by day, or 'unknown'")
        return
    weekly_of(weekly)


def _require_range(first: date, last: date) -> None:
    if last < first:
        raise ValueError(f"ends ({last}) before it starts ({first})")
    if last - first > LONGEST:
        raise ValueError(f"runs from {first} to {last}; more than a year is no exception and no season")


def _require_no_overlap(ranges: Sequence[tuple[date, date]], key: str) -> None:
    numbered = sorted((first, last, index) for index, (first, last) in enumerate(ranges))
    for (_, last, earlier), (first, _, later) in pairwise(numbered):
        if first < last or (first == last and not isinstance(first, datetime)):
            raise ValueError(f"{key}[{earlier}] and {key}[{later}] overlap on {first}; one day has one of them")
