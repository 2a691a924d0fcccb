"""The invariants of the timetable, against the slow reference and against itself."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from portal.content.document import LocalText
from portal.content.parsing import typed
from portal.content.problems import ContentError
from portal.timetable.holidays import HolidayRecord, calendar_of
from portal.timetable.hours import slot_of
from portal.timetable.layers import SessionOpening
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.timetable import Timetable
from tests.conftest import FULL
from tests.timetable import strategies as some
from tests.timetable.slow_reference import Slow

MAKASSAR = ZoneInfo("Asia/Makassar")
SECOND = timedelta(seconds=1)
EXAMPLES = 10_000 if FULL else 250
invariant = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
cases = {
    "written": some.written,
    "holidays": some.holidays,
    "sessions": some.sessions,
    "zone": st.sampled_from((MAKASSAR, MAKASSAR, ZoneInfo("Asia/Dili"))),
}


def both(written: dict, holidays: dict, sessions: list, zone: ZoneInfo) -> tuple[Timetable, Slow]:
    """The timetable and the slow reference of the same values; an overlap of nights is no example."""
    try:
        spec = typed(written, OpeningHoursSpec, path="hours", zone=zone)
    except ContentError as error:
        if "runs into" in str(error):
            reject()
        raise
    calendar = calendar_of(HolidayRecord(name=LocalText(id=kind), kind=kind, day=day) for day, kind in holidays.items())
    added = [SessionOpening(day, slot_of(slot), certain) for day, slot, certain in sessions]
    fast = Timetable(spec, zone=zone, holidays=calendar, sessions=added)
    return fast, Slow(written, holidays, sessions, zone)


def short_status(fast: Timetable, instant: datetime) -> tuple[str, str]:
    """The answer in the words of the reference."""
    status = fast.status_at(instant)
    return status.state, status.reason.kind if status.reason else ""


@invariant
@given(**cases, instant=some.instants)
def test_status_is_what_the_layers_say(written, holidays, sessions, zone, instant) -> None:
    fast, slow = both(written, holidays, sessions, zone)
    for at in (instant, instant.replace(second=0, minute=30)):
        assert short_status(fast, at) == slow.answer(at)


@invariant
@given(**cases, instant=some.instants)
def test_next_change_is_exact_to_the_second(written, holidays, sessions, zone, instant) -> None:
    fast, slow = both(written, holidays, sessions, zone)
    change = fast.next_change(instant)
    if change is None:
        last = instant + timedelta(days=30)
        assert all(short_status(fast, instant + timedelta(hours=n)) == short_status(fast, instant) for n in range(720))
        assert slow.answer(last) == slow.answer(instant)
        return
    answer, change = slow.answer(instant), change.astimezone(UTC)
    assert change > instant
    assert slow.answer(change - SECOND) == answer
    assert slow.answer(instant + (change - instant) / 2) == answer
    # Reasons of one kind may differ in their words, so only the answer's own words decide the change.
    status, after = fast.status_at(instant), fast.status_at(change)
    assert (status.state, status.reason, status.numbers_over) != (after.state, after.reason, after.numbers_over) or (
        status.reason and after.reason and dict(status.reason.words) != dict(after.reason.words)
    )


@invariant
@given(**cases, offset=st.integers(-2, some.SPAN + 2))
def test_a_day_is_covered_without_gap_or_overlap(written, holidays, sessions, zone, offset) -> None:
    fast, _ = both(written, holidays, sessions, zone)
    day = some.FIRST + timedelta(days=offset)
    intervals = fast.intervals(day)
    assert intervals[0].start.astimezone(zone) == datetime.combine(day, datetime.min.time(), zone)
    assert intervals[-1].end == fast.intervals(day + timedelta(days=1))[0].start
    for first, second in itertools.pairwise(intervals):
        assert first.start < first.end == second.start
        assert first.answer != second.answer


@invariant
@given(**cases, instant=some.instants)
def test_next_opening_is_the_first_open_instant(written, holidays, sessions, zone, instant) -> None:
    fast, slow = both(written, holidays, sessions, zone)
    following = fast.next_opening(instant)
    if following.opens is not None:
        opens = following.opens.astimezone(UTC)
        assert slow.answer(opens)[0] == "open"
        assert slow.answer(opens - SECOND)[0] != "open"
    last = following.opens.astimezone(UTC) if following.opens else instant + timedelta(days=3)
    was_open, unknown = slow.answer(instant)[0] == "open", None
    grid = instant.replace(minute=0, second=0)
    for at in (grid + timedelta(minutes=30 * n) for n in range(1, 24 * 2 * 5)):
        if at <= instant or at >= last:
            continue
        state = slow.answer(at)[0]
        assert state != "open" or was_open
        was_open = was_open and state == "open"
        unknown = unknown or (at if state == "unknown" else None)
    if unknown is not None:
        assert following.unknown_from is not None
        assert following.unknown_from <= unknown


@invariant
@given(**cases, instant=some.instants, hours=st.integers(1, 100))
def test_openings_are_the_open_instants(written, holidays, sessions, zone, instant, hours) -> None:
    fast, slow = both(written, holidays, sessions, zone)
    end = instant + timedelta(hours=hours)
    openings = fast.openings(instant, end)
    for first, second in itertools.pairwise(openings):
        assert first.end < second.start
    for opening in openings:
        assert slow.answer(opening.start)[0] == "open"
        assert slow.answer(opening.start - SECOND)[0] != "open"
        assert slow.answer(opening.end - SECOND)[0] == "open"
        assert slow.answer(opening.end)[0] != "open"
    for at in (instant + timedelta(minutes=17 * n) for n in range(hours * 60 // 17)):
        inside = any(opening.start <= at < opening.end for opening in openings)
        assert inside == (slow.answer(at)[0] == "open")


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/Sao_Paulo", "Pacific/Apia", "Asia/Makassar"])
@invariant
@given(written=some.written, offset=st.integers(0, 400))
def test_days_join_where_clocks_change(zone, written, offset) -> None:
    fast, _ = both(written, {}, [], ZoneInfo(zone))
    day = datetime(2026, 2, 1).date() + timedelta(days=offset)
    intervals = fast.intervals(day)
    assert intervals[-1].end == fast.intervals(day + timedelta(days=1))[0].start
    assert all(a.end == b.start for a, b in itertools.pairwise(intervals))
