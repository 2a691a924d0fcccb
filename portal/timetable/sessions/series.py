"""Series of sessions, the occurrences that a series gives, and the state of each.

A series is a recurrence rule or a list of dates, with changes to single dates (as RFC 5545 has RRULE, RDATE and
overridden instances). A changed date keeps its identity: `original_date`, the date that the series gives.

States: staff declare planned, confirmed or full. Moved and cancelled follow from the changes, done from the time,
and full also from a quota with no place left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from portal.content.document import Instant, LocalText
from portal.content.problems import InvalidValue, ProblemKind
from portal.messages import N_
from portal.timetable.holidays import HolidayCalendar
from portal.timetable.hours import Slot, slot_of
from portal.timetable.layers import SessionOpening
from portal.timetable.sessions.recurrence import MOST_DATES, RecurrenceDate, RecurrenceRule, recurrence_set

DeclaredState = Literal["planned", "confirmed", "full"]
SessionState = Literal["planned", "confirmed", "full", "moved", "cancelled", "done"]
CANCELLED_LISTED_FOR = timedelta(days=14)
NO_REASON = ProblemKind("schema", "a cancelled session needs its `reason`", N_("Say why it moved or was cancelled."))
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Quota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Places as staff last reported them; never a live figure of another system."""

    total: int
    taken: int
    as_of: Instant
    source: LocalText = LocalText()

    def __post_init__(self) -> None:
        if self.total < 0 or self.taken < 0:
            raise ValueError("total and taken cannot be below zero")

    @property
    def left(self) -> int:
        """The places that are left, never below zero."""
        return max(0, self.total - self.taken)


class SessionChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs on one date of a series; `day` is the date that the series gives."""

    day: date = msgspec.field(name="date")
    moved_to: date | None = None
    hours: str = ""
    place: str = ""
    venue: LocalText = LocalText()
    cancelled: bool = False
    reason: LocalText = LocalText()
    state: DeclaredState | None = None
    quota: Quota | None = None
    note: LocalText = LocalText()

    def __post_init__(self) -> None:
        if self.hours:
            slot_of(self.hours)
        if self.cancelled and not self.reason:
            raise InvalidValue(NO_REASON)

    @property
    def reports_only_places(self) -> bool:
        """Whether nothing but the quota differs, which is no change of a time, place or state."""
        return replace(self, quota=None) == SessionChange(day=self.day)


class Series(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sessions of one kind at one place: either irregular `dates` or a `rule`, and the changes to single ones."""

    id: str
    hours: str
    place: str = ""
    venue: LocalText = LocalText()
    dates: tuple[date, ...] = ()
    rule: RecurrenceRule | None = None
    state: DeclaredState = "planned"
    quota: Quota | None = None
    note: LocalText = LocalText()
    changes: tuple[SessionChange, ...] = ()
    sample: bool = False

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"id {self.id!r} must be small letters, digits and single hyphens")
        slot_of(self.hours)
        if bool(self.dates) == (self.rule is not None):
            raise ValueError("give either `dates` or a `rule`")
        if len(self.dates) > MOST_DATES or len(set(self.dates)) != len(self.dates):
            raise ValueError(f"`dates` must name each day once, at most {MOST_DATES}")
        days = [change.day for change in self.changes]
        strange = sorted(set(days) - set(self.original_dates()))
        if strange or len(set(days)) != len(days):
            which = strange[0] if strange else max(days, key=days.count)
            raise ValueError(f"changes: {which} is no date of the series, or is changed twice")

    def original_dates(self) -> tuple[date, ...]:
        """The dates of the series before any change."""
        return self.rule.dates() if self.rule is not None else tuple(sorted(self.dates))

    def change_on(self, day: date) -> SessionChange | None:
        """The change of that date of the series, if it has one."""
        return next((change for change in self.changes if change.day == day), None)


@dataclass(frozen=True)
class Appointment:
    """When and where a session is, or was before it moved."""

    start: datetime
    end: datetime
    place: str
    venue: LocalText = field(default_factory=LocalText, hash=False)


