"""Dates of sessions by rule, their states, and their edits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.timetable.holidays import HolidayCalendar
from portal.timetable.sessions import edits
from portal.timetable.sessions.recurrence import RecurrenceRule, recurrence_set
from portal.timetable.sessions.series import CANCELLED_LISTED_FOR, exception_dates, next_session, occurrences
from tests.timetable.examples import HOLIDAYS, MOBILE, ZONE, instant, series
from tests.timetable.test_invariants import invariant

SATURDAYS = MOBILE[1]
ROTE = MOBILE[0]


def days(dates) -> list[str]:
    """The dates in short."""
    return [day.strftime("%m-%d") for day in dates]


def rule(**values) -> RecurrenceRule:
    """A rule as facts.yaml gives it."""
    return series({"id": "a", "hours": "08:00-12:00", "rule": values}).rule


@pytest.mark.parametrize(
    ("values", "dates"),
    [
        ({"every": "week", "weekdays": ["mon"], "from": "2026-12-01", "count": 3}, ["12-07", "12-14", "12-21"]),
        ({"every": "week", "weekdays": ["mon"], "from": "2026-12-07", "count": 1}, ["12-07"]),
        (
            {"every": "week", "interval": 2, "weekdays": ["thu"], "from": "2026-12-01", "count": 3},
            ["12-03", "12-17", "12-31"],
        ),
        (
            {"every": "week", "weekdays": ["tue", "fri"], "from": "2026-12-01", "until": "2026-12-11"},
            ["12-01", "12-04", "12-08", "12-11"],
        ),
        (
            {"every": "month", "nth": 1, "weekdays": ["wed"], "from": "2026-12-01", "count": 3},
            ["12-02", "01-06", "02-03"],
        ),
        (
            {"every": "month", "nth": -1, "weekdays": ["wed"], "from": "2026-12-01", "count": 4},
            ["12-30", "01-27", "02-24", "03-31"],
        ),
        ({"every": "month", "nth": 5, "weekdays": ["wed"], "from": "2026-12-01", "count": 2}, ["12-30", "03-31"]),
        (
            {"every": "month", "nth": 2, "interval": 3, "weekdays": ["sat"], "from": "2026-12-01", "count": 2},
            ["12-12", "03-13"],
        ),
        ({"every": "month", "nth": -1, "weekdays": ["tue"], "from": "2028-02-01", "count": 1}, ["02-29"]),
    ],
)
def test_dates_of_rules(values, dates) -> None:
    assert days(rule(**values).dates()) == dates


def test_holidays_are_kept_skipped_or_moved() -> None:
    fridays = {"every": "week", "weekdays": ["fri"], "from": "2026-12-18", "count": 3}
    kept, gone, moved = (
        [recurrence_date.day for recurrence_date in recurrence_set(rule(**fridays, on_holiday=what), HOLIDAYS)]
        for what in ("keep", "skip", "next-working-day")
    )
    assert days(kept) == ["12-18", "12-25", "01-01"]
    assert gone == [date(2026, 12, 18), None, None]
    # 25 December moves past the weekend, 1 January too.
    assert days(moved) == ["12-18", "12-28", "01-04"]


def test_two_dates_never_move_onto_one_day() -> None:
    daily = {"every": "week", "weekdays": ["thu", "fri", "mon"], "from": "2026-12-24", "count": 3}
    moved = [
        recurrence_date.day
        for recurrence_date in recurrence_set(rule(**daily, on_holiday="next-working-day"), HOLIDAYS)
    ]
    assert days(moved) == ["12-29", "12-30", "12-28"]


def test_a_date_moved_by_a_holiday_tells_its_old_date_and_why() -> None:
    value = {"every": "week", "weekdays": ["fri"], "from": "2026-12-25", "count": 1, "on_holiday": "next-working-day"}
    (item,) = occurrences(series({"id": "a", "hours": "08:00-12:00", "rule": value}), zone=ZONE, holidays=HOLIDAYS)
    assert item.start.date() == date(2026, 12, 28)
    assert item.previous_appointment.start.date() == date(2026, 12, 25)
    assert item.reason == {"id": "Natal"}
    assert item.state_at(instant("2026-12-20T08:00")) == "moved"


def test_states_over_time() -> None:
    first, second = occurrences(series(ROTE), zone=ZONE, holidays=HOLIDAYS)
    assert first.key == "rote-2026-12-01"
    assert first.state_at(instant("2026-12-02T08:00")) == "moved"
    assert first.state_at(instant("2026-12-03T14:59")) == "moved"
    assert first.state_at(instant("2026-12-03T15:00")) == "done"
    assert second.state_at(instant("2026-12-02T08:00")) == "planned"


def test_no_places_left_is_full() -> None:
    value = {**ROTE, "changes": [], "quota": {"total": 40, "taken": 41, "as_of": "2026-11-24T08:00"}}
    item = occurrences(series(value), zone=ZONE, holidays=HOLIDAYS)[0]
    assert item.state_at(instant("2026-11-24T09:00")) == "full"


def test_a_cancelled_session_stays_and_never_hides_the_next() -> None:
    sessions = occurrences(series(SATURDAYS), zone=ZONE, holidays=HOLIDAYS)
    cancelled = next(item for item in sessions if item.cancelled)
    assert cancelled.reason == {"id": "Listrik padam"}
    assert next_session(sessions, instant("2026-12-01T08:00")).original_date == date(2026, 12, 12)
    assert cancelled.is_listed_at(cancelled.end + CANCELLED_LISTED_FOR - timedelta(seconds=1))
    assert not cancelled.is_listed_at(cancelled.end + CANCELLED_LISTED_FOR)
    assert cancelled.state_at(instant("2027-05-01T08:00")) == "cancelled"


def test_a_skipped_holiday_is_known_to_be_skipped() -> None:
    value = {**SATURDAYS, "changes": [], "rule": {**SATURDAYS["rule"], "from": "2026-12-19", "weekdays": ["fri"]}}
    assert [str(recurrence_date.original_date) for recurrence_date in exception_dates(series(value), HOLIDAYS)] == [
        "2026-12-25",
        "2027-01-01",
    ]


def test_cancel_and_restore() -> None:
    plain = series({**SATURDAYS, "changes": []})
    day = date(2026, 12, 12)
    cancelled = edits.cancel(plain, day, {"id": "Hujan"})
    assert cancelled.change_on(day).cancelled
    assert edits.restore(cancelled, day) == plain
    with pytest.raises(edits.NoSuchSession):
        edits.restore(plain, day)
    with pytest.raises(edits.NoSuchSession):
        edits.cancel(plain, date(2026, 12, 13), {"id": "Hujan"})


def test_a_restored_session_keeps_its_move() -> None:
    moved = series(ROTE)
    day = date(2026, 12, 1)
    restored = edits.restore(edits.cancel(moved, day, {"id": "Badai"}), day)
    assert restored.change_on(day).moved_to == date(2026, 12, 3)


def test_this_and_following() -> None:
    saturdays = series(SATURDAYS)
    head, tail = edits.edit_following(saturdays, date(2026, 12, 19), hours="09:00-11:00")
    assert days(head.original_dates()) == ["11-28", "12-05", "12-12"]
    assert days(tail.original_dates()) == ["12-19", "12-26", "01-02"]
    assert (head.hours, tail.hours, tail.id) == ("08:00-12:00", "09:00-11:00", "sabtu-20261219")
    assert [change.day for change in head.changes] == [date(2026, 12, 5)]
    with pytest.raises(ValueError, match="first date"):
        edits.edit_following(saturdays, date(2026, 11, 28), hours="09:00-11:00")


def test_all_leaves_what_single_dates_have_of_their_own() -> None:
    edited = edits.edit_all(series(ROTE), hours="10:00-12:00", state="confirmed")
    first, second = occurrences(edited, zone=ZONE, holidays=HOLIDAYS)
    assert first.start.hour == second.start.hour == 10
    assert first.start.date() == date(2026, 12, 3)
    with pytest.raises(ValueError, match="cannot be changed"):
        edits.edit_all(edited, dates=())


rules = st.builds(
    lambda every, weekdays, offset, interval, count, nth: {
        "every": every,
        "weekdays": sorted(weekdays),
        "from": str(date(2026, 1, 1) + timedelta(days=offset)),
        "interval": interval,
        "count": count,
        **({"nth": nth} if every == "month" else {}),
    },
    st.sampled_from(("week", "month")),
    st.sets(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1, max_size=3),
    st.integers(0, 400),
    st.integers(1, 4),
    st.integers(2, 12),
    st.sampled_from((1, 2, 3, 4, -1)),
)


@invariant
@given(value=rules, cut=st.integers(1, 11))
def test_splitting_a_series_loses_and_adds_no_date(value, cut) -> None:
    directory = series({"id": "a", "hours": "08:00-12:00", "rule": value})
    dates = directory.original_dates()
    day = dates[min(cut, len(dates) - 1)]
    head, tail = edits.edit_following(directory, day, state="confirmed")
    assert head.original_dates() + tail.original_dates() == dates


@invariant
@given(value=rules)
def test_rules_give_the_days_that_a_calendar_shows(value) -> None:
    dates = rule(**value).dates()
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert len(dates) == value["count"]
    assert list(dates) == sorted(set(dates))
    for day in dates:
        assert names[day.weekday()] in value["weekdays"]
        if value["every"] == "month":
            following = day + timedelta(days=7)
            assert following.month != day.month if value["nth"] == -1 else (day.day - 1) // 7 + 1 == value["nth"]


def test_without_holidays_nothing_moves() -> None:
    value = {"every": "week", "weekdays": ["fri"], "from": "2026-12-25", "count": 2, "on_holiday": "skip"}
    assert all(
        recurrence_date.day == recurrence_date.original_date
        for recurrence_date in recurrence_set(rule(**value), HolidayCalendar())
    )
