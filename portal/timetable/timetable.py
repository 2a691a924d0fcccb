"""Opening hours of one service: whether it is open at an instant, until when, and when it opens again.

Pure: the caller gives content (`OpeningHoursSpec`, holidays, sessions), a zone and the instant; nothing here asks a
clock, reads a file or knows the web.

Layers (`layers.py`), highest first; the highest that says something about a day decides it:

1. emergency closure: from instant to instant, above everything else;
2. dated exception: closed, closed in part, other hours, extra hours, moved to another day, not confirmed;
3. holiday rule: what holds on a national holiday, on collective leave, on a regional day;
4. season: hours that replace the weekly ones between two days;
5. weekly hours.

Openings of sessions and extra hours are added to what the layers give, unless the day is closed by an exception.

Intervals (`intervals.py`): each local day is partitioned from midnight to midnight into intervals of one answer:
open, closed with a reason, or unknown with a reason. They have no gap and no overlap, include their start and exclude
their end. Every method below reads these intervals, so no two of them can disagree.

Units: a `Slot` counts minutes after its day's local midnight (above 1440 for a slot past midnight). Intervals
are in UTC, hence right on days when clocks change. Instants that go in need an offset; those that come out are in the
service's zone.

`next_opening` walks through the intervals after the current one, for 400 days at most, to the first open one that
follows one that is not open, and notes where unknown hours began on the way. A day whose slots touch is one opening.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from portal.timetable.holidays import HolidayCalendar
from portal.timetable.intervals import Interval, State, partition
from portal.timetable.layers import DayPlan, Layers, Reason, SessionOpening
from portal.timetable.opening_hours_spec import OpeningHoursSpec

HORIZON = timedelta(days=400)
LONGEST_OPENING = timedelta(days=14)
MAX_CACHED_DAYS = 4000


@dataclass(frozen=True)
class Opening:
    """An unbroken time of being open, in the service's zone; `last` is when the last queue number is given."""

    start: datetime
    end: datetime
    last: datetime | None = None


@dataclass(frozen=True)
class NextOpening:
    """The next certain opening; `unknown_from` is when unconfirmed hours began that come before it, or instead.

    Where they hold already, it is their beginning on that day, so the answer is the same until it changes.
    """

    opens: datetime | None
    unknown_from: datetime | None = None


@dataclass(frozen=True)
class Status:
    """The answer at an instant: `until` is the end of an opening (None: around the clock)."""

    state: State
    reason: Reason | None
    until: datetime | None
    last: datetime | None
    numbers_over: bool


