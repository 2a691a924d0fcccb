"""Days and costs: laws that hold for any day, and the cases that people ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from portal.permits.calculators.costs import Line, total
from portal.permits.calculators.reminder import Reminder, reminder_file
from portal.permits.calculators.stay import Length, application_of, last_day, lengths_of, plan, working_days
from portal.permits.permit import Extension, PermitFacts, Stay, Window
from tests.conftest import FULL

EXAMPLES = 2000 if FULL else 100
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ONE = timedelta(days=1)
LIKE_B1 = PermitFacts(
    code="B1",
    form="on-arrival",
    stay=Stay(first_days=(30,), maximum_days=60),
    extension=Extension(possible="yes", days=30, times=1),
)
WINDOW = Window(earliest_days=14, latest_days=7, latest_is_advice=True)


def weekdays(holidays: frozenset[date] = frozenset()) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and day not in holidays


def test_the_day_of_arrival_is_the_first_day() -> None:
    assert last_day(date(2026, 12, 1), Length(days=30)) == date(2026, 12, 30)
    assert last_day(date(2026, 12, 1), Length(days=1)) == date(2026, 12, 1)
    assert last_day(date(2026, 3, 1), Length(years=1)) == date(2027, 2, 28)
    assert last_day(date(2028, 2, 29), Length(years=1)) == date(2029, 2, 28)


def test_a_stay_with_its_window_extension_and_overstay() -> None:
    result = plan(LIKE_B1, date(2026, 12, 1), Length(days=30), window=WINDOW, is_working_day=weekdays())
    assert result.last_day == date(2026, 12, 30)
    assert result.extended_to == date(2027, 1, 29)
    assert result.overstay_from == date(2026, 12, 31)
    assert result.overstay_limit(60) == date(2027, 2, 28)
    application = result.application
    assert application is not None
    assert (application.opens, application.closes) == (date(2026, 12, 16), date(2026, 12, 23))
    assert application.working_days == 6


def test_a_holiday_moves_the_latest_day_forward() -> None:
    closed = frozenset({date(2026, 12, 23), date(2026, 12, 22)})
    application = application_of(WINDOW, date(2026, 12, 30), first=date(2026, 12, 1), is_working_day=weekdays(closed))
    assert application.closes == date(2026, 12, 21)
    assert application.closes_by_rule == date(2026, 12, 23)


def test_an_endless_closure_gives_no_day() -> None:
    application = application_of(WINDOW, date(2026, 12, 30), first=date(2026, 12, 1), is_working_day=lambda _day: False)
    assert application.closes is None
    assert application.working_days is None


def test_months_are_counted_back_to_a_day_that_exists() -> None:
    window = Window(earliest_months=3, latest_days=1)
    application = application_of(window, date(2026, 5, 31), first=date(2025, 6, 1), is_working_day=weekdays())
    assert application.opens == date(2026, 2, 28)
    assert application.closes == date(2026, 5, 29)


@settings(max_examples=EXAMPLES, deadline=None)
@given(arrival=DAYS, first=st.integers(1, 400), second=st.integers(1, 400))
def test_two_stays_after_each_other_are_one_long_stay(arrival: date, first: int, second: int) -> None:
    middle = last_day(arrival, Length(days=first)) + ONE
    assert last_day(middle, Length(days=second)) == last_day(arrival, Length(days=first + second))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    arrival=DAYS,
    length=st.integers(1, 400),
    earliest=st.none() | st.integers(0, 120),
    latest=st.none() | st.integers(0, 60),
    offsets=st.frozensets(st.integers(0, 420), max_size=30),
)
def test_a_window_lies_inside_the_stay(
    arrival: date, length: int, earliest: int | None, latest: int | None, offsets: frozenset[int]
) -> None:
    works = weekdays(frozenset(arrival + timedelta(days=n) for n in offsets))
    window = Window(earliest_days=earliest, latest_days=latest)
    application = plan(LIKE_B1, arrival, Length(days=length), window=window, is_working_day=works).application
    assert application is not None
    end = last_day(arrival, Length(days=length))
    if application.opens:
        assert arrival <= application.opens
    if application.closes:
        assert works(application.closes)
        assert arrival <= application.closes <= end - timedelta(days=latest or 0)
        start = application.opens or arrival
        span = [start + timedelta(days=n) for n in range((application.closes - start).days + 1)]
        assert application.working_days == sum(map(works, span)) == working_days(start, application.closes, works)


def test_lengths_are_days_then_years() -> None:
    facts = PermitFacts(code="X", form="limited-stay", stay=Stay(first_days=(60, 180), years=(1,)))
    assert [length.key for length in lengths_of(facts)] == ["60d", "180d", "1y"]


def test_a_total_needs_every_amount() -> None:
    assert total([Line("voa", 2, 500_000), Line("late", 3, 1_000_000)]) == 4_000_000
    assert total([Line("voa", 2, 500_000), Line("", 1, None)]) is None
    assert total([]) is None
    assert total([Line("free", 1, 0)]) == 0


def test_a_calendar_file_with_alarms_is_the_same_each_time() -> None:
    reminder = Reminder("last", date(2026, 12, 30), "Last day; B1, ok", "Line one\nline two", (7, 0))
    stamp = datetime(2026, 11, 24, 1, tzinfo=UTC)

    def made() -> bytes:
        return reminder_file([reminder], name="B1", subject="b1:2026-12-01", stamp=stamp, language="en")

    assert made() == made()
    raw = made()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event["summary"] == "Last day; B1, ok"
    assert event.decoded("dtstart") == date(2026, 12, 30)
    triggers = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert triggers == [timedelta(hours=8, days=-7), timedelta(hours=8)]
