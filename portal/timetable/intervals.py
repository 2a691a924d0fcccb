"""One local day cut into stretches during which the answer is the same."""

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
    """A part of one day, from `start` to before `end` (UTC), during which the answer is the same.

    `last` is the instant at which the last queue number is given, where the office says one.
    """

    start: datetime
    end: datetime
    state: State
    reason: Reason | None = None
    last: datetime | None = None
    numbers_over: bool = False

    @property
    def answer(self) -> tuple[object, ...]:
        """What a reader would be told, without until when."""
        reason = self.reason and (self.reason, tuple(sorted(self.reason.words.items())))
        return self.state, reason, self.last, self.numbers_over


@dataclass(frozen=True)
class _Cover:
    """A time span that wants to decide the answer; the highest rank that covers an instant does."""

    start: datetime
    end: datetime
    rank: int
    state: State
    reason: Reason | None = None
    last: datetime | None = None


def partition(layers: Layers, zone: ZoneInfo, day: date) -> tuple[Interval, ...]:
    """The stretches of that local day, from midnight to midnight, without gap or overlap."""
    start, end = instant_at(day, 0, zone), instant_at(day + ONE_DAY, 0, zone)
    plan = layers.plan(day)
    default_reason = _Cover(start, end, 0, "unknown" if plan.is_unknown else "closed", plan.default_reason)
    covers = [
        *_of_plan(layers.plan(day - ONE_DAY), day - ONE_DAY, zone),
        *_of_plan(plan, day, zone),
        *_of_closures(layers),
    ]
    covers = [cover for cover in covers if cover.start < cover.end and cover.start < end and start < cover.end]
    marks = {start, end} | {mark for cover in covers for mark in (cover.start, cover.end)}
    marks |= {cover.last for cover in covers if cover.last}
    edges = sorted(mark for mark in marks if start <= mark <= end)
    pieces = [_piece(first, last, [default_reason, *covers]) for first, last in pairwise(edges)]
    return _merged(_with_breaks(pieces, plan, day, zone))


def _of_plan(plan: DayPlan, day: date, zone: ZoneInfo) -> list[_Cover]:
    covers = [_open(slot, day, zone) for slot in plan.slots]
    covers += [_Cover(*slot.on(day, zone), 1, "unknown", Reason("planned")) for slot in plan.planned]
    covers += [_Cover(*slot.on(day, zone), 3, "closed", reason) for slot, reason in plan.closed_slots]
    return covers


def _open(slot: Slot, day: date, zone: ZoneInfo) -> _Cover:
    last = instant_at(day, slot.last, zone) if slot.last is not None else None
    return _Cover(*slot.on(day, zone), 2, "open", last=last)


def _of_closures(layers: Layers) -> list[_Cover]:
    return [
        _Cover(
            item.first.astimezone(UTC),
            item.last.astimezone(UTC),
            4,
            "closed",
            Reason("emergency", item.reason),
        )
        for item in layers.closures
    ]


def _piece(start: datetime, end: datetime, covers: list[_Cover]) -> Interval:
    covering = [cover for cover in covers if cover.start <= start < cover.end]
    rank = max(cover.rank for cover in covering)
    highest = [cover for cover in covering if cover.rank == rank]
    if rank != 2:
        return Interval(start, end, highest[0].state, highest[0].reason)
    # Where slots overlap, numbers are given as long as any of them gives numbers.
    lasts = [cover.last for cover in highest]
    last = None if None in lasts else max(item for item in lasts if item)
    return Interval(start, end, "open", None, last, last is not None and last <= start)


def _with_breaks(pieces: list[Interval], plan: DayPlan, day: date, zone: ZoneInfo) -> list[Interval]:
    if len(plan.slots) < 2:
        return pieces
    opens = instant_at(day, plan.slots[0].opens, zone)
    during = [index for index, piece in enumerate(pieces) if piece.state == "open" and piece.start >= opens]
    return [
        replace(piece, reason=Reason("break"))
        if during and during[0] < index < during[-1] and piece.reason == Reason("outside-hours")
        else piece
        for index, piece in enumerate(pieces)
    ]


def _merged(pieces: list[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for piece in pieces:
        if merged and merged[-1].answer == piece.answer:
            merged[-1] = replace(merged[-1], end=piece.end)
        else:
            merged.append(piece)
    return tuple(merged)
