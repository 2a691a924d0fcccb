"""Edits of a series: one date, a date and all that follow, all dates; a cancellation can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypedDict, Unpack

from msgspec.structs import replace

from portal.content.document import LocalText
from portal.timetable.sessions.series import DeclaredState, Quota, Series, SessionChange


class SeriesValues(TypedDict, total=False):
    """What can be changed on every date of a series, or from one date on."""

    hours: str
    place: str
    venue: LocalText
    state: DeclaredState
    quota: Quota
    note: LocalText


class SessionValues(SeriesValues, total=False):
    """What can be changed on one date."""

    moved_to: date | None
    reason: LocalText
    cancelled: bool


class NoSuchSession(ValueError):
    """The series has no session on that date."""


def edit_one(series: Series, day: date, /, **values: Unpack[SessionValues]) -> Series:
    """The series with other values on that one date; raises NoSuchSession, or ValueError for bad values."""
    _require_date(series, day)
    _require_known(values, SessionValues.__annotations__)
    unchanged = SessionChange(day=day)
    change = replace(series.change_on(day) or unchanged, **values)
    changes = [other for other in series.changes if other.day != day]
    if change != unchanged:
        changes.append(change)
    return replace(series, changes=tuple(sorted(changes, key=lambda change: change.day)))


def edit_following(
    series: Series, day: date, /, *, new_id: str = "", **values: Unpack[SeriesValues]
) -> tuple[Series, Series]:
    """The series up to before that date, and a new series from it on with other values.

    Changes of single dates stay with their dates. Raises NoSuchSession, and ValueError when the date is
    the first one: then all are meant.
    """
    _require_date(series, day)
    _require_known(values, SeriesValues.__annotations__)
    if day == series.original_dates()[0]:
        raise ValueError("that is the first date of the series; edit all of them instead")
    before, following = _split(series, day)
    return before, replace(following, id=new_id or f"{series.id}-{day:%Y%m%d}", **values)


def edit_all(series: Series, /, **values: Unpack[SeriesValues]) -> Series:
    """The series with other values on every date; values that single dates have of their own stay."""
    _require_known(values, SeriesValues.__annotations__)
    return replace(series, **values)


def cancel(series: Series, day: date, reason: LocalText) -> Series:
    """The series with that date cancelled for that reason; the session stays listed with it."""
    return edit_one(series, day, cancelled=True, reason=reason)


def restore(series: Series, day: date) -> Series:
    """The series with the cancellation of that date undone; raises NoSuchSession when it was not cancelled."""
    change = series.change_on(day)
    if change is None or not change.cancelled:
        raise NoSuchSession(f"{day} of '{series.id}' is not cancelled")
    return edit_one(series, day, cancelled=False, reason=change.reason if change.moved_to else LocalText())


def move_back(series: Series, day: date) -> Series:
    """The series with that date when and where the series gives it; raises NoSuchSession when it was not moved."""
    change = series.change_on(day)
    if change is None or not (change.moved_to or change.hours or change.place or change.venue):
        raise NoSuchSession(f"{day} of '{series.id}' was not moved")
    reason = change.reason if change.cancelled else LocalText()
    return edit_one(series, day, moved_to=None, hours="", place="", venue=LocalText(), reason=reason)


def reopen(series: Series, day: date) -> Series:
    """The series with that date confirmed and no longer full; raises NoSuchSession when it was not declared full."""
    change = series.change_on(day)
    if ((change.state if change else None) or series.state) != "full":
        raise NoSuchSession(f"{day} of '{series.id}' is not full")
    edited = edit_one(series, day, state="confirmed")
    change = edited.change_on(day)
    if series.state != "confirmed" or change is None:
        return edited
    bare = replace(change, state=None)
    others = [other for other in edited.changes if other.day != day]
    kept = [*others, bare] if bare != SessionChange(day=day) else others
    return replace(edited, changes=tuple(sorted(kept, key=lambda item: item.day)))


def _require_date(series: Series, day: date) -> None:
    if day not in series.original_dates():
        raise NoSuchSession(f"{day} is no date of '{series.id}'")


def _require_known(values: Iterable[str], allowed: Iterable[str]) -> None:
    unknown = sorted(set(values) - set(allowed))
    if unknown:
        raise ValueError(f"{unknown[0]!r} cannot be changed here; allowed: {', '.join(allowed)}")


def _split(series: Series, day: date) -> tuple[Series, Series]:
    """The series with the dates before that day, and with those from it on; each keeps the changes of its dates."""
    rule_before = rule_from = rule = series.rule
    if rule is not None:
        remaining = len([item for item in rule.dates() if item >= day])
        rule_before = replace(rule, until=day - timedelta(days=1), count=None)
        rule_from = replace(rule, first=day, count=remaining if rule.count else None)
    before, following = (
        replace(
            series,
            rule=part,
            dates=tuple(item for item in series.dates if (item < day) == is_before),
            changes=tuple(change for change in series.changes if (change.day < day) == is_before),
        )
        for part, is_before in ((rule_before, True), (rule_from, False))
    )
    return before, following
