"""The plan of one local day: exception over holiday rule over season over weekly hours, plus added openings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from msgspec import structs

from portal.content.document import LocalText
from portal.timetable.holidays import Holiday, HolidayCalendar
from portal.timetable.hours import Slot, day_hours, slots_of, weekly_of
from portal.timetable.opening_hours_spec import Closure, DatedException, HolidayRule, OpeningHoursSpec, Season, Weekly

Week = tuple[tuple[Slot, ...] | None, ...]
UNKNOWN_WEEK: Week = (None,) * 7
NO_HOURS: Week = ((),) * 7


@dataclass(frozen=True)
class Reason:
    """Why a service is closed or not known to be open.

    `kind` is one of outside-hours, break, no-hours, holiday, exception, moved, emergency, not-confirmed,
    planned; `words` hold the name of the holiday or what staff wrote, in each language.
    """

    kind: str
    words: LocalText = field(default_factory=LocalText, hash=False)
    estimated: bool = False
    moved_to: date | None = None


@dataclass(frozen=True)
class SessionOpening:
    """A dated opening that comes from a series; `is_certain` is false while it is only planned."""

    day: date
    slot: Slot
    is_certain: bool = True


@dataclass(frozen=True)
class DayPlan:
    """The slots that start on a day, and what holds outside them.

    `closed_slots` are taken out again by an exception; `planned` are slots of sessions that are not confirmed;
    `source` is the highest layer that says something about the day: weekly, season, holiday, exception or session.
    """

    slots: tuple[Slot, ...]
    default_reason: Reason
    is_unknown: bool = False
    closed_slots: tuple[tuple[Slot, Reason], ...] = ()
    planned: tuple[Slot, ...] = ()
    source: str = "weekly"


class Layers:
    """The layers of one service, looked up by day.

    Emergency closures are instants, not days: `intervals.py` applies them after the plan.
    """

    def __init__(
        self, spec: OpeningHoursSpec, *, holidays: HolidayCalendar, sessions: Iterable[SessionOpening] = ()
    ) -> None:
        self.holidays = holidays
        self.holiday_rule = spec.holidays or HolidayRule()
        self.weekly = week_of(spec.weekly)
        self.since = spec.since
        self.seasons: Sequence[tuple[date, Season, Week]] = sorted(
            ((season.first, season, week_of(season.weekly)) for season in spec.seasons),
            key=lambda entry: entry[0],
        )
        self.closures: tuple[Closure, ...] = spec.closures
        self.exceptions = _by_day(spec.exceptions)
        self.moves = {exception.moved_to: exception for exception in spec.exceptions if exception.moved_to}
        self.sessions: dict[date, list[SessionOpening]] = {}
        for session in sessions:
            self.sessions.setdefault(session.day, []).append(session)

    def plan(self, day: date) -> DayPlan:
        """The plan of that day; extra openings are added unless an exception closes the whole day."""
        exception = self.exceptions.get(day)
        if exception is not None and exception.closes_day:
            return DayPlan((), Reason("exception", exception.reason), source="exception")
        plan = self._below_exceptions(day) if exception is None else self._exception_plan(day, exception)
        moved_here = self.moves.get(day)
        if moved_here is not None:
            plan = _with_slots(plan, self._moved_slots(moved_here), source="exception")
        for session in self.sessions.get(day, ()):
            plan = _with_session(plan, session)
        return plan

    def has_closure(self, start: datetime, end: datetime) -> bool:
        """Whether an emergency closure touches the time from `start` to before `end`."""
        return any(closure.first < end and start < closure.last for closure in self.closures)

    def _exception_plan(self, day: date, exception: DatedException) -> DayPlan:
        reason = exception.reason
        if exception.unknown:
            return DayPlan((), Reason("not-confirmed", reason), is_unknown=True, source="exception")
        if exception.moved_to is not None:
            return DayPlan((), Reason("moved", reason, moved_to=exception.moved_to), source="exception")
        if exception.closed:
            closed_slots = tuple((slot, Reason("exception", reason)) for slot in slots_of(exception.between))
            return replace(self._below_exceptions(day), closed_slots=closed_slots, source="exception")
        if exception.extra:
            return _with_slots(self._below_exceptions(day), slots_of(exception.extra), source="exception")
        return DayPlan(slots_of(exception.hours), Reason("outside-hours"), source="exception")

    def _moved_slots(self, exception: DatedException) -> tuple[Slot, ...]:
        if exception.hours:
            return slots_of(exception.hours)
        assert exception.day is not None
        return self._below_exceptions(exception.day).slots

    def _below_exceptions(self, day: date) -> DayPlan:
        holiday = self.holidays.on(day)
        if holiday is not None:
            hours = self.holiday_rule.of(holiday.kind)
            if hours != "open":
                return _holiday_plan(holiday, day_hours(hours))
        week, source = self._week(day)
        slots = week[day.weekday()]
        if slots is None:
            return DayPlan((), Reason("not-confirmed"), is_unknown=True, source=source)
        return DayPlan(slots, Reason("outside-hours" if slots else "no-hours"), source=source)

    def _week(self, day: date) -> tuple[Week, str]:
        index = bisect_right(self.seasons, day, key=lambda entry: entry[0]) - 1
        if index >= 0 and day <= self.seasons[index][1].last:
            return self.seasons[index][2], "season"
        if self.since is not None and day < self.since:
            return UNKNOWN_WEEK, "weekly"
        return self.weekly, "weekly"


def week_of(weekly: Weekly | None) -> Week:
    """The slots of the seven weekdays; no weekly hours at all mean that only dated openings exist."""
    if weekly is None:
        return NO_HOURS
    if isinstance(weekly, str):
        return UNKNOWN_WEEK
    return weekly_of(weekly)


def inherit_hours(own: OpeningHoursSpec, parent: OpeningHoursSpec) -> OpeningHoursSpec:
    """The hours of a service that follows another: what it does not say itself, the other says.

    On a day for which both have an exception the service's own counts; closures of both count.
    """
    own_days = set(_by_day(own.exceptions)) | {item.moved_to for item in own.exceptions if item.moved_to}
    inherited = [
        structs.replace(exception, day=day, first=None, last=None)
        for exception in parent.exceptions
        if exception.moved_to not in own_days
        for day in _days(exception)
        if day not in own_days
    ]
    return OpeningHoursSpec(
        weekly=parent.weekly if own.weekly is None else own.weekly,
        seasons=own.seasons or (parent.seasons if own.weekly is None else ()),
        holidays=own.holidays or parent.holidays,
        exceptions=own.exceptions + tuple(inherited),
        closures=own.closures
        + tuple(piece for closure in parent.closures for piece in _outside(closure, own.closures)),
        since=own.since or (parent.since if own.weekly is None else None),
    )


def _outside(closure: Closure, others: tuple[Closure, ...]) -> list[Closure]:
    """The parts of the closure that none of the others covers."""
    pieces = [(closure.first, closure.last)]
    for other in others:
        pieces = [
            (first, last)
            for start, stop in pieces
            for first, last in ((start, min(stop, other.first)), (max(start, other.last), stop))
            if first < last
        ]
    return [Closure(first=first, last=last, reason=closure.reason) for first, last in pieces]


def _by_day(exceptions: Iterable[DatedException]) -> dict[date, DatedException]:
    return {day: exception for exception in exceptions for day in _days(exception)}


def _days(exception: DatedException) -> list[date]:
    first, last = exception.days
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _holiday_plan(holiday: Holiday, slots: tuple[Slot, ...] | None) -> DayPlan:
    if slots is None:
        reason = Reason("not-confirmed", holiday.name, holiday.estimated)
        return DayPlan((), reason, is_unknown=True, source="holiday")
    reason = Reason("outside-hours") if slots else Reason("holiday", holiday.name, holiday.estimated)
    return DayPlan(slots, reason, source="holiday")


def _with_slots(plan: DayPlan, slots: tuple[Slot, ...], *, source: str) -> DayPlan:
    joined = tuple(sorted({*plan.slots, *slots}))
    reason = plan.default_reason if plan.is_unknown else Reason("outside-hours")
    return replace(plan, slots=joined, default_reason=reason, source=source)


def _with_session(plan: DayPlan, session: SessionOpening) -> DayPlan:
    if session.is_certain:
        return _with_slots(plan, (session.slot,), source="session")
    return replace(plan, planned=(*plan.planned, session.slot), source="session")
