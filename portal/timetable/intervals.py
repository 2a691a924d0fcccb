"""The partition of one local day into intervals during which the answer is the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from portal.timetable.hours import Slot, instant_at
from portal.timetable.layers import DayPlan, Layers, Reason

State = Literal["open", "closed", "unknown"]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Interval:
    """A part of one local day, from `start` to before `end` (UTC), during which the answer is the same.

    `reason` is None only while open. `last` is the instant at which the last queue number is given, where the office
    says one; `numbers_over` is true from then on.
    """

    start: datetime
    end: datetime
    state: State
    reason: Reason | None = None
    last: datetime | None = None
    numbers_over: bool = False

    @property
    def answer(self) -> tuple[object, ...]:
        """Everything but the times: two intervals with equal answers are one."""
        reason = self.reason and (self.reason, tuple(sorted(self.reason.words.items())))
        return self.state, reason, self.last, self.numbers_over


@dataclass(frozen=True)
class _Span:
    """A time for which a layer gives an answer; the span of the highest rank that covers an instant decides it."""

    start: datetime
    end: datetime
    rank: int
    state: State
    reason: Reason | None = None
    last: datetime | None = None


# Ranks of spans, lowest first.
DEFAULT, PLANNED, OPEN, CLOSED_SLOT, EMERGENCY = range(5)


def partition(layers: Layers, zone: ZoneInfo, day: date) -> tuple[Interval, ...]:
    """The intervals of that local day, from midnight to midnight, without gap or overlap."""
    start, end = instant_at(day, 0, zone), instant_at(day + ONE_DAY, 0, zone)
    plan = layers.plan(day)
    default = _Span(start, end, DEFAULT, "unknown" if plan.is_unknown else "closed", plan.default_reason)
    spans = [
        *_spans_of_plan(layers.plan(day - ONE_DAY), day - ONE_DAY, zone),
        *_spans_of_plan(plan, day, zone),
        *_spans_of_closures(layers),
    ]
    spans = [span for span in spans if span.start < span.end and span.start < end and start < span.end]
    boundaries = {start, end} | {instant for span in spans for instant in (span.start, span.end)}
    boundaries |= {span.last for span in spans if span.last}
    ordered = sorted(instant for instant in boundaries if start <= instant <= end)
    pieces = [_interval(first, last, [default, *spans]) for first, last in pairwise(ordered)]
    return _merged(_with_breaks(pieces, plan, day, zone))


def _spans_of_plan(plan: DayPlan, day: date, zone: ZoneInfo) -> list[_Span]:
    spans = [_Span(*slot.on(day, zone), OPEN, "open", last=_last_number(slot, day, zone)) for slot in plan.slots]
    spans += [_Span(*slot.on(day, zone), PLANNED, "unknown", Reason("planned")) for slot in plan.planned]
    spans += [_Span(*slot.on(day, zone), CLOSED_SLOT, "closed", reason) for slot, reason in plan.closed_slots]
    return spans


def _last_number(slot: Slot, day: date, zone: ZoneInfo) -> datetime | None:
    return instant_at(day, slot.last, zone) if slot.last is not None else None


def _spans_of_closures(layers: Layers) -> list[_Span]:
    return [
        _Span(
            closure.first.astimezone(UTC),
            closure.last.astimezone(UTC),
            EMERGENCY,
            "closed",
            Reason("emergency", closure.reason),
        )
        for closure in layers.closures
    ]


def _interval(start: datetime, end: datetime, spans: list[_Span]) -> Interval:
    covering = [span for span in spans if span.start <= start < span.end]
    rank = max(span.rank for span in covering)
    highest = [span for span in covering if span.rank == rank]
    if rank != OPEN:
        return Interval(start, end, highest[0].state, highest[0].reason)
    # Where slots overlap, numbers are given as long as any of them gives numbers.
    lasts = [span.last for span in highest]
    last = None if None in lasts else max(instant for instant in lasts if instant)
    return Interval(start, end, "open", None, last, last is not None and last <= start)


def _with_breaks(intervals: list[Interval], plan: DayPlan, day: date, zone: ZoneInfo) -> list[Interval]:
    """The intervals with the reason `break` for being closed between the day's first and last opening."""
    if len(plan.slots) < 2:
        return intervals
    opens = instant_at(day, plan.slots[0].opens, zone)
    open_at = [index for index, item in enumerate(intervals) if item.state == "open" and item.start >= opens]
    return [
        replace(item, reason=Reason("break"))
        if open_at and open_at[0] < index < open_at[-1] and item.reason == Reason("outside-hours")
        else item
        for index, item in enumerate(intervals)
    ]


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for interval in intervals:
        if merged and merged[-1].answer == interval.answer:
            merged[-1] = replace(merged[-1], end=interval.end)
        else:
            merged.append(interval)
    return tuple(merged)
