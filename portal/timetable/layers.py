"""What one day looks like once the layers are laid over each other, the highest winning."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.content.document import Instant, LocalText
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
    """The slots that start on a day, and what holds outside them."""

    slots: tuple[Slot, ...]
    default_reason: Reason
    is_unknown: bool = False
    closed_slots: tuple[tuple[Slot, Reason], ...] = ()
    planned: tuple[Slot, ...] = ()
    source: str = "weekly"

    @property
    def is_closed(self) -> bool:
        """Whether nothing opens on that day and that is known."""
        return not self.slots and not self.is_unknown and not self.planned


class Layers:
    """The layers of one service, looked up by day. Emergency closures are cut later, as they are instants."""

    def __init__(
        self, written: OpeningHoursSpec, *, holidays: HolidayCalendar, sessions: Iterable[SessionOpening] = ()
    ) -> None:
        self.holidays = holidays
        self.rule = written.holidays or HolidayRule()
        self.weekly = week_of(written.weekly)
        self.since = written.since
        self.seasons: Sequence[tuple[date, Season, Week]] = sorted(
            ((season.first, season, week_of(season.weekly)) for season in written.seasons),
            key=lambda item: item[0],
        )
        self.closures: tuple[Closure, ...] = written.closures
        self.exceptions = _by_day(written.exceptions)
        self.moves = {item.moved_to: item for item in written.exceptions if item.moved_to}
        self.sessions: dict[date, list[SessionOpening]] = {}
        for session in sessions:
            self.sessions.setdefault(session.day, []).append(session)

    def plan(self, day: date) -> DayPlan:
        """The plan of that day: exception over holiday over season over weekly, then added openings."""
        exception = self.exceptions.get(day)
        if exception is not None and exception.closed and not exception.between:
            return DayPlan((), Reason("exception", exception.reason), source="exception")
        plan = self._excepted(day, exception) if exception is not None else self._below(day)
        moved_in = self.moves.get(day)
        if moved_in is not None:
            plan = _with_slots(plan, self._moved_hours(moved_in), source="exception")
        for session in self.sessions.get(day, ()):
            plan = _with_session(plan, session)
        return plan

    def _excepted(self, day: date, item: DatedException) -> DayPlan:
        if item.unknown:
            return DayPlan((), _not_confirmed(item.reason), is_unknown=True, source="exception")
        if item.moved_to is not None:
            reason = Reason("moved", item.reason, moved_to=item.moved_to)
            return DayPlan((), reason, source="exception")
        if item.closed:
            closed_slots = tuple((slot, Reason("exception", item.reason)) for slot in slots_of(item.between))
            below = self._below(day)
            return DayPlan(below.slots, below.default_reason, below.is_unknown, closed_slots, source="exception")
        if item.extra:
            return _with_slots(self._below(day), slots_of(item.extra), source="exception")
        return DayPlan(slots_of(item.hours), Reason("outside-hours"), source="exception")

    def _moved_hours(self, item: DatedException) -> tuple[Slot, ...]:
        if item.hours:
            return slots_of(item.hours)
        assert item.day is not None
        return self._below(item.day).slots

    def _below(self, day: date) -> DayPlan:
        holiday = self.holidays.on(day)
        if holiday is not None:
            rule = self.rule.of(holiday.kind)
            if rule != "open":
                return _holiday_plan(holiday, day_hours(rule))
        week, source = self._week(day)
        slots = week[day.weekday()]
        if slots is None:
            return DayPlan((), _not_confirmed(), is_unknown=True, source=source)
        return DayPlan(slots, Reason("outside-hours" if slots else "no-hours"), source=source)

    def _week(self, day: date) -> tuple[Week, str]:
        index = bisect_right(self.seasons, day, key=lambda item: item[0]) - 1
        if index >= 0 and day <= self.seasons[index][1].last:
            return self.seasons[index][2], "season"
        if self.since is not None and day < self.since:
            return UNKNOWN_WEEK, "weekly"
        return self.weekly, "weekly"

    def season_on(self, day: date) -> Season | None:
        """The season of that day, if it has one."""
        index = bisect_right(self.seasons, day, key=lambda item: item[0]) - 1
        if index >= 0 and day <= self.seasons[index][1].last:
            return self.seasons[index][1]
        return None

    def emergency_at(self, instant: datetime) -> Closure | None:
        """The emergency closure that covers the instant."""
        return next((item for item in self.closures if item.first <= instant < item.last), None)


def week_of(weekly: Weekly | None) -> Week:
    """The seven days of written weekly hours; None written means that only dated openings exist."""
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
    inherited = []
    for item in parent.exceptions:
        targets: set[date] = {item.moved_to} if item.moved_to else set()
        for day in _days(item):
            if day not in own_days and not targets & own_days:
                inherited.append(_on_day(item, day))
    return OpeningHoursSpec(
        weekly=parent.weekly if own.weekly is None else own.weekly,
        seasons=own.seasons or (parent.seasons if own.weekly is None else ()),
        holidays=own.holidays or parent.holidays,
        exceptions=own.exceptions + tuple(inherited),
        closures=_joined(own.closures, parent.closures),
        since=own.since or (parent.since if own.weekly is None else None),
    )


def _joined(own: tuple[Closure, ...], parent: tuple[Closure, ...]) -> tuple[Closure, ...]:
    free = [item for item in parent if all(item.last <= o.first or o.last <= item.first for o in own)]
    kept = own + tuple(free)
    for item in parent:
        if item not in free:
            for first, last in _outside(item, own):
                kept += (Closure(first=first, last=last, reason=item.reason),)
    return kept


def _outside(item: Closure, own: tuple[Closure, ...]) -> list[tuple[Instant, Instant]]:
    pieces = [(item.first, item.last)]
    for other in own:
        pieces = [
            (first, last)
            for start, stop in pieces
            for first, last in ((start, min(stop, other.first)), (max(start, other.last), stop))
            if first < last
        ]
    return pieces


def _by_day(items: Iterable[DatedException]) -> dict[date, DatedException]:
    return {day: item for item in items for day in _days(item)}


def _days(item: DatedException) -> list[date]:
    first, last = item.days
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _on_day(item: DatedException, day: date) -> DatedException:
    return DatedException(
        day=day,
        closed=item.closed,
        between=item.between,
        hours=item.hours,
        extra=item.extra,
        moved_to=item.moved_to,
        unknown=item.unknown,
        reason=item.reason,
    )


def _holiday_plan(holiday: Holiday, slots: tuple[Slot, ...] | None) -> DayPlan:
    reason = Reason("holiday", holiday.name, holiday.estimated)
    if slots is None:
        unknown = Reason("not-confirmed", holiday.name, holiday.estimated)
        return DayPlan((), unknown, is_unknown=True, source="holiday")
    return DayPlan(slots, Reason("outside-hours") if slots else reason, source="holiday")


def _with_slots(plan: DayPlan, slots: tuple[Slot, ...], *, source: str) -> DayPlan:
    joined = tuple(sorted({*plan.slots, *slots}))
    default_reason = plan.default_reason if plan.is_unknown else Reason("outside-hours")
    return DayPlan(joined, default_reason, plan.is_unknown, plan.closed_slots, plan.planned, source)


def _with_session(plan: DayPlan, session: SessionOpening) -> DayPlan:
    if session.is_certain:
        return _with_slots(plan, (session.slot,), source="session")
    planned = (*plan.planned, session.slot)
    return DayPlan(plan.slots, plan.default_reason, plan.is_unknown, plan.closed_slots, planned, "session")


def _not_confirmed(words: LocalText | None = None) -> Reason:
    return Reason("not-confirmed", words or LocalText())
