"""Whether a service is open at an instant, until when, and when it opens again."""

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
_REMEMBERED_DAYS = 4000


@dataclass(frozen=True)
class Opening:
    """An unbroken time of being open, in the service's zone."""

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
    """The compiled hours of one service; instants go in with any offset and come out in its zone."""

    def __init__(
        self,
        written: OpeningHoursSpec,
        *,
        zone: ZoneInfo,
        holidays: HolidayCalendar | None = None,
        sessions: Iterable[SessionOpening] = (),
    ) -> None:
        self.zone = zone
        self.layers = Layers(written, holidays=holidays or HolidayCalendar(), sessions=sessions)
        self._days: dict[date, tuple[Interval, ...]] = {}
        # Both answers are the same throughout a stretch, which its beginning names.
        self._changes: dict[datetime, datetime | None] = {}
        self._openings: dict[datetime, NextOpening] = {}

    def plan(self, day: date) -> DayPlan:
        """The slots that start on that day and the reason for the rest of it."""
        return self.layers.plan(day)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The local day from midnight to midnight, cut where the answer changes: no gap, no overlap."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) > _REMEMBERED_DAYS:
                for remembered in (self._days, self._changes, self._openings):
                    remembered.clear()
            found = self._days[day] = partition(self.layers, self.zone, day)
        return found

    def status_at(self, now: datetime) -> Status:
        """Whether the service is open at that instant, and why not."""
        here = self._at(now)
        until = self._closes(here) if here.state == "open" else None
        return Status(here.state, here.reason, until, self._local(here.last), here.numbers_over)

    def next_change(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which the answer differs; None when there is none in 400 days."""
        here = self._at(now)
        try:
            return self._changes[here.start]
        except KeyError:
            found = self._changes[here.start] = self._change_after(here)
            return found

    def next_opening(self, now: datetime) -> NextOpening:
        """When the service opens next, after `now`, and whether unconfirmed hours come before."""
        here = self._at(now)
        try:
            return self._openings[here.start]
        except KeyError:
            found = self._openings[here.start] = self._opening_after(here)
            return found

    def _change_after(self, here: Interval) -> datetime | None:
        for interval in self._after(here):
            if interval.answer != here.answer:
                return interval.start.astimezone(self.zone)
        return None

    def _opening_after(self, here: Interval) -> NextOpening:
        unknown = here.start if here.state == "unknown" else None
        was_open = here.state == "open"
        for interval in self._after(here):
            if interval.state == "open" and not was_open:
                return NextOpening(interval.start.astimezone(self.zone), self._local(unknown))
            if interval.state == "unknown" and unknown is None:
                unknown = interval.start
            was_open = interval.state == "open"
        return NextOpening(None, self._local(unknown))

    def openings(self, start: datetime, end: datetime) -> list[Opening]:
        """Every unbroken opening that touches the time from `start` to before `end`, whole and in order."""
        found: list[Opening] = []
        first = self._at(start)
        if first.state == "open":
            first = self._begin(first)
        run: list[Interval] = []
        for interval in chain((first,), self._after(first, until=end + LONGEST_OPENING)):
            if interval.state == "open":
                if not run and interval.start >= end:
                    break
                run.append(interval)
            elif run:
                found.append(self._opening(run))
                run = []
            if not run and interval.end >= end:
                break
        if run:
            found.append(self._opening(run))
        return [opening for opening in found if opening.end > start and opening.start < end]

    def _opening(self, run: list[Interval]) -> Opening:
        last = next((interval.last for interval in reversed(run) if interval.last), None)
        return Opening(run[0].start.astimezone(self.zone), run[-1].end.astimezone(self.zone), self._local(last))

    def _begin(self, interval: Interval) -> Interval:
        earliest = interval
        while earliest.state == "open" and interval.start - earliest.start < LONGEST_OPENING:
            before = self._at(earliest.start - timedelta(microseconds=1))
            if before.state != "open":
                break
            earliest = before
        return earliest

    def _closes(self, here: Interval) -> datetime | None:
        end = here.end
        for interval in self._after(here, until=here.end + LONGEST_OPENING):
            if interval.state != "open":
                return end.astimezone(self.zone)
            end = interval.end
        return None

    def _at(self, now: datetime) -> Interval:
        if now.tzinfo is None:
            raise ValueError("the instant needs an offset")
        intervals = self.intervals(now.astimezone(self.zone).date())
        instant = now.astimezone(UTC)
        return intervals[bisect_right(intervals, instant, key=lambda item: item.start) - 1]

    def _after(self, here: Interval, *, until: datetime | None = None) -> Iterator[Interval]:
        day = here.start.astimezone(self.zone).date()
        limit = until or here.end + HORIZON
        for interval in self.intervals(day):
            if interval.start >= here.end:
                yield interval
        while True:
            day += timedelta(days=1)
            intervals = self.intervals(day)
            if intervals[0].start >= limit:
                return
            yield from intervals

    def _local(self, instant: datetime | None) -> datetime | None:
        return instant.astimezone(self.zone) if instant is not None else None