@dataclass(frozen=True)
class Occurrence:
    """One session. `key` is stable: it names the date that the series gave, wherever the session moves."""

    series: str
    original_date: date
    slot: Slot
    appointment: Appointment
    previous_appointment: Appointment | None
    declared_state: DeclaredState
    cancelled: bool = False
    reason: LocalText = field(default_factory=LocalText, hash=False)
    note: LocalText = field(default_factory=LocalText, hash=False)
    quota: Quota | None = None
    sample: bool = False

    @property
    def key(self) -> str:
        """The last part of the session's address."""
        return f"{self.series}-{self.original_date.isoformat()}"

    @property
    def start(self) -> datetime:
        """When it starts, in the office's zone."""
        return self.appointment.start

    @property
    def end(self) -> datetime:
        """When it ends, in the office's zone."""
        return self.appointment.end

    def state_at(self, now: datetime) -> SessionState:
        """The one state that is shown; a full session that moved is full, and shows both dates."""
        if self.cancelled:
            return "cancelled"
        if self.end <= now:
            return "done"
        if self.declared_state == "full" or (self.quota is not None and self.quota.left == 0):
            return "full"
        return "moved" if self.previous_appointment is not None else self.declared_state

    def is_listed_at(self, now: datetime) -> bool:
        """Whether it stands among coming sessions: until it ends, and 14 days more when it was cancelled."""
        return now < self.end + (CANCELLED_LISTED_FOR if self.cancelled else timedelta())

    def next_transition(self, now: datetime) -> datetime | None:
        """The next instant at which its state or its place in lists changes."""
        transitions = (self.start, self.end, self.end + CANCELLED_LISTED_FOR)
        return next((transition for transition in transitions if transition > now), None)


def occurrences(series: Series, *, zone: ZoneInfo, holidays: HolidayCalendar) -> tuple[Occurrence, ...]:
    """All sessions of the series, in the order of when they now are; skipped dates give none."""
    dates = _recurrence_dates(series, holidays)
    unordered = [_occurrence(series, item, item.day, zone) for item in dates if item.day is not None]
    return tuple(sorted(unordered, key=lambda occurrence: (occurrence.start, occurrence.original_date)))


def exception_dates(series: Series, holidays: HolidayCalendar) -> tuple[RecurrenceDate, ...]:
    """The dates that the series leaves out because they are holidays (EXDATE)."""
    return tuple(item for item in _recurrence_dates(series, holidays) if item.day is None)


def session_openings(sessions: Iterable[Occurrence]) -> Iterator[SessionOpening]:
    """The openings that sessions add to a timetable; planned ones are uncertain, cancelled ones are none."""
    for session in sessions:
        if not session.cancelled:
            is_certain = session.declared_state != "planned"
            yield SessionOpening(session.start.date(), session.slot, is_certain=is_certain)


def next_session(sessions: Iterable[Occurrence], now: datetime) -> Occurrence | None:
    """The first session that has not ended and was not cancelled."""
    upcoming = [session for session in sessions if not session.cancelled and session.end > now]
    return min(upcoming, key=lambda session: session.start, default=None)


def _recurrence_dates(series: Series, holidays: HolidayCalendar) -> tuple[RecurrenceDate, ...]:
    if series.rule is not None:
        return recurrence_set(series.rule, holidays)
    return tuple(RecurrenceDate(day, day) for day in series.original_dates())


def _occurrence(series: Series, recurrence_date: RecurrenceDate, day: date, zone: ZoneInfo) -> Occurrence:
    original_date = recurrence_date.original_date
    change = series.change_on(original_date) or SessionChange(day=original_date)
    original_slot = slot_of(series.hours)
    slot = slot_of(change.hours) if change.hours else original_slot
    venue = change.venue or (LocalText() if change.place else series.venue)
    original = _appointment(original_slot, original_date, zone, series.place, series.venue)
    appointment = _appointment(slot, change.moved_to or day, zone, change.place or series.place, venue)
    reason = change.reason
    if not reason and recurrence_date.holiday is not None and day != original_date:
        reason = recurrence_date.holiday.name
    return Occurrence(
        series=series.id,
        original_date=original_date,
        slot=slot,
        appointment=appointment,
        previous_appointment=original if original != appointment else None,
        declared_state=change.state or series.state,
        cancelled=change.cancelled,
        reason=reason,
        note=change.note or series.note,
        quota=change.quota or series.quota,
        sample=series.sample,
    )


def _appointment(slot: Slot, day: date, zone: ZoneInfo, place: str, venue: LocalText) -> Appointment:
    start, end = slot.on(day, zone)
    return Appointment(start.astimezone(zone), end.astimezone(zone), place, venue)
