"""Public holidays, collective leave and regional days, by date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.content.document import LocalText

HolidayKind = Literal["national", "collective-leave", "regional"]
KINDS: tuple[HolidayKind, ...] = ("national", "collective-leave", "regional")


class HolidayRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One day as the holiday files hold it.

    A record without a date but with `not_known_for` says that days of this kind are not announced yet
    for that year.
    """

    name: LocalText
    kind: HolidayKind
    day: date | None = msgspec.field(default=None, name="date")
    not_known_for: int | None = None
    estimated: bool = False
    region: str = ""
    source: str = ""
    checked_on: date | None = None

    def __post_init__(self) -> None:
        if (self.day is None) == (self.not_known_for is None):
            raise ValueError("give either `date` or `not_known_for` (a year)")


@dataclass(frozen=True)
class Holiday:
    """A day with its name in each language; `estimated` until it is announced."""

    day: date
    name: LocalText
    kind: HolidayKind
    estimated: bool = False


@dataclass(frozen=True, eq=False)
class HolidayCalendar:
    """All known holidays; the highest-ranking one of a day is its holiday."""

    days: Mapping[date, Holiday] = field(default_factory=dict)
    not_known: tuple[HolidayRecord, ...] = ()

    def on(self, day: date) -> Holiday | None:
        """The holiday of that day, if it is one."""
        return self.days.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether the day is Monday to Friday and no holiday of any kind."""
        return day.weekday() < 5 and day not in self.days

    def next_working_day(self, day: date) -> date:
        """The first working day after that day."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def between(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The holidays from the first to the last day, both included, in order."""
        return tuple(self.days[day] for day in sorted(self.days) if first <= day <= last)

    def unannounced(self, year: int) -> tuple[HolidayRecord, ...]:
        """The kinds of days that are not announced for that year yet."""
        return tuple(record for record in self.not_known if record.not_known_for == year)

    @property
    def last_year(self) -> int | None:
        """The last year for which any holiday is known."""
        return max((day.year for day in self.days), default=None)


def calendar_of(records: Iterable[HolidayRecord], *, region: str = "") -> HolidayCalendar:
    """The calendar of these records; regional days count only where they are of that region."""
    days: dict[date, Holiday] = {}
    unknown = []
    for record in records:
        if record.day is None:
            unknown.append(record)
            continue
        if record.region and record.region != region:
            continue
        before = days.get(record.day)
        if before is None or KINDS.index(record.kind) < KINDS.index(before.kind):
            days[record.day] = Holiday(record.day, record.name, record.kind, record.estimated)
    return HolidayCalendar(days, tuple(unknown))
