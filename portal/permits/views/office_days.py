"""Working days of the office as the calculators count them: weekdays without holidays and known closures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.timetable.holidays import Holiday, HolidayCalendar, calendar_of
from portal.web.pages import catalogue
from portal.web.state import cards

SLOT = "closed-days"
IsClosed = Callable[[date], bool]


class OfficeDays:
    """The public holidays, and the days that features report as closed through cards of the slot `closed-days`."""

    def __init__(self, holidays: HolidayCalendar, closed: tuple[IsClosed, ...]) -> None:
        self.holidays = holidays
        self._closed = closed

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day, as far as is known."""
        return self.holidays.is_working_day(day) and not any(is_closed(day) for is_closed in self._closed)

    def between(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The holidays between two days that would otherwise be working days."""
        return tuple(day for day in self.holidays.between(first, last) if day.day.weekday() < 5)

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are known at all."""
        last = self.holidays.last_year
        return last is not None and day.year <= last and not self.holidays.unannounced(day.year)


def office_days() -> OfficeDays:
    """The working days of this request's content."""
    records = catalogue().reference("holidays")
    return OfficeDays(calendar_of(records.values()), tuple(cards(SLOT)))
