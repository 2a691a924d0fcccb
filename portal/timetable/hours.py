"""Slots of opening hours: read from their text ("08:00-15:00 last 14:30"), and placed on a day as instants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNKNOWN = "unknown"
CLOSED = "closed"
_SLOT = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})(?: last (\d{2}:\d{2}))?")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Slot:
    """Minutes after midnight; `closes` passes 1440 for a slot that ends after midnight.

    `last` is the minute at which the last queue number is given, where the office says one.
    """

    opens: int
    closes: int
    last: int | None = None

    def __lt__(self, other: Slot) -> bool:
        # Slots of equal times may differ in whether a last number is known at all.
        mine, theirs = (-1 if slot.last is None else slot.last for slot in (self, other))
        return (self.opens, self.closes, mine) < (other.opens, other.closes, theirs)

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end of the slot on that day, in UTC."""
        return instant_at(day, self.opens, zone), instant_at(day, self.closes, zone)

    @property
    def opens_at(self) -> time:
        """The clock time of the start."""
        return clock_time(self.opens)

    @property
    def closes_at(self) -> time:
        """The clock time of the end; past midnight it is the next day's."""
        return clock_time(self.closes)

    def __str__(self) -> str:
        last = f" last {clock_time(self.last):%H:%M}" if self.last is not None else ""
        return f"{self.opens_at:%H:%M}-{self.closes_at:%H:%M}{last}"


def clock_time(minutes: int) -> time:
    """The clock time that many minutes after a midnight."""
    return time(minutes // 60 % 24, minutes % 60)


def instant_at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The UTC instant at which clocks of the zone stand that many minutes after the day's midnight."""
    local = datetime.combine(day + timedelta(days=minutes // _DAY_MINUTES), clock_time(minutes), tzinfo=zone)
    return local.astimezone(UTC)


def slot_of(written: str) -> Slot:
    """The slot that is written there; raises ValueError with what is wrong and how to mend it."""
    match = _SLOT.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"{written!r} is not a slot; write '08:00-15:00' or '08:00-15:00 last 14:30'")
    opens, closes = _minutes(match[1]), _minutes(match[2], end=True)
    if closes == opens:
        raise ValueError(f"{written!r} ends when it starts; write '00:00-24:00' for the whole day")
    if closes < opens:
        closes += _DAY_MINUTES
    last = None
    if match[3]:
        last = _minutes(match[3])
        last += _DAY_MINUTES if last < opens else 0
        if not opens < last <= closes:
            raise ValueError(f"{written!r} gives its last number outside the slot")
    return Slot(opens, closes, last)


def slots_of(written: tuple[str, ...]) -> tuple[Slot, ...]:
    """The slots of one day in order; raises ValueError when two of them overlap."""
    slots = tuple(sorted(slot_of(item) for item in written))
    for first, second in pairwise(slots):
        if second.opens < first.closes:
            raise ValueError(f"the slots '{first}' and '{second}' overlap; join them or change one")
    return slots


def weekly_of(written: dict[str, tuple[str, ...] | str]) -> tuple[tuple[Slot, ...] | None, ...]:
    """Seven entries from Monday on: the slots of that weekday, () closed, None not confirmed.

    Keys are days or ranges of days ("mon-fri"); a day that is not named is closed. Raises ValueError
    for an unknown day, a day named twice, or a slot that runs into the next day's first.
    """
    week: list[tuple[Slot, ...] | None] = [()] * 7
    seen: set[int] = set()
    for key, value in written.items():
        for index in _days_of(key):
            if index in seen:
                raise ValueError(f"'{DAYS[index]}' is given hours twice; keep one")
            seen.add(index)
            week[index] = day_hours(value)
    for index, slots in enumerate(week):
        following = week[(index + 1) % 7]
        if slots and following and slots[-1].closes - _DAY_MINUTES > following[0].opens:
            raise ValueError(f"the last slot of '{DAYS[index]}' runs into the first of the next day")
    return tuple(week)


def day_hours(value: tuple[str, ...] | str) -> tuple[Slot, ...] | None:
    """The slots of a day's value: a list of slots, 'closed' or 'unknown'; raises ValueError otherwise."""
    if isinstance(value, str):
        if value == UNKNOWN:
            return None
        if value == CLOSED:
            return ()
        return slots_of((value,))
    return slots_of(tuple(value))


def _days_of(key: str) -> list[int]:
    first, _, last = key.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f"{key!r} is not a day; write one of {', '.join(DAYS)}, or a range such as 'mon-fri'")
    start, stop = DAYS.index(first), DAYS.index(last or first)
    if stop < start:
        raise ValueError(f"{key!r} ends before it starts; write two ranges")
    return list(range(start, stop + 1))


def _minutes(text: str, *, end: bool = False) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if minutes > 59 or hours > 24 or (hours == 24 and (minutes or not end)):
        raise ValueError(f"{text!r} is not a time of day")
    return hours * 60 + minutes
