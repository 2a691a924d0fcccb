"""Recurrence rules and the dates that they give, with holidays kept, skipped or moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Literal

import msgspec
from dateutil import rrule

from portal.timetable.holidays import Holiday, HolidayCalendar
from portal.timetable.hours import DAYS

OnHoliday = Literal["keep", "skip", "next-working-day"]
MOST_DATES = 600
_WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


class RecurrenceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every n weeks on some weekdays, or every n months on the nth (-1: last) weekday; always bounded."""

    every: Literal["week", "month"]
    weekdays: tuple[str, ...]
    first: date = msgspec.field(name="from")
    interval: int = 1
    nth: int | None = None
    until: date | None = None
    count: int | None = None
    on_holiday: OnHoliday = "keep"

    def __post_init__(self) -> None:
        unknown = [day for day in self.weekdays if day not in DAYS]
        if unknown or not self.weekdays:
            allowed = ", ".join(DAYS)
            raise ValueError(f"weekdays holds {', '.join(unknown) or 'nothing'}; write some of {allowed}")
        if not 1 <= self.interval <= 60:
            raise ValueError("interval must be from 1 to 60")
        if (self.every == "month") != (self.nth is not None):
            raise ValueError("`nth` (1 to 5, or -1 for the last) belongs to `every: month` and is needed there")
        if self.nth is not None and self.nth not in (1, 2, 3, 4, 5, -1):
            raise ValueError("nth must be 1 to 5, or -1 for the last")
        if (self.until is None) == (self.count is None):
            raise ValueError("the rule has no bound; give either `until` (a date) or `count`")
        if self.count is not None and not 1 <= self.count <= MOST_DATES:
            raise ValueError(f"count must be from 1 to {MOST_DATES}")
        if self.until is not None and self.until < self.first:
            raise ValueError(f"ends ({self.until}) before it starts ({self.first})")
        if not self.dates():
            raise ValueError("has no date at all; check `from`, `until` and the weekdays")

    def dates(self) -> tuple[date, ...]:
        """The dates before holidays are looked at; raises ValueError when there are too many."""
        dates = tuple(start.date() for start in islice(self._rrule(), MOST_DATES + 1))
        if len(dates) > MOST_DATES:
            raise ValueError(f"has more than {MOST_DATES} dates; give an earlier `until`")
        return dates

    def parts(self) -> dict[str, str | int | list[str]]:
        """The parts of the RRULE property: FREQ, INTERVAL, COUNT, BYDAY, WKST."""
        prefix = str(self.nth) if self.nth is not None else ""
        return {
            "FREQ": "WEEKLY" if self.every == "week" else "MONTHLY",
            "INTERVAL": self.interval,
            "COUNT": len(self.dates()),
            "BYDAY": [prefix + day[:2].upper() for day in self.weekdays],
            "WKST": "MO",
        }

    def _rrule(self) -> rrule.rrule:
        days = [_WEEKDAYS[DAYS.index(day)] for day in self.weekdays]
        return rrule.rrule(
            rrule.WEEKLY if self.every == "week" else rrule.MONTHLY,
            dtstart=datetime.combine(self.first, time(0)),
            interval=self.interval,
            byweekday=[day(self.nth) for day in days] if self.nth is not None else days,
            until=datetime.combine(self.until, time(0)) if self.until else None,
            count=self.count,
            wkst=rrule.MO,
        )


@dataclass(frozen=True)
class RecurrenceDate:
    """A date that the rule gives, and the day on which it really is: another one, or none, on a holiday."""

    original_date: date
    day: date | None
    holiday: Holiday | None = None


def recurrence_set(rule: RecurrenceRule, holidays: HolidayCalendar) -> tuple[RecurrenceDate, ...]:
    """The rule's dates once holidays are skipped or moved to the next free working day."""
    original_dates = rule.dates()
    taken = {day for day in original_dates if not holidays.on(day)}
    dates = []
    for original_date in original_dates:
        holiday = holidays.on(original_date)
        day: date | None = original_date
        if holiday is not None and rule.on_holiday == "skip":
            day = None
        elif holiday is not None and rule.on_holiday == "next-working-day":
            day = holidays.next_working_day(original_date)
            while day in taken:
                day = holidays.next_working_day(day)
            taken.add(day)
        dates.append(RecurrenceDate(original_date, day, holiday))
    return tuple(dates)