class Timetable:
    """The compiled hours of one service.

    Caches, which live as long as the object: the intervals by local day, and the next change and the next opening by
    the start of the interval that was asked from. All three are emptied when `MAX_CACHED_DAYS` days are held.
    """

    def __init__(
        self,
        spec: OpeningHoursSpec,
        *,
        zone: ZoneInfo,
        holidays: HolidayCalendar | None = None,
        sessions: Iterable[SessionOpening] = (),
    ) -> None:
        self.zone = zone
        self.layers = Layers(spec, holidays=holidays or HolidayCalendar(), sessions=sessions)
        self._days: dict[date, tuple[Interval, ...]] = {}
        self._changes: dict[datetime, datetime | None] = {}
        self._openings: dict[datetime, NextOpening] = {}

    def plan(self, day: date) -> DayPlan:
        """The slots that start on that day and the reason for the rest of it."""
        return self.layers.plan(day)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The partition of the local day from midnight to midnight."""
        intervals = self._days.get(day)
        if intervals is None:
            if len(self._days) > MAX_CACHED_DAYS:
                for cache in (self._days, self._changes, self._openings):
                    cache.clear()
            intervals = self._days[day] = partition(self.layers, self.zone, day)
        return intervals

    def status_at(self, now: datetime) -> Status:
        """Whether the service is open at that instant, and why not; raises ValueError for one without an offset."""
        current = self._interval_at(now)
        until = self._end_of_opening(current) if current.state == "open" else None
        return Status(current.state, current.reason, until, self._in_zone(current.last), current.numbers_over)

    def next_change(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which the answer differs; None when there is none in 400 days."""
        current = self._interval_at(now)
        if current.start not in self._changes:
            later = (interval.start for interval in self._after(current) if interval.answer != current.answer)
            self._changes[current.start] = self._in_zone(next(later, None))
        return self._changes[current.start]

    def next_opening(self, now: datetime) -> NextOpening:
        """When the service opens next, after `now`, and whether unconfirmed hours come before."""
        current = self._interval_at(now)
        if current.start not in self._openings:
            self._openings[current.start] = self._opening_after(current)
        return self._openings[current.start]

    def openings(self, start: datetime, end: datetime) -> list[Opening]:
        """Every unbroken opening that touches the time from `start` to before `end`, whole and in order."""
        openings: list[Opening] = []
        first = self._start_of_opening(self._interval_at(start))
        run: list[Interval] = []
        for interval in chain((first,), self._after(first, until=end + LONGEST_OPENING)):
            if interval.state == "open":
                if not run and interval.start >= end:
                    break
                run.append(interval)
            elif run:
                openings.append(self._opening(run))
                run = []
            if not run and interval.end >= end:
                break
        if run:
            openings.append(self._opening(run))
        return [opening for opening in openings if opening.end > start and opening.start < end]

    def openings_on(self, day: date) -> list[Opening]:
        """The openings that begin on that local day."""
        start, end = (datetime.combine(day + timedelta(days=n), datetime.min.time(), self.zone) for n in (0, 1))
        return [opening for opening in self.openings(start, end) if opening.start.date() == day]

    def _opening(self, run: list[Interval]) -> Opening:
        last = next((interval.last for interval in reversed(run) if interval.last), None)
        return Opening(run[0].start.astimezone(self.zone), run[-1].end.astimezone(self.zone), self._in_zone(last))

    def _opening_after(self, current: Interval) -> NextOpening:
        unknown_from = current.start if current.state == "unknown" else None
        was_open = current.state == "open"
        for interval in self._after(current):
            if interval.state == "open" and not was_open:
                return NextOpening(interval.start.astimezone(self.zone), self._in_zone(unknown_from))
            if interval.state == "unknown" and unknown_from is None:
                unknown_from = interval.start
            was_open = interval.state == "open"
        return NextOpening(None, self._in_zone(unknown_from))

    def _start_of_opening(self, interval: Interval) -> Interval:
        """The first interval of the opening that the interval belongs to; itself when it is not open."""
        earliest = interval
        while earliest.state == "open" and interval.start - earliest.start < LONGEST_OPENING:
            before = self._interval_at(earliest.start - timedelta(microseconds=1))
            if before.state != "open":
                break
            earliest = before
        return earliest

    def _end_of_opening(self, current: Interval) -> datetime | None:
        end = current.end
        for interval in self._after(current, until=current.end + LONGEST_OPENING):
            if interval.state != "open":
                return end.astimezone(self.zone)
            end = interval.end
        return None

    def _interval_at(self, now: datetime) -> Interval:
        if now.tzinfo is None:
            raise ValueError("the instant needs an offset")
        intervals = self.intervals(now.astimezone(self.zone).date())
        instant = now.astimezone(UTC)
        return intervals[bisect_right(intervals, instant, key=lambda interval: interval.start) - 1]

    def _after(self, current: Interval, *, until: datetime | None = None) -> Iterator[Interval]:
        day = current.start.astimezone(self.zone).date()
        limit = until or current.end + HORIZON
        for interval in self.intervals(day):
            if interval.start >= current.end:
                yield interval
        while True:
            day += timedelta(days=1)
            intervals = self.intervals(day)
            if intervals[0].start >= limit:
                return
            yield from intervals

    def _in_zone(self, instant: datetime | None) -> datetime | None:
        return instant.astimezone(self.zone) if instant is not None else None
