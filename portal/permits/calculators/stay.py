"""Until when one may stay and when to ask for more: pure arithmetic on days; both ends of a stay count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.permits.permit import PermitFacts, Window

ONE_DAY = timedelta(days=1)
IsWorkingDay = Callable[[date], bool]
# A longer run of days without a single working day is a mistake in the calendar, not a holiday.
LONGEST_PAUSE = 60


@dataclass(frozen=True)
class Length:
    """One length that a permit may have: days or years, never both."""

    days: int = 0
    years: int = 0

    @property
    def key(self) -> str:
        """Its name in addresses: `30d` or `2y`."""
        return f"{self.years}y" if self.years else f"{self.days}d"


@dataclass(frozen=True)
class Application:
    """When to apply: first and last day, both working days where that matters, and how many lie between."""

    opens: date | None
    closes: date | None
    closes_by_rule: date | None
    is_advice: bool
    working_days: int | None


@dataclass(frozen=True)
class Plan:
    """The days of one stay."""

    arrival: date
    last_day: date
    application: Application | None
    extended_to: date | None

    @property
    def overstay_from(self) -> date:
        """The first day that is one too many."""
        return self.last_day + ONE_DAY

    def overstay_limit(self, days: int) -> date:
        """The last day of an overstay of that many days."""
        return self.last_day + timedelta(days=days)


def lengths_of(facts: PermitFacts) -> tuple[Length, ...]:
    """The lengths from which the holder of such a permit chooses."""
    return (*(Length(days=days) for days in facts.stay.first_days), *(Length(years=y) for y in facts.stay.years))


def last_day(arrival: date, length: Length) -> date:
    """The last legal day; the day of arrival is the first."""
    if length.years:
        return _years_later(arrival, length.years) - ONE_DAY
    return arrival + timedelta(days=length.days) - ONE_DAY


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _months_earlier(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def plan(
    facts: PermitFacts, arrival: date, length: Length, *, window: Window | None, is_working_day: IsWorkingDay
) -> Plan:
    """The days of a stay that begins on `arrival`; `window` is that of the extension, if there is one."""
    end = last_day(arrival, length)
    application = application_of(window, end, first=arrival, is_working_day=is_working_day) if window else None
    extension = facts.extension
    extended = end + timedelta(days=extension.days) if extension.possible == "yes" and extension.days else None
    longest = facts.stay.maximum_days
    if extended and longest:
        extended = min(extended, arrival + timedelta(days=longest) - ONE_DAY)
    return Plan(arrival, end, application, extended if extended and extended > end else None)


@dataclass(frozen=True)
class ExtendedStay:
    """A stay longer than the permit's first days: how many extensions it takes, and its days.

    `first_last` is the last day without an extension, `last` the last with all of them, `leaves` the last day planned.
    """

    extensions: int
    total_days: int
    first_last: date
    last: date
    leaves: date


def extended_stay(facts: PermitFacts, arrival: date, days: int) -> ExtendedStay | None:
    """How a stay of that many days is reached by extensions; None where it needs none or is not confirmed to be had."""
    first, extension, longest = max(facts.stay.first_days, default=0), facts.extension, facts.stay.maximum_days
    if not first or days <= first or extension.possible != "yes" or not extension.days or not longest or days > longest:
        return None
    number = -(-(days - first) // extension.days)
    if extension.times is not None and number > extension.times:
        return None
    total = min(first + number * extension.days, longest)
    ends = (last_day(arrival, Length(days=length)) for length in (first, total, days))
    return ExtendedStay(number, total, *ends)


def application_of(window: Window, end: date, *, first: date, is_working_day: IsWorkingDay) -> Application:
    """The days on which to apply for what follows a permit that ends on `end`; never before `first`."""
    opens = None
    if window.earliest_days is not None:
        opens = end - timedelta(days=window.earliest_days)
    elif window.earliest_months is not None:
        opens = _months_earlier(end, window.earliest_months)
    opens = max(opens, first) if opens else None
    by_rule = end - timedelta(days=window.latest_days) if window.latest_days is not None else None
    closes = working_day_before(by_rule or end, is_working_day)
    if closes and closes < first:
        closes = None
    counted = working_days(opens or first, closes, is_working_day) if closes else None
    return Application(opens, closes, by_rule, window.latest_is_advice, counted)


def working_day_before(day: date, is_working_day: IsWorkingDay) -> date | None:
    """The day itself or the last working day before it; none when two months hold no working day."""
    for back in range(LONGEST_PAUSE):
        if is_working_day(day - timedelta(days=back)):
            return day - timedelta(days=back)
    return None


def working_days(first: date, last: date, is_working_day: IsWorkingDay) -> int:
    """How many working days lie between two days, both included."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))
