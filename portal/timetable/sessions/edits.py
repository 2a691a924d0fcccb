"""Edits of a series: this date, this and the following ones, all of them; a cancellation can be undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from portal.content.document import LocalText
from portal.timetable.sessions.series import Series, SessionChange

CHANGEABLE = ("moved_to", "hours", "place", "venue", "reason", "state", "quota", "note", "cancelled")


class NoSuchSession(ValueError):
    """The series has no session on that date."""


def edit_one(series: Series, day: date, /, **changes: Any) -> Series:
    """The series with other values on that one date; raises NoSuchSession, or ValueError for bad values."""
    _require(series, day)
    _allow(changes, CHANGEABLE)
    before = series.change_on(day) or SessionChange(day=day)
    after = msgspec.structs.replace(before, **changes)
    others = tuple(change for change in series.changes if change.day != day)
    kept = others if after == SessionChange(day=day) else (*others, after)
    return _replaced(series, changes=tuple(sorted(kept, key=lambda change: change.day)))


def edit_following(series: Series, day: date, /, *, new_id: str = "", **changes: Any) -> tuple[Series, Series]:
    """The series up to before that date, and a new series from it on with other values.

    Changes of single dates stay with their dates. Raises NoSuchSession, and ValueError when the date is
    the first one: then all are meant.
    """
    _require(series, day)
    _allow(changes, ("hours", "place", "venue", "state", "quota", "note"))
    if day == series.original_dates()[0]:
        raise ValueError("that is the first date of the series; edit all of them instead")
    head = _cut(series, day, before=True)
    tail = _cut(series, day, before=False)
    return head, _replaced(tail, id=new_id or f"{series.id}-{day:%Y%m%d}", **changes)


def edit_all(series: Series, /, **changes: Any) -> Series:
    """The series with other values on every date; values that single dates have of their own stay."""
    _allow(changes, ("hours", "place", "venue", "state", "quota", "note"))
    return _replaced(series, **changes)


def cancel(series: Series, day: date, reason: LocalText) -> Series:
    """The series with that date cancelled for that reason; it stays listed with it."""
    return edit_one(series, day, cancelled=True, reason=reason)


def restore(series: Series, day: date) -> Series:
    """The series with the cancellation of that date undone; raises NoSuchSession when it was not cancelled."""
    change = series.change_on(day)
    if change is None or not change.cancelled:
        raise NoSuchSession(f"{day} of '{series.id}' is not cancelled")
    return edit_one(series, day, cancelled=False, reason=change.reason if change.moved_to else {})


def _require(series: Series, day: date) -> None:
    if day not in series.original_dates():
        raise NoSuchSession(f"{day} is no date of '{series.id}'")


def _allow(changes: dict[str, Any], allowed: tuple[str, ...]) -> None:
    strange = sorted(set(changes) - set(allowed))
    if strange:
        raise ValueError(f"{strange[0]!r} cannot be changed here; allowed: {', '.join(allowed)}")


def _replaced(series: Series, **changes: Any) -> Series:
    return msgspec.structs.replace(series, **changes)


def _cut(series: Series, day: date, *, before: bool) -> Series:
    kept = tuple(change for change in series.changes if (change.day < day) == before)
    dates = tuple(item for item in series.dates if (item < day) == before)
    rule = series.rule
    if rule is not None and before:
        rule = msgspec.structs.replace(rule, until=day - timedelta(days=1), count=None)
    elif rule is not None:
        left = len([item for item in rule.dates() if item >= day])
        rule = msgspec.structs.replace(rule, first=day, count=left if rule.count else None)
    return _replaced(series, dates=dates, rule=rule, changes=kept)
